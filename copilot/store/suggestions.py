"""Suggestions and their tickets: kept together, read until their text is gone."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from sqlalchemy import Connection, Row, bindparam, insert, or_, select

from copilot.core.errors import NotFound, TextGone
from copilot.core.ticket import Participant, Ticket
from copilot.core.vocabulary import Role
from copilot.output.in_common import signs_of
from copilot.output.same_ticket import told_in
from copilot.output.suggestion import Suggestion
from copilot.output.urgency import urgency_of
from copilot.store.database import Database
from copilot.store.decided import is_decided, newest_first
from copilot.store.idempotency import finish
from copilot.store.ids import NO_NAMES, digest, looks_like_id, new_id
from copilot.store.kept import kept, whole
from copilot.store.records import Claim, Part, StoredSuggestion
from copilot.store.tables import CUSTOMERS, SIGNS, SUGGESTIONS

HOOK_AGENTS = ("hook:zendesk", "hook:ticket")
"""Under which names suggestions stand that were made because a hook told of a ticket."""

_ON_TICKET = SUGGESTIONS.c.ticket_id == bindparam("ticket")
_BY_ID = select(SUGGESTIONS).where(
    SUGGESTIONS.c.id == bindparam("id")
)  # made once: making a statement costs more than its answer
_BY_ID_LOCKED = _BY_ID.with_for_update()
_LAST = SUGGESTIONS.alias()
_LAST_WAIT = select(_LAST.c.waiting_since, is_decided(_LAST).label("is_decided")).where(
    _LAST.c.id == newest_first(select(SUGGESTIONS.c.id).where(_ON_TICKET)).limit(1).scalar_subquery()
)
_SAME_TEXT = newest_first(
    select(SUGGESTIONS.c.first_of_text).where(_ON_TICKET, SUGGESTIONS.c.told_sha256 == bindparam("told"))
).limit(1)
_BY_A_HOOK = or_(*(SUGGESTIONS.c.agent == name for name in HOOK_AGENTS))
_READ_AHEAD = newest_first(select(SUGGESTIONS).where(_ON_TICKET, SUGGESTIONS.c.text_until > bindparam("now"), _BY_A_HOOK)).limit(
    1
)
_INSERT, _INSERT_CUSTOMERS, _INSERT_SIGNS = insert(SUGGESTIONS), insert(CUSTOMERS), insert(SIGNS)


@dataclass(frozen=True, slots=True)
class About:
    """Which suggestion somebody looks at. `is_first`: it is the first on its ticket, so nobody can have said anything of it."""

    id: str
    ticket_id: str
    told_sha256: str | None
    ticket_json: str
    is_first: bool


def is_first(about: Row[Any] | About) -> bool:
    """Whether it is known to be the first on its ticket."""
    return isinstance(about, About) and about.is_first


Look = Callable[[Connection, Row[Any] | About], Mapping[str, Any]]
"""What a caller is shown beside a suggestion, as fields of `StoredSuggestion`."""


class Suggestions:
    """What was suggested, and on which ticket."""

    def __init__(self, database: Database, retention_days: int) -> None:
        self._database = database
        self._keep = timedelta(days=retention_days)

    def add(
        self, ticket: Ticket, suggestion: Suggestion, by: str, claim: Claim | None = None, look: Look | None = None
    ) -> StoredSuggestion:
        """Keep a suggestion and its ticket, and give it as `look` shows it.

        Raises `StoreUnavailable`, and `StillRunning` where the claim was taken over.
        """
        new = NewRows.of(ticket, suggestion, by)
        with self._database.writing() as connection:
            about, times = insert_suggestion(connection, new, self._keep)
            finish(connection, claim, "suggestion", about.id)
            seen = look(connection, about) if look else {}
        return shown(suggestion, {"id": about.id, **times, **seen})

    def get(self, id: str) -> StoredSuggestion:
        """The suggestion of that id. Raises `NotFound` and `TextGone`."""
        with self._database.reading() as connection:
            row = row_with_text(connection, id)
        return stored(row)

    def read_ahead(self, ticket_id: str) -> tuple[Ticket, Suggestion] | None:
        """The last ticket of that id that was read because a hook told of it, with its suggestion, while its text is kept."""
        with self._database.reading() as connection:
            row = connection.execute(_READ_AHEAD, {"ticket": ticket_id, "now": datetime.now(UTC)}).one_or_none()
        return None if row is None else _parsed(row)

    def with_ticket(self, id: str) -> tuple[Ticket, Suggestion]:
        """The ticket that it was made for, and what was suggested. Raises `NotFound` and `TextGone`."""
        with self._database.reading() as connection:
            row = row_with_text(connection, id)
        return _parsed(row)


@dataclass(frozen=True)
class NewRows:
    """What is kept of a suggestion, made before the database is asked for anything: others may be waiting to write."""

    suggestion: dict[str, Any]
    customers: list[dict[str, Any]]
    signs: list[dict[str, Any]]

    @classmethod
    def of(cls, ticket: Ticket, suggestion: Suggestion, by: str) -> Self:
        """The rows of a suggestion, but for its id and times."""
        row = {
            "agent": by,
            "ticket_id": ticket.id,
            **decided(suggestion),
            "ticket_json": ticket.model_dump_json(),
            "suggestion_json": kept(suggestion),
            "urgency": urgency_of(suggestion).place,
            "told_sha256": told_in(ticket, suggestion),
            "extractor": suggestion.provenance.extractor,
            "degraded": suggestion.provenance.degraded,
            "reading_seconds": suggestion.provenance.seconds,
        }
        people = [{"customer_sha256": digest(one.id), "part": _part_of(ticket, one)} for one in ticket.participants]
        return cls(row, people, [{"kind": kind, "value": value} for kind, value in signs_of(suggestion.facts)])


def insert_suggestion(connection: Connection, new: NewRows, keep: timedelta) -> tuple[About, dict[str, Any]]:
    """Insert a suggestion with everything that hangs on it. Returns what it is about, and its times."""
    row = new.suggestion
    now, id, ticket_id = datetime.now(UTC), new_id("sug"), row["ticket_id"]
    last = _last_wait(connection, ticket_id)
    times = {"created_at": now, "text_until": now + keep}
    places = {
        "waiting_since": now if last is None or last.is_decided else last.waiting_since or now,
        "first_of_text": (_first_of_text(connection, ticket_id, row["told_sha256"]) if last else None) or id,
    }
    connection.execute(_INSERT, {**row, "id": id, **times, **places})
    for statement, rows in ((_INSERT_CUSTOMERS, new.customers), (_INSERT_SIGNS, new.signs)):
        if rows:
            connection.execute(statement, [one | {"suggestion_id": id} for one in rows])
    return About(id, ticket_id, row["told_sha256"], row["ticket_json"], is_first=last is None), times


def _part_of(ticket: Ticket, person: Participant) -> str | None:
    """What somebody is in a ticket: its reporter, or the reporter's counterpart; None for staff."""
    if person.role is Role.SUPPORT:
        return None
    return (Part.REPORTER if person.id == ticket.reporter else Part.COUNTERPART).value


