"""Which facts count, and why: verified facts in, a weight for each and the reduced case out.

One function for threats and one for damage claims, each line a row of the harm table. It reads no text.
"""

from dataclasses import dataclass
from enum import StrEnum

from copilot.facts import DamageClaim, Demand, Facts, Threat, is_account_security
from copilot.policy.case import Actor, Case
from copilot.vocabulary import DemandKind, Harm, Intent, Motive, Origin, Role


class Reason(StrEnum):
    """Why a fact counts or does not: the words an agent reads beside it."""

    PROPERTY_THREAT = "a threat of this harm always counts"
    ACCOUNT_THREAT = "it threatens the security of a marketplace account (S4)"
    ACCOUNT_CLAIM = "it claims that somebody got into a marketplace account (S5)"
    THREAT_WITH_DEMAND = "a threat of bad feedback counts because the same party demands something"
    THREAT_WITHOUT_DEMAND = "a threat of bad feedback counts only if the same party demands something"
    RIGHT_USED_FOR_FEEDBACK = "a right under the contract or the law is used to get feedback"
    RIGHT_NOT_FOR_FEEDBACK = "withholding or a lawful remedy counts as a threat only where feedback is demanded with it"
    DAMAGE = "damage of this kind counts unless it was an accident"
    ACCIDENT = "told as an accident, so a matter for a dispute"
    RETALIATORY = "counts because it is told as retaliation"
    NOT_RETALIATORY = "counts only where it is told as retaliation"
    LAWFUL = "using a lawful remedy is never damage"
    COERCED = "the same party's threat or damage counts, so this is what the coercion is for"
    UNDER_ACCOUNT_HARM = "asked by the party that threatens a marketplace account or is said to have got into one"
    NOT_COERCED = "no threat or damage by the same party counts, so nothing forces it"
    AGAINST_STAFF = "aimed at support staff, not at a customer; see the caution"
    DISPUTE = "a disagreement is no harm; it matters for mediation"


@dataclass(frozen=True, slots=True)
class Weight:
    """Whether one fact counts, whether it is an account security fact, and why."""

    counted: bool
    reason: Reason
    security: bool = False


@dataclass(frozen=True, slots=True)
class Weighed:
    """One weight per fact, in the order of the facts, and the case they make."""

    threats: tuple[Weight, ...]
    demands: tuple[Weight, ...]
    damage_claims: tuple[Weight, ...]
    disputes: tuple[Weight, ...]
    case: Case

    @property
    def all(self) -> tuple[Weight, ...]:
        """One weight per fact, in the order of `Facts.all`."""
        return (*self.threats, *self.demands, *self.damage_claims, *self.disputes)


def weigh(facts: Facts, origin: Origin, mediation_eligible: bool | None, reliable: bool = True) -> Weighed:
    """Weigh every fact and build the case that the rules decide on."""
    threats = tuple(weigh_threat(facts, threat) for threat in facts.threats)
    claims = tuple(weigh_claim(facts, claim) for claim in facts.damage_claims)
    actors = {id: _actor(facts, id, threats, claims) for id in _actor_ids(facts)}
    demands = tuple(_weigh_demand(facts, demand, actors[demand.by]) for demand in facts.demands)
    harms = zip(facts.harms, (*threats, *claims), strict=True)
    uncounted = [(fact, weight) for fact, weight in harms if not weight.counted and weight.reason is not Reason.AGAINST_STAFF]
    case = Case(
        origin=origin,
        mediation_eligible=mediation_eligible,
        reliable=reliable,
        actors=tuple(actors.values()),
        tells_dispute=bool(facts.disputes) or any(_is_dispute(fact.harm, weight) for fact, weight in uncounted),
        tells_bad_feedback=any(fact.harm is Harm.BAD_FEEDBACK for fact, _ in uncounted),
        threat_to_staff=any(weight.reason is Reason.AGAINST_STAFF for weight in (*threats, *demands, *claims)),
    )
    disputes = tuple(Weight(False, Reason.DISPUTE) for _ in facts.disputes)
    return Weighed(threats, demands, claims, disputes, case)


