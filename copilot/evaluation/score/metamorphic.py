"""Does the route follow the rule when a ticket is changed in a way whose effect is known?

Comes in: labelled cases and a reader. Goes out: for each change, how often a decision that was right on the untouched
ticket is right no more, how often any decision changed, and which cases they are. The right decision for a changed
ticket is the policy's own, on the changed gold facts, so no ticket is labelled anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from copilot.core.vocabulary import Caution, Label, Route
from copilot.evaluation.cases.case import CaseSet, LabelledCase, decide_on
from copilot.evaluation.score.statistics import Interval, proportion
from copilot.evaluation.score.tallies import ESCALATED
from copilot.evaluation.score.transformations import TRANSFORMATIONS, Transformation
from copilot.output.suggestion import Suggestion
from copilot.pipeline import atriage
from copilot.readers.base import Reader
from copilot.runs.for_each import for_each

Decision = tuple[Route, tuple[Label, ...]]


@dataclass(frozen=True, slots=True)
class ChangedTicket:
    """One case under one change: what was right and what was suggested, untouched and changed.

    `noticed`: the second reader saw more in the changed ticket than the facts say.
    """

    transformation: str
    case_id: str
    family: str
    expected_before: Decision
    expected: Decision
    before: Decision
    after: Decision
    noticed: bool

    @property
    def was_right(self) -> bool:
        """Right on the untouched ticket."""
        return self.before == self.expected_before

    @property
    def is_violation(self) -> bool:
        """Right on the untouched ticket, wrong on the changed one."""
        return self.was_right and self.after != self.expected

    @property
    def route_changed(self) -> bool:
        """Another route than on the untouched ticket, although the rule asks for the same."""
        return self.expected[0] is self.expected_before[0] and self.after[0] is not self.before[0]


@dataclass(frozen=True)
class ChangeOutcome:
    """All trials of one change. A share is None where there is nothing to divide by.

    `hidden` counts escalations that became none, `invented` tickets that became an escalation, `unnoticed` changed
    routes that the second reader did not mark.
    """

    transformation: Transformation
    trials: tuple[ChangedTicket, ...]

    @property
    def violated(self) -> Interval | None:
        """The share of decisions that were right untouched, and are no more."""
        return _share((trial.family, trial.is_violation) for trial in self.trials if trial.was_right)

    @property
    def changed(self) -> Interval | None:
        """The share of all routes that changed although they should not."""
        return _share((trial.family, trial.route_changed) for trial in self.trials)

    @property
    def violations(self) -> tuple[ChangedTicket, ...]:
        """Every trial that breaks the rule."""
        return tuple(trial for trial in self.trials if trial.is_violation)

    @property
    def hidden(self) -> int:
        """How often an escalation was lost."""
        return sum(trial.before[0] in ESCALATED and trial.after[0] not in ESCALATED for trial in self.trials)

    @property
    def invented(self) -> int:
        """How often an escalation came out of nothing."""
        return sum(trial.before[0] not in ESCALATED and trial.after[0] in ESCALATED for trial in self.trials)

    @property
    def unnoticed(self) -> int:
        """How many changed routes carry no mark of the second reader."""
        return sum(trial.route_changed and not trial.noticed for trial in self.trials)


def named(names: Sequence[str]) -> tuple[Transformation, ...]:
    """Transformations by name, all of them for no name. Raises `KeyError` for a name that there is not."""
    known = {one.name: one for one in TRANSFORMATIONS}
    return tuple(known[name] for name in names) or TRANSFORMATIONS


async def check(
    cases: CaseSet, reader: Reader, transformations: Sequence[Transformation] = TRANSFORMATIONS, concurrency: int = 8
) -> list[ChangeOutcome]:
    """Try every change on every case with gold facts that it is safe for. Arguable cases are left out."""
    clear = [case for case in cases.cases if case.expect.extraction is not None and not case.is_arguable]
    untouched = await _triaged(clear, reader, concurrency)
    outcomes = []
    for transformation in transformations:
        originals = {case.id: case for case in clear}
        changed = [new for case in clear if (new := transformation.apply(case))]
        suggested = await _triaged(changed, reader, concurrency)
        trials = [_trial(transformation, originals[case.id], case, untouched[case.id], suggested[case.id]) for case in changed]
        outcomes.append(ChangeOutcome(transformation, tuple(sorted(trials, key=lambda trial: trial.case_id))))
    return outcomes


async def _triaged(cases: Iterable[LabelledCase], reader: Reader, concurrency: int) -> dict[str, Suggestion]:
    """The suggestion for each case, by its id; at most `concurrency` tickets at a time."""
    found: dict[str, Suggestion] = {}

    async def triage_one(case: LabelledCase) -> None:
        found[case.id] = await atriage(case.ticket, reader)

    await for_each(cases, triage_one, concurrency)
    return found


def _trial(
    transformation: Transformation, original: LabelledCase, changed: LabelledCase, before: Suggestion, after: Suggestion
) -> ChangedTicket:
    return ChangedTicket(
        transformation=transformation.name,
        case_id=original.id,
        family=original.family,
        expected_before=(original.expect.route, tuple(original.expect.labels)),
        expected=_right(changed),
        before=_decision(before),
        after=_decision(after),
        noticed=Caution.SECOND_READER_DISAGREES in after.cautions,
    )


def _right(case: LabelledCase) -> Decision:
    """The policy's decision on the gold facts of a changed case."""
    if case.expect.extraction is None:
        raise ValueError("a case without gold facts has no right decision to compute")
    return decide_on(case.ticket, case.expect.extraction)[0].destination


def _decision(suggested: Suggestion) -> Decision:
    return suggested.route, tuple(suggested.labels)


def _share(outcomes: Iterable[tuple[str, bool]]) -> Interval | None:
    counted = [(family, float(holds)) for family, holds in outcomes]
    return proportion(counted) if counted else None
