"""What agents said about suggestions: added to, never changed, and read in order of time."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, tuple_

from copilot.core.errors import NotFound
from copilot.core.vocabulary import Route
from copilot.store.database import Database
from copilot.store.decided import stands, taken_back
from copilot.store.decisions import decision_row
from copilot.store.first_choices import first_choice
from copilot.store.idempotency import finish
from copilot.store.ids import NO_NAMES, looks_like_id, new_id
from copilot.store.records import Claim, Feedback, FeedbackAction, LastDecision, Outcome, StoredFeedback
from copilot.store.suggestions import About, is_first, row_with_text
from copilot.store.tables import FEEDBACK, OUTCOMES, SUGGESTIONS

_ROWS_AT_A_TIME = 500
_SENT = (FeedbackAction.ACCEPTED, FeedbackAction.CHANGED)
_LAST_ON_TICKET = (
    select(FEEDBACK, SUGGESTIONS.c.ticket_json, SUGGESTIONS.c.told_sha256)
    .join(SUGGESTIONS, SUGGESTIONS.c.id == FEEDBACK.c.suggestion_id)
    .where(SUGGESTIONS.c.ticket_id == bindparam("ticket"), stands(FEEDBACK))
    .order_by(FEEDBACK.c.created_at.desc(), FEEDBACK.c.id.desc())
    .limit(1)
)


class FeedbackRows:
    """What agents did with suggestions, and why."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, suggestion_id: str, feedback: Feedback, by: str, claim: Claim | None = None) -> StoredFeedback:
        """Keep feedback. Raises `NotFound`, also for a decision of another suggestion, and `TextGone`."""
        id = new_id("fb")
        with self._database.writing() as connection:
            about = row_with_text(connection, suggestion_id, lock=True)
            chosen = first_choice(connection, about, by)
            if feedback.decision_id is not None:
                about = decision_row(connection, feedback.decision_id, suggestion_id)
            more = {"id": id, "suggestion_id": suggestion_id, "agent": by, "first_route": chosen.route if chosen else None}
            connection.execute(insert(FEEDBACK).values(_row(feedback, about, more)))
            finish(connection, claim, "feedback", id)
            return _get(connection, id)

    def get(self, id: str) -> StoredFeedback:
        """The feedback of that id. Raises `NotFound`."""
        with self._database.reading() as connection:
            return _get(connection, id)

    def rows(
        self, since: datetime | None = None, until: datetime | None = None, limit: int | None = None
    ) -> Iterator[StoredFeedback]:
        """Feedback from `since` up to and without `until`, oldest first; a page at a time, so no reader holds the database up."""
        left = limit
        after: tuple[datetime, str] | None = None
        while left is None or left > 0:
            page = self._page(since, until, after, min(_ROWS_AT_A_TIME, left or _ROWS_AT_A_TIME))
            yield from map(_stored, page)
            if len(page) < _ROWS_AT_A_TIME:
                return
            after = (page[-1].created_at, page[-1].id)
            left = None if left is None else left - len(page)

    def _page(
        self, since: datetime | None, until: datetime | None, after: tuple[datetime, str] | None, most: int
    ) -> list[Row[Any]]:
        asked = _joined().order_by(FEEDBACK.c.created_at, FEEDBACK.c.id).limit(most)
        if since is not None:
            asked = asked.where(FEEDBACK.c.created_at >= since)
        if until is not None:
            asked = asked.where(FEEDBACK.c.created_at < until)
        if after is not None:
            asked = asked.where(tuple_(FEEDBACK.c.created_at, FEEDBACK.c.id) > tuple_(*after))
        with self._database.reading() as connection:
            return list(connection.execute(asked))


def last_word(connection: Connection, about: Row[Any] | About) -> LastDecision | None:
    """The last feedback that stands on the ticket of a suggestion's row; None for none, or a ticket without an id of its own."""
    if is_first(about) or about.ticket_id is None or about.ticket_id in NO_NAMES:
        return None
    row = connection.execute(_LAST_ON_TICKET, {"ticket": about.ticket_id}).one_or_none()
    return None if row is None else _last(row, about)


def _row(feedback: Feedback, about: Row[Any], more: dict[str, Any]) -> dict[str, Any]:
    """A row to insert; `about` is the suggestion or the decision that the agent was shown."""
    changed = feedback.changed_to
    return more | {
        "decision_id": feedback.decision_id,
        "created_at": datetime.now(UTC),
        "action": feedback.action.value,
        "route": about.route,
        "labels": about.labels,
        "rule": about.rule,
        "changed_route": changed.route.value if changed else None,
        "changed_labels": json.dumps(changed.labels) if changed else None,
        "reason": feedback.reason.value if feedback.reason else None,
        "edited": feedback.action in _SENT and _is_edited(feedback, about),
        "comment": feedback.comment,
        "note": feedback.note,
    }


def _is_edited(feedback: Feedback, about: Row[Any]) -> bool:
    """Facts were corrected, or the note was sent with other words; line ends and space around it are not words."""
    if feedback.decision_id is not None:
        return True
    if feedback.note is None:
        return False
    return _plain(feedback.note) != _plain(json.loads(about.suggestion_json)["note"])


def _plain(note: str) -> list[str]:
    return [line.rstrip() for line in note.strip().splitlines()]


def _joined() -> Select[Any]:
    return (
        select(
            FEEDBACK,
            SUGGESTIONS.c.ticket_id,
            OUTCOMES.c.route.label("final_route"),
            OUTCOMES.c.labels.label("final_labels"),
            taken_back(FEEDBACK).label("taken_back"),
        )
        .join(SUGGESTIONS, SUGGESTIONS.c.id == FEEDBACK.c.suggestion_id)
        .outerjoin(OUTCOMES, OUTCOMES.c.suggestion_id == FEEDBACK.c.suggestion_id)
    )


def _get(connection: Connection, id: str) -> StoredFeedback:
    found = None
    if looks_like_id(id, "fb"):
        found = connection.execute(_joined().where(FEEDBACK.c.id == id)).one_or_none()
    if found is None:
        raise NotFound("there is no feedback of that id")
    return _stored(found)


def _stored(row: Row[Any]) -> StoredFeedback:
    return StoredFeedback.model_validate(
        {name: getattr(row, name) for name in StoredFeedback.model_fields if hasattr(row, name) and name != "labels"}
        | {
            "labels": json.loads(row.labels),
            "changed_to": outcome_of(row.changed_route, row.changed_labels),
            "outcome": outcome_of(row.final_route, row.final_labels),
            "first_choice": row.first_route,
            "with_sight": row.first_route is None,
        }
    )


def _last(row: Row[Any], about: Row[Any] | About) -> LastDecision:
    chosen = outcome_of(row.changed_route, row.changed_labels)
    return LastDecision(
        id=row.id,
        suggestion_id=row.suggestion_id,
        created_at=row.created_at,
        agent=row.agent,
        action=FeedbackAction(row.action),
        route=chosen.route if chosen else Route(row.route),
        labels=chosen.labels if chosen else json.loads(row.labels),
        is_of_this_text=row.suggestion_id == about.id or _tells_the_same(row, about),
    )


def _tells_the_same(row: Row[Any], about: Row[Any] | About) -> bool:
    if row.told_sha256 is None or about.told_sha256 is None:
        return bool(row.ticket_json == about.ticket_json)
    return bool(row.told_sha256 == about.told_sha256)


def outcome_of(route: str | None, labels: str | None) -> Outcome | None:
    """Two columns as one value."""
    return None if route is None or labels is None else Outcome.model_validate({"route": route, "labels": json.loads(labels)})
