"""Suggestions and their tickets: kept together, read until their text is gone."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from copilot.errors import NotFound, TextGone
from copilot.store.database import Database
from copilot.store.idempotency import finish
from copilot.store.ids import digest, looks_like_id, new_id
from copilot.store.kept import kept, whole
from copilot.store.records import Claim, StoredSuggestion
from copilot.store.tables import CUSTOMERS, SUGGESTIONS
from copilot.suggestion import Suggestion
from copilot.ticket import Ticket


class Suggestions:
    """What was suggested, and on which ticket."""

    def __init__(self, database: Database, retention_days: int) -> None:
        self._database = database
        self._keep = timedelta(days=retention_days)

    def add(self, ticket: Ticket, suggestion: Suggestion, by: str, claim: Claim | None = None) -> StoredSuggestion:
        """Keep a suggestion and its ticket. Raises `StoreUnavailable`, and `StillRunning` where the claim was taken over."""
        now = datetime.now(UTC)
        row = {
            "id": new_id("sug"),
            "created_at": now,
            "agent": by,
            "ticket_id": ticket.id,
            **decided(suggestion),
            "text_until": now + self._keep,
            "ticket_json": ticket.model_dump_json(),
            "suggestion_json": kept(suggestion),
        }
        customers = [{"suggestion_id": row["id"], "customer_sha256": digest(person.id)} for person in ticket.participants]
        with self._database.writing() as connection:
            connection.execute(insert(SUGGESTIONS).values(row))
            if customers:
                connection.execute(insert(CUSTOMERS), customers)
            finish(connection, claim, "suggestion", str(row["id"]))
        return shown(suggestion, {"id": row["id"], "created_at": now, "text_until": row["text_until"]})

    def get(self, id: str) -> StoredSuggestion:
        """The suggestion of that id. Raises `NotFound` and `TextGone`."""
        with self._database.reading() as connection:
            row = row_with_text(connection, id)
        return stored(row)

    def ticket(self, id: str) -> Ticket:
        """The ticket that it was made for. Raises `NotFound` and `TextGone`."""
        with self._database.reading() as connection:
            row = row_with_text(connection, id)
        return Ticket.model_validate_json(row.ticket_json)


def row_with_text(connection: Connection, id: str, lock: bool = False) -> Row[Any]:
    """A suggestion's row, whose text is still there; with `lock` it stays until the end. Raises `NotFound` and `TextGone`."""
    row = row_of(connection, id, lock)
    if row.text_until is None or row.text_until <= datetime.now(UTC):
        raise TextGone(
            f"suggestion {id}: its text was removed, as the retention period or an erasure asked; triage the ticket anew"
        )
    return row


def row_of(connection: Connection, id: str, lock: bool = False) -> Row[Any]:
    """A suggestion's row; with `lock` nobody else may write about it meanwhile. Raises `NotFound`."""
    found = None
    if looks_like_id(id, "sug"):
        asked = select(SUGGESTIONS).where(SUGGESTIONS.c.id == id)
        found = connection.execute(asked.with_for_update() if lock else asked).one_or_none()
    if found is None:
        raise NotFound("there is no suggestion of that id; use the id that POST /v1/suggestions gave")
    return found


def stored(row: Row[Any]) -> StoredSuggestion:
    """A row as the interface shows it."""
    suggestion = whole(row.suggestion_json, Ticket.model_validate_json(row.ticket_json))
    return shown(suggestion, {"id": row.id, "created_at": row.created_at, "text_until": row.text_until})


def shown(suggestion: Suggestion, more: dict[str, Any]) -> StoredSuggestion:
    """A suggestion with what the store knows about it; its parts are shared, because nothing can change them."""
    parts = {name: getattr(suggestion, name) for name in Suggestion.model_fields}
    return StoredSuggestion.model_validate(parts | more)


def decided(suggestion: Suggestion) -> dict[str, Any]:
    """The columns that stay when the text is gone."""
    return {"route": suggestion.route.value, "labels": json.dumps(suggestion.labels), "rule": suggestion.rule}
