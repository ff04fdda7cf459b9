"""Tickets that a hook told of and that nobody has read yet: one row a ticket, kept before the hook is answered.

Comes in: a ticket, who told of it and when they signed it. Goes out: one ticket at a time to be read; what came of it is kept in
the transaction in which the row gives up its text. A newer text takes the place of one that waits. Whoever takes a
ticket holds it for a while; after a kill another takes it up. Refuses more than so many that wait.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select, update

from copilot.core.errors import StoreFull
from copilot.core.ticket import Ticket
from copilot.output.suggestion import Suggestion
from copilot.store.database import Database
from copilot.store.ids import digest
from copilot.store.once import insert_once
from copilot.store.suggestions import NewRows, insert_suggestion
from copilot.store.tables import ARRIVALS, USED_TOKENS

MOST_WAITING = 1_000
MOST_ATTEMPTS = 5
"""A ticket that so many processes came to grief over is left alone until somebody sends it anew."""
MARKS_KEPT = timedelta(minutes=15)
"""A signature is good for five minutes to either side."""
_WAITS = ARRIVALS.c.ticket_json.is_not(None)


class Arrival(StrEnum):
    """What became of a ticket that a hook told of."""

    WAITING = "waiting"
    SEEN_BEFORE = "seen_before"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True)
class Told:
    """A hook's word: `mark` is the same for the same message sent twice; `source` names the hook."""

    ticket: Ticket
    source: str
    mark: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A ticket to be read, and by what it is known when the reading is done."""

    ticket: Ticket
    source: str
    id: str
    version: str
    lease: str


class Arrivals:
    """What waits to be read."""

    def __init__(self, database: Database, retention_days: int) -> None:
        self._database = database
        self._keep = timedelta(days=retention_days)

    def put(self, told: Told) -> Arrival:
        """Keep a ticket until it is read. Raises `StoreFull` where too many wait, and `StoreUnavailable`."""
        now = datetime.now(UTC)
        text = told.ticket.model_dump_json()
        row = {
            "ticket_id": told.ticket.id,
            "source": told.source,
            "sent_at": told.sent_at,
            "received_at": now,
            "ticket_sha256": digest(text),
            "ticket_json": text,
            "version": secrets.token_hex(16),
            "attempts": 0,
        }
        id = digest(told.ticket.id)
        with self._database.writing() as connection:
            mark = {"token_sha256": digest(told.mark), "expires_at": now + MARKS_KEPT}
            if not insert_once(connection, USED_TOKENS, mark):
                return Arrival.SEEN_BEFORE
            before = connection.execute(select(ARRIVALS).where(ARRIVALS.c.id == id).with_for_update()).one_or_none()
            if before is not None and told.sent_at < before.sent_at:
                return Arrival.OUTDATED
            if before is not None and row["ticket_sha256"] == before.ticket_sha256:
                connection.execute(update(ARRIVALS).where(ARRIVALS.c.id == id).values(sent_at=told.sent_at, attempts=0))
                return Arrival.SEEN_BEFORE
            if before is None or before.ticket_json is None:
                _refuse_too_many(connection)
            if before is not None:
                connection.execute(update(ARRIVALS).where(ARRIVALS.c.id == id).values(row))
            elif not insert_once(connection, ARRIVALS, {"id": id} | row):
                raise StoreFull("two messages about one ticket came at the same moment; send it again")
        return Arrival.WAITING

    def take(self, seconds: float) -> Taken | None:
        """The ticket that has waited longest, held for so long; None where none waits."""
        now = datetime.now(UTC)
        free = and_(_WAITS, ARRIVALS.c.attempts < MOST_ATTEMPTS, or_(ARRIVALS.c.lease.is_(None), ARRIVALS.c.leased_until <= now))
        asked = select(ARRIVALS).where(free).order_by(ARRIVALS.c.received_at, ARRIVALS.c.id).limit(1)
        with self._database.reading() as connection:
            if connection.execute(asked.with_only_columns(ARRIVALS.c.id)).one_or_none() is None:
                return None
        lease = secrets.token_hex(16)
        with self._database.writing() as connection:
            row = connection.execute(asked.with_for_update(skip_locked=True)).one_or_none()
            if row is None:
                return None
            held = {"lease": lease, "leased_until": now + timedelta(seconds=seconds), "attempts": row.attempts + 1}
            connection.execute(update(ARRIVALS).where(ARRIVALS.c.id == row.id).values(held))
        return Taken(Ticket.model_validate_json(row.ticket_json), row.source, row.id, row.version, lease)

    def done(self, taken: Taken, suggestion: Suggestion) -> str | None:
        """Keep what came of a ticket, and let its text here go. Returns the suggestion's id.

        None, and nothing is kept: another has taken the ticket over, or it was erased meanwhile. Where a newer text came, that
        waits on.
        """
        held = and_(ARRIVALS.c.id == taken.id, ARRIVALS.c.lease == taken.lease)
        new = NewRows.of(taken.ticket, suggestion, taken.source)
        with self._database.writing() as connection:
            row: Row[Any] | None = connection.execute(select(ARRIVALS).where(held).with_for_update()).one_or_none()
            if row is None:
                return None
            kept, _ = insert_suggestion(connection, new, self._keep)
            text = {"ticket_json": None} if row.version == taken.version else {}
            connection.execute(update(ARRIVALS).where(held).values({"lease": None, "leased_until": None, **text}))
        return kept.id

    def let_go(self) -> None:
        """Let what others hold be taken at once: at a start, what a killed process held. At worst a ticket is read twice."""
        with self._database.writing() as connection:
            connection.execute(update(ARRIVALS).where(_WAITS).values(lease=None, leased_until=None))

    def waiting(self) -> int:
        """How many wait."""
        with self._database.reading() as connection:
            return _waiting(connection)


def _waiting(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(ARRIVALS).where(_WAITS)) or 0


def _refuse_too_many(connection: Connection) -> None:
    if _waiting(connection) >= MOST_WAITING:
        raise StoreFull(f"{MOST_WAITING} tickets wait to be read; send it again later")
