"""Which facts count, and why: verified facts in, a weight for each and the reduced case out.

One function for threats and one for damage claims, each line a row of the harm table. It reads no text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from copilot.facts import DamageClaim, Facts, Threat, is_account_security
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


NOTHING: frozenset[DemandKind] = frozenset()
"""What a party asks that asks nothing."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Whether one fact counts, whether it is an account security fact, and why."""

    counted: bool
    reason: Reason
    security: bool = False


@dataclass(frozen=True, slots=True)
class Weighed:
    """One weight per fact, in the order of the facts, what each actor does, by party id, and the case they make."""

    threats: tuple[Weight, ...]
    demands: tuple[Weight, ...]
    damage_claims: tuple[Weight, ...]
    disputes: tuple[Weight, ...]
    actors: Mapping[str, Actor]
    case: Case

    @property
    def all(self) -> tuple[Weight, ...]:
        """One weight per fact, in the order of `Facts.all`."""
        return (*self.threats, *self.demands, *self.damage_claims, *self.disputes)


def weigh(facts: Facts, origin: Origin, mediation_eligible: bool | None, reliable: bool = True) -> Weighed:
    """Weigh every fact and build the case that the rules decide on, in time that grows with the number of facts."""
    staff = frozenset(party.id for party in facts.parties if party.role is Role.SUPPORT)
    demanded = _demanded_kinds(facts, staff)
    threats = tuple(weigh_threat(threat, threat.against in staff, demanded.get(threat.by, NOTHING)) for threat in facts.threats)
    claims = tuple(weigh_claim(claim, claim.against in staff) for claim in facts.damage_claims)
    actors = _actors(facts, threats, claims, demanded)
    demands = tuple(_weigh_demand(actors[demand.by], demand.of in staff) for demand in facts.demands)
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
    return Weighed(threats, demands, claims, disputes, actors, case)


def weigh_threat(threat: Threat, is_against_staff: bool, demanded: frozenset[DemandKind]) -> Weight:
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


def weigh_claim(claim: DamageClaim, is_against_staff: bool) -> Weight:
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


def _weigh_demand(actor: Actor, is_of_staff: bool) -> Weight:
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
    for demand in facts.demands:
        if demand.of not in staff:
            asked.setdefault(demand.by, set()).add(demand.kind)
    return {id: frozenset(kinds) for id, kinds in asked.items()}


def _actors(
    facts: Facts, threats: tuple[Weight, ...], claims: tuple[Weight, ...], demanded: Mapping[str, frozenset[DemandKind]]
) -> dict[str, Actor]:
    """Each party that threatens, harms or asks, by id, in the order in which the facts name them."""
    threatens = _counted(facts.threats, threats)
    harmed = _counted(facts.damage_claims, claims)
    reporters = {party.id for party in facts.parties if party.is_reporter}
    ids = dict.fromkeys([*(fact.by for fact in facts.harms), *(demand.by for demand in facts.demands)])
    return {
        id: Actor(
            is_reporter=id in reporters,
            threatens=(id, False) in threatens,
            damages=(id, False) in harmed,
            threatens_account=(id, True) in threatens,
            breached_account=(id, True) in harmed,
            asks_feedback=DemandKind.FEEDBACK in demanded.get(id, NOTHING),
            asks_other=bool(demanded.get(id, NOTHING) - {DemandKind.FEEDBACK}),
        )
        for id in ids
    }


def _counted(harms: Sequence[Threat | DamageClaim], weights: Sequence[Weight]) -> set[tuple[str, bool]]:
    """The actors of counted facts, each with whether the fact is one of account security."""
    return {(fact.by, weight.security) for fact, weight in zip(harms, weights, strict=True) if weight.counted}


def _is_dispute(harm: Harm, weight: Weight) -> bool:
    return harm in (Harm.WITHHOLD, Harm.LAWFUL_REMEDY) or weight.reason is Reason.ACCIDENT
