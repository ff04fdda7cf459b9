"""Whose fault a wrong case is: the policy is asked again with gold facts put back, one at a time.

A reader fault names the facts whose gold value, put back alone, gives the right decision; where none does alone, the
fault is of several facts together. If even all gold facts give a wrong decision, the policy or the label is at fault.
If the facts that were read give the right decision, and it was not suggested, they were not all that went in: a part
of the ticket was not read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from copilot.core.extraction import ExtractedParty, Extraction
from copilot.core.facts import Fact, extraction_of, renamed
from copilot.core.sentences import Sentences, cut
from copilot.evaluation.cases.case import LabelledCase, decide_on
from copilot.evaluation.score.matching import FactComparison, Pairing, compare

SEVERAL = "several together"
NO_READING = "no reading"
NOT_ALL_READ = "part of the ticket was not read"
PARTIES = "parties: roles"


class Blame(StrEnum):
    """Who is to answer for a wrong case."""

    READER = "reader"
    POLICY = "policy"
    MISSING_INFORMATION = "missing_information"
    LABEL_DOUBT = "label_doubt"


@dataclass(frozen=True, slots=True)
class Attribution:
    """The blame, and for a reader the facts: `threats: missed`, `demands: wrong_kind`, `parties: roles`, …"""

    blame: Blame
    facts: tuple[str, ...] = ()


def attribute(case: LabelledCase, read: Extraction | None) -> Attribution:
    """Attribute one wrong case. `label_doubt`: the case is arguable, or has no gold facts to put back."""
    gold = case.expect.extraction
    if case.is_arguable or gold is None:
        return Attribution(Blame.LABEL_DOUBT)
    sentences = cut(case.ticket)
    if not _is_right(case, gold, sentences):
        return Attribution(Blame.POLICY)
    if read is None:
        return Attribution(Blame.READER, (NO_READING,))
    if _is_right(case, read, sentences):
        return Attribution(Blame.MISSING_INFORMATION, (NOT_ALL_READ,))
    swaps = _swaps(gold, read, compare(gold, read))
    names = tuple(dict.fromkeys(name for name, swapped in swaps if _is_right(case, swapped, sentences)))
    return Attribution(Blame.READER, names or (SEVERAL,))


def _is_right(case: LabelledCase, extraction: Extraction, sentences: Sentences) -> bool:
    decided, _ = decide_on(case.ticket, extraction, sentences)
    return decided.destination == (case.expect.route, tuple(case.expect.labels))


def _swaps(gold: Extraction, read: Extraction, comparison: FactComparison) -> Iterator[tuple[str, Extraction]]:
    """The read extraction in gold party ids, with one difference after the other mended: the parties, then each fact."""
    roles = _Parties(gold, read, comparison)
    yield PARTIES, _assemble(roles, comparison, gold.parties)
    for chosen in comparison.pairings:
        name = f"{chosen.list}: {chosen.confusion.value if chosen.confusion else 'details'}"
        yield name, _assemble(roles, comparison, roles.as_read, mended=chosen)


class _Parties:
    """Parties of both extractions under ids that cannot meet: gold ids where they line up, new ones for strangers."""

    def __init__(self, gold: Extraction, read: Extraction, comparison: FactComparison) -> None:
        strangers = [party for party in read.parties if party.id not in comparison.parties]
        self.names = {party.id: f"stranger{number}" for number, party in enumerate(strangers, start=1)} | comparison.parties
        self.strangers = [_as(self.names[party.id], party) for party in strangers]
        met = {comparison.parties[party.id]: party for party in read.parties if party.id in comparison.parties}
        self.as_read = [_as(party.id, met.get(party.id, party)) for party in gold.parties]


def _as(id: str, party: ExtractedParty) -> ExtractedParty:
    return party.model_copy(update={"id": id, "name": None})


def _assemble(
    roles: _Parties, comparison: FactComparison, parties: list[ExtractedParty], mended: Pairing | None = None
) -> Extraction:
    """All read facts, but the mended pairing's gold one in place of the read one."""
    facts: list[Fact] = []
    for pairing in comparison.pairings:
        if pairing is mended:
            facts += [pairing.gold] if pairing.gold else []
        elif pairing.read:
            facts.append(renamed(pairing.read, lambda id: roles.names.get(id, "nobody")))
    return extraction_of(_one_reporter([*parties, *roles.strangers]), facts)


def _one_reporter(parties: list[ExtractedParty]) -> list[ExtractedParty]:
    """At most one party may be the reporter: the first that is marked so."""
    first = next((party.id for party in parties if party.is_reporter), None)
    return [party.model_copy(update={"is_reporter": party.id == first}) for party in parties]
