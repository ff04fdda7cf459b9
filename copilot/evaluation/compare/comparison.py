"""Two runs of the same cases, side by side: what changed, how sure that is, and a verdict that claims no more.

Both runs are scored on the cases that both of them scored and that are not arguable. The verdict speaks of the labels
(route and label set), and claims a difference only where a paired test and the interval both carry it: McNemar's test
where each family is one case or changes as one, a permutation of families otherwise.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from copilot.core.errors import InputError
from copilot.evaluation.cases.case import CaseSet, LabelledCase
from copilot.evaluation.run.rows import Row
from copilot.evaluation.score.scores import rows_by_case
from copilot.evaluation.score.statistics import Interval, holm, mcnemar, ratio, sign_flip
from copilot.evaluation.score.tallies import slice_names

ALPHA = 0.05
SMALL_SLICE = 20
RUNS = ("both runs", "The second run")


@dataclass(frozen=True, slots=True)
class Change:
    """One case on which the two runs do not do equally well; shares of right samples from 0 to 1."""

    case_id: str
    before: float
    after: float
    before_route: str
    after_route: str
    gold_route: str


@dataclass(frozen=True)
class Paired:
    """The comparison. `difference` is after less before, in shares.

    `detectable` is the least true difference that a set of this size finds four times out of five. `left_out` counts cases
    that are arguable or that one of the runs did not score. `slice_p_values` are corrected for looking at all slices;
    `slice_changes` counts the cases of each that changed.
    """

    n: int
    left_out: int
    before: float
    after: float
    difference: Interval
    p_value: float
    test: str
    detectable: float
    changes: tuple[Change, ...]
    slices: Mapping[str, Interval]
    slice_p_values: Mapping[str, float]
    slice_changes: Mapping[str, int]
    sides: tuple[str, str] = RUNS
    """What the verdict calls both of them, and the second."""

    @property
    def better(self) -> tuple[Change, ...]:
        """Cases that only the second run gets right, or gets right more often."""
        return tuple(change for change in self.changes if change.after > change.before)

    @property
    def worse(self) -> tuple[Change, ...]:
        """Cases that only the first run gets right, or gets right more often."""
        return tuple(change for change in self.changes if change.after < change.before)

    @property
    def changed_slices(self) -> list[str]:
        """The slices in which a case changed, the surest difference first."""
        changed = [name for name, count in self.slice_changes.items() if count]
        return sorted(changed, key=lambda name: (self.slice_p_values[name], -abs(self.slices[name].value), name))

    @property
    def verdict(self) -> str:
        """The outcome in words that the numbers carry."""
        counts = f"{len(self.better)} better, {len(self.worse)} worse of {self.n}"
        points = (
            f"{100 * self.difference.value:+.1f} points [{100 * self.difference.low:+.1f}, {100 * self.difference.high:+.1f}]"
        )
        figures = f"{counts}; {points}; {self.test}, {p_words(self.p_value)}"
        if not self.changes:
            return (
                f"No difference seen: {self.sides[0]} do equally well on each of the {self.n} cases. "
                f"A true difference of up to {100 * self.difference.high:.1f} points may hide behind that."
            )
        is_clear_of_zero = self.difference.low > 0 or self.difference.high < 0
        if self.p_value < ALPHA and is_clear_of_zero:
            word = "better" if self.difference.value > 0 else "worse"
            return f"{self.sides[1]} is {word} on these cases ({figures})."
        return (
            f"Not shown to differ ({figures}). A true difference under about {100 * self.detectable:.0f} points "
            "would not show on a set of this size."
        )


def p_words(p_value: float) -> str:
    """A p in words, at three decimals; none is so small that it is nothing."""
    shown = f"{p_value:.3f}"
    return "p < 0.001" if float(shown) == 0 else f"p = {shown}"


@dataclass(frozen=True, slots=True)
class PairedCase:
    """One case on both sides: shares of right samples, and the routes that most samples gave, with the right one last.

    Cases of one `family` vary together.
    """

    id: str
    family: str
    slices: tuple[str, ...]
    was: float
    now: float
    routes: tuple[str, str, str]


def compare_runs(cases: CaseSet, before: Iterable[Row], after: Iterable[Row]) -> Paired:
    """Compare two runs case by case. Raises `InputError` where they share no scored case."""
    first, second = rows_by_case(before), rows_by_case(after)
    found = (_pair(case, first[case.id], second[case.id]) for case in cases.cases if not case.is_arguable)
    pairs = [pair for pair in found if pair is not None]
    if not pairs:
        raise InputError("the two runs share no scored case; compare runs of the same case set")
    return compare_pairs(pairs, left_out=len(cases) - len(pairs))


def compare_pairs(pairs: Sequence[PairedCase], left_out: int, sides: tuple[str, str] = RUNS) -> Paired:
    """The comparison of at least one case; `left_out` is told, and not counted. `sides` is how the verdict calls them."""
    test, p_value = _test(pairs)
    slices = _slices(pairs)
    return Paired(
        n=len(pairs),
        left_out=left_out,
        before=sum(pair.was for pair in pairs) / len(pairs),
        after=sum(pair.now for pair in pairs) / len(pairs),
        difference=_difference(pairs),
        p_value=p_value,
        test=test,
        detectable=_detectable(pairs),
        changes=tuple(Change(pair.id, pair.was, pair.now, *pair.routes) for pair in pairs if pair.was != pair.now),
        slices={name: _difference(group) for name, group in slices.items()},
        slice_p_values=holm({name: _test(group)[1] for name, group in slices.items()}),
        slice_changes={name: sum(pair.was != pair.now for pair in group) for name, group in slices.items()},
        sides=sides,
    )


def _pair(case: LabelledCase, before: Sequence[Row], after: Sequence[Row]) -> PairedCase | None:
    """One case in both runs; None where one of them did not score it."""
    was, now = ([row for row in rows if row.is_scored] for rows in (before, after))
    if not was or not now:
        return None
    routes = _usual_route(was), _usual_route(now), case.expect.route.value
    return PairedCase(case.id, case.family, tuple(slice_names(case)), _share(case, was), _share(case, now), routes)


def _share(case: LabelledCase, rows: Sequence[Row]) -> float:
    wanted = case.expect.route, set(case.expect.labels)
    return sum((row.route, set(row.labels)) == wanted for row in rows) / len(rows)


def _usual_route(rows: Sequence[Row]) -> str:
    return Counter(row.route.value for row in rows).most_common(1)[0][0]


def _slices(pairs: Sequence[PairedCase]) -> dict[str, list[PairedCase]]:
    """Slices that hold enough cases to say anything."""
    slices: dict[str, list[PairedCase]] = defaultdict(list)
    for pair in pairs:
        for name in pair.slices:
            slices[name].append(pair)
    return {name: group for name, group in sorted(slices.items()) if len(group) >= SMALL_SLICE}


def _by_family(pairs: Sequence[PairedCase]) -> dict[Hashable, float]:
    """What each family gained."""
    families: dict[Hashable, float] = defaultdict(float)
    for pair in pairs:
        families[pair.family] += pair.now - pair.was
    return families


def _test(pairs: Sequence[PairedCase]) -> tuple[str, float]:
    """The paired test that suits, and its two-sided p."""
    families = _by_family(pairs)
    gains = list(families.values())
    if all(gain in (-1.0, 0.0, 1.0) for gain in gains):
        name = "McNemar's exact test" if len(families) == len(pairs) else "McNemar's exact test of families"
        return name, mcnemar(gains.count(-1.0), gains.count(1.0))
    return "permutation of families", sign_flip(families)


def _difference(pairs: Sequence[PairedCase]) -> Interval:
    return ratio([(pair.family, pair.now - pair.was, 1) for pair in pairs], bounds=(-1.0, 1.0))


def _detectable(pairs: Sequence[PairedCase]) -> float:
    """The least difference found with 80% power, where as much changes as changed here (two cases at the least).

    By the normal approximation: 2.8 standard errors, the sum of the quantiles for 5% two-sided and 80%.
    """
    changed = max(sum(gain**2 for gain in _by_family(pairs).values()), 2.0)
    return min(1.0, 2.8 * math.sqrt(changed) / len(pairs))
