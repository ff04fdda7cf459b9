"""Final outcomes: where a ticket went in the end, as somebody who knows says it; the last word counts."""

import json
from datetime import UTC, datetime

from sqlalchemy import delete, insert

from copilot.store.database import Database
from copilot.store.records import Outcome, StoredOutcome
from copilot.store.suggestions import row_of
from copilot.store.tables import OUTCOMES


class Outcomes:
    """What tickets came to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, suggestion_id: str, outcome: Outcome, by: str) -> StoredOutcome:
        """Record or replace an outcome; it is no text, so it may come after the text is gone. Raises `NotFound`."""
        now = datetime.now(UTC)
        row = {
            "suggestion_id": suggestion_id,
            "recorded_at": now,
            "agent": by,
            "route": outcome.route.value,
            "labels": json.dumps(outcome.labels),
        }
        with self._database.writing() as connection:
            row_of(connection, suggestion_id, lock=True)
            connection.execute(delete(OUTCOMES).where(OUTCOMES.c.suggestion_id == suggestion_id))
            connection.execute(insert(OUTCOMES).values(row))
        return StoredOutcome(route=outcome.route, labels=outcome.labels, suggestion_id=suggestion_id, recorded_at=now, agent=by)
