"""What two runs get right and wrong, measure by measure: before, after, and the paired difference, each with its interval.

Comes in: cases and the rows of two runs. Goes out: figures over the cases that both runs scored and that are not arguable; a
harm is counted on the cases in which it could have happened. One better figure can hide a worse one: these stand side by side.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.run.rows import Row
from copilot.evaluation.score.scores import rows_by_case
from copilot.evaluation.score.statistics import Interval, proportion, ratio
from copilot.evaluation.score.tallies import (
    ESCALATED,
    CaseTally,
    Holds,
    called_all_clear,
    false_escalation,
    missed_escalation,
    right_labels,
    right_route,
    tally_of,
    wrong_team,
)

MEASURES: Mapping[str, tuple[Holds, bool | None]] = {
    "route": (right_route, None),
    "labels": (right_labels, None),
    "harms.missed_escalation": (missed_escalation, True),
    "harms.called_all_clear": (called_all_clear, True),
    "harms.false_escalation": (false_escalation, False),
    "harms.wrong_team": (wrong_team, True),
}
"""By its name in `summary.json`: what is counted, and on which cases: those that had to be escalated, those that had not, all."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure of two runs; shares from 0 to 1. `difference` is after less before, paired by case."""

    before: Interval
    after: Interval
    difference: Interval


def measure_runs(cases: CaseSet, before: Iterable[Row], after: Iterable[Row]) -> dict[str, Measured]:
    """Every measure that has cases to be counted on."""
    first, second = rows_by_case(before), rows_by_case(after)
    pairs = [(tally_of(one, first[one.id]), tally_of(one, second[one.id])) for one in cases.cases if not one.is_arguable]
    scored = [pair for pair in pairs if pair[0].samples and pair[1].samples]
    found = {name: _measured(_counted_on(scored, escalated), holds) for name, (holds, escalated) in MEASURES.items()}
    return {name: one for name, one in found.items() if one is not None}


def _counted_on(pairs: Sequence[tuple[CaseTally, CaseTally]], escalated: bool | None) -> list[tuple[CaseTally, CaseTally]]:
    return [pair for pair in pairs if escalated is None or (pair[0].gold.route in ESCALATED) is escalated]


def _measured(pairs: Sequence[tuple[CaseTally, CaseTally]], holds: Holds) -> Measured | None:
    if not pairs:
        return None
    shares = [(was.family, was.share(holds), now.share(holds)) for was, now in pairs]
    return Measured(
        before=proportion([(family, was) for family, was, _ in shares]),
        after=proportion([(family, now) for family, _, now in shares]),
        difference=ratio([(family, now - was, 1) for family, was, now in shares], bounds=(-1.0, 1.0)),
    )
