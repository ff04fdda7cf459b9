"""What was before a ticket: earlier tickets of the same people, and decided tickets with the same facts.

Comes in: the id of a ticket that has a suggestion. Goes out: other tickets by their ids, with what was decided. People are known
by their ids in the console's records, never by a name; facts are alike where the closed vocabulary has the same words for them.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from copilot.core.errors import NotFound
from copilot.core.vocabulary import Route
from copilot.output.in_common import DEMAND, HARM, Sign
from copilot.store.database import Database
from copilot.store.decided import has_name, is_decided, is_newest, newest_first
from copilot.store.feedback import last_word
from copilot.store.ids import NO_NAMES
from copilot.store.records import Before, Meeting, Part, SharedSign, SimilarTicket, TicketOfTheSame
from copilot.store.tables import CUSTOMERS, SIGNS, SUGGESTIONS

MOST_TICKETS = 20


class Earlier:
    """Tickets of before."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def than(self, ticket_id: str) -> Before:
        """What was before a ticket. Raises `NotFound` where there is no suggestion on it, or it has no id of its own."""
        asked = newest_first(select(SUGGESTIONS).where(SUGGESTIONS.c.ticket_id == ticket_id)).limit(1)
        with self._database.reading() as connection:
            row = None if ticket_id in NO_NAMES else connection.execute(asked).one_or_none()
            if row is None:
                raise NotFound("there is no suggestion on a ticket of that id; triage it first")
            same, similar = _same_people(connection, row), _similar(connection, row)
        return Before(ticket_id=ticket_id, same_people=same, similar=similar)


def _others(row: Row[Any]) -> Select[Any]:
    """Other tickets of an id of their own, each as its last suggestion has it."""
    return select(SUGGESTIONS).where(has_name(SUGGESTIONS), SUGGESTIONS.c.ticket_id != row.ticket_id, is_newest(SUGGESTIONS))


def _same_people(connection: Connection, row: Row[Any]) -> list[TicketOfTheSame]:
    mine = select(CUSTOMERS).where(CUSTOMERS.c.suggestion_id == row.id, CUSTOMERS.c.part.is_not(None))
    here = {one.customer_sha256: one.part for one in connection.execute(mine)}
    theirs = select(CUSTOMERS.c.suggestion_id).where(CUSTOMERS.c.customer_sha256.in_(here), CUSTOMERS.c.part.is_not(None))
    asked = _others(row).where(SUGGESTIONS.c.id.in_(theirs), SUGGESTIONS.c.created_at <= row.created_at)
    found = list(connection.execute(newest_first(asked).limit(MOST_TICKETS)))
    met: dict[str, list[Meeting]] = defaultdict(list)
    there = select(CUSTOMERS).where(CUSTOMERS.c.suggestion_id.in_([one.id for one in found]), CUSTOMERS.c.part.is_not(None))
    for one in connection.execute(
        there.order_by(CUSTOMERS.c.suggestion_id, CUSTOMERS.c.part.desc(), CUSTOMERS.c.customer_sha256)
    ):
        if one.customer_sha256 in here:
            met[one.suggestion_id].append(Meeting(here=Part(here[one.customer_sha256]), there=Part(one.part)))
    return [TicketOfTheSame(**_told(connection, one), people=met[one.id]) for one in found]


def _similar(connection: Connection, row: Row[Any]) -> list[SimilarTicket]:
    """Decided tickets that share a harm; where this one tells of none, a demand."""
    mine = _signs(connection, [row.id])[row.id]
    leading = [value for kind, value in mine if kind == HARM]
    kind = HARM if leading else DEMAND
    leading = leading or [value for kind_, value in mine if kind_ == DEMAND]
    if not leading:
        return []
    alike = select(SIGNS.c.suggestion_id).where(SIGNS.c.kind == kind, SIGNS.c.value.in_(leading))
    shared = (
        select(func.count())
        .select_from(SIGNS)
        .where(
            SIGNS.c.suggestion_id == SUGGESTIONS.c.id, (SIGNS.c.kind + " " + SIGNS.c.value).in_([" ".join(one) for one in mine])
        )
        .correlate(SUGGESTIONS)
        .scalar_subquery()
    )
    asked = _others(row).where(SUGGESTIONS.c.id.in_(alike), is_decided(SUGGESTIONS))
    found = list(
        connection.execute(
            asked.order_by(shared.desc(), SUGGESTIONS.c.created_at.desc(), SUGGESTIONS.c.id.desc()).limit(MOST_TICKETS)
        )
    )
    signs = _signs(connection, [one.id for one in found])
    return [
        SimilarTicket(
            **_told(connection, one),
            shared=[SharedSign.model_validate({"kind": kind, "value": value}) for kind, value in sorted(signs[one.id] & mine)],
        )
        for one in found
    ]


def _signs(connection: Connection, ids: Iterable[str]) -> defaultdict[str, set[Sign]]:
    found: defaultdict[str, set[Sign]] = defaultdict(set)
    for one in connection.execute(select(SIGNS).where(SIGNS.c.suggestion_id.in_(list(ids)))):
        found[one.suggestion_id].add((one.kind, one.value))
    return found


def _told(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    return {
        "suggestion_id": row.id,
        "ticket_id": row.ticket_id,
        "created_at": row.created_at,
        "route": Route(row.route),
        "labels": json.loads(row.labels),
        "decided": last_word(connection, row),
    }
