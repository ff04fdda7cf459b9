"""What an agent is shown: the decision, the note, the facts behind it and where they came from.

The shapes are the contract's; other programs read them. Nothing in here can be set by a model as text, except a
party's `name`, which was checked against the ticket.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from copilot.core.closed import Closed
from copilot.core.extraction import ExtractedParty, Extraction
from copilot.core.facts import DamageClaim, Demand, Dispute, Fact, Facts, Party, Threat, said
from copilot.core.reading import Reading
from copilot.core.sentences import Sentences
from copilot.core.vocabulary import Asset, Caution, DemandKind, DisputeKind, Harm, Intent, Label, Motive, Route
from copilot.output.phrases import change_text, question_text
from copilot.output.wording import words
from copilot.policy import Assessment, Change, Question, Weight

Confidence = Mapping[tuple[str, str, str], float]
"""How likely a reader takes a harm, demand or dispute in a sentence: see `Reading.confidence`."""


class ReasonView(Closed):
    """Why something is as it is: a closed code, and its English words."""

    code: str
    text: str


class _FactView(Closed):
    """What every fact has: an id of its own in this suggestion, whether it counted, why, and the sentences it rests on.

    `confidence`, 0 to 1, is the embedded reader's, of the sentence that tells it best; null where another gave the fact.
    """

    id: str
    counted: bool
    reason: ReasonView
    evidence: list[str]
    confidence: float | None = None


class ThreatView(_FactView):
    """Harm that `by` announced to `against`."""

    type: Literal["threat"] = "threat"
    by: str
    against: str
    harm: Harm
    asset: Asset


class DemandView(_FactView):
    """Something that `by` asks of `of`."""

    type: Literal["demand"] = "demand"
    by: str
    of: str
    kind: DemandKind


class DamageClaimView(_FactView):
    """Harm that `by` is said to have done to `against`."""

    type: Literal["damage_claim"] = "damage_claim"
    by: str
    against: str
    harm: Harm
    asset: Asset
    intent: Intent
    motive: Motive


class DisputeView(_FactView):
    """An ordinary disagreement; it never counts as harm, and the reason says what it is for."""

    type: Literal["dispute"] = "dispute"
    kind: DisputeKind


FactView = Annotated[ThreatView | DemandView | DamageClaimView | DisputeView, Field(discriminator="type")]


class DroppedView(Closed):
    """Something in the extraction that failed verification: where it stood there, what it was, and why it was dropped.

    Ids that the ticket or the extraction does not have are shown as null or left out: they would be the reader's prose.
    """

    list: str
    index: int
    reason: ReasonView
    fact: dict[str, Any]


class Destination(Closed):
    """A decision without its reasons."""

    route: Route
    queue: str | None
    labels: list[Label]
    rule: str


class ChangeView(Closed):
    """One thing that would have to be otherwise, in a code, its parameters and English words, and the decision it would bring.

    `parameters` holds `fact`, the id of the fact that would be otherwise, where it is one.
    """

    code: str
    parameters: dict[str, str]
    text: str
    then: Destination


class QuestionView(Closed):
    """One question whose answer may change the decision.

    `parameters` holds `party` and `fact`, the ids of whom and of what it is about, where it is about one.
    """

    code: str
    parameters: dict[str, str]
    text: str


class SentenceView(Closed):
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
    not get to: there nothing was compared; `unread` holds ids of sentences that no reader saw, `unsure` of those in which the
    embedded reader could not tell whether a harm that counts is told; `left_out` counts facts
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
    unsure: list[str] = Field(default_factory=list)
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
    ask_next: list[QuestionView]
    would_change: list[ChangeView]
    review_reasons: list[ReasonView]
    parties: list[ExtractedParty]
    facts: list[FactView]
    dropped: list[DroppedView]
    sentences: list[SentenceView]
    provenance: Provenance


class ChosenNote(Closed):
    """What goes out where an agent chose the team; queue and note are null where the note names none, and for what is no team."""

    route: Route
    labels: list[Label]
    queue: str | None
    note: str | None


def fact_views(facts: Facts, assessment: Assessment, confidence: Confidence) -> list[FactView]:
    """Every fact with its weight and the reader's confidence, in order."""
    return [_fact_view(fact, assessment.weights[fact.id], confidence) for fact in facts.all]


