"""What would change the decision: each single change, tried by calling the policy again.

Because the policy itself answers, this list can never disagree with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from copilot.core.facts import Demand
from copilot.core.vocabulary import DemandKind
from copilot.policy.decide import Decision
from copilot.policy.trials import Trials


class Condition(StrEnum):
    """What would have to be otherwise."""

    MEDIATION_TRUE = "mediation_true"
    MEDIATION_FALSE = "mediation_false"
    FACT_REMOVED = "fact_removed"
    DEMAND_FOR_FEEDBACK = "demand_for_feedback"
    DEMAND_NOT_FOR_FEEDBACK = "demand_not_for_feedback"


@dataclass(frozen=True, slots=True)
class Change:
    """One change and the decision that it would bring. `fact` is the id of the fact that would be otherwise."""

    code: Condition
    then: Decision
    fact: str | None = None


def would_change(trials: Trials) -> tuple[Change, ...]:
    """Every single change of one unknown or one fact that would alter route or labels."""
    return tuple(change for change in _changes(trials) if change.then.destination != trials.now.destination)


def _changes(trials: Trials) -> Iterator[Change]:
    facts = trials.facts
    if trials.circumstances.mediation_eligible is None:
        for code, answer in ((Condition.MEDIATION_TRUE, True), (Condition.MEDIATION_FALSE, False)):
            yield Change(code, trials.decision(circumstances=replace(trials.circumstances, mediation_eligible=answer)))
    for fact in facts.all:
        yield Change(Condition.FACT_REMOVED, trials.decision(facts.without(fact.id)), fact.id)
    for demand in facts.of(Demand):
        is_feedback = demand.kind is DemandKind.FEEDBACK
        code = Condition.DEMAND_NOT_FOR_FEEDBACK if is_feedback else Condition.DEMAND_FOR_FEEDBACK
        switched = replace(demand, kind=DemandKind.OTHER if is_feedback else DemandKind.FEEDBACK)
        yield Change(code, trials.decision(facts.changed(switched)), demand.id)
