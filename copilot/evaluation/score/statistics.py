"""Numbers that say how sure they are: intervals and paired tests.

Sources: Wilson 1927 for proportions (`copilot.core.intervals`); Miller 2024 (arXiv 2411.00640) for clustering related cases;
Efron 1979 for the bootstrap; Dietterich 1998 for McNemar's test of two readers on one set; Holm 1979 for many tests at
once. None of them is defined on no cases: `n` of 0 raises `ValueError`.
"""

import random
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from copilot.core.intervals import wilson

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Row = TypeVar("Row")

BOOTSTRAP_ROUNDS = 1_000
SEED = 20260301
SHARE = (0.0, 1.0)
"""The least and the most that a share can be."""
_DRAWN_AT_ONCE = 1_000_000
"""Families that are drawn, of all rounds together, before they are summed up; each takes 8 bytes a column."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95% interval. `value`, `low` and `high` are shares from 0 to 1 unless a field says otherwise."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] n={self.n}"


def proportion(outcomes: Sequence[tuple[Hashable, float]]) -> Interval:
    """The share of hits with Wilson's interval, at the effective size that clustering leaves.

    Takes (family, outcome) pairs, an outcome being 0, 1, or a mean of repeats between them. Cases of one family vary
    together, so the design effect (variance by family over variance as if independent, at least 1) divides n.
    """
    n = len(outcomes)
    if n == 0:
        raise ValueError("a share needs at least one case")
    value = sum(outcome for _, outcome in outcomes) / n
    effective = max(1.0, n / _design_effect(outcomes, value))
    low, high = wilson(value * effective, effective)
    return Interval(value, low, high, n)


def _design_effect(outcomes: Sequence[tuple[Hashable, float]], mean: float) -> float:
    """The design effect, with one more family of mean size supposed wrong as a whole.

    Few errors say little about how families vary together, and none say nothing: where all outcomes are alike, what is
    supposed makes each family count once. The more errors there are, the less it weighs.
    """
    families = _sums([(family, (outcome - mean,)) for family, outcome in outcomes], 0)
    size = len(outcomes) / len(families)
    clustered = sum(total**2 for total in families.values())
    simple = sum((outcome - mean) ** 2 for _, outcome in outcomes)
    return max(1.0, (clustered + size**2) / (simple + size))


def ratio(parts: Iterable[tuple[Hashable, float, float]], bounds: tuple[float, float] = SHARE) -> Interval:
    """A sum over a sum (F1, a mean, a cost for each case) with its bootstrap interval; whole families are drawn.

    Takes (family, numerator, denominator); `n` counts the parts that have a denominator, and one without them all raises
    `ValueError`. `bounds` are the least and the most that the ratio can be.
    """
    given = list(parts)
    figure = figure_of_sums([(family, (top, bottom)) for family, top, bottom in given], _divided, bounds)
    return replace(figure, n=sum(bool(bottom) for _, _, bottom in given))


def figure_of_sums(
    parts: Sequence[tuple[Hashable, Sequence[float]]],
    figure: "Callable[[NDArray[np.float64]], NDArray[np.float64]]",
    bounds: tuple[float, float] = SHARE,
) -> Interval:
    """A figure of column sums with its bootstrap interval; whole families are drawn, and `n` counts the parts.

    Takes (family, columns). `figure` takes an array of sums, of shape (columns, rounds), and gives a number for each round, NaN
    where it is undefined. Such rounds do not count; where it is undefined for the parts as they are, that raises `ValueError`.
    """
    import numpy as np  # noqa: PLC0415 - a tenth of a second for whoever draws

    if not parts:
        raise ValueError("a figure needs at least one case")
    columns = [list(_sums(parts, place).values()) for place in range(len(parts[0][1]))]
    value = float(figure(np.array([[sum(column)] for column in columns], np.float64))[0])
    if np.isnan(value):
        raise ValueError("a figure needs something to divide by")
    table, families = np.array(columns, np.float64), len(columns[0])
    drawn = np.concatenate([figure(table.take(places, axis=1).sum(axis=1)) for places in _drawings(families)] or [np.empty(0)])
    low, high = _percentiles(value, np.sort(drawn[~np.isnan(drawn)]).tolist(), families, bounds)
    return Interval(value, low, high, len(parts))


def _divided(sums: "NDArray[np.float64]") -> "NDArray[np.float64]":
    import numpy as np  # noqa: PLC0415 - see above

    top, bottom = sums
    quotients: NDArray[np.float64] = np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom != 0)
    return quotients


def bootstrap(
    rows: Sequence[Row],
    family: Callable[[Row], Hashable],
    figure: Callable[[Sequence[Row]], float],
    bounds: tuple[float, float] = SHARE,
) -> Interval:
    """A percentile bootstrap over families, for figures that are not made of sums (kappa).

    The same rows always give the same interval. Rounds in which the figure is undefined (`ValueError`) do not count.
    """
    groups: dict[Hashable, list[Row]] = {}
    for row in rows:
        groups.setdefault(family(row), []).append(row)
    if not groups:
        raise ValueError("a figure needs at least one case")
    clusters = list(groups.values())
    chance = random.Random(SEED)  # noqa: S311  resampling, not secrets
    figures: list[float] = []
    for _ in range(BOOTSTRAP_ROUNDS):
        drawn = [row for cluster in chance.choices(clusters, k=len(clusters)) for row in cluster]
        try:
            figures.append(figure(drawn))
        except ValueError:
            continue
    value = figure(rows)
    low, high = _percentiles(value, sorted(figures), len(clusters), bounds)
    return Interval(value, low, high, len(rows))


def _sums(parts: Iterable[tuple[Hashable, Sequence[float]]], place: int) -> dict[Hashable, float]:
    """The sum that each family has in one column."""
    sums: dict[Hashable, float] = {}
    for family, columns in parts:
        sums[family] = sums.get(family, 0) + columns[place]
    return sums


def _percentiles(value: float, figures: Sequence[float], families: int, bounds: tuple[float, float]) -> tuple[float, float]:
    """The middle 95% of sorted figures.

    Where every round gave the same, the cases seen are no proof that others are like them: a share of families up to
    Wilson's upper end for none seen may be as different as can be.
    """
    if not figures or figures[0] == figures[-1]:
        unseen = wilson(0, families)[1]
        return value - unseen * (value - bounds[0]), value + unseen * (bounds[1] - value)
    last = len(figures) - 1
    return min(value, figures[round(0.025 * last)]), max(value, figures[round(0.975 * last)])


def _drawings(families: int) -> "Iterable[NDArray[np.intp]]":
    """The same samples for every figure, as arrays of places of shape (families, rounds), drawn with replacement.

    One family alone cannot vary.
    """
    if families < 2:
        return ()
    return _kept_drawings(families) if families * BOOTSTRAP_ROUNDS <= _DRAWN_AT_ONCE else _draw(families)


@lru_cache(maxsize=2)
def _kept_drawings(families: int) -> "tuple[NDArray[np.intp], ...]":
    return tuple(_draw(families))


def _draw(families: int) -> "Iterator[NDArray[np.intp]]":
    import numpy as np  # noqa: PLC0415 - see above

    chance = np.random.RandomState([SEED])  # what `random.Random(SEED)` draws; its stream is frozen, unlike newer generators'
    at_once = max(1, _DRAWN_AT_ONCE // families)
    for first in range(0, BOOTSTRAP_ROUNDS, at_once):
        rounds = min(at_once, BOOTSTRAP_ROUNDS - first)
        yield (chance.random_sample((rounds, families)).T * families).astype(np.intp, order="C")


def mcnemar(only_first: int, only_second: int) -> float:
    """The exact two-sided p of McNemar's test: how odd the split of the changed cases is, if both were as good."""
    changed = only_first + only_second
    if changed == 0:
        return 1.0
    tail = ways = 1
    for k in range(min(only_first, only_second)):
        ways = ways * (changed - k) // (k + 1)
        tail += ways
    return float(min(1.0, 2 * tail / 2**changed))