def _fact_view(fact: Fact, weight: Weight, confidence: Confidence) -> FactView:
    reason = reason_view("reason", weight.reason)
    view = _VIEWS[type(fact)](id=fact.id, counted=weight.counted, reason=reason, **said(fact))
    chances = [confidence[key] for key in confidence_keys(view) if key in confidence]
    return view.model_copy(update={"confidence": round(max(chances), 3)}) if chances else view


def confidence_keys(fact: FactView) -> list[tuple[str, str, str]]:
    """Under what `Reading.confidence` speaks of a fact: once for each sentence that it cites."""
    value = fact.harm if isinstance(fact, ThreatView | DamageClaimView) else fact.kind
    return [(fact.type, value.value, id) for id in fact.evidence]


_VIEWS: dict[type, Callable[..., FactView]] = {
    Threat: ThreatView,
    Demand: DemandView,
    DamageClaim: DamageClaimView,
    Dispute: DisputeView,
}


def reason_view(group: str, code: StrEnum) -> ReasonView:
    """A code and its words."""
    return ReasonView(code=code.value, text=words(f"{group}.{code}"))


def party_views(facts: Facts) -> list[ExtractedParty]:
    """Whom the facts speak of."""
    return [ExtractedParty(**said(party)) for party in facts.parties]


def question_views(questions: Iterable[Question], facts: Facts) -> list[QuestionView]:
    """Questions as the suggestion holds them."""
    return [
        QuestionView(code=one.code, parameters=_named(party=one.party, fact=one.fact), text=question_text(one, facts))
        for one in questions
    ]


def change_views(changes: Iterable[Change], facts: Facts) -> list[ChangeView]:
    """Changes as the suggestion holds them."""
    return [
        ChangeView(
            code=change.code,
            parameters=_named(fact=change.fact),
            text=change_text(change, facts),
            then=Destination(
                route=change.then.route, queue=change.then.queue, labels=list(change.then.labels), rule=change.then.rule
            ),
        )
        for change in changes
    ]


def _named(**parameters: str | None) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if value is not None}


def sentence_views(sentences: Sentences) -> list[SentenceView]:
    """Every sentence, in order, the left-out ones too."""
    return [SentenceView(id=one.id, message=one.message, start=one.start, end=one.end, text=one.text) for one in sentences.whole]


def provenance_of(reading: Reading, sentences: Sentences, policy_version: str, copilot_version: str) -> Provenance:
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
        unsure=list(reading.unsure),
        left_out=reading.left_out,
        second=reading.second,
        second_unread=list(reading.second_unread),
        mode=reading.mode,
        adapted=list(reading.adapted),
        own_notes=[sentence.id for sentence in sentences.own_notes],
    )


def dropped_views(facts: Facts, sentences: Sentences) -> list[DroppedView]:
    """What was dropped, less everything in it that the reader could have written freely."""
    return [
        DroppedView(
            list=one.list, index=one.index, reason=reason_view("drop", one.reason), fact=_closed(one.item, facts, sentences)
        )
        for one in facts.dropped
    ]


def _closed(item: Fact | Party, facts: Facts, sentences: Sentences) -> dict[str, Any]:
    fields = {name: value for name, value in said(item).items() if name != "name"}
    if not isinstance(item, Party):
        fields["evidence"] = [id for id in fields["evidence"] if id in sentences]
        known = {party.id for party in facts.parties}
        fields |= {role: fields[role] if fields[role] in known else None for role in ("by", "against", "of") if role in fields}
    return fields
