"""What happened to tickets: each text once, as it was first read, with the facts, the decision, and where people sent it.

Comes in: a period. Goes out: `PastText` values, oldest first, a page at a time. Facts that an agent corrected stand in the place
of those that were read. Where the text is gone, so are the facts, and the decision stays.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select, tuple_

from copilot.core.extraction import Extraction
from copilot.core.reading import ReadOutcome
from copilot.core.ticket import Context, Ticket
from copilot.output.in_common import extraction_of
from copilot.output.suggestion import Provenance
from copilot.store.database import Database
from copilot.store.kept import whole
from copilot.store.tables import DECISIONS, FEEDBACK, OUTCOMES, SUGGESTIONS

_AT_A_TIME = 200


@dataclass(frozen=True, slots=True)
class Right:
    """Where people sent a ticket: its final outcome, else the last word of an agent. `how` is outcome, changed or accepted."""

    route: str
    labels: tuple[str, ...]
    how: str


@dataclass(frozen=True, slots=True)
class PastFacts:
    """What was decided on. `is_partial` of the ticket is also true where the reading was not whole: both decide alike.

    `policy_version` is of the policy that decided then.
    """

    ticket: Ticket
    extraction: Extraction
    policy_version: str


@dataclass(frozen=True, slots=True)
class PastText:
    """One text of a ticket, with what was suggested on it: on the corrected facts, where an agent `corrected` them.

    `facts` is None once the text is gone, or where they were not asked for; `right` None: nobody said. An erased
    ticket has no id.
    """

    suggestion_id: str
    ticket_id: str | None
    created_at: datetime
    extractor: str | None
    route: str
    labels: tuple[str, ...]
    rule: str
    corrected: bool
    facts: PastFacts | None
    right: Right | None


class Past:
    """Texts of tickets, and what became of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def texts(self, since: datetime | None, until: datetime | None, with_facts: bool = True) -> Iterator[PastText]:
        """Each text that was first read from `since` up to and without `until`; no reader holds the database up meanwhile."""
        after: tuple[datetime, str] | None = None
        while True:
            with self._database.reading() as connection:
                rows = list(connection.execute(_page(since, until, after)))
                ids = [row.id for row in rows]
                outcomes, words, decisions = (_last(connection, asked, ids) for asked in (_outcomes(), _words(), _decisions()))
            chosen = _chosen(decisions, words)
            for row in rows:
                yield _past(row, chosen.get(row.id), _right(outcomes[row.id], words[row.id]), with_facts)
            if len(rows) < _AT_A_TIME:
                return
            after = (rows[-1].created_at, rows[-1].id)


def _page(since: datetime | None, until: datetime | None, after: tuple[datetime, str] | None) -> Select[Any]:
    place = (SUGGESTIONS.c.created_at, SUGGESTIONS.c.id)
    asked = select(SUGGESTIONS).where(SUGGESTIONS.c.first_of_text == SUGGESTIONS.c.id).order_by(*place).limit(_AT_A_TIME)
    if since is not None:
        asked = asked.where(SUGGESTIONS.c.created_at >= since)
    if until is not None:
        asked = asked.where(SUGGESTIONS.c.created_at < until)
    return asked if after is None else asked.where(tuple_(*place) > tuple_(*after))


def _outcomes() -> Select[Any]:
    asked = select(OUTCOMES, SUGGESTIONS.c.first_of_text).join(SUGGESTIONS, SUGGESTIONS.c.id == OUTCOMES.c.suggestion_id)
    return asked.order_by(OUTCOMES.c.recorded_at, OUTCOMES.c.suggestion_id)


def _words() -> Select[Any]:
    asked = select(FEEDBACK, SUGGESTIONS.c.first_of_text).join(SUGGESTIONS, SUGGESTIONS.c.id == FEEDBACK.c.suggestion_id)
    return asked.order_by(FEEDBACK.c.created_at, FEEDBACK.c.id)


def _decisions() -> Select[Any]:
    """Corrections, each with the ticket whose sentences they cite."""
    more = (SUGGESTIONS.c.first_of_text, SUGGESTIONS.c.ticket_json)
    asked = select(DECISIONS, *more).join(SUGGESTIONS, SUGGESTIONS.c.id == DECISIONS.c.suggestion_id)
    return asked.order_by(DECISIONS.c.created_at, DECISIONS.c.id)


def _last(connection: Connection, asked: Select[Any], ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    """What there is about each text, the last one at the end."""
    found: dict[str, list[Row[Any]]] = {id: [] for id in ids}
    for row in connection.execute(asked.where(SUGGESTIONS.c.first_of_text.in_(ids))):
        found[row.first_of_text].append(row)
    return found


def _chosen(decisions: Mapping[str, list[Row[Any]]], words: Mapping[str, list[Row[Any]]]) -> dict[str, Row[Any]]:
    """Of the corrections of a text, the one that the last feedback is about; without feedback the last one."""
    chosen = {}
    for id, made in decisions.items():
        named = {words[id][-1].decision_id} if words[id] else {one.id for one in made}
        found = [one for one in made if one.id in named]
        if found:
            chosen[id] = found[-1]
    return chosen


def _right(outcomes: Sequence[Row[Any]], words: Sequence[Row[Any]]) -> Right | None:
    if outcomes:
        return Right(outcomes[-1].route, tuple(json.loads(outcomes[-1].labels)), "outcome")
    if not words or words[-1].action == "dismissed":
        return None
    word = words[-1]
    if word.action == "changed":
        return Right(word.changed_route, tuple(json.loads(word.changed_labels)), "changed")
    return Right(word.route, tuple(json.loads(word.labels)), "accepted")


def _past(row: Row[Any], decision: Row[Any] | None, right: Right | None, with_facts: bool) -> PastText:
    shown = row if decision is None else decision
    return PastText(
        suggestion_id=row.id,
        ticket_id=row.ticket_id,
        created_at=row.created_at,
        extractor=row.extractor,
        route=shown.route,
        labels=tuple(json.loads(shown.labels)),
        rule=shown.rule,
        corrected=decision is not None,
        facts=_facts(row, decision) if with_facts else None,
        right=right,
    )


def _facts(row: Row[Any], decision: Row[Any] | None) -> PastFacts | None:
    """None where the text is gone, of the ticket or of the correction."""
    if (
        row.text_until is None
        or row.text_until <= datetime.now(UTC)
        or (decision is not None and decision.extraction_json is None)
    ):
        return None
    ticket = Ticket.model_validate_json(row.ticket_json)
    first = whole(row.suggestion_json, ticket)
    extraction, read = extraction_of(first), first.provenance
    has_facts = decision is not None or read.degraded or not ReadOutcome(read.outcome).failed
    if decision is not None:
        extraction = Extraction.model_validate_json(decision.extraction_json)
        ticket = Ticket.model_validate_json(decision.ticket_json)
        if decision.context_json:
            ticket = ticket.model_copy(update={"context": Context.model_validate_json(decision.context_json)})
    if not (has_facts and _is_whole(read, extraction)):
        ticket = ticket.model_copy(update={"is_partial": True})
    return PastFacts(ticket, extraction, read.policy_version)


def _is_whole(read: Provenance, extraction: Extraction) -> bool:
    """Whether everything was read; a sentence that was unsure no longer is once a harm cites it."""
    told = set(_cited(extraction.threats)) | set(_cited(extraction.damage_claims))
    return not read.unread and not read.left_out and not set(read.unsure) - told


def _cited(facts: Iterable[Any]) -> Iterator[str]:
    return (id for fact in facts for id in fact.evidence)
