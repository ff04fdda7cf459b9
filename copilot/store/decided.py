"""What it takes in SQL that a ticket counts as decided: feedback that stands, on any suggestion that was told the same about it.

A message that came later opens a ticket again; somebody who opens the panel on it once more does not. Feedback is added to and
never changed, so what an agent took back is told by a later row of theirs.
"""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, exists, or_

from copilot.store.ids import NO_NAMES
from copilot.store.records import FeedbackAction
from copilot.store.tables import FEEDBACK, SUGGESTIONS


def is_decided(of: FromClause, by: str | None = None) -> ColumnElement[bool]:
    """Whether there is feedback on the ticket of that row, as it stands there; `by`: of that agent."""
    word, other = FEEDBACK.alias(), SUGGESTIONS.alias()
    said = and_(stands(word), word.c.agent == by) if by is not None else stands(word)
    on_it = exists().where(word.c.suggestion_id == of.c.id, said).correlate(of)
    same = or_(of.c.told_sha256.is_(None), other.c.told_sha256 == of.c.told_sha256)
    on_another = exists().where(
        word.c.suggestion_id == other.c.id, other.c.ticket_id == of.c.ticket_id, has_name(other), same, said
    )
    return or_(on_it, on_another.correlate(of))


def taken_back(word: FromClause) -> ColumnElement[bool]:
    """Whether the agent who gave that feedback took back, later, what they had said of the suggestion."""
    later = FEEDBACK.alias()
    is_later = or_(later.c.created_at > word.c.created_at, and_(later.c.created_at == word.c.created_at, later.c.id > word.c.id))
    same = and_(later.c.suggestion_id == word.c.suggestion_id, later.c.agent == word.c.agent)
    return exists().where(same, later.c.action == FeedbackAction.UNDONE.value, is_later).correlate(word)


def stands(word: FromClause) -> ColumnElement[bool]:
    """Whether that feedback says something of a suggestion, and was not taken back."""
    return and_(word.c.action != FeedbackAction.UNDONE.value, ~taken_back(word))


def is_newest(of: FromClause) -> ColumnElement[bool]:
    """Whether no later suggestion is about the same ticket."""
    later = SUGGESTIONS.alias()
    is_later = or_(later.c.created_at > of.c.created_at, and_(later.c.created_at == of.c.created_at, later.c.id > of.c.id))
    return ~exists().where(later.c.ticket_id == of.c.ticket_id, has_name(later), is_later).correlate(of)


def has_name(of: FromClause) -> ColumnElement[bool]:
    """Whether the ticket has an id of its own. Not as a list: SQLAlchemy writes a statement with one anew each time."""
    return and_(*(of.c.ticket_id != name for name in sorted(NO_NAMES)))


def newest_first(asked: Select[Any]) -> Select[Any]:
    """Suggestions, the last one first."""
    return asked.order_by(SUGGESTIONS.c.created_at.desc(), SUGGESTIONS.c.id.desc())