def sign_flip(differences: Mapping[Hashable, float], rounds: int = 10_000) -> float:
    """The two-sided p of a permutation test that flips whole families: McNemar's test where families have several cases.

    Exact up to 16 changed families, sampled beyond.
    """
    changed = [difference for difference in differences.values() if difference]
    observed = abs(sum(changed))
    if not changed:
        return 1.0
    if len(changed) <= 16:
        signs = range(2 ** len(changed))
        sums = (sum(d if mask >> i & 1 else -d for i, d in enumerate(changed)) for mask in signs)
        return float(sum(abs(total) >= observed - 1e-12 for total in sums) / 2 ** len(changed))
    chance = random.Random(SEED)  # noqa: S311  resampling, not secrets
    hits = sum(abs(sum(d if chance.random() < 0.5 else -d for d in changed)) >= observed - 1e-12 for _ in range(rounds))
    return (hits + 1) / (rounds + 1)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Holm's correction: each p as it stands when all of these tests are looked at together."""
    adjusted: dict[str, float] = {}
    highest = 0.0
    for place, (name, p_value) in enumerate(sorted(p_values.items(), key=lambda pair: pair[1])):
        highest = max(highest, min(1.0, (len(p_values) - place) * p_value))
        adjusted[name] = highest
    return adjusted
