"""What to ask next: the unknowns whose answer would change the decision, as questions in fixed words.

Like `change`, it asks the policy: a question stands here only if some answer to it would alter route or labels.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from copilot.facts import DamageClaim, Demand, Facts, Threat
from copilot.policy.decide import Circumstances, Decision, decide_facts
from copilot.vocabulary import Asset, DemandKind, Harm, Intent, Motive, Role, Route

MAX_QUESTIONS = 6

_WHO = {Role.CLIENT: "the client", Role.FREELANCER: "the freelancer", Role.AGENCY: "the agency"}
_WHAT_COULD_SUFFER = (Harm.DESTROY, Harm.LOCK_OUT, Harm.ACCOUNT_BREACH)


@dataclass(frozen=True, slots=True)
class _Unknown:
    question: str
    answers: tuple[tuple[Facts, Circumstances], ...]


def ask_next(facts: Facts, circumstances: Circumstances) -> tuple[str, ...]:
    """At most six questions, the most telling first; never empty for a ticket that a person must judge."""
    now, _ = decide_facts(facts, circumstances)

    def matters(unknown: _Unknown) -> bool:
        return any(decide_facts(*answer)[0].destination != now.destination for answer in unknown.answers)

    questions = [unknown.question for unknown in _unknowns(facts, circumstances) if matters(unknown)]
    questions += _standing(now, facts, circumstances)
    return tuple(dict.fromkeys(questions))[:MAX_QUESTIONS]


def _unknowns(facts: Facts, circumstances: Circumstances) -> Iterator[_Unknown]:
    yield from _eligibility(facts, circumstances)
    for index, demand in enumerate(facts.demands):
        if demand.kind is DemandKind.NOT_STATED:
            kinds = [_with_demand(facts, index, replace(demand, kind=kind)) for kind in (DemandKind.FEEDBACK, DemandKind.MONEY)]
            question = f"What exactly does {_name(facts, demand.by)} want: a rating or review, or something else?"
            yield _Unknown(question, tuple((one, circumstances) for one in kinds))
    for index, threat in enumerate(facts.threats):
        yield from _about_threat(facts, circumstances, index, threat)
    for index, claim in enumerate(facts.damage_claims):
        yield from _about_claim(facts, circumstances, index, claim)


def _eligibility(facts: Facts, circumstances: Circumstances) -> Iterator[_Unknown]:
    if circumstances.mediation_eligible is None:
        reporter = next((party for party in facts.parties if party.is_reporter), None)
        who = _WHO.get(reporter.role, "the customer") if reporter else "the customer"
        answers = tuple((facts, replace(circumstances, mediation_eligible=answer)) for answer in (True, False))
        yield _Unknown(f"Does {who} qualify for mediation or dispute assistance?", answers)


def _about_threat(facts: Facts, circumstances: Circumstances, index: int, threat: Threat) -> Iterator[_Unknown]:
    def changed(threat: Threat) -> tuple[tuple[Facts, Circumstances], ...]:
        threats = (*facts.threats[:index], threat, *facts.threats[index + 1 :])
        return ((replace(facts, threats=threats), circumstances),)

    if threat.asset is Asset.NOT_STATED and threat.harm in _WHAT_COULD_SUFFER:
        yield _Unknown(_which_property(facts, threat.by), changed(replace(threat, asset=_other_side(threat.harm))))
    if threat.harm is Harm.UNSPECIFIED:
        question = f"What did {_name(facts, threat.by)} say would happen, word for word?"
        breach = replace(threat, harm=Harm.ACCOUNT_BREACH, asset=Asset.MARKETPLACE_ACCOUNT)
        yield _Unknown(question, changed(breach))
    if threat.harm is Harm.BAD_FEEDBACK or threat.harm in (Harm.WITHHOLD, Harm.LAWFUL_REMEDY):
        question = f"Did {_name(facts, threat.by)} ask for anything in return, and if so for what?"
        demand = Demand(threat.by, threat.against, DemandKind.FEEDBACK, threat.evidence)
        yield _Unknown(question, ((facts.with_fact(demand), circumstances),))


def _about_claim(facts: Facts, circumstances: Circumstances, index: int, claim: DamageClaim) -> Iterator[_Unknown]:
    def changed(claim: DamageClaim) -> tuple[tuple[Facts, Circumstances], ...]:
        claims = (*facts.damage_claims[:index], claim, *facts.damage_claims[index + 1 :])
        return ((replace(facts, damage_claims=claims), circumstances),)

    if claim.asset is Asset.NOT_STATED and claim.harm in _WHAT_COULD_SUFFER:
        yield _Unknown(_which_property(facts, claim.by), changed(replace(claim, asset=_other_side(claim.harm))))
    if claim.intent is Intent.UNCLEAR:
        question = f"Was what {_name(facts, claim.by)} is said to have done on purpose, or may it have been an accident?"
        yield _Unknown(question, changed(replace(claim, intent=Intent.ACCIDENTAL)))
    if claim.motive is Motive.NOT_STATED:
        question = f"Was what {_name(facts, claim.by)} is said to have done an answer to something that happened before?"
        yield _Unknown(question, changed(replace(claim, motive=Motive.RETALIATION)))


def _standing(now: Decision, facts: Facts, circumstances: Circumstances) -> list[str]:
    """Questions that a route raises by itself, where no unknown could be tried."""
    if now.route is Route.NO_ESCALATION:
        return ["Is there anything the customer was threatened with, pressed for or lost that the ticket does not tell?"]
    if now.route is not Route.AGENT_REVIEW:
        return []
    asked: list[str] = []
    if circumstances.reading_failed:
        asked.append("The ticket, or part of it, could not be read: what does it say, in your own reading?")
    if facts.dropped:
        asked.append("A fact could not be verified: do the sentences of the ticket say it, in your own reading?")
    if any(demand.kind is DemandKind.FEEDBACK for demand in facts.demands):
        asked.append("Was anything said about what would happen if the rating or review is not given or changed?")
    if any(_is_staff(facts, fact.against) for fact in facts.harms):
        asked.append("Is a member of staff at risk, and does the team lead know?")
    return asked or ["What does each side want from the other, and did either say what happens if it is refused?"]


def _other_side(harm: Harm) -> Asset:
    """The asset that would turn property harm into account security, or the other way round."""
    return Asset.OUTSIDE_ACCOUNT if harm is Harm.ACCOUNT_BREACH else Asset.MARKETPLACE_ACCOUNT


def _which_property(facts: Facts, by: str) -> str:
    return f"What is it that {_name(facts, by)} threatens or harmed: a marketplace account, or something outside the marketplace?"


def _with_demand(facts: Facts, index: int, demand: Demand) -> Facts:
    return replace(facts, demands=(*facts.demands[:index], demand, *facts.demands[index + 1 :]))


def _name(facts: Facts, id: str) -> str:
    party = facts.party(id)
    return _WHO.get(party.role, f"party {id}") if party else f"party {id}"


def _is_staff(facts: Facts, id: str) -> bool:
    party = facts.party(id)
    return party is not None and party.role is Role.SUPPORT
