"""The internal note: fixed wording around facts, one template a route.

Comes in: a ticket, its sentences, verified facts and the decision. Goes out: plain text. Customer text stands only
inside the frame (lines that begin with `  | `), one line each, made safe by `framed`. No model wrote any of it, and it
accuses nobody: the ticket says, the note reports.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from copilot.core.facts import DamageClaim, Demand, Dispute, Fact, Facts, Party, Threat, type_of
from copilot.core.hidden import is_hidden
from copilot.core.reading import Reading
from copilot.core.sentences import Sentence, Sentences, message_numbers, shown_id
from copilot.core.ticket import Ticket
from copilot.core.vocabulary import Asset, Caution, Harm, Origin, Role, Route
from copilot.output.cautions import ReviewReason
from copilot.output.people import capitalised, people
from copilot.output.phrases import question_text
from copilot.output.wording import words
from copilot.policy import POLICY_VERSION, Assessment, Decision, Question
from copilot.policy.decide import ESCALATIONS

MAX_QUOTES = 12
"""A note quotes at most so many sentences, gravest first; it says how many more there are, and where."""
MAX_IDS = 6
"""So many sentence ids stand in one line; the rest are counted."""

_SAID_IN_FULL = (Caution.NO_REPORT_RECEIVED, Caution.CLAIMS_UNVERIFIED)
"""Cautions that every note to a team spells out in a sentence of its own."""


class _Harmful(Protocol):
    """A threat or damage claim, verified or as shown."""

    @property
    def harm(self) -> Harm: ...

    @property
    def asset(self) -> Asset: ...


@dataclass(frozen=True)
class NoteInput:
    """All that a note is written from."""

    ticket: Ticket
    sentences: Sentences
    facts: Facts
    assessment: Assessment
    decision: Decision
    cautions: tuple[Caution, ...]
    review_reasons: tuple[ReviewReason, ...]
    questions: tuple[Question, ...]
    reading: Reading

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The place of each message, by which the note calls it: a message's own id is somebody else's text."""
        return message_numbers(self.ticket)

    @cached_property
    def called(self) -> Mapping[str, str]:
        """What the note calls each party, by its id."""
        return people(self.facts)


def write_note(given: NoteInput, instead_of: Route | None = None) -> str:
    """The note for a decision, as plain text with lines ended by a newline.

    `instead_of`: an agent chose the decision's team over this suggested route, and the note says so.
    """
    template = _templates().get_template("chosen.j2" if instead_of else f"{given.decision.route.value}.j2")
    quoted, unquoted = _evidence(given)
    said_elsewhere = _SAID_IN_FULL if given.decision.route in ESCALATIONS else ()
    text = template.render(
        w=_written,
        decision=given.decision,
        suggested=instead_of.value if instead_of else None,
        labels=_written("and").join(_written("label", label=words(f"label.{label}")) for label in given.decision.labels),
        report=_report(given),
        parties=_party_lines(given.facts, given.called),
        counted=_fact_lines(given, counted=True),
        uncounted=_fact_lines(given, counted=False),
        reasons=[words(f"why.{reason}") for reason in given.review_reasons],
        cautions=[words(f"caution.{caution}") for caution in given.cautions if caution not in said_elsewhere],
        quotes=[frame(given, sentence) for sentence in quoted],
        unquoted=_ids(given, [sentence.id for sentence in unquoted]),
        uncited=[frame(given, given.sentences.by_id[id]) for id in given.reading.uncited[:MAX_QUOTES]],
        uncited_more=_ids(given, given.reading.uncited[MAX_QUOTES:]),
        unread=_ids(given, given.reading.unread),
        unsure=_ids(given, given.reading.unsure),
        is_answered=given.reading.is_answered,
        failed=given.reading.outcome.value if given.reading.extraction is None else None,
        questions=[question_text(question, given.facts, given.called) for question in given.questions],
        policy_version=POLICY_VERSION,
    )
    return text.strip() + "\n"


def _written(path: str, **fill: object) -> str:
    return words(f"written.{path}", **fill)


def frame(given: NoteInput, sentence: Sentence) -> str:
    """One sentence as a single framed line: `  | [m1.2] client, 2026-03-01 10:00 UTC: “…”`."""
    message = given.ticket.messages[given.numbers[sentence.message] - 1]
    person = given.ticket.participant(sentence.author)
    who = role_words(person.role) if person and person.role is not Role.UNKNOWN else _written("author_unknown")
    when = message.sent_at.strftime("%Y-%m-%d %H:%M %Z").strip() if message.sent_at else _written("time_unknown")
    return f"  | [{shown_id(sentence.id, given.numbers)}] {who}, {when}: “{framed(sentence.text.strip())}”"