def weigh_threat(facts: Facts, threat: Threat) -> Weight:
    """A threat against the harm table's middle column.

    Reading: what is aimed at support staff makes neither coercion nor a dispute.
    """
    if _is_staff(facts, threat.against):
        return Weight(False, Reason.AGAINST_STAFF)
    if is_account_security(threat.harm, threat.asset):
        return Weight(True, Reason.ACCOUNT_THREAT, security=True)
    demanded = _demanded_kinds(facts, threat.by)
    if threat.harm is Harm.BAD_FEEDBACK:
        return Weight(True, Reason.THREAT_WITH_DEMAND) if demanded else Weight(False, Reason.THREAT_WITHOUT_DEMAND)
    if threat.harm in (Harm.WITHHOLD, Harm.LAWFUL_REMEDY):
        # Reading: rights under the contract or the law are a dispute until feedback is what they are used to get.
        used_for_feedback = DemandKind.FEEDBACK in demanded
        return Weight(True, Reason.RIGHT_USED_FOR_FEEDBACK) if used_for_feedback else Weight(False, Reason.RIGHT_NOT_FOR_FEEDBACK)
    return Weight(True, Reason.PROPERTY_THREAT)


def weigh_claim(facts: Facts, claim: DamageClaim) -> Weight:
    """A damage claim against the harm table's right column.

    Reading: an accident is no retaliation, so what is told as an accident never counts, whatever motive is told beside it.
    Reading: property harm, leaks and violence count with no motive told, because vandalism is named as a form of retaliation.
    """
    if _is_staff(facts, claim.against):
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


def _weigh_demand(facts: Facts, demand: Demand, actor: Actor) -> Weight:
    """A demand counts beside its party's counted threat or damage.

    Reading: a demand beside a threat to a marketplace account is listed with it, and is no coercion of its own.
    """
    if _is_staff(facts, demand.of):
        return Weight(False, Reason.AGAINST_STAFF)
    if actor.threatens or actor.damages:
        return Weight(True, Reason.COERCED)
    return Weight(True, Reason.UNDER_ACCOUNT_HARM) if actor.endangers_account else Weight(False, Reason.NOT_COERCED)


def _actor_ids(facts: Facts) -> list[str]:
    return list(dict.fromkeys([*(fact.by for fact in facts.harms), *(demand.by for demand in facts.demands)]))


def _actor(facts: Facts, id: str, threats: tuple[Weight, ...], claims: tuple[Weight, ...]) -> Actor:
    by_threat = [weight for fact, weight in zip(facts.threats, threats, strict=True) if fact.by == id and weight.counted]
    by_claim = [weight for fact, weight in zip(facts.damage_claims, claims, strict=True) if fact.by == id and weight.counted]
    demanded = _demanded_kinds(facts, id)
    party = facts.party(id)
    return Actor(
        is_reporter=party is not None and party.is_reporter,
        threatens=any(not weight.security for weight in by_threat),
        damages=any(not weight.security for weight in by_claim),
        threatens_account=any(weight.security for weight in by_threat),
        breached_account=any(weight.security for weight in by_claim),
        asks_feedback=DemandKind.FEEDBACK in demanded,
        asks_other=bool(demanded - {DemandKind.FEEDBACK}),
    )


def _demanded_kinds(facts: Facts, id: str) -> frozenset[DemandKind]:
    """What a party asks of other customers; what is asked of staff never counts."""
    return frozenset(demand.kind for demand in facts.demands if demand.by == id and not _is_staff(facts, demand.of))


def _is_staff(facts: Facts, id: str) -> bool:
    party = facts.party(id)
    return party is not None and party.role is Role.SUPPORT


def _is_dispute(harm: Harm, weight: Weight) -> bool:
    return harm in (Harm.WITHHOLD, Harm.LAWFUL_REMEDY) or weight.reason is Reason.ACCIDENT
