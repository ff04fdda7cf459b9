"""Insights: a period in, figures with n and interval out, and the tickets that a figure counts.

The database counts alike rows, so that a year of feedback is a few hundred rows here. A group by time is a day, and a month where
the period is longer than a quarter.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select

from copilot.core.vocabulary import Route
from copilot.store.database import Database
from copilot.store.insights.figures import FIGURES, FigureName
from copilot.store.insights.rows import SHOWN, Base, Period, rows
from copilot.store.insights.shapes import By, CountedTicket, CountedTickets, InsightGroup, Insights, Seconds
from copilot.store.metrics import Share

LONGEST_BY_DAY = timedelta(days=92)
Kinds = Sequence[Any]
"""Rows that are alike, once each, with `times`: how many they are."""
_ROWS_AT_A_TIME = 5_000


class UsedSuggestions:
    """How suggestions were used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def insights(self, since: datetime, until: datetime, by: By) -> Insights:
        """Figures over a period, of everything and by group. Groups by time in their order, others the largest first."""
        period = period_of(since, until, by)
        with self._database.reading() as connection:
            counted: dict[Base, Kinds] = {base: _alike(connection, base, period) for base in ("decisions", "choices")}
            counted["readings"], seconds = _readings(connection, period)
            readings, all_seconds = counted["readings"], seconds
            if by in (By.AGENT, By.REASON):  # these hold what was decided on alone; any other grouping holds every reading once
                readings, all_seconds = _readings(connection, replace(period, by=None))
        decisions = _times(counted["decisions"])
        of_groups = {base: _by_key(found) for base, found in counted.items()}
        keys = {key for found in of_groups.values() for key in found} - {None}
        made = [
            _group(key, {base: found.get(key, ()) for base, found in of_groups.items()}, seconds.get(key, ()), decisions)
            for key in keys
        ]
        return Insights(
            since=since,
            until=until,
            by=by,
            step=("month" if period.by_month else "day") if by is By.TIME else None,
            all=_group(None, counted | {"readings": readings}, chain.from_iterable(all_seconds.values()), decisions),
            groups=sorted(made, key=_place_in_time if by is By.TIME else _place_by_size),
        )

    def tickets(self, figure: FigureName, period: Period, key: str | None, most: int) -> CountedTickets:
        """The latest cases of a group that a figure counts, or of all groups for None; at most so many."""
        wanted = FIGURES[figure]
        found = rows(wanted.base, replace(period, by=None) if key is None else period)
        asked = select(found).order_by(found.c.created_at.desc(), found.c.suggestion_id.desc(), found.c.agent)
        if key is not None:
            asked = asked.where(found.c.key == key)
        tickets: list[CountedTicket] = []
        with self._database.reading() as connection:
            for row in connection.execute(asked):
                if not (wanted.of(row) and wanted.counted(row)):
                    continue
                if len(tickets) == most:
                    return CountedTickets(tickets=tickets, is_cut=True)
                tickets.append(_ticket(row))
        return CountedTickets(tickets=tickets, is_cut=False)


def period_of(since: datetime, until: datetime, by: By | None) -> Period:
    """A period, whose groups by time are days or months."""
    return Period(since, until, by, by_month=until - since > LONGEST_BY_DAY)


def _alike(connection: Connection, base: Base, period: Period) -> Kinds:
    """How often each kind of row is there, whichever ticket it is about."""
    found = rows(base, period)
    kinds = [column for column in found.c if column.name not in SHOWN or column.name == "suggested"]
    return connection.execute(select(*kinds, func.count().label("times")).group_by(*kinds)).all()


class _Reading(NamedTuple):
    """Readings that are alike: what a figure is told by, and how many they are."""

    key: str | None
    route: str
    degraded: bool | None
    escalated: bool
    times: int


def _readings(connection: Connection, period: Period) -> tuple[Kinds, dict[str | None, "array[float]"]]:
    """How often each kind of reading is there, and how long those of each group took, eight bytes a reading; in one pass."""
    found = rows("readings", period)
    taken: defaultdict[str | None, array[float]] = defaultdict(lambda: array("d"))
    kinds: Counter[tuple[Any, ...]] = Counter()
    asked = select(found.c.key, found.c.route, found.c.degraded, found.c.escalated, found.c.reading_seconds)
    for some in connection.execute(asked).partitions(_ROWS_AT_A_TIME):
        for *kind, seconds in some:
            kinds[tuple(kind)] += 1
            if seconds is not None:
                taken[kind[0]].append(seconds)
    return [_Reading._make((*kind, times)) for kind, times in kinds.items()], taken


def _by_key(found: Kinds) -> dict[str | None, list[Any]]:
    groups: defaultdict[str | None, list[Any]] = defaultdict(list)
    for row in found:
        groups[row.key].append(row)
    return groups


def _percentiles(seconds: Iterable[float]) -> Seconds:
    """p50 and p90 by nearest rank."""
    ordered = sorted(seconds)
    n = len(ordered)
    p50, p90 = (ordered[-(-n * percent // 100) - 1] if n else None for percent in (50, 90))
    return Seconds(n=n, p50=p50, p90=p90)


def _group(key: str | None, found: Mapping[Base, Kinds], seconds: Iterable[float], decisions: int) -> InsightGroup:
    figures = {name.value: figure.share(found[figure.base]) for name, figure in FIGURES.items()}
    return InsightGroup(
        key=key,
        readings=_times(found["readings"]),
        decisions=Share.of(_times(found["decisions"]), decisions),
        seconds=_percentiles(seconds),
        **figures,
    )


def _times(counted: Kinds) -> int:
    return sum(row.times for row in counted)


def _place_in_time(group: InsightGroup) -> tuple[str]:
    return (group.key or "",)


def _place_by_size(group: InsightGroup) -> tuple[int, int, str]:
    return -group.decisions.count, -group.readings, group.key or ""


def _ticket(row: Row[Any]) -> CountedTicket:
    return CountedTicket(
        suggestion_id=row.suggestion_id,
        ticket_id=row.ticket_id,
        created_at=row.created_at,
        route=Route(row.suggested),
        agent=row.agent,
    )
