"""Precision, recall and F1 out of counts, each with its interval."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from copilot.evaluation.score.statistics import Interval, proportion, ratio


class Count(NamedTuple):
    """What one case or fact adds: items read and rightly so, items read, items in gold."""

    family: Hashable
    hits: int
    read: int
    gold: int


@dataclass(frozen=True, slots=True)
class Rating:
    """Precision, recall and F1; None where there is nothing to divide by. `support` counts gold items.

    F1 is 0, not None, where something was to be found and nothing was read.
    """

    precision: Interval | None
    recall: Interval | None
    f1: Interval | None
    support: int


def rate(counts: Sequence[Count]) -> Rating:
    """The rating that counts give."""
    return Rating(
        precision=_share(counts, [count.read for count in counts]),
        recall=_share(counts, [count.gold for count in counts]),
        f1=f1(counts),
        support=sum(count.gold for count in counts),
    )


def f1(counts: Iterable[Count]) -> Interval | None:
    """F1 over all counts; None where nothing was read and nothing was there."""
    parts = [(count.family, 2 * count.hits, count.read + count.gold) for count in counts]
    return ratio(parts) if any(below for _, _, below in parts) else None


def _share(counts: Sequence[Count], wholes: Sequence[int]) -> Interval | None:
    outcomes = [
        (count.family, outcome)
        for count, whole in zip(counts, wholes, strict=True)
        for outcome in [1.0] * count.hits + [0.0] * (whole - count.hits)
    ]
    return proportion(outcomes) if outcomes else None
