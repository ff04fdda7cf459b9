"""Which rows a figure is of, and which of them it counts: one place for the counts and for the tickets behind them."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Row

from copilot.core.vocabulary import Route
from copilot.store.insights.rows import Base
from copilot.store.metrics import Share

Holds = Callable[[Row[Any]], bool]


class FigureName(StrEnum):
    """A figure whose tickets can be listed."""

    ACCEPTED = "accepted"
    EDITED = "edited"
    CHANGED = "changed"
    DISMISSED = "dismissed"
    ACCEPTED_THOUGH_WRONG = "accepted_though_wrong"
    CLEAR_THEN_ESCALATED = "clear_then_escalated"
    DEGRADED = "degraded"
    AGREED_WITH_SIGHT = "agreed_with_sight"
    AGREED_WITHOUT_SIGHT = "agreed_without_sight"
    TOOK_OVER = "took_over"
    LOOKED_FIRST = "looked_first"


@dataclass(frozen=True, slots=True)
class Figure:
    """Of rows of a kind for which `of` holds, those for which `counted` holds as well."""

    base: Base
    of: Holds
    counted: Holds

    def share(self, rows: Iterable[Row[Any]]) -> Share:
        """The figure over rows, each of which stands for `times` cases."""
        asked = [row for row in rows if self.of(row)]
        return Share.of(sum(row.times for row in asked if self.counted(row)), sum(row.times for row in asked))


def _is_any(row: Row[Any]) -> bool:  # noqa: ARG001  the same call as its sisters
    return True


def _was(action: str) -> Holds:
    return lambda row: bool(row.action == action)


def _is_wrong(row: Row[Any]) -> bool:
    return bool(row.route != row.right_route or set(json.loads(row.labels)) != set(json.loads(row.right_labels)))


FIGURES: dict[FigureName, Figure] = {
    FigureName.ACCEPTED: Figure("decisions", _is_any, _was("accepted")),
    FigureName.EDITED: Figure("decisions", _was("accepted"), lambda row: bool(row.edited)),
    FigureName.CHANGED: Figure("decisions", _is_any, _was("changed")),
    FigureName.DISMISSED: Figure("decisions", _is_any, _was("dismissed")),
    FigureName.ACCEPTED_THOUGH_WRONG: Figure(
        "decisions", lambda row: row.action == "accepted" and row.right_route is not None, _is_wrong
    ),
    FigureName.CLEAR_THEN_ESCALATED: Figure(
        "readings", lambda row: bool(row.route == Route.NO_ESCALATION), lambda row: bool(row.escalated)
    ),
    FigureName.DEGRADED: Figure("readings", lambda row: row.degraded is not None, lambda row: bool(row.degraded)),
    FigureName.AGREED_WITH_SIGHT: Figure(
        "decisions",
        lambda row: row.first_route is None and row.chosen is not None,
        lambda row: bool(row.chosen == row.suggested),
    ),
    FigureName.AGREED_WITHOUT_SIGHT: Figure(
        "choices", lambda row: row.first_route is not None, lambda row: bool(row.first_route == row.suggested)
    ),
    FigureName.TOOK_OVER: Figure(
        "choices",
        lambda row: row.first_route not in (None, row.suggested) and row.chosen is not None,
        lambda row: bool(row.chosen == row.suggested),
    ),
    FigureName.LOOKED_FIRST: Figure("choices", _is_any, lambda row: row.first_route is None),
}
