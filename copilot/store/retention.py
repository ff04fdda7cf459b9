"""How long text is kept, and how its rows lose it: purged when its time is over, erased when a customer asks.

What goes: the ticket, the suggestion and its note, corrected facts, comments, notes as sent. What stays: route, labels,
rule, who did what and when, so that figures about the past do not change. Then the files let go of the bytes
(`copilot.store.bytes`); where they could not, `BytesLeft` says so.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, func, or_, select, update

from copilot.core.errors import BytesLeft, StoreUnavailable
from copilot.core.ticket import Ticket
from copilot.store.bytes import forget, is_due, remember_to_forget
from copilot.store.database import Database
from copilot.store.idempotency import KEPT
from copilot.store.ids import digest
from copilot.store.tables import (
    ARRIVALS,
    CLAIMS,
    CUSTOMERS,
    DECISIONS,
    FEEDBACK,
    SESSIONS,
    SHADOW_DECISIONS,
    SUGGESTIONS,
    USED_TOKENS,
)

_AT_A_TIME = 200


class Retention:
    """What ends the life of text."""

    def __init__(self, database: Database, retention_days: int) -> None:
        self._database = database
        self._keep = timedelta(days=retention_days)

    def due(self, now: datetime | None = None) -> int:
        """How many suggestions have text that is past its time."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(self._past(now or datetime.now(UTC)).subquery())) or 0

    def purge(self, now: datetime | None = None, rewrite: bool = True) -> int:
        """Remove text past its time, and sessions, tokens and claims past theirs. Returns how many suggestions lost text.

        A shorter retention period than the one that text was kept under counts at once. `rewrite` False leaves out what
        makes writers wait, writing SQLite's file anew; it stays due for the next purge that may. Raises `BytesLeft`.
        """
        now = now or datetime.now(UTC)
        purged = self._in_batches(self._past(now), {})
        with self._database.writing() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.expires_at <= now))
            connection.execute(delete(USED_TOKENS).where(USED_TOKENS.c.expires_at <= now))
            connection.execute(delete(CLAIMS).where(CLAIMS.c.created_at <= now - KEPT))
            if connection.execute(delete(ARRIVALS).where(ARRIVALS.c.received_at <= now - self._keep)).rowcount:
                remember_to_forget(connection)
        self._forget(purged, rewrite)
        return purged

    def erase(self, customer_id: str) -> int:
        """Remove the text and the ticket id of every suggestion whose ticket has that participant. Returns how many.

        Tickets that wait to be read go as well. Raises `BytesLeft`.
        """
        self._erase_arrivals(customer_id)
        theirs = select(CUSTOMERS.c.suggestion_id).where(CUSTOMERS.c.customer_sha256 == digest(customer_id))
        erased = self._in_batches(theirs, {"ticket_id": None})
        self._forget(erased)
        return erased

    def _erase_arrivals(self, customer_id: str) -> None:
        """Tickets with that participant that were not read yet, and what is left of those that were."""
        theirs = select(CUSTOMERS.c.suggestion_id).where(CUSTOMERS.c.customer_sha256 == digest(customer_id))
        known = select(SUGGESTIONS.c.ticket_id).where(SUGGESTIONS.c.id.in_(theirs), SUGGESTIONS.c.ticket_id.is_not(None))
        with self._database.writing() as connection:
            ids = {digest(id) for id in connection.scalars(known)}
            for row in connection.execute(
                select(ARRIVALS.c.id, ARRIVALS.c.ticket_json).where(ARRIVALS.c.ticket_json.is_not(None))
            ):
                if Ticket.model_validate_json(row.ticket_json).participant(customer_id):
                    ids.add(row.id)
            for id in ids:
                connection.execute(delete(ARRIVALS).where(ARRIVALS.c.id == id))
            if ids:
                remember_to_forget(connection)

    def bytes_are_due(self) -> bool:
        """Whether SQLite's file still has to be written anew for text that was removed."""
        return is_due(self._database)

    def _past(self, now: datetime) -> Select[Any]:
        past = or_(SUGGESTIONS.c.text_until <= now, SUGGESTIONS.c.created_at <= now - self._keep)
        return select(SUGGESTIONS.c.id).where(SUGGESTIONS.c.text_until.is_not(None), past)

    def _in_batches(self, which: Select[Any], more: dict[str, Any]) -> int:
        """Remove text in short transactions: others write in between, and a kill leaves only less to do."""
        total = 0
        while True:
            with self._database.writing() as connection:
                ids = list(connection.scalars(which.limit(_AT_A_TIME)))
                if ids:
                    _remove_text(connection, ids, more)
                    remember_to_forget(connection)
            total += len(ids)
            if len(ids) < _AT_A_TIME:
                return total

    def _forget(self, tickets: int, rewrite: bool = True) -> None:
        try:
            forget(self._database, rewrite)
        except StoreUnavailable as fault:
            done = "1 ticket" if tickets == 1 else f"{tickets} tickets"
            raise BytesLeft(
                f"the text of {done} was removed, and bytes of it are still in the database's files: {fault}", tickets
            ) from None


def _remove_text(connection: Connection, ids: list[str], more: dict[str, Any]) -> None:
    gone: dict[str, Any] = {"text_until": None, "ticket_json": None, "suggestion_json": None, "told_sha256": None}
    connection.execute(update(SUGGESTIONS).where(SUGGESTIONS.c.id.in_(ids)).values(gone | more))
    connection.execute(
        update(DECISIONS)
        .where(DECISIONS.c.suggestion_id.in_(ids))
        .values(context_json=None, extraction_json=None, suggestion_json=None)
    )
    connection.execute(update(FEEDBACK).where(FEEDBACK.c.suggestion_id.in_(ids)).values(comment=None, note=None))
    if more:
        for table in (CUSTOMERS, SHADOW_DECISIONS):
            connection.execute(delete(table).where(table.c.suggestion_id.in_(ids)))
