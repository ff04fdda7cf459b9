"""Fact by fact: how well threats, demands, damage claims, disputes and parties were read, and how readings went wrong.

Comes in: cases with gold facts, one after the other, each with the rows of its readings. Every reading is counted; the
intervals know that readings of one ticket, and tickets of one family, go together.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from copilot.core.extraction import FACT_LISTS, Extraction
from copilot.evaluation.cases.case import LabelledCase
from copilot.evaluation.run.rows import Row
from copilot.evaluation.score.matching import FactComparison, Pairing, compare
from copilot.evaluation.score.rating import Count, Rating, rate
from copilot.evaluation.score.statistics import Interval, proportion, ratio

ATTRIBUTES = ("asset", "intent", "motive")


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


class FactCounts:
    """Counts over readings that come one after the other; of each, only numbers are kept."""

    def __init__(self) -> None:
        self._lists = {name: _ListCounts() for name in FACT_LISTS}
        self._parties: list[Count] = []
        self._met = 0

    def add(self, case: LabelledCase, rows: Sequence[Row]) -> None:
        """Count the scored readings of a case; one without gold facts counts nothing."""
        gold = case.expect.extraction
        if gold is None:
            return
        for row in rows:
            if row.is_scored:
                self._add(case.family, compare(gold, row.extraction or Extraction.empty()))

    def _add(self, family: str, comparison: FactComparison) -> None:
        for pairing in comparison.pairings:
            self._lists[pairing.list].add(family, pairing)
        self._parties.append(Count(family, comparison.same_parties, comparison.read_parties, comparison.gold_parties))
        self._met += len(comparison.parties)

    def scores(self) -> dict[str, FactScores]:
        """The scores of every list of facts, then of the parties; none where no case has gold facts."""
        if not self._parties:
            return {}
        return {name: counted.scores() for name, counted in self._lists.items()} | {"parties": self._party_scores()}

    def _party_scores(self) -> FactScores:
        counts, met = self._parties, self._met
        confusions = {
            "wrong_role": met - sum(count.hits for count in counts),
            "missed": sum(count.gold for count in counts) - met,
            "invented": sum(count.read for count in counts) - met,
        }
        return FactScores(rate(counts), {kind: count for kind, count in confusions.items() if count}, {}, None)


class _ListCounts:
    """What one list of facts adds up to. Details and evidence are compared where the fact itself was read right."""

    def __init__(self) -> None:
        self._counts: list[Count] = []
        self._confusions: Counter[str] = Counter()
        self._details: dict[str, list[tuple[str, float]]] = {name: [] for name in ATTRIBUTES}
        self._overlaps: list[tuple[str, float, int]] = []

    def add(self, family: str, pairing: Pairing) -> None:
        gold, read, confusion = pairing.gold, pairing.read, pairing.confusion
        self._counts.append(Count(family, confusion is None, read is not None, gold is not None))
        if confusion is not None:
            self._confusions[confusion.value] += 1
        elif gold is not None and read is not None:
            self._overlaps.append((family, _overlap(gold.evidence, read.evidence), 1))
            for name in ATTRIBUTES:
                if hasattr(gold, name):
                    self._details[name].append((family, float(getattr(gold, name) == getattr(read, name))))

    def scores(self) -> FactScores:
        return FactScores(
            rating=rate(self._counts),
            confusions=self._confusions,
            details={name: proportion(agreed) for name, agreed in self._details.items() if agreed},
            evidence_f1=ratio(self._overlaps) if self._overlaps else None,
        )


def _overlap(gold: Sequence[str], read: Sequence[str]) -> float:
    """F1 of two sets of sentence ids; two empty ones are alike."""
    cited = len(set(gold)) + len(set(read))
    return 2 * len(set(gold) & set(read)) / cited if cited else 1.0
