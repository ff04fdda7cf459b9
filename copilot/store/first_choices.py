"""First choices: where an agent would send a ticket before they have seen what was suggested.

Comes in: a team, or None from somebody who looked without choosing, and for which share of tickets they are asked. Kept is the
first choice of an agent on a ticket, whichever of its suggestions it was made on; nothing changes it. No text is kept with it.

Which tickets are in the share depends on their ids alone, so that a ticket is in it or not for everybody and for good; a larger
share holds the smaller one. A ticket without an id of its own is in none.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, bindparam, insert, or_, select

from copilot.core.vocabulary import Route
from copilot.store.database import Database
from copilot.store.idempotency import finish
from copilot.store.ids import NO_NAMES
from copilot.store.records import Claim, FirstChoice
from copilot.store.suggestions import About, is_first, row_with_text
from copilot.store.tables import FEEDBACK, FIRST_CHOICES, SUGGESTIONS

_SALT = "blind first\n"


@dataclass(frozen=True, slots=True)
class Sight:
    """What an agent may see of a ticket. `is_blind`: they are to choose first. `choice`: what they chose."""

    is_blind: bool
    choice: Route | None


class FirstChoices:
    """What agents chose on their own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, suggestion_id: str, choice: FirstChoice, by: str, share: float, claim: Claim | None = None) -> None:
        """Keep a first choice where one is asked for. Raises `NotFound`, `TextGone` and `StillRunning`."""
        with self._database.writing() as connection:
            about = row_with_text(connection, suggestion_id, lock=True)
            if sight(connection, about, by, share).is_blind:
                row = {"suggestion_id": suggestion_id, "agent": by, "created_at": datetime.now(UTC)}
                connection.execute(insert(FIRST_CHOICES).values(row | {"route": choice.route}))
            finish(connection, claim, "suggestion", suggestion_id)


def first_choice(connection: Connection, about: Row[Any] | About, agent: str) -> Row[Any] | None:
    """The first choice of an agent on the ticket of a suggestion's row; None where they made none."""
    return _first(connection, _CHOSEN, about, agent)


def sight(connection: Connection, about: Row[Any] | About, agent: str, share: float) -> Sight:
    """What an agent may see of the ticket of a suggestion's row, who chooses first on that share of tickets.

    Whoever chose, looked without choosing, or gave feedback on any suggestion of the ticket has seen it.
    """
    chosen = first_choice(connection, about, agent)
    if chosen is not None:
        return Sight(is_blind=False, choice=Route(chosen.route) if chosen.route else None)
    asked = _has_name(about) and _place(about.ticket_id) < share
    return Sight(is_blind=asked and _first(connection, _SAID, about, agent) is None, choice=None)


def _place(ticket_id: str) -> float:
    """Where a ticket stands from 0 up to and without 1: anywhere, and always there."""
    return int.from_bytes(hashlib.sha256((_SALT + ticket_id).encode()).digest()[:6], "big") / 2**48


def _has_name(about: Row[Any] | About) -> bool:
    return about.ticket_id is not None and about.ticket_id not in NO_NAMES


def _on_ticket(table: Table) -> Select[Any]:
    """The first row of an agent about a suggestion, or about another one on the same ticket."""
    same = select(SUGGESTIONS.c.id).where(
        or_(SUGGESTIONS.c.id == bindparam("suggestion"), SUGGESTIONS.c.ticket_id == bindparam("ticket"))
    )
    mine = select(table).where(table.c.agent == bindparam("agent"), table.c.suggestion_id.in_(same))
    return mine.order_by(table.c.created_at, table.c.suggestion_id).limit(1)


_CHOSEN, _SAID = _on_ticket(FIRST_CHOICES), _on_ticket(FEEDBACK)


def _first(connection: Connection, asked: Select[Any], about: Row[Any] | About, agent: str) -> Row[Any] | None:
    """What an agent chose or said first on the ticket of a suggestion's row; a ticket without a name has that one only."""
    if is_first(about):
        return None
    given = {"suggestion": about.id, "ticket": about.ticket_id if _has_name(about) else None, "agent": agent}
    return connection.execute(asked, given).one_or_none()
