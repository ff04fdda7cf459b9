"""Selective triage: how often suggestions are wrong if only firm ones are made.

Comes in: the tallies of scored cases. Goes out: the risk–coverage curve, and by which signals firm decisions were told from
others: whether samples agree, whether the second reader saw something beside the facts, whether the reading has doubts of
its own, and, where each case was asked once, how much was found in the ticket: a decision on three facts stands firmer than
one on none.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copilot.evaluation.score.statistics import Interval, figure_of_sums, proportion
from copilot.evaluation.score.tallies import CaseTally

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_FACTS = 3
"""Further facts add nothing to how firm a decision is taken to be."""


@dataclass(frozen=True, slots=True, order=True)
class Stability:
    """How firm a decision is, the weightiest signal first; the greater the firmer.

    `agreement` is the share of samples that agree on it, `undisputed` how few sentences the second reader disputes (0, -1, …),
    `undoubted` how few cautions the reading has about itself (0, -1, …), `facts` how many were read (0 where samples tell
    instead).
    """

    agreement: float
    undisputed: int = 0
    undoubted: int = 0
    facts: int = 0


SIGNALS = {
    "agreement": "agreement of samples",
    "undisputed": "sentences that the second reader takes for more than the facts say",
    "undoubted": "what the reading doubts about itself (facts not borne out, text not read, another reader in its place)",
    "facts": "how many facts were read",
}


@dataclass(frozen=True, slots=True)
class Point:
    """Suggestions are made where a decision is at least this stable: their share of all cases, and how many are wrong."""

    at_least: Stability
    coverage: float
    risk: Interval


@dataclass(frozen=True, slots=True)
class Selection:
    """The curve, the firmest suggestions first. `aurc` is the area under it: the mean risk over all coverages.

    Where stability tells nothing about being right, `aurc` is about the risk of the last point, which is that of
    suggesting everything.
    """

    points: tuple[Point, ...]
    aurc: Interval

    @property
    def everything(self) -> Interval:
        """The risk of suggesting everything."""
        return self.points[-1].risk

    @property
    def signals(self) -> tuple[str, ...]:
        """The signals, in words, that set decisions of this run apart; none where all look equally firm."""
        return tuple(words for name, words in SIGNALS.items() if self._varies(name))

    def words(self, level: Stability) -> str:
        """A level in words, by those signals alone."""
        told = {
            "agreement": f"{100 * level.agreement:.0f} % of samples agree",
            "undisputed": _counted(-level.undisputed, "sentence", "disputed"),
            "undoubted": _counted(-level.undoubted, "doubt", "of its own"),
            "facts": _counted(level.facts, "fact", "read", "or more" if level.facts == MOST_FACTS else ""),
        }
        return ", ".join(words for name, words in told.items() if self._varies(name)) or "every decision"

    def _varies(self, name: str) -> bool:
        return len({getattr(point.at_least, name) for point in self.points}) > 1


def _counted(count: int, noun: str, rest: str, more: str = "") -> str:
    number = " ".join(filter(None, [str(count or "no"), more]))
    return f"{number} {noun if count in (0, 1) else noun + 's'} {rest}"


@dataclass(frozen=True, slots=True)
class _Judged:
    family: str
    stability: Stability
    wrong: float


def select(scored: Sequence[CaseTally]) -> Selection | None:
    """The risk–coverage curve of routes over one run; None where there is no case."""
    if not scored:
        return None
    once = all(len(one.samples) == 1 for one in scored)
    judged = [_judge(one, once) for one in scored]
    levels = sorted({one.stability for one in judged}, reverse=True)
    return Selection(tuple(_point(level, judged) for level in levels), _aurc(judged, levels))


def _judge(one: CaseTally, once: bool) -> _Judged:
    """The decision that most samples gave, the first of equals. The weakest sample tells what is disputed or doubted."""
    decisions = Counter((sample.route, sample.labels) for sample in one.samples)
    usual, count = decisions.most_common(1)[0]
    chosen = next(sample for sample in one.samples if (sample.route, sample.labels) == usual)
    stability = Stability(
        agreement=count / len(one.samples),
        undisputed=-max(sample.uncited for sample in one.samples),
        undoubted=-max(sample.doubts for sample in one.samples),
        facts=min(MOST_FACTS, chosen.facts) if once else 0,
    )
    return _Judged(one.family, stability, float(not chosen.right_route))


def _point(level: Stability, judged: Sequence[_Judged]) -> Point:
    chosen = [one for one in judged if one.stability >= level]
    return Point(level, len(chosen) / len(judged), proportion([(one.family, one.wrong) for one in chosen]))


def _aurc(judged: Sequence[_Judged], levels: Sequence[Stability]) -> Interval:
    """The area, bootstrapped by family. A family adds, for each level, its cases there and how many of them are wrong."""
    places = {level: place for place, level in enumerate(levels)}
    parts: list[tuple[str, list[float]]] = []
    for one in judged:
        columns = [0.0] * (2 * len(levels))
        columns[2 * places[one.stability]] = 1.0
        columns[2 * places[one.stability] + 1] = one.wrong
        parts.append((one.family, columns))
    return figure_of_sums(parts, area)


def area(sums: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """The mean risk over all coverages of each round, from rows of (cases, wrong) of each level, the firmest first.

    Cases of one level come in no order, so their errors are spread evenly over the level. NaN where there is no case.
    """
    import numpy as np  # noqa: PLC0415 - a tenth of a second for whoever scores

    total, seen, errors = np.zeros((3, sums.shape[1]))
    for cases, wrong in zip(sums[::2], sums[1::2], strict=True):
        for place in range(1, round(cases.max()) + 1):
            here = place <= cases
            total[here] += (errors + wrong * place / np.maximum(cases, 1))[here] / (seen[here] + place)
        seen += cases
        errors += wrong
    means: NDArray[np.float64] = np.divide(total, seen, out=np.full_like(total, np.nan), where=seen > 0)
    return means
