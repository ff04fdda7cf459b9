"""Selective triage: how often suggestions are wrong if only stable ones are made.

Comes in: cases with their scored rows. A decision is stable where samples agree on it and the second reader saw nothing
beside the facts. Goes out: the risk–coverage curve, or None where a run tells nothing about stability (one sample a
case, and no second reader that ever disagreed).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.evaluation.statistics import Interval, figure_of_sums, proportion
from copilot.evaluation.tallies import Sample, Tally


@dataclass(frozen=True, slots=True, order=True)
class Stability:
    """How firm a decision is: the share of samples that agree on it, then how few cues no fact cites (0, -1, …)."""

    agreement: float
    undisputed: int

    @property
    def cues(self) -> str:
        """What the second reader saw, in words."""
        return {0: "no cue left uncited", -1: "1 cue left uncited"}.get(self.undisputed, f"{-self.undisputed} cues left uncited")


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

    def words(self, level: Stability) -> str:
        """A level in words; they speak of samples only where samples differ, and of cues only where there are some."""
        levels = [point.at_least for point in self.points]
        parts = [f"{100 * level.agreement:.0f} % of samples agree"] if any(one.agreement < 1 for one in levels) else []
        parts += [level.cues] if any(one.undisputed for one in levels) else []
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class _Judged:
    family: str
    stability: Stability
    wrong: float


def select(scored: Sequence[Tally]) -> Selection | None:
    """The risk–coverage curve of routes over one run; None where all decisions look equally stable."""
    judged = [_judge(one) for one in scored]
    levels = sorted({one.stability for one in judged}, reverse=True)
    if len(levels) < 2:
        return None
    return Selection(tuple(_point(level, judged) for level in levels), _aurc(judged, levels))


def _judge(one: Tally) -> _Judged:
    """The decision that most samples gave, the first of equals."""
    decisions = Counter((sample.route, sample.labels) for sample in one.samples)
    usual, count = decisions.most_common(1)[0]
    chosen = next(sample for sample in one.samples if (sample.route, sample.labels) == usual)
    return _Judged(one.family, Stability(count / len(one.samples), -_cues(one.samples)), float(not chosen.right_route))


def _cues(samples: Sequence[Sample]) -> int:
    """The most cues that the facts of a sample left uncited."""
    return max(sample.uncited for sample in samples)


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


def area(columns: Sequence[float]) -> float:
    """The mean risk over all coverages, from (cases, wrong) of each level, the firmest first.

    Cases of one level come in no order, so their errors are spread evenly over the level.
    """
    total = seen = errors = 0.0
    for cases, wrong in zip(columns[::2], columns[1::2], strict=True):
        for place in range(1, round(cases) + 1):
            total += (errors + wrong * place / cases) / (seen + place)
        seen += cases
        errors += wrong
    if not seen:
        raise ValueError("an area needs at least one case")
    return total / seen
