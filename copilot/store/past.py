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
from copilot.output.in_common import extraction_behind
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
    """What was decided on, and by which version of the policy. `is_whole`: everything that was handed over was read."""

    ticket: Ticket
    extraction: Extraction
    is_whole: bool
    policy_version: str

    @property
    def ticket_as_read(self) -> Ticket:
        """The ticket as a policy takes it: one that was not read as a whole is decided on as one that is in part here."""
        return self.ticket if self.is_whole else self.ticket.model_copy(update={"is_partial": True})


@dataclass(frozen=True, slots=True)
class PastText:
    """One text of a ticket, with what was suggested on it: on the corrected facts, where an agent `corrected` them.

    `facts` is None once the text is gone, and where only the decision was asked for; `right` None: nobody said. An erased
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

    def texts(self, since: datetime | None, until: datetime | None) -> Iterator[PastText]:
        """Each text that was first read from `since` up to and without `until`; no reader holds the database up meanwhile."""
        for rows, about in self._pages(since, until):
            chosen = _chosen(about.decisions, about.words)
            for row in rows:
                decision = chosen.get(row.id)
                yield _past(row, decision, about.right(row.id), facts_of(row, decision))

    def as_suggested(self, since: datetime | None, until: datetime | None) -> Iterator[PastText]:
        """The same without facts: what was suggested at first, whatever an agent corrected later."""
        for rows, about in self._pages(since, until):
            for row in rows:
                yield _past(row, None, about.right(row.id), None)

    def _pages(self, since: datetime | None, until: datetime | None) -> Iterator[tuple[list[Row[Any]], "_About"]]:
        after: tuple[datetime, str] | None = None
        while True:
            with self._database.reading() as connection:
                rows = list(connection.execute(_page(since, until, after)))
                about = _About(
                    *(_last(connection, asked(), [row.id for row in rows]) for asked in (_outcomes, _words, _decisions))
                )
            yield rows, about
            if len(rows) < _AT_A_TIME:
                return
            after = (rows[-1].created_at, rows[-1].id)


@dataclass(frozen=True, slots=True)
class _About:
    """What people said about texts, by the ids of their first suggestions, the last word at the end."""

    outcomes: Mapping[str, list[Row[Any]]]
    words: Mapping[str, list[Row[Any]]]
    decisions: Mapping[str, list[Row[Any]]]

    def right(self, id: str) -> Right | None:
        """Where people sent a text."""
        return _right(self.outcomes[id], self.words[id])


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


def _past(row: Row[Any], decision: Row[Any] | None, right: Right | None, facts: PastFacts | None) -> PastText:
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
        facts=facts,
        right=right,
    )


def facts_of(row: Row[Any], decision: Row[Any] | None = None) -> PastFacts | None:
    """The facts of a suggestion's row, or of a correction of it; None where either's text is gone."""
    if (
        row.text_until is None
        or row.text_until <= datetime.now(UTC)
        or (decision is not None and decision.extraction_json is None)
    ):
        return None
    ticket = Ticket.model_validate_json(row.ticket_json)
    first = whole(row.suggestion_json, ticket)
    extraction, read = extraction_behind(first), first.provenance
    has_facts = decision is not None or read.degraded or not ReadOutcome(read.outcome).failed
    if decision is not None:
        extraction = Extraction.model_validate_json(decision.extraction_json)
        ticket = Ticket.model_validate_json(decision.ticket_json)
        if decision.context_json:
            ticket = ticket.model_copy(update={"context": Context.model_validate_json(decision.context_json)})
    return PastFacts(ticket, extraction, has_facts and _is_whole(read, extraction), read.policy_version)


def _is_whole(read: Provenance, extraction: Extraction) -> bool:
    """Whether everything was read; a sentence that was unsure no longer is once a harm cites it."""
    told = set(_cited(extraction.threats)) | set(_cited(extraction.damage_claims))
    return not read.unread and not read.left_out and not set(read.unsure) - told


def _cited(facts: Iterable[Any]) -> Iterator[str]:
    return (id for fact in facts for id in fact.evidence)
