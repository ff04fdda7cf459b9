"""What a wrong decision does, in words, the gravest first."""

from copilot.evaluation.cases import LabelledCase
from copilot.evaluation.rows import Row
from copilot.evaluation.scores import (
    called_all_clear,
    false_escalation,
    missed_escalation,
    right_labels,
    right_route,
    wrong_team,
)

HARMS = (
    ("all clear given", called_all_clear),
    ("escalation missed", missed_escalation),
    ("wrong team", wrong_team),
    ("false escalation", false_escalation),
)
"""The gravest first. A wrong desk (a person's instead of nobody's, or the other way round) and wrong labels come after them."""


def harm_of(case: LabelledCase, row: Row) -> tuple[str, int]:
    """The harm of a row in words, with its rank, the gravest being 0; empty for a right one."""
    if right_labels(case, row):
        return "", len(HARMS) + 2
    for rank, (words, holds) in enumerate(HARMS):
        if holds(case, row):
            return words, rank
    return ("labels only", len(HARMS) + 1) if right_route(case, row) else ("wrong desk", len(HARMS))
