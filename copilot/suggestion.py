"""What an agent is shown: the decision, the note, the facts behind it and where they came from.

The shapes are the contract's; other programs read them. Nothing in here can be set by a model as text, except a
party's `name`, which was checked against the ticket.
"""

from typing import Any

from pydantic import Field

from copilot.closed import Closed
from copilot.extraction import (
    ExtractedDamageClaim,
    ExtractedDemand,
    ExtractedDispute,
    ExtractedParty,
    ExtractedThreat,
    Extraction,
)
from copilot.facts import Dropped, Facts, Party
from copilot.policy import Change, Weighed, Weight
from copilot.reading import Reading
from copilot.sentences import Sentence, Sentences
from copilot.vocabulary import Caution, Label, Route


class WeighedThreat(ExtractedThreat):
    """A threat, whether it counted, and why."""

    counted: bool
    reason: str


class WeighedDemand(ExtractedDemand):
    """A demand, whether it counted, and why."""

    counted: bool
    reason: str


class WeighedDamageClaim(ExtractedDamageClaim):
    """A damage claim, whether it counted, and why."""

    counted: bool
    reason: str


class WeighedDispute(ExtractedDispute):
    """A dispute; it never counts as harm, and the reason says what it is for."""

    counted: bool
    reason: str


class DroppedFact(Closed):
    """Something in the extraction that failed verification: where it stood, what it was, and why it was dropped.

    Ids that the ticket or the extraction does not have are shown as null or left out: they would be the reader's prose.
    """

    list: str
    index: int
    reason: str
    fact: dict[str, Any]


class ShownFacts(Closed):
    """The extraction as verified and weighed, and what was dropped from it."""

    parties: list[ExtractedParty]
    threats: list[WeighedThreat]
    demands: list[WeighedDemand]
    damage_claims: list[WeighedDamageClaim]
    disputes: list[WeighedDispute]
    dropped: list[DroppedFact]


class Destination(Closed):
    """A decision without its reasons."""

    route: Route
    queue: str | None
    labels: list[Label]
    rule: str


class WouldChange(Closed):
    """One change, and the decision it would bring."""

    if_: str = Field(alias="if", serialization_alias="if")
    then: Destination


class ShownSentence(Closed):
    """A sentence of the ticket, copied by offset."""

    id: str
    message: str
    start: int
    end: int
    text: str


class TokenUsage(Closed):
    """Tokens over all attempts, the failed ones too. `known` is false where a server did not tell all of them."""

    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    known: bool = True


class Provenance(Closed):
    """Where the facts came from. `seconds` is the reader's wall time; `attempts` counts model calls.

    `outcome` is a code of `readers.base.ReadOutcome`; on a degraded reading it tells how the asked-for reader ended.
    `disagreement` holds ids of sentences in which a second reader saw more than the facts say; `second` is what it read,
    without names, so that corrected facts can be compared with it, and `second_unread` the ids of sentences that it did
    not get to: there nothing was compared; `unread` holds ids of sentences that no reader saw; `left_out` counts facts
    beyond what a ticket can hold, which were not kept. `mode` is how a model was asked to keep to the schema (strict, json,
    text; the weakest of the reading), null where none was asked; `adapted` holds codes of what was done because its server
    wanted it. `own_notes` holds ids of sentences
    that are a note of the copilot's own, and no evidence.
    """

    extractor: str
    model: str | None
    prompt_sha256: str | None
    schema_sha256: str | None
    policy_version: str
    copilot_version: str
    usage: TokenUsage
    seconds: float
    attempts: int
    degraded: bool
    outcome: str
    disagreement: list[str]
    unread: list[str]
    left_out: int = 0
    second: Extraction | None = None
    second_unread: list[str] = Field(default_factory=list)
    mode: str | None = None
    adapted: list[str] = Field(default_factory=list)
    own_notes: list[str] = Field(default_factory=list)