def framed(text: str) -> str:
    """Customer text as it may stand in a note: one line, controls visible, links dead, no markup.

    White space becomes single spaces; control, format and bidirectional characters become `<U+202E>`-like marks in
    angle quotes; `http` becomes `hxxp` and dots in host names `[.]`; brackets that mark-up needs are replaced.
    """
    line = " ".join(text.split())
    plain = line.isascii() and line.isprintable()
    shown = line if plain else "".join(_visible(line, at) for at in range(len(line)))
    shown = re.sub(r"(?i)htt(ps?)(?=\s*[:;])", r"hxx\1", shown)
    shown = re.sub(r"(?i)(?<=www)\.|(?<=[\w-])\.(?=[^\W\d_]{2,})", "[.]", shown)
    shown = shown.replace("://", "[:]//").replace("](", "] (").replace("![", "! [")
    return shown.translate({ord("<"): "‹", ord(">"): "›", ord("`"): "ˋ", ord("“"): '"', ord("”"): '"'})


_MARKS_IN_A_ROW = 4
"""So many accents on one letter are writing; a longer pile would be drawn over the lines around it."""


def _visible(line: str, at: int) -> str:
    character, before = line[at], line[max(0, at - _MARKS_IN_A_ROW) : at]
    if character.isascii() and character.isprintable():
        return character
    category = unicodedata.category(character)
    is_piled = category in ("Mn", "Me") and len(before) == _MARKS_IN_A_ROW and all(map(unicodedata.combining, before))
    return f"‹U+{ord(character):04X}›" if category == "Cn" or is_hidden(line, at) or is_piled else character


@cache
def _templates() -> Environment:
    folder = Path(__file__).parents[1] / "notes"
    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  plain text; `framed` makes customer text safe
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


def role_words(role: Role) -> str:
    """A role by itself."""
    return words(f"role_option.{role}")


def harm_words(fact: _Harmful) -> str:
    """What is threatened or said to have been done, and what it falls on, where that is told."""
    harm = _written(f"harm.{fact.harm}")
    return _written("harm_to", harm=harm, asset=_written(f"asset.{fact.asset}")) if fact.asset is not Asset.NOT_STATED else harm


def _party_lines(facts: Facts, called: Mapping[str, str]) -> list[str]:
    """Who has a name or reports, where some have a name: else roles say it all."""
    if not any(party.name for party in facts.parties):
        return []
    return [_party_line(party, called[party.id]) for party in facts.parties if party.name or party.is_reporter]


def _party_line(party: Party, person: str) -> str:
    reports = _written("reports") if party.is_reporter else ""
    name = _written("named", name=framed(party.name)) if party.name else ""
    return "  | " + _written("party_line", person=person, reports=reports, name=name)


def _report(given: NoteInput) -> str:
    """Whether a report was received, and from which side, or that none was and what prompted the note (S3)."""
    if given.decision.report_received:
        return _written("report.received", side=_reporting_side(given))
    observed = given.ticket.origin is Origin.AGENT_OBSERVATION
    return f"{_written('report.none')} {_written('report.by_agent' if observed else 'report.own_conduct')}"


def _reporting_side(given: NoteInput) -> str:
    """The role on record, else the role that was read."""
    person = given.ticket.participant(given.ticket.reporter)
    reader_says = next((party.role for party in given.facts.parties if party.is_reporter), Role.UNKNOWN)
    role = person.role if person and person.role is not Role.UNKNOWN else reader_says
    return _written("report.side", role=role_words(role)) if role is not Role.UNKNOWN else _written("report.side_unknown")


def _fact_lines(given: NoteInput, counted: bool) -> list[str]:
    """Facts in words, those that count or those that do not, each with the sentences it rests on."""
    weights = given.assessment.weights
    return [
        f"{_fact_words(given.called, fact)} [{_ids(given, fact.evidence)}]"
        + ("" if counted else f" ({words(f'reason.{weights[fact.id].reason}')})")
        for fact in given.facts.all
        if given.assessment.counts(fact) is counted
    ]


def _fact_words(called: Mapping[str, str], fact: Fact) -> str:
    if isinstance(fact, Dispute):
        return _written("fact.dispute", kind=_written(f"dispute.{fact.kind}"))
    fill = {"by": capitalised(called[fact.by])}
    match fact:
        case Threat():
            fill |= {"against": called[fact.against], "harm": harm_words(fact)}
        case Demand():
            fill |= {"of": called[fact.of], "kind": _written(f"demand.{fact.kind}")}
        case DamageClaim():
            fill |= {"against": called[fact.against], "harm": harm_words(fact)}
            fill |= {"intent": _written(f"intent.{fact.intent}"), "motive": _written(f"motive.{fact.motive}")}
    return _written(f"fact.{type_of(fact)}", **fill)


def _evidence(given: NoteInput) -> tuple[list[Sentence], list[Sentence]]:
    """The cited sentences to quote, what counts first, and those for which there is no room."""
    counted = {id for fact in given.facts.all if given.assessment.counts(fact) for id in fact.evidence}
    cited = given.facts.cited()
    sentences = sorted((one for one in given.sentences if one.id in cited), key=lambda one: one.id not in counted)
    return sentences[:MAX_QUOTES], sentences[MAX_QUOTES:]


def _ids(given: NoteInput, ids: Sequence[str]) -> str:
    """Sentence ids in one short line: the first few, then how many more and up to where; nothing for none."""
    shown = ", ".join(shown_id(id, given.numbers) for id in ids[:MAX_IDS])
    more = len(ids) - MAX_IDS
    return _written("ids", ids=shown, n=more, last=shown_id(ids[-1], given.numbers)) if more > 0 else shown
