"""Insights over HTTP: how suggestions were used, and the tickets behind each figure; ids and codes only, no text."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Query, Request

from copilot.service.desk import desk_of
from copilot.service.documents import problems_of
from copilot.service.guard import guarded
from copilot.service.shapes import IsoTime
from copilot.store import By, CountedTickets, FigureName, Insights, Scope, ShadowFigures
from copilot.store.insights.insights import period_of

router = guarded(Scope.INSIGHTS, "insights")

USUAL_PERIOD = timedelta(days=30)
MOST_TICKETS = 500
From = Annotated[
    IsoTime | None,
    Query(alias="from", description="Texts first read from this time on; left out: 30 days.", examples=["2026-03-01T00:00:00Z"]),
]
To = Annotated[
    IsoTime | None, Query(description="Up to and without this time; left out: now.", examples=["2026-04-01T00:00:00Z"])
]
Key = Annotated[
    str | None, Query(max_length=200, description="The `key` of a group; left out: all groups.", examples=["2026-03-01"])
]
Grouped = Annotated[By, Query(description="What groups are made by.")]
_PROBLEMS = problems_of("invalid", "overloaded", "store_unavailable")


@router.get("/insights", summary="How suggestions were used", responses=_PROBLEMS)
async def insights(request: Request, since: From = None, to: To = None, by: Grouped = By.TIME) -> Insights:
    """Figures over a period, of everything and by group, each with its n and Wilson's 95% interval.

    A group by time is a day, and a month where the period is longer than 92 days.
    """
    desk = desk_of(request)
    return await desk.ask(desk.store.used.insights, *_period(since, to), by)


@router.get("/insights/tickets", summary="The tickets behind a figure", responses=_PROBLEMS)
async def tickets(  # noqa: PLR0913, PLR0917  FastAPI's way of asking for the parts of a request
    request: Request,
    figure: Annotated[FigureName, Query(description="Which figure.")],
    since: From = None,
    to: To = None,
    by: Grouped = By.TIME,
    key: Key = None,
    limit: Annotated[int, Query(ge=1, le=MOST_TICKETS, description="At most so many.")] = 100,
) -> CountedTickets:
    """The latest cases that a figure of `/v1/insights` counts, in one group or in all."""
    desk = desk_of(request)
    period = period_of(*_period(since, to), by)
    return await desk.ask(desk.store.used.tickets, figure, period, key, limit)


@router.get("/insights/shadow", summary="What others would have decided", responses=_PROBLEMS)
async def shadow(request: Request, since: From = None, to: To = None) -> ShadowFigures:
    """Policies and readers that decide beside the service (`copilot shadow`), each compared with what was suggested at first.

    A contender that decided on nothing of the period is left out.
    """
    desk = desk_of(request)
    return await desk.ask(desk.store.shadows.figures, *_period(since, to))


def _period(since: datetime | None, to: datetime | None) -> tuple[datetime, datetime]:
    until = to or datetime.now(UTC)
    if since is None:
        since = until - USUAL_PERIOD if until - datetime.min.replace(tzinfo=UTC) > USUAL_PERIOD else until
    return since, until