class Suggestion(Closed):
    """What the copilot suggests for one ticket. A person acts on it, or does not."""

    ticket_id: str
    route: Route
    queue: str | None
    labels: list[Label]
    rule: str
    statements: list[str]
    report_received: bool
    cautions: list[Caution]
    note: str
    ask_next: list[str]
    would_change: list[WouldChange]
    facts: ShownFacts
    sentences: list[ShownSentence]
    provenance: Provenance


def show_facts(facts: Facts, weighed: Weighed, sentences: Sentences) -> ShownFacts:
    """Facts and weights side by side, as the suggestion holds them."""

    def rows(model: type[Any], items: tuple[Any, ...], weights: tuple[Weight, ...]) -> list[Any]:
        return [
            model(**_fields(item), counted=weight.counted, reason=weight.reason.value)
            for item, weight in zip(items, weights, strict=True)
        ]

    return ShownFacts(
        parties=[ExtractedParty(**_fields(party)) for party in facts.parties],
        threats=rows(WeighedThreat, facts.threats, weighed.threats),
        demands=rows(WeighedDemand, facts.demands, weighed.demands),
        damage_claims=rows(WeighedDamageClaim, facts.damage_claims, weighed.damage_claims),
        disputes=rows(WeighedDispute, facts.disputes, weighed.disputes),
        dropped=[_show_dropped(dropped, facts, sentences) for dropped in facts.dropped],
    )


def show_changes(changes: tuple[Change, ...]) -> list[WouldChange]:
    """Changes as the suggestion holds them."""
    return [
        WouldChange(
            **{"if": change.condition},
            then=Destination(
                route=change.then.route, queue=change.then.queue, labels=list(change.then.labels), rule=change.then.rule
            ),
        )
        for change in changes
    ]


def show_sentences(sentences: Sentences) -> list[ShownSentence]:
    """Every sentence, in order, the left-out ones too."""
    return [_show_sentence(sentence) for sentence in sentences.whole]


def show_provenance(reading: Reading, sentences: Sentences, policy_version: str, copilot_version: str) -> Provenance:
    """Where a reading came from, with the versions that decided on it."""
    return Provenance(
        extractor=reading.extractor,
        model=reading.model,
        prompt_sha256=reading.prompt_sha256,
        schema_sha256=reading.schema_sha256,
        policy_version=policy_version,
        copilot_version=copilot_version,
        usage=TokenUsage(
            prompt_tokens=reading.usage.prompt_tokens,
            cached_tokens=reading.usage.cached_tokens,
            completion_tokens=reading.usage.completion_tokens,
            known=reading.usage.known,
        ),
        seconds=round(reading.seconds, 6),
        attempts=reading.attempts,
        degraded=reading.degraded,
        outcome=reading.outcome.value,
        disagreement=list(reading.uncited),
        unread=list(reading.unread),
        left_out=reading.left_out,
        second=reading.second,
        second_unread=list(reading.second_unread),
        mode=reading.mode,
        adapted=list(reading.adapted),
        own_notes=[sentence.id for sentence in sentences.own_notes],
    )


def _show_sentence(sentence: Sentence) -> ShownSentence:
    return ShownSentence(id=sentence.id, message=sentence.message, start=sentence.start, end=sentence.end, text=sentence.text)


def _show_dropped(dropped: Dropped, facts: Facts, sentences: Sentences) -> DroppedFact:
    """A dropped item, less everything in it that the reader could have written freely."""
    fields = {name: value for name, value in _fields(dropped.item).items() if name != "name"}
    if not isinstance(dropped.item, Party):
        fields["evidence"] = [id for id in fields["evidence"] if id in sentences]
        known = {party.id for party in facts.parties}
        fields |= {role: fields[role] if fields[role] in known else None for role in ("by", "against", "of") if role in fields}
    return DroppedFact(list=dropped.list, index=dropped.index, reason=dropped.reason.value, fact=fields)


def _fields(item: Any) -> dict[str, Any]:
    values = {name: getattr(item, name) for name in item.__slots__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
