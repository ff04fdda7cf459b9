"""Fact by fact: how well threats, demands, damage claims, disputes and parties were read, and how readings went wrong.

Comes in: cases with gold facts, each with the rows of its readings. Every reading is counted; the intervals know that
readings of one ticket, and tickets of one family, go together.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from copilot.evaluation.cases import LabelledCase
from copilot.evaluation.matching import FACT_LISTS, Comparison, ExtractedFact, Pairing, compare
from copilot.evaluation.rating import Count, Rating, rate
from copilot.evaluation.rows import Row
from copilot.evaluation.statistics import Interval, proportion, ratio
from copilot.extraction import Extraction

ATTRIBUTES = ("asset", "intent", "motive")

Compared = Sequence[tuple[LabelledCase, Comparison]]
Same = Sequence[tuple[str, ExtractedFact, ExtractedFact]]
"""Facts that were read right, with their family: gold, then read."""


@dataclass(frozen=True)
class FactScores:
    """How well one list of facts was read.

    `confusions` counts every difference by kind. `details` is the agreement on attributes, and `evidence_f1` the overlap of
    cited sentences, both over facts that were read right.
    """

    rating: Rating
    confusions: Mapping[str, int]
    details: Mapping[str, Interval]
    evidence_f1: Interval | None


def score_facts(readings: Sequence[tuple[LabelledCase, Row]]) -> dict[str, FactScores]:
    """The scores of every list of facts, then of the parties; none where no case has gold facts."""
    compared = [
        (case, compare(case.expect.extraction, row.extraction or Extraction.empty()))
        for case, row in readings
        if case.expect.extraction is not None
    ]
    if not compared:
        return {}
    return {name: _score_list(compared, name) for name in FACT_LISTS} | {"parties": _score_parties(compared)}


def _score_list(compared: Compared, name: str) -> FactScores:
    pairings = [(case.family, one) for case, comparison in compared for one in comparison.pairings if one.list == name]
    same = [
        (family, one.gold, one.read) for family, one in pairings if one.gold is not None and one.read is not None and _same(one)
    ]
    overlaps = [(family, _overlap(gold.evidence, read.evidence), 1) for family, gold, read in same]
    return FactScores(
        rating=rate([Count(family, _same(one), one.read is not None, one.gold is not None) for family, one in pairings]),
        confusions=Counter(one.confusion.value for _, one in pairings if one.confusion),
        details=_details(same),
        evidence_f1=ratio(overlaps) if overlaps else None,
    )


def _same(pairing: Pairing) -> bool:
    return pairing.confusion is None


def _details(same: Same) -> dict[str, Interval]:
    """Agreement on the attributes that a list of facts has."""
    found = {}
    for name in ATTRIBUTES:
        agreed = [
            (family, float(getattr(gold, name) == getattr(read, name))) for family, gold, read in same if hasattr(gold, name)
        ]
        if agreed:
            found[name] = proportion(agreed)
    return found


def _score_parties(compared: Compared) -> FactScores:
    counts = [Count(case.family, one.same_parties, one.read_parties, one.gold_parties) for case, one in compared]
    met = sum(len(one.parties) for _, one in compared)
    confusions = {
        "wrong_role": met - sum(count.hits for count in counts),
        "missed": sum(count.gold for count in counts) - met,
        "invented": sum(count.read for count in counts) - met,
    }
    return FactScores(rate(counts), {kind: count for kind, count in confusions.items() if count}, {}, None)


def _overlap(gold: Sequence[str], read: Sequence[str]) -> float:
    """F1 of two sets of sentence ids; two empty ones are alike."""
    cited = len(set(gold)) + len(set(read))
    return 2 * len(set(gold) & set(read)) / cited if cited else 1.0
