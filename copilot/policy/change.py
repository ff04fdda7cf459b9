"""What would change the decision: each single change, tried by calling the policy again.

Because the policy itself answers, this list can never disagree with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from copilot.facts import Facts
from copilot.policy.decide import Circumstances, Decision, decide_facts
from copilot.vocabulary import DemandKind

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Change:
    """One change and the decision that it would bring."""

    condition: str
    then: Decision


def would_change(facts: Facts, circumstances: Circumstances) -> tuple[Change, ...]:
    """Every single change of one unknown or one fact that would alter route or labels."""
    now, _ = decide_facts(facts, circumstances)
    tried = ((condition, decide_facts(*variant)[0]) for condition, variant in _variants(facts, circumstances))
    return tuple(Change(condition, then) for condition, then in tried if then.destination != now.destination)


def _variants(facts: Facts, circumstances: Circumstances) -> Iterator[tuple[str, tuple[Facts, Circumstances]]]:
    if circumstances.mediation_eligible is None:
        yield "mediation_eligible is true", (facts, replace(circumstances, mediation_eligible=True))
        yield "mediation_eligible is false", (facts, replace(circumstances, mediation_eligible=False))
    for index, threat in enumerate(facts.threats):
        struck = replace(facts, threats=_without(facts.threats, index))
        yield f"threats[{index}] ({threat.harm} by {threat.by}) is struck", (struck, circumstances)
    for index, demand in enumerate(facts.demands):
        struck = replace(facts, demands=_without(facts.demands, index))
        yield f"demands[{index}] ({demand.kind} by {demand.by}) is struck", (struck, circumstances)
    for index, claim in enumerate(facts.damage_claims):
        struck = replace(facts, damage_claims=_without(facts.damage_claims, index))
        yield f"damage_claims[{index}] ({claim.harm} by {claim.by}) is struck", (struck, circumstances)
    for index, dispute in enumerate(facts.disputes):
        struck = replace(facts, disputes=_without(facts.disputes, index))
        yield f"disputes[{index}] ({dispute.kind}) is struck", (struck, circumstances)
    yield from _switched_demands(facts, circumstances)


def _switched_demands(facts: Facts, circumstances: Circumstances) -> Iterator[tuple[str, tuple[Facts, Circumstances]]]:
    for index, demand in enumerate(facts.demands):
        is_feedback = demand.kind is DemandKind.FEEDBACK
        switched = replace(demand, kind=DemandKind.OTHER if is_feedback else DemandKind.FEEDBACK)
        demands = (*facts.demands[:index], switched, *facts.demands[index + 1 :])
        words = "is not for feedback" if is_feedback else "is for feedback"
        yield f"demands[{index}] ({demand.kind} by {demand.by}) {words}", (replace(facts, demands=demands), circumstances)


def _without(items: tuple[Item, ...], index: int) -> tuple[Item, ...]:
    return items[:index] + items[index + 1 :]
