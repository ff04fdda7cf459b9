"""How far readings of the same tickets agree: two readings and the labels in, a table of fields out.

Cohen's kappa takes away what chance would give. It falls for rare values even where nearly all agree (Feinstein and
Cicchetti 1990), so raw and positive agreement stand beside it. Intent and motive are compared where both readings claim
the same harm. Intervals are bootstrapped over families. Where nobody differs a bootstrap would have no width, and the
lower bound is the kappa that the lower bound of raw agreement would give, with chance as it is.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from copilot.evaluation.cases.annotations import Annotation, Value, circumstances, fields_of, gold_reading
from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.cases.tags import SINGLE_READING_TAG
from copilot.evaluation.score.statistics import Interval, bootstrap, proportion

FEWEST_RARE = 5
"""Where fewer items have another value than the usual one, a draw of them is nearly a draw of one item: too few to say."""


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """One item that two readings both judged."""

    family: str
    first: Value
    second: Value


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of two readings on one field.

    `kappa` None: both gave one value throughout, so chance alone explains it. `is_thin`: either gave other values than the
    usual one so rarely that an interval of kappa would say nothing. `positive` is 2·both / (first + second)
    for a yes-or-no field, None where neither said yes.
    """

    field: str
    kappa: Interval | None
    raw: Interval
    positive: float | None
    differ: int
    is_thin: bool = False

    @property
    def n(self) -> int:
        """How many items both judged."""
        return self.raw.n


@dataclass(frozen=True)
class Agreements:
    """The whole comparison. `single` are cases that one person labelled alone, `unmarked` such cases without the tag."""

    tables: Mapping[str, tuple[Agreement, ...]]
    single: tuple[str, ...]
    unmarked: tuple[str, ...]
    doubted: tuple[str, ...]


def agree(cases: CaseSet, first: Mapping[str, Annotation], second: Mapping[str, Annotation]) -> Agreements:
    """Compare two readings with each other, and each with the labels, on the cases of the set."""
    gold = {case.id: reading for case in cases.cases if (reading := gold_reading(case))}
    families = {case.id: case.family for case in cases.cases}
    twice = [case.id for case in cases.cases if case.id in first and case.id in second]
    single = [case for case in cases.cases if case.id not in twice]
    return Agreements(
        tables={
            "A and B": compare_readings(first, second, families),
            "A and label": compare_readings(first, gold, families),
            "B and label": compare_readings(second, gold, families),
        },
        single=tuple(case.id for case in single),
        unmarked=tuple(case.id for case in single if SINGLE_READING_TAG not in case.tags),
        doubted=tuple(id for id in twice if first[id].doubt or second[id].doubt),
    )


def compare_readings(
    first: Mapping[str, Annotation], second: Mapping[str, Annotation], families: Mapping[str, str]
) -> tuple[Agreement, ...]:
    """Agreement per field over the cases that both read; fields that nobody ever used are left out.

    Raises `ValueError` where no case was read by both.
    """
    items: dict[str, list[FieldAgreement]] = defaultdict(list)
    for id, family in families.items():
        if id in first and id in second:
            for field, one, other in _judged(first[id], second[id]):
                items[field].append(FieldAgreement(family, one, other))
    if not items:
        raise ValueError("agreement needs at least one case that both have read")
    used = {field: judged for field, judged in items.items() if any(item.first or item.second for item in judged)}
    return tuple(_agreement(field, judged) for field, judged in used.items())


def _judged(first: Annotation, second: Annotation) -> Iterator[tuple[str, Value, Value]]:
    for (field, one), (_, other) in zip(fields_of(first), fields_of(second), strict=True):
        yield field, one, other
    ours, theirs = circumstances(first), circumstances(second)
    for harm in sorted(ours.keys() & theirs.keys()):
        yield "intent, where both claim", ours[harm][0], theirs[harm][0]
        yield "motive, where both claim", ours[harm][1], theirs[harm][1]


def _agreement(field: str, judged: Sequence[FieldAgreement]) -> Agreement:
    differ = sum(item.first != item.second for item in judged)
    raw = proportion([(item.family, float(item.first == item.second)) for item in judged])
    return Agreement(
        field=field,
        kappa=_kappa(judged, raw),
        raw=raw,
        positive=_positive(judged),
        differ=differ,
        is_thin=_rare(judged) < FEWEST_RARE,
    )


def _rare(judged: Sequence[FieldAgreement]) -> int:
    """How many items at least one reading gave another value than the commonest."""
    usual, _ = Counter(value for item in judged for value in (item.first, item.second)).most_common(1)[0]
    return sum(item.first != usual or item.second != usual for item in judged)


def _kappa(judged: Sequence[FieldAgreement], raw: Interval) -> Interval | None:
    if len({value for item in judged for value in (item.first, item.second)}) < 2:
        return None
    if raw.value < 1.0:
        return bootstrap(judged, lambda item: item.family, kappa_of)
    by_chance = _by_chance(Counter((item.first, item.second) for item in judged)) / raw.n**2
    return Interval(1.0, max(-1.0, (raw.low - by_chance) / (1 - by_chance)), 1.0, raw.n)


def kappa_of(judged: Sequence[FieldAgreement]) -> float:
    """Cohen's kappa. Raises `ValueError` where chance explains everything: no items, or one value throughout."""
    n = len(judged)
    pairs = Counter((item.first, item.second) for item in judged)
    by_chance = _by_chance(pairs)
    if n * n == by_chance:
        raise ValueError("kappa is not defined where there is one value only")
    return (n * sum(count for (one, other), count in pairs.items() if one == other) - by_chance) / (n * n - by_chance)


def _by_chance(pairs: Counter[tuple[Value, Value]]) -> int:
    """How many of n² pairs of items would agree if each reader's values were dealt out at random."""
    ours, theirs = Counter[Value](), Counter[Value]()
    for (one, other), count in pairs.items():
        ours[one] += count
        theirs[other] += count
    return sum(count * theirs[value] for value, count in ours.items())


def _positive(judged: Sequence[FieldAgreement]) -> float | None:
    """Agreement on «yes»: how often one says yes where the other does."""
    if not isinstance(judged[0].first, bool):
        return None
    said = sum(bool(item.first) + bool(item.second) for item in judged)
    return 2 * sum(bool(item.first and item.second) for item in judged) / said if said else None