def _last_wait(connection: Connection, ticket_id: str) -> Row[Any] | None:
    """Since when the ticket waits, by its last suggestion; None where it has none, or no id of its own."""
    return None if ticket_id in NO_NAMES else connection.execute(_LAST_WAIT, {"ticket": ticket_id}).one_or_none()


def _first_of_text(connection: Connection, ticket_id: str, told: str | None) -> str | None:
    """The first suggestion on the ticket that was told the same; None where this one is the first."""
    first: str | None = connection.scalar(_SAME_TEXT, {"ticket": ticket_id, "told": told})
    return first


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
        found = connection.execute(_BY_ID_LOCKED if lock else _BY_ID, {"id": id}).one_or_none()
    if found is None:
        raise NotFound("there is no suggestion of that id; use the id that POST /v1/suggestions gave")
    return found


def stored(row: Row[Any]) -> StoredSuggestion:
    """A row as the interface shows it."""
    return shown(_parsed(row)[1], {"id": row.id, "created_at": row.created_at, "text_until": row.text_until})


def _parsed(row: Row[Any]) -> tuple[Ticket, Suggestion]:
    ticket = Ticket.model_validate_json(row.ticket_json)
    return ticket, whole(row.suggestion_json, ticket)


def shown(suggestion: Suggestion, more: dict[str, Any]) -> StoredSuggestion:
    """A suggestion with what the store knows about it; its parts are shared, because nothing can change them."""
    parts = {name: getattr(suggestion, name) for name in Suggestion.model_fields}
    return StoredSuggestion.model_validate(parts | more)


def decided(suggestion: Suggestion) -> dict[str, Any]:
    """The columns that stay when the text is gone."""
    return {"route": suggestion.route.value, "labels": json.dumps(suggestion.labels), "rule": suggestion.rule}
