"""What another policy or reader decides beside the service: one row for each contender and text of a ticket, added once.

Comes in: a contender's name, and what it decided. Goes out: what it has not looked at yet, and how it compares. A row holds codes
and no text; an erasure removes it. A contender has looked at everything before its `seen_until`, but for what was written late.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, exists, func, select, update

from copilot.core.vocabulary import Route
from copilot.store.database import Database
from copilot.store.insights.shapes import ContenderFigures, RouteChange, ShadowCase, ShadowFigures
from copilot.store.metrics import Share
from copilot.store.once import insert_once
from copilot.store.past import PastFacts, facts_of
from copilot.store.tables import SHADOW_DECISIONS, SHADOWS, SUGGESTIONS

LATE = timedelta(minutes=10)
"""How long after its time a suggestion may come to be written; no transaction lasts so long."""
MOST_CASES = 100
_FORGOTTEN_AT_A_TIME = 5_000


class ShadowOutcome(StrEnum):
    """What came of a contender's look at a text: a decision, or why there is none.

    gone: its text was purged before. undecided: the policy could not decide on its facts. degraded: another reader answered.
    """

    DECIDED = "decided"
    GONE = "gone"
    UNDECIDED = "undecided"
    DEGRADED = "degraded"


@dataclass(frozen=True, slots=True)
class ShadowDecision:
    """What a contender made of a text. Without a decision, `route` is None."""

    suggestion_id: str
    outcome: ShadowOutcome
    route: str | None = None
    labels: tuple[str, ...] = ()
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Unseen:
    """A text that a contender has not looked at; `facts` None: its text is gone."""

    suggestion_id: str
    created_at: datetime
    facts: PastFacts | None


class Shadows:
    """Contenders, and what they decide."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def follow(self, contender: str, since: datetime | None) -> datetime:
        """Begin to follow, or go on. Returns from when on: `since`, else as before, else now."""
        now = datetime.now(UTC)
        with self._database.writing() as connection:
            start = since or now
            if insert_once(connection, SHADOWS, {"contender": contender, "followed_from": start, "seen_until": start}):
                return start
            before: datetime = connection.scalar(select(SHADOWS.c.followed_from).where(SHADOWS.c.contender == contender))  # type: ignore[assignment]
            if since is None or since >= before:
                return before
            back = update(SHADOWS).where(SHADOWS.c.contender == contender)
            connection.execute(back.values(followed_from=since, seen_until=since))
            return since

    def unseen(self, contender: str, most: int) -> list[Unseen]:
        """The oldest texts that it has not looked at, at most so many; an erased ticket is none of them."""
        decided = exists().where(SHADOW_DECISIONS.c.suggestion_id == SUGGESTIONS.c.id, SHADOW_DECISIONS.c.contender == contender)
        with self._database.reading() as connection:
            at = connection.execute(select(SHADOWS).where(SHADOWS.c.contender == contender)).one()
            asked = (
                select(SUGGESTIONS)
                .where(SUGGESTIONS.c.first_of_text == SUGGESTIONS.c.id, SUGGESTIONS.c.ticket_id.is_not(None))
                .where(SUGGESTIONS.c.created_at >= max(at.followed_from, at.seen_until - LATE), ~decided)
                .order_by(SUGGESTIONS.c.created_at, SUGGESTIONS.c.id)
                .limit(most)
            )
            rows = list(connection.execute(asked))
        return [Unseen(row.id, row.created_at, facts_of(row)) for row in rows]

    def put(self, contender: str, decisions: Sequence[ShadowDecision]) -> int:
        """Keep decisions, each once; what was erased meanwhile is left out. Returns how many were kept."""
        now = datetime.now(UTC)
        with self._database.writing() as connection:
            return sum(_put(connection, contender, one, now) for one in decisions)

    def saw(self, contender: str, until: datetime) -> None:
        """Everything suggested before that time is settled."""
        later = and_(SHADOWS.c.contender == contender, SHADOWS.c.seen_until < until)
        with self._database.writing() as connection:
            connection.execute(update(SHADOWS).where(later).values(seen_until=until))

    def forget(self, contender: str) -> int:
        """Remove a contender with everything that it decided, some rows at a time. Returns how many decisions there were.

        After a kill the rest is still there, under its name.
        """
        of_it = SHADOW_DECISIONS.c.contender == contender
        some = select(SHADOW_DECISIONS.c.suggestion_id).where(of_it).limit(_FORGOTTEN_AT_A_TIME)
        count = 0
        while True:
            with self._database.writing() as connection:
                removed = connection.execute(delete(SHADOW_DECISIONS).where(of_it, SHADOW_DECISIONS.c.suggestion_id.in_(some)))
                count += removed.rowcount
                if removed.rowcount < _FORGOTTEN_AT_A_TIME:
                    connection.execute(delete(SHADOWS).where(SHADOWS.c.contender == contender))
                    return count

    def contenders(self) -> list[str]:
        """The names of all that follow or followed, and are not forgotten."""
        with self._database.reading() as connection:
            return list(connection.scalars(select(SHADOWS.c.contender).order_by(SHADOWS.c.contender)))

    def decisions(self, contender: str, ids: Sequence[str]) -> dict[str, ShadowDecision]:
        """What it made of those texts."""
        asked = select(SHADOW_DECISIONS).where(
            SHADOW_DECISIONS.c.contender == contender, SHADOW_DECISIONS.c.suggestion_id.in_(list(ids))
        )
        with self._database.reading() as connection:
            return {row.suggestion_id: _decision(row) for row in connection.execute(asked)}

    def figures(self, since: datetime, until: datetime) -> ShadowFigures:
        """How each contender compares on texts first read from `since` up to and without `until`."""
        with self._database.reading() as connection:
            followed = list(connection.execute(select(SHADOWS).order_by(SHADOWS.c.contender)))
            made = [_figures(connection, row, since, until) for row in followed]
        return ShadowFigures(since=since, until=until, contenders=[one for one in made if one is not None])


