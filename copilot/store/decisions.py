"""Corrected decisions: the facts as an agent mended them, and what the policy made of them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from copilot.core.errors import NotFound
from copilot.core.extraction import Extraction
from copilot.core.ticket import Context, Ticket
from copilot.output.suggestion import Suggestion
from copilot.store.changes import changes
from copilot.store.database import Database
from copilot.store.idempotency import finish
from copilot.store.ids import looks_like_id, new_id
from copilot.store.kept import kept, whole
from copilot.store.records import Claim, StoredSuggestion
from copilot.store.suggestions import Look, decided, row_with_text, shown
from copilot.store.tables import DECISIONS

_INSERT = insert(DECISIONS)


class Decisions:
    """What the policy said about corrected facts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(  # noqa: PLR0913, PLR0917  what was asked, what came of it, who asked, the claim, and what was read before
        self,
        suggestion_id: str,
        extraction: Extraction,
        ticket_context: Context | None,
        suggestion: Suggestion,
        by: str,
        claim: Claim | None = None,
        first: Suggestion | None = None,
        look: Look | None = None,
    ) -> StoredSuggestion:
        """Keep a corrected decision, and give it as `look` shows it; `first` is the suggestion of that id, where it is at hand.

        Raises `NotFound`, `TextGone`, `StoreUnavailable` and `StillRunning`.
        """
        row = {
            "id": new_id("dec"),
            "suggestion_id": suggestion_id,
            "created_at": datetime.now(UTC),
            "agent": by,
            **decided(suggestion),
            "context_json": ticket_context.model_dump_json() if ticket_context else None,
            "extraction_json": extraction.model_dump_json(),
            "suggestion_json": kept(suggestion),
        }
        with self._database.writing() as connection:
            about = row_with_text(connection, suggestion_id, lock=True)
            connection.execute(_INSERT, row)
            finish(connection, claim, "decision", str(row["id"]))
            seen = look(connection, about) if look else {}
        return _shown(
            about, first or _first(about), suggestion, {"decision_id": row["id"], "created_at": row["created_at"], **seen}
        )

    def get(self, decision_id: str, suggestion_id: str | None = None) -> StoredSuggestion:
        """The corrected decision of that id; with a suggestion's id, one of that suggestion. Raises `NotFound` and `TextGone`."""
        with self._database.reading() as connection:
            row = decision_row(connection, decision_id, suggestion_id)
            about = row_with_text(connection, row.suggestion_id)
        suggestion = whole(row.suggestion_json, Ticket.model_validate_json(about.ticket_json))
        return _shown(about, _first(about), suggestion, {"decision_id": row.id, "created_at": row.created_at})


def decision_row(connection: Connection, id: str, suggestion_id: str | None = None) -> Row[Any]:
    """A decision's row; with a suggestion's id, one of that suggestion. Raises `NotFound`."""
    found = None
    if looks_like_id(id, "dec"):
        found = connection.execute(select(DECISIONS).where(DECISIONS.c.id == id)).one_or_none()
    if found is None or suggestion_id not in (None, found.suggestion_id):
        raise NotFound("decision_id: the suggestion has no decision of that id; use the decision_id that its answer gave")
    return found


def _first(about: Row[Any]) -> Suggestion:
    return whole(about.suggestion_json, Ticket.model_validate_json(about.ticket_json))


def _shown(about: Row[Any], first: Suggestion, suggestion: Suggestion, more: dict[str, Any]) -> StoredSuggestion:
    changed = tuple(changes(first, suggestion))
    return shown(suggestion, {"id": about.id, "text_until": about.text_until, "changed": changed, **more})
