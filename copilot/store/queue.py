"""The queue: each ticket once, as its last suggestion has it, the most urgent first and then those that have waited longest.

Comes in: what is wanted, and how far it was told already. Goes out: a page. It holds no text of a ticket. A ticket without an id
of its own stands once for each suggestion; one that was erased stands nowhere.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, select, tuple_

from copilot.core.vocabulary import Route
from copilot.output.urgency import Urgency
from copilot.store.database import Database
from copilot.store.decided import is_decided, is_newest
from copilot.store.feedback import last_word
from copilot.store.records import Queue, WaitingTicket
from copilot.store.tables import SUGGESTIONS

CURSOR = r"^[0-4]\.[0-9]{1,16}\.sug_[0-9a-hjkmnp-tv-z]{26}$"
"""How a cursor looks: the place of an urgency, microseconds since 1970, the id of a suggestion."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets; None: whatever it is. `ticket_id` is how the id begins. `decided_by` is an agent's name."""

    route: Route | None = None
    urgency: Urgency | None = None
    is_open: bool | None = None
    decided_by: str | None = None
    ticket_id: str | None = None


class Queued:
    """The queue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, wanted: Wanted, after: str | None, most: int) -> Queue:
        """A page of at most so many tickets, from behind the cursor `after` on, which has the form of `CURSOR`."""
        order = (SUGGESTIONS.c.urgency, SUGGESTIONS.c.waiting_since, SUGGESTIONS.c.id)
        asked = _chosen(wanted).order_by(*order).limit(most + 1)
        if after is not None:
            asked = asked.where(tuple_(*order) > tuple_(*_read(after)))
        with self._database.reading() as connection:
            rows = list(connection.execute(asked))
            tickets = [_shown(connection, row) for row in rows[:most]]
        return Queue(tickets=tickets, next=_cursor(rows[most - 1]) if len(rows) > most else None)


def _chosen(wanted: Wanted) -> Select[Any]:
    decided = is_decided(SUGGESTIONS)
    asked = select(SUGGESTIONS, decided.label("is_decided")).where(SUGGESTIONS.c.ticket_id.is_not(None), is_newest(SUGGESTIONS))
    if wanted.route is not None:
        asked = asked.where(SUGGESTIONS.c.route == wanted.route.value)
    if wanted.urgency is not None:
        asked = asked.where(SUGGESTIONS.c.urgency == wanted.urgency.place)
    if wanted.is_open is not None:
        asked = asked.where(~decided if wanted.is_open else decided)
    if wanted.decided_by is not None:
        asked = asked.where(is_decided(SUGGESTIONS, wanted.decided_by))
    if wanted.ticket_id is not None:
        asked = asked.where(SUGGESTIONS.c.ticket_id.startswith(wanted.ticket_id, autoescape=True))
    return asked


def _shown(connection: Connection, row: Row[Any]) -> WaitingTicket:
    return WaitingTicket(
        suggestion_id=row.id,
        ticket_id=row.ticket_id,
        created_at=row.created_at,
        waiting_since=row.waiting_since,
        urgency=list(Urgency)[row.urgency],
        route=Route(row.route),
        labels=json.loads(row.labels),
        rule=row.rule,
        is_open=not row.is_decided,
        decided=last_word(connection, row),
    )


def _cursor(row: Row[Any]) -> str:
    return f"{row.urgency}.{(row.waiting_since - _EPOCH) // timedelta(microseconds=1)}.{row.id}"


def _read(cursor: str) -> tuple[int, datetime, str]:
    urgency, since, id = cursor.split(".")
    return int(urgency), _EPOCH + timedelta(microseconds=int(since)), id