def _put(connection: Connection, contender: str, decision: ShadowDecision, now: datetime) -> bool:
    asked = select(SUGGESTIONS.c.ticket_id, SUGGESTIONS.c.route, SUGGESTIONS.c.labels)
    about = connection.execute(asked.where(SUGGESTIONS.c.id == decision.suggestion_id).with_for_update()).one_or_none()
    if about is None or about.ticket_id is None:
        return False
    row: dict[str, Any] = {
        "suggestion_id": decision.suggestion_id,
        "contender": contender,
        "decided_at": now,
        "outcome": decision.outcome.value,
    }
    if decision.route is not None:
        same = decision.route == about.route and set(decision.labels) == set(json.loads(about.labels))
        row |= {"differs": not same, "route": decision.route, "labels": json.dumps(decision.labels), "rule": decision.rule}
    return insert_once(connection, SHADOW_DECISIONS, row)


def _decision(row: Row[Any]) -> ShadowDecision:
    return ShadowDecision(
        row.suggestion_id, ShadowOutcome(row.outcome), row.route, tuple(json.loads(row.labels or "[]")), row.rule
    )


def _compared(contender: str, since: datetime, until: datetime, *columns: Any) -> Select[Any]:
    asked = select(*columns).join(SUGGESTIONS, SUGGESTIONS.c.id == SHADOW_DECISIONS.c.suggestion_id)
    in_time = and_(SUGGESTIONS.c.created_at >= since, SUGGESTIONS.c.created_at < until)
    return asked.where(SHADOW_DECISIONS.c.contender == contender, in_time)


def _figures(connection: Connection, followed: Row[Any], since: datetime, until: datetime) -> ContenderFigures | None:
    """The figures of one contender; None where it looked at nothing of that time."""
    kinds = (
        SHADOW_DECISIONS.c.outcome,
        SHADOW_DECISIONS.c.differs,
        SUGGESTIONS.c.route.label("suggested"),
        SHADOW_DECISIONS.c.route,
    )
    counted = _compared(followed.contender, since, until, *kinds, func.count().label("times")).group_by(*kinds)
    rows = list(connection.execute(counted))
    if not rows:
        return None
    times = {outcome: sum(row.times for row in rows if row.outcome == outcome.value) for outcome in ShadowOutcome}
    compared = times[ShadowOutcome.DECIDED]
    differing = [row for row in rows if row.differs]
    cases = _cases(connection, followed.contender, since, until)
    return ContenderFigures(
        contender=followed.contender,
        followed_from=followed.followed_from,
        agreed=Share.of(compared - sum(row.times for row in differing), compared),
        by_route=sorted(
            (RouteChange(suggested=Route(row.suggested), contender=row.route, count=row.times) for row in differing),
            key=lambda one: (-one.count, one.suggested, one.contender),
        ),
        gone=times[ShadowOutcome.GONE],
        undecided=times[ShadowOutcome.UNDECIDED],
        degraded=times[ShadowOutcome.DEGRADED],
        differing=cases[:MOST_CASES],
        is_cut=len(cases) > MOST_CASES,
    )


def _cases(connection: Connection, contender: str, since: datetime, until: datetime) -> list[ShadowCase]:
    """The latest that differ, one more than are shown."""
    named = (SUGGESTIONS.c.id, SUGGESTIONS.c.ticket_id, SUGGESTIONS.c.created_at)
    suggested = (SUGGESTIONS.c.route.label("suggested"), SUGGESTIONS.c.labels.label("suggested_labels"))
    asked = _compared(contender, since, until, *named, *suggested, SHADOW_DECISIONS.c.route, SHADOW_DECISIONS.c.labels)
    asked = asked.where(SHADOW_DECISIONS.c.differs).order_by(SUGGESTIONS.c.created_at.desc(), SUGGESTIONS.c.id.desc())
    return [
        ShadowCase(
            suggestion_id=row.id,
            ticket_id=row.ticket_id,
            created_at=row.created_at,
            suggested=Route(row.suggested),
            suggested_labels=json.loads(row.suggested_labels),
            contender=row.route,
            contender_labels=json.loads(row.labels),
        )
        for row in connection.execute(asked.limit(MOST_CASES + 1))
    ]
