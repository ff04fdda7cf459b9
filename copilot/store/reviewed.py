"""Tickets about which a person said more than the copilot did: facts they corrected, an outcome that became known."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from copilot.core.extraction import Extraction
from copilot.core.ticket import Context, Ticket
from copilot.store.database import Database
from copilot.store.decided import stands
from copilot.store.feedback import outcome_of
from copilot.store.kept import whole
from copilot.store.records import Outcome
from copilot.store.tables import DECISIONS, FEEDBACK, OUTCOMES, SUGGESTIONS


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One ticket. `said` is where it should have gone, by the best word there is; None: nobody said.

    `corrected` are the facts as a person left them; None: nobody touched them. The ticket has the eligibility that they
    gave. `names` are names of parties that any reading found.
    """

    suggestion_id: str
    ticket: Ticket
    corrected: Extraction | None
    said: Outcome | None
    names: frozenset[str]


class ReviewedTickets:
    """What can become labelled cases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, since: datetime | None = None) -> Iterator[Reviewed]:
        """Each such ticket whose text is still there, oldest first, of suggestions made from `since` on."""
        with self._database.reading() as connection:
            ids = list(connection.scalars(_ids(since)))
        for id in ids:
            with self._database.reading() as connection:
                row = connection.execute(select(SUGGESTIONS).where(SUGGESTIONS.c.id == id)).one()
                if row.ticket_json is not None:
                    yield _reviewed(connection, row)


def _ids(since: datetime | None) -> Any:
    told = or_(
        SUGGESTIONS.c.id.in_(select(DECISIONS.c.suggestion_id)),
        SUGGESTIONS.c.id.in_(select(OUTCOMES.c.suggestion_id)),
    )
    asked = select(SUGGESTIONS.c.id).where(told, SUGGESTIONS.c.text_until > datetime.now(UTC))
    if since is not None:
        asked = asked.where(SUGGESTIONS.c.created_at >= since)
    return asked.order_by(SUGGESTIONS.c.created_at, SUGGESTIONS.c.id)


def _reviewed(connection: Connection, row: Row[Any]) -> Reviewed:
    ticket = Ticket.model_validate_json(row.ticket_json)
    first = whole(row.suggestion_json, ticket)
    names = {party.name for party in first.parties}
    word = _last(connection, FEEDBACK, row.id, stands(FEEDBACK))
    decision = _decision(connection, row.id, word)
    corrected = None
    if decision is not None:
        corrected = Extraction.model_validate_json(decision.extraction_json)
        names |= {party.name for party in corrected.parties}
        if decision.context_json:
            ticket = ticket.model_copy(update={"context": Context.model_validate_json(decision.context_json)})
    said = _said(connection, row.id, word, decision)
    return Reviewed(row.id, ticket, corrected, said, frozenset(name for name in names if name))


def _last(connection: Connection, table: Any, suggestion_id: str, holds: Any = True) -> Row[Any] | None:
    rows = (
        select(table).where(table.c.suggestion_id == suggestion_id, holds).order_by(table.c.created_at.desc(), table.c.id.desc())
    )
    return connection.execute(rows.limit(1)).one_or_none()


def _decision(connection: Connection, suggestion_id: str, word: Row[Any] | None) -> Row[Any] | None:
    """The decision that the last feedback is about, else the last one."""
    if word is not None and word.decision_id is not None:
        return connection.execute(select(DECISIONS).where(DECISIONS.c.id == word.decision_id)).one()
    return _last(connection, DECISIONS, suggestion_id)


def _said(connection: Connection, suggestion_id: str, word: Row[Any] | None, decision: Row[Any] | None) -> Outcome | None:
    """The final outcome; else what the agent chose instead; else what the policy gave on the facts that they corrected."""
    final = connection.execute(select(OUTCOMES).where(OUTCOMES.c.suggestion_id == suggestion_id)).one_or_none()
    if final is not None:
        return outcome_of(final.route, final.labels)
    if word is not None and word.changed_route is not None:
        return outcome_of(word.changed_route, word.changed_labels)
    if decision is None or (word is not None and word.action == "dismissed"):
        return None
    return Outcome.model_validate({"route": decision.route, "labels": json.loads(decision.labels)})
