"""Which facts count, and why: verified facts in, a weight for each and the reduced case out.

One function for threats and one for damage claims, each line a row of the harm table. It reads no text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from copilot.core.facts import DamageClaim, Demand, Dispute, Fact, Facts, Threat, is_account_security
from copilot.core.vocabulary import DemandKind, Harm, Intent, Motive, Origin, Role
from copilot.policy.case import Actor, Case


class Reason(StrEnum):
    """Why a fact counts or does not."""

    PROPERTY_THREAT = "property_threat"
    ACCOUNT_THREAT = "account_threat"
    ACCOUNT_CLAIM = "account_claim"
    THREAT_WITH_DEMAND = "threat_with_demand"
    THREAT_WITHOUT_DEMAND = "threat_without_demand"
    RIGHT_USED_FOR_FEEDBACK = "right_used_for_feedback"
    RIGHT_NOT_FOR_FEEDBACK = "right_not_for_feedback"
    DAMAGE = "damage"
    ACCIDENT = "accident"
    RETALIATORY = "retaliatory"
    NOT_RETALIATORY = "not_retaliatory"
    LAWFUL = "lawful"
    COERCED = "coerced"
    UNDER_ACCOUNT_HARM = "under_account_harm"
    NOT_COERCED = "not_coerced"
    AGAINST_STAFF = "against_staff"
    DISPUTE = "dispute"


NOTHING: frozenset[DemandKind] = frozenset()
"""What a party asks that asks nothing."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Whether one fact counts, whether it is an account security fact, and why."""

    counted: bool
    reason: Reason
    security: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """The weight of each fact, by its id, what each actor does, by party id, and the case they make."""

    weights: Mapping[str, Weight]
    actors: Mapping[str, Actor]
    case: Case

    def counts(self, fact: Fact) -> bool:
        """Whether a fact counts."""
        return self.weights[fact.id].counted


def assess(facts: Facts, origin: Origin, mediation_eligible: bool | None, reliable: bool = True) -> Assessment:
    """Weigh every fact and build the case that the rules decide on, in time that grows with the number of facts."""
    staff = frozenset(party.id for party in facts.parties if party.role is Role.SUPPORT)
    demanded = _demanded_kinds(facts, staff)
    harms = {fact.id: _assess_harm(fact, fact.against in staff, demanded.get(fact.by, NOTHING)) for fact in facts.harms}
    actors = _actors(facts, harms, demanded)
    demands = {demand.id: _assess_demand(actors[demand.by], demand.of in staff) for demand in facts.of(Demand)}
    disputes = {dispute.id: Weight(False, Reason.DISPUTE) for dispute in facts.of(Dispute)}
    uncounted = [(fact, harms[fact.id]) for fact in facts.harms if not harms[fact.id].counted]
    told = [(fact, weight) for fact, weight in uncounted if weight.reason is not Reason.AGAINST_STAFF]
    case = Case(
        origin=origin,
        mediation_eligible=mediation_eligible,
        reliable=reliable,
        actors=tuple(actors.values()),
        tells_dispute=bool(disputes) or any(_is_dispute(fact.harm, weight) for fact, weight in told),
        tells_bad_feedback=any(fact.harm is Harm.BAD_FEEDBACK for fact, _ in told),
        threat_to_staff=any(weight.reason is Reason.AGAINST_STAFF for weight in (*harms.values(), *demands.values())),
    )
    return Assessment({**harms, **demands, **disputes}, actors, case)


def _assess_harm(fact: Threat | DamageClaim, is_against_staff: bool, demanded: frozenset[DemandKind]) -> Weight:
    if isinstance(fact, Threat):
        return assess_threat(fact, is_against_staff, demanded)
    return assess_claim(fact, is_against_staff)


