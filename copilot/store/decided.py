"""What it takes in SQL that a ticket counts as decided: feedback on any suggestion that was told the same about it.

A message that came later opens a ticket again; somebody who opens the panel on it once more does not.
"""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, exists, or_

from copilot.store.ids import NO_NAMES
from copilot.store.tables import FEEDBACK, SUGGESTIONS


def is_decided(of: FromClause, by: str | None = None) -> ColumnElement[bool]:
    """Whether there is feedback on the ticket of that row, as it stands there; `by`: of that agent."""
    word, other = FEEDBACK.alias(), SUGGESTIONS.alias()
    said = and_(True, word.c.agent == by) if by is not None else and_(True)
    on_it = exists().where(word.c.suggestion_id == of.c.id, said).correlate(of)
    same = or_(of.c.told_sha256.is_(None), other.c.told_sha256 == of.c.told_sha256)
    on_another = exists().where(
        word.c.suggestion_id == other.c.id, other.c.ticket_id == of.c.ticket_id, has_name(other), same, said
    )
    return or_(on_it, on_another.correlate(of))


def is_newest(of: FromClause) -> ColumnElement[bool]:
    """Whether no later suggestion is about the same ticket."""
    later = SUGGESTIONS.alias()
    is_later = or_(later.c.created_at > of.c.created_at, and_(later.c.created_at == of.c.created_at, later.c.id > of.c.id))
    return ~exists().where(later.c.ticket_id == of.c.ticket_id, has_name(later), is_later).correlate(of)


def has_name(of: FromClause) -> ColumnElement[bool]:
    """Whether the ticket has an id of its own."""
    return of.c.ticket_id.not_in(sorted(NO_NAMES))


def newest_first(asked: Select[Any]) -> Select[Any]:
    """Suggestions, the last one first."""
    return asked.order_by(SUGGESTIONS.c.created_at.desc(), SUGGESTIONS.c.id.desc())
