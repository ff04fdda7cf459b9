"""Insights: a period in, figures with n and interval out, and the tickets that a figure counts.

The database counts alike rows, so that a year of feedback is a few hundred rows here. A group by time is a day, and a month where
the period is longer than a quarter.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, get_args

from sqlalchemy import Connection, Row, Select, Subquery, func, select

from copilot.core.vocabulary import Route
from copilot.store.database import Database
from copilot.store.insights.figures import FIGURES, FigureName
from copilot.store.insights.rows import SHOWN, Base, Period, rows
from copilot.store.insights.shapes import By, CountedTicket, CountedTickets, InsightGroup, Insights, Seconds
from copilot.store.metrics import Share

LONGEST_BY_DAY = timedelta(days=92)
Rows = Sequence[Row[Any]]
_ROWS_AT_A_TIME = 5_000


class UsedSuggestions:
    """How suggestions were used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def insights(self, since: datetime, until: datetime, by: By) -> Insights:
        """Figures over a period, of everything and by group. Groups by time in their order, others the largest first."""
        period = period_of(since, until, by)
        with self._database.reading() as connection:
            counted = {base: connection.execute(_alike(rows(base, period))).all() for base in get_args(Base)}
            readings, seconds = counted["readings"], _seconds(connection, period)
            all_seconds = list(chain.from_iterable(seconds.values()))
            if by in (By.AGENT, By.REASON):  # these hold what was decided on alone; any other grouping holds every reading once
                ungrouped = replace(period, by=None)
                readings = connection.execute(_alike(rows("readings", ungrouped))).all()
                all_seconds = list(_seconds(connection, ungrouped).get(None, ()))
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
            all=_group(None, counted | {"readings": readings}, all_seconds, decisions),
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


def _alike(found: Subquery) -> Select[Any]:
    """How often each kind of row is there, whichever ticket it is about."""
    kinds = [column for column in found.c if column.name not in {*SHOWN, "reading_seconds"} or column.name == "suggested"]
    return select(*kinds, func.count().label("times")).group_by(*kinds)


def _seconds(connection: Connection, period: Period) -> dict[str | None, "array[float]"]:
    """How long the readings of each group took; eight bytes a reading, whose order the database would take longer to find."""
    found = rows("readings", period)
    taken: defaultdict[str | None, array[float]] = defaultdict(lambda: array("d"))
    asked = select(found.c.key, found.c.reading_seconds).where(found.c.reading_seconds.is_not(None))
    for some in connection.execute(asked).partitions(_ROWS_AT_A_TIME):
        for key, seconds in some:
            taken[key].append(seconds)
    return taken


def _by_key(found: Rows) -> dict[str | None, list[Row[Any]]]:
    groups: defaultdict[str | None, list[Row[Any]]] = defaultdict(list)
    for row in found:
        groups[row.key].append(row)
    return groups


def _percentiles(seconds: Iterable[float]) -> Seconds:
    """p50 and p90 by nearest rank."""
    ordered = sorted(seconds)
    n = len(ordered)
    p50, p90 = (ordered[-(-n * percent // 100) - 1] if n else None for percent in (50, 90))
    return Seconds(n=n, p50=p50, p90=p90)


def _group(key: str | None, found: Mapping[Base, Rows], seconds: Iterable[float], decisions: int) -> InsightGroup:
    figures = {name.value: figure.share(found[figure.base]) for name, figure in FIGURES.items()}
    return InsightGroup(
        key=key,
        readings=_times(found["readings"]),
        decisions=Share.of(_times(found["decisions"]), decisions),
        seconds=_percentiles(seconds),
        **figures,
    )


def _times(counted: Rows) -> int:
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
