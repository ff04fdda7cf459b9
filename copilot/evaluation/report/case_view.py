"""One case as the report shows it: the ticket with its evidence marked, gold and read facts side by side, the fault.

Comes in: a labelled case, its rows and its tally. Goes out: plain values, which the page shows as text and as nothing else.
Characters that nobody can see are made visible here; text that a model wrote freely is cut short.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from copilot.core.extraction import ExtractedParty, Extraction
from copilot.core.facts import Demand, Dispute, Fact, other_side
from copilot.core.sentences import Sentences, cut
from copilot.core.ticket import Message, Ticket
from copilot.evaluation.cases.case import LabelledCase
from copilot.evaluation.report.verdict import fault_words
from copilot.evaluation.run.rows import Row
from copilot.evaluation.score.matching import FactComparison, Pairing, compare
from copilot.evaluation.score.tallies import CaseTally
from copilot.output.shown import printable

LONGEST_ID = 24
_ELIGIBLE = {True: "yes", False: "no", None: "not known"}


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A sentence of the ticket, or several that nobody cites; `cited` is `gold`, `read`, `both` or empty."""

    id: str
    text: str
    cited: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message: who and when in a line, then its sentences."""

    by: str
    pieces: tuple[TextPiece, ...]


@dataclass(frozen=True, slots=True)
class FactRow:
    """A gold fact and what was read for it; either may be empty. `differs` names how, or which attributes do."""

    list: str
    gold: str
    read: str
    differs: str
    is_right: bool


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision in words."""

    route: str
    labels: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything that the report shows of a case once it is opened. `was` is of the first wrong sample, if one is."""

    should: DecisionView
    was: DecisionView
    why: str
    fault: str
    tags: tuple[str, ...]
    cautions: tuple[str, ...]
    disputed: tuple[str, ...]
    origin: str
    mediation: str
    subject: str
    messages: tuple[MessageView, ...]
    parties: tuple[tuple[str, str, str], ...]
    facts: tuple[FactRow, ...]


def first_wrong(tally: CaseTally) -> int:
    """The place of the first wrong sample among those that were scored; 0 where none is."""
    return next((place for place, sample in enumerate(tally.samples) if not sample.right_labels), 0)


def show_case(case: LabelledCase, rows: Sequence[Row], tally: CaseTally) -> CaseView:
    """Show a case by the first of its scored rows that is wrong, or by the first where none is."""
    row = [row for row in rows if row.is_scored][first_wrong(tally)]
    gold, read = case.expect.extraction or Extraction.empty(), row.extraction or Extraction.empty()
    comparison = compare(gold, read)
    return CaseView(
        should=_decision(case.expect.route, case.expect.labels, case.expect.rule),
        was=_decision(row.route, row.labels, row.rule),
        why=printable(case.why),
        fault=fault_words(tally.fault),
        tags=tuple(map(printable, case.tags)),
        cautions=tuple(map(words_of, row.cautions)),
        disputed=tuple(map(printable, row.uncited)),
        origin=words_of(case.ticket.origin),
        mediation=_ELIGIBLE[case.ticket.context.mediation_eligible],
        subject=printable(case.ticket.subject or ""),
        messages=tuple(_messages(case.ticket, _cited(gold), _cited(read))),
        parties=tuple(_parties(gold, read, comparison)),
        facts=tuple(_fact_rows(case, comparison)),
    )


def words_of(code: str) -> str:
    """A code of the vocabulary as words."""
    return str(code).replace("_", " ")


def _decision(route: str, labels: Sequence[str], rule: str) -> DecisionView:
    return DecisionView(words_of(route), tuple(map(words_of, labels)), words_of(rule))


def _cited(extraction: Extraction) -> frozenset[str]:
    return frozenset(id for fact in extraction.facts for id in fact.evidence)


def _messages(ticket: Ticket, gold: frozenset[str], read: frozenset[str]) -> Iterator[MessageView]:
    sentences = cut(ticket)
    for message in ticket.messages:
        yield MessageView(_byline(ticket, message), tuple(_pieces(sentences, message, gold, read)))


def _byline(ticket: Ticket, message: Message) -> str:
    author = ticket.author_of(message)
    person = ticket.participant(author)
    who = f"{author} ({person.role})" if person else author or "author not known"
    when = f", {message.sent_at:%Y-%m-%d %H:%M}" if message.sent_at else ""
    return printable(f"{message.id}: {who}{when}")


def _pieces(sentences: Sentences, message: Message, gold: frozenset[str], read: frozenset[str]) -> Iterator[TextPiece]:
    """Cited sentences one by one; what lies between two of them in one piece."""
    between = ""
    for sentence in sentences.of_message(message.id):
        is_gold, is_read = sentence.id in gold, sentence.id in read
        cited = "both" if is_gold and is_read else "gold" if is_gold else "read" if is_read else ""
        if not cited:
            between += sentence.text
            continue
        if between:
            yield TextPiece("", _visible(between), "")
        between = ""
        yield TextPiece(sentence.id, _visible(sentence.text), cited)
    if between:
        yield TextPiece("", _visible(between), "")


def _visible(text: str) -> str:
    return printable(text.replace("\r\n", "\n").replace("\t", "    "))


def _parties(gold: Extraction, read: Extraction, comparison: FactComparison) -> Iterator[tuple[str, str, str]]:
    """Id, then the party as labelled and as read; a stranger that only the reader saw has its own id in quotes."""
    met = {comparison.parties[party.id]: party for party in read.parties if party.id in comparison.parties}
    for party in gold.parties:
        yield party.id, _party(party), _party(met.get(party.id))
    for party in read.parties:
        if party.id not in comparison.parties:
            yield _party_id(party.id, comparison), "", _party(party)


def _party(party: ExtractedParty | None) -> str:
    if party is None:
        return ""
    reports = ", reports" if party.is_reporter else ""
    return printable(f"{party.role}{reports}" + (f", “{party.name[:80]}”" if party.name else ""))


def _fact_rows(case: LabelledCase, comparison: FactComparison) -> Iterator[FactRow]:
    """Every pairing; where the case has no gold facts, what was read is neither right nor wrong."""
    for pairing in comparison.pairings:
        row = _fact_row(pairing, comparison)
        yield row if case.expect.extraction else replace(row, differs="no gold facts", is_right=True)


def _fact_row(pairing: Pairing, comparison: FactComparison) -> FactRow:
    gold, read = pairing.gold, pairing.read
    differs = pairing.confusion.value.replace("_", " ") if pairing.confusion else ", ".join(_details(gold, read))
    return FactRow(
        list=pairing.list.replace("_", " ").removesuffix("s"),
        gold=_fact(gold, None),
        read=_fact(read, comparison),
        differs=differs,
        is_right=pairing.confusion is None,
    )


def _details(gold: Fact | None, read: Fact | None) -> Iterator[str]:
    """What differs in a fact that was read right."""
    for name in ("asset", "intent", "motive"):
        if getattr(gold, name, None) != getattr(read, name, None):
            yield f"other {name}"
    if gold and read and set(gold.evidence) != set(read.evidence):
        yield "other evidence"


def _fact(fact: Fact | None, comparison: FactComparison | None) -> str:
    """A fact in a line. Party ids of a reading are told in gold's, as far as they were lined up."""
    if fact is None:
        return ""
    evidence = " ".join(id[:LONGEST_ID] for id in fact.evidence)
    return printable(f"{_who(fact, comparison)}{_what(fact)} [{evidence}]").replace("_", " ")


def _who(fact: Fact, comparison: FactComparison | None) -> str:
    if isinstance(fact, Dispute):
        return ""
    return f"{_party_id(fact.by, comparison)} → {_party_id(other_side(fact), comparison)}: "


def _party_id(id: str, comparison: FactComparison | None) -> str:
    if comparison is None:
        return id
    return comparison.parties.get(id, f"“{id[:LONGEST_ID]}”")


def _what(fact: Fact) -> str:
    if isinstance(fact, Demand | Dispute):
        return fact.kind
    details = [getattr(fact, name, None) for name in ("asset", "intent", "motive")]
    return ", ".join([fact.harm, *(detail for detail in details if detail and detail != "not_stated")])
