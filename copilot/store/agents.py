"""How agents used suggestions: feedback and final outcomes in, one row of figures an agent out."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from copilot.store.database import Database
from copilot.store.decided import stands
from copilot.store.metrics import AgentMetrics, Share
from copilot.store.records import FeedbackAction
from copilot.store.tables import FEEDBACK, OUTCOMES

_KINDS = ("agent", "action", "edited", "route", "labels")


class Agents:
    """What can be said about each agent's feedback."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def metrics(self, since: datetime | None = None, until: datetime | None = None) -> list[AgentMetrics]:
        """One row an agent, by name, over feedback from `since` up to and without `until`."""
        with self._database.reading() as connection:
            rows = connection.execute(_counted(since, until)).all()
        return [_figures(agent, [row for row in rows if row.agent == agent]) for agent in sorted({row.agent for row in rows})]


def _counted(since: datetime | None, until: datetime | None) -> Select[Any]:
    """How often each kind of last word was given; the database counts, so that a year of feedback is a few rows here."""
    place = func.row_number().over(
        partition_by=(FEEDBACK.c.agent, FEEDBACK.c.suggestion_id), order_by=(FEEDBACK.c.created_at.desc(), FEEDBACK.c.id.desc())
    )
    asked = select(FEEDBACK.c.suggestion_id, *(FEEDBACK.c[name] for name in _KINDS), place.label("place")).where(stands(FEEDBACK))
    if since is not None:
        asked = asked.where(FEEDBACK.c.created_at >= since)
    if until is not None:
        asked = asked.where(FEEDBACK.c.created_at < until)
    words = asked.subquery()
    kinds = [*(words.c[name] for name in _KINDS), OUTCOMES.c.route.label("final_route"), OUTCOMES.c.labels.label("final_labels")]
    joined = words.outerjoin(OUTCOMES, OUTCOMES.c.suggestion_id == words.c.suggestion_id)
    return select(*kinds, func.count().label("times")).select_from(joined).where(words.c.place == 1).group_by(*kinds)


def _figures(agent: str, rows: Iterable[Row[Any]]) -> AgentMetrics:
    counts: Counter[str] = Counter()
    for row in rows:
        accepted = row.action == FeedbackAction.ACCEPTED
        known = row.final_route is not None
        counts["n"] += row.times
        counts[row.action] += row.times
        counts["edited"] += row.times * (accepted and row.edited)
        counts["known"] += row.times * known
        counts["accepted and known"] += row.times * (accepted and known)
        counts["wrong"] += row.times * (accepted and known and _is_wrong(row))
    n, accepted_n = counts["n"], counts["accepted"]
    return AgentMetrics(
        agent=agent,
        n=n,
        accepted=Share.of(accepted_n, n),
        edited=Share.of(counts["edited"], accepted_n),
        changed=Share.of(counts["changed"], n),
        dismissed=Share.of(counts["dismissed"], n),
        outcome_known=Share.of(counts["known"], n),
        accepted_though_wrong=Share.of(counts["wrong"], counts["accepted and known"]),
    )


def _is_wrong(row: Row[Any]) -> bool:
    return bool(row.route != row.final_route or set(json.loads(row.labels)) != set(json.loads(row.final_labels)))