def assess_threat(threat: Threat, is_against_staff: bool, demanded: frozenset[DemandKind]) -> Weight:
    """A threat against the harm table's middle column; `demanded` is what its actor asks of other customers.

    Reading: what is aimed at support staff makes neither coercion nor a dispute.
    """
    if is_against_staff:
        return Weight(False, Reason.AGAINST_STAFF)
    if is_account_security(threat.harm, threat.asset):
        return Weight(True, Reason.ACCOUNT_THREAT, security=True)
    if threat.harm is Harm.BAD_FEEDBACK:
        return Weight(True, Reason.THREAT_WITH_DEMAND) if demanded else Weight(False, Reason.THREAT_WITHOUT_DEMAND)
    if threat.harm in (Harm.WITHHOLD, Harm.LAWFUL_REMEDY):
        # Reading: rights under the contract or the law are a dispute until feedback is what they are used to get.
        used_for_feedback = DemandKind.FEEDBACK in demanded
        return Weight(True, Reason.RIGHT_USED_FOR_FEEDBACK) if used_for_feedback else Weight(False, Reason.RIGHT_NOT_FOR_FEEDBACK)
    return Weight(True, Reason.PROPERTY_THREAT)


def assess_claim(claim: DamageClaim, is_against_staff: bool) -> Weight:
    """A damage claim against the harm table's right column.

    Reading: an accident is no retaliation, so what is told as an accident never counts, whatever motive is told beside it.
    Reading: property harm, leaks and violence count with no motive told, because vandalism is named as a form of retaliation.
    """
    if is_against_staff:
        return Weight(False, Reason.AGAINST_STAFF)
    if claim.harm is Harm.LAWFUL_REMEDY:
        return Weight(False, Reason.LAWFUL)
    if claim.intent is Intent.ACCIDENTAL:
        return Weight(False, Reason.ACCIDENT)
    if is_account_security(claim.harm, claim.asset):
        return Weight(True, Reason.ACCOUNT_CLAIM, security=True)
    if claim.harm in (Harm.DEFAME, Harm.BAD_FEEDBACK, Harm.WITHHOLD):
        retaliatory = claim.motive is Motive.RETALIATION
        return Weight(True, Reason.RETALIATORY) if retaliatory else Weight(False, Reason.NOT_RETALIATORY)
    return Weight(True, Reason.DAMAGE)


def _assess_demand(actor: Actor, is_of_staff: bool) -> Weight:
    """What an actor demands counts beside their counted threat or damage.

    Reading: a demand beside a threat to a marketplace account is listed with it, and is no coercion of its own.
    """
    if is_of_staff:
        return Weight(False, Reason.AGAINST_STAFF)
    if actor.threatens or actor.damages:
        return Weight(True, Reason.COERCED)
    return Weight(True, Reason.UNDER_ACCOUNT_HARM) if actor.endangers_account else Weight(False, Reason.NOT_COERCED)


def _demanded_kinds(facts: Facts, staff: frozenset[str]) -> dict[str, frozenset[DemandKind]]:
    """What each party asks of other customers; what is asked of staff never counts."""
    asked: dict[str, set[DemandKind]] = {}
    for demand in facts.of(Demand):
        if demand.of not in staff:
            asked.setdefault(demand.by, set()).add(demand.kind)
    return {id: frozenset(kinds) for id, kinds in asked.items()}


def _actors(facts: Facts, harms: Mapping[str, Weight], demanded: Mapping[str, frozenset[DemandKind]]) -> dict[str, Actor]:
    """Each party that threatens, harms or asks, by id, in the order in which the facts name them."""
    counted = {(fact.by, type(fact), harms[fact.id].security) for fact in facts.harms if harms[fact.id].counted}
    reporters = {party.id for party in facts.parties if party.is_reporter}
    return {
        id: Actor(
            is_reporter=id in reporters,
            threatens=(id, Threat, False) in counted,
            damages=(id, DamageClaim, False) in counted,
            threatens_account=(id, Threat, True) in counted,
            breached_account=(id, DamageClaim, True) in counted,
            asks_feedback=DemandKind.FEEDBACK in demanded.get(id, NOTHING),
            asks_other=bool(demanded.get(id, NOTHING) - {DemandKind.FEEDBACK}),
        )
        for id in dict.fromkeys(act.by for act in facts.acts)
    }


def _is_dispute(harm: Harm, weight: Weight) -> bool:
    return harm in (Harm.WITHHOLD, Harm.LAWFUL_REMEDY) or weight.reason is Reason.ACCIDENT
