"""Gold facts beside read facts: which are the same, and how the others differ.

Facts that say the same are merged first, as everywhere. Party ids are each reader's own, so the parties are
lined up: the line-up is the one under which most facts agree. Facts are then paired by an assignment of least
difference, never greedily. All of it is exact; tickets are small.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations

from copilot.core.extraction import FACT_LISTS, ExtractedParty, Extraction
from copilot.core.facts import Demand, Dispute, Fact, as_told, merged, type_of
from copilot.evaluation.score.assignment import least_cost

MAX_PERMUTED_PARTIES = 6


class Confusion(StrEnum):
    """How a gold fact and a read fact differ."""

    WRONG_ACTOR = "wrong_actor"
    WRONG_VICTIM = "wrong_victim"
    WRONG_KIND = "wrong_kind"
    MISSED = "missed"
    INVENTED = "invented"


@dataclass(frozen=True, slots=True)
class Pairing:
    """One gold fact and its read counterpart; either may be None. `confusion` None means that they are the same fact."""

    list: str
    gold: Fact | None
    read: Fact | None
    confusion: Confusion | None


@dataclass(frozen=True, slots=True)
class FactComparison:
    """Everything about one case: the party line-up (read id to gold id) and all pairings."""

    parties: dict[str, str]
    pairings: tuple[Pairing, ...]
    gold_parties: int
    read_parties: int
    same_parties: int


def compare(gold: Extraction, read: Extraction) -> FactComparison:
    """Line up the parties and pair the facts of two extractions of one ticket."""
    wanted, found = _by_list(gold), _by_list(read)

    def agreement(line_up: dict[str, str]) -> tuple[int, int, int]:
        parties = _alike(gold.parties, read.parties, line_up)
        return (*_agreement(wanted, found, line_up), parties)

    best = max(_line_ups(gold.parties, read.parties), key=agreement)
    pairings = tuple(pairing for name in FACT_LISTS for pairing in _pair(name, wanted[name], found[name], best))
    golds = {party.id: party for party in gold.parties}
    same = sum(_same_party(golds[best[party.id]], party) for party in read.parties if party.id in best)
    return FactComparison(best, pairings, len(gold.parties), len(read.parties), same)


def _by_list(extraction: Extraction) -> dict[str, list[Fact]]:
    """The facts of each list, those that say the same merged."""
    lists: dict[str, list[Fact]] = {name: [] for name in FACT_LISTS}
    for fact in merged(map(as_told, extraction.facts)):
        lists[f"{type_of(fact)}s"].append(fact)
    return lists


def _line_ups(gold: Sequence[ExtractedParty], read: Sequence[ExtractedParty]) -> Iterator[dict[str, str]]:
    """Every way to line read parties up with gold ones; for crowds, only the one that roles suggest."""
    if max(len(gold), len(read)) > MAX_PERMUTED_PARTIES:
        yield _line_up_by_role(gold, read)
        return
    longer, shorter = (gold, read) if len(gold) >= len(read) else (read, gold)
    for chosen in permutations(longer, len(shorter)):
        pairs = zip(chosen, shorter, strict=True) if longer is gold else ((g, r) for r, g in zip(chosen, shorter, strict=True))
        yield {one.id: other.id for other, one in pairs}


def _line_up_by_role(gold: Sequence[ExtractedParty], read: Sequence[ExtractedParty]) -> dict[str, str]:
    free = list(gold)
    lined_up: dict[str, str] = {}
    for party in read:
        match = max(free, key=lambda one: _party_likeness(one, party), default=None)
        if match:
            free.remove(match)
            lined_up[party.id] = match.id
    return lined_up


def _agreement(gold: dict[str, list[Fact]], read: dict[str, list[Fact]], line_up: dict[str, str]) -> tuple[int, int]:
    """How many facts agree in full, then how many in part."""
    full = part = 0
    for name in FACT_LISTS[:3]:
        wanted = [_key(fact) for fact in gold[name]]
        for fact in read[name]:
            key = _translated(_key(fact), line_up)
            full += key in wanted
            part += any(sum(a == b for a, b in zip(key, other, strict=True)) >= 2 for other in wanted)
    return full, part


def _alike(gold: Sequence[ExtractedParty], read: Sequence[ExtractedParty], line_up: dict[str, str]) -> int:
    """How far the parties agree that were lined up."""
    golds = {party.id: party for party in gold}
    return sum(_party_likeness(golds[line_up[party.id]], party) for party in read if party.id in line_up)


def _party_likeness(gold: ExtractedParty, read: ExtractedParty) -> int:
    return 2 * (gold.is_reporter == read.is_reporter) + (gold.role == read.role)


def _same_party(gold: ExtractedParty, read: ExtractedParty) -> bool:
    return gold.is_reporter == read.is_reporter and gold.role == read.role


def _key(fact: Fact) -> tuple[str, str, str]:
    """(actor, kind of fact, victim): what makes two facts the same one."""
    match fact:
        case Demand():
            return fact.by, fact.kind, fact.of
        case Dispute():
            return "", fact.kind, ""
        case _:
            return fact.by, fact.harm, fact.against


def _translated(key: tuple[str, str, str], line_up: dict[str, str]) -> tuple[str, str, str]:
    """A read fact's key in gold party ids; a party that was not lined up stays a stranger."""
    by, kind, victim = (line_up.get(part, f"unmatched {part}") if part and place != 1 else part for place, part in enumerate(key))
    return by, kind, victim


def _pair(name: str, gold: Sequence[Fact], read: Sequence[Fact], line_up: dict[str, str]) -> Iterator[Pairing]:
    """Every gold and every read fact in exactly one pairing, gold's order first."""
    wanted = [_key(fact) for fact in gold]
    got = [_translated(_key(fact), line_up) for fact in read]
    differences = [[_difference(one, other) for other in got] for one in wanted]
    chosen = least_cost([[_COSTS[difference] for difference in row] for row in differences])
    partners = {i: j for i, j in chosen if differences[i][j] < len(_BY_DIFFERENCE)}
    for i, fact in enumerate(gold):
        if i in partners:
            yield Pairing(name, fact, read[partners[i]], _BY_DIFFERENCE[differences[i][partners[i]]])
        else:
            yield Pairing(name, fact, None, Confusion.MISSED)
    taken = set(partners.values())
    yield from (Pairing(name, None, fact, Confusion.INVENTED) for j, fact in enumerate(read) if j not in taken)


_BY_DIFFERENCE = (None, Confusion.WRONG_KIND, Confusion.WRONG_ACTOR, Confusion.WRONG_VICTIM)
_COSTS = (0, 1_001, 1_002, 1_003, 1_005)
"""As many facts as can be are the same one; among such assignments the one with the mildest differences is taken."""


def _difference(gold: tuple[str, str, str], read: tuple[str, str, str]) -> int:
    """0 the same; 1 another kind; 2 another actor (or the two turned round); 3 another victim; 4 nothing in common."""
    same = tuple(a == b for a, b in zip(gold, read, strict=True))
    if all(same):
        return 0
    if same[0] and same[2] and gold[0]:
        return 1
    turned_round = (gold[0], gold[2]) == (read[2], read[0])
    if same[1] and gold[0] and (same[2] or turned_round):
        return 2
    return 3 if same[1] and same[0] and gold[0] else 4
