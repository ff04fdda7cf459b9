"""What to ask next: the unknowns whose answer would change the decision, as closed codes.

Like `change`, it asks the policy: a question stands here only if some answer to it would alter route or labels.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from copilot.core.facts import DamageClaim, Demand, Facts, Threat
from copilot.core.vocabulary import CUSTOMERS, Asset, DemandKind, Harm, Intent, Motive, Role, Route
from copilot.policy.trials import Trials

MAX_QUESTIONS = 6

_WHAT_COULD_SUFFER = (Harm.DESTROY, Harm.LOCK_OUT, Harm.ACCOUNT_BREACH)
_COUNTS_WITH_A_DEMAND = (Harm.BAD_FEEDBACK, Harm.WITHHOLD, Harm.LAWFUL_REMEDY)


class Ask(StrEnum):
    """What a question asks. Those up to MOTIVE are about a party; the others about the ticket as a whole."""

    MEDIATION = "mediation"
    DEMAND = "demand"
    THREAT = "threat"
    RETURN = "return"
    PROPERTY = "property"
    INTENT = "intent"
    MOTIVE = "motive"
    UNTOLD = "untold"
    UNREAD = "unread"
    UNVERIFIED = "unverified"
    FEEDBACK = "feedback"
    STAFF = "staff"
    SIDES = "sides"


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `party` is the id of whom it is about (None for mediation: not known which side), `fact` that of the fact."""

    code: Ask
    party: str | None = None
    fact: str | None = None


def ask_next(trials: Trials) -> tuple[Question, ...]:
    """At most six questions, the most telling first; never empty for a ticket that a person must judge."""
    found = [question for question, matters in _unknowns(trials) if matters]
    found += (Question(code) for code in _standing(trials))
    asked: dict[object, Question] = {}
    for question in found:
        asked.setdefault((question.code, called(trials.facts, question.party)), question)
    return tuple(asked.values())[:MAX_QUESTIONS]


def called(facts: Facts, party: str | None) -> Role | str | None:
    """By what a question calls a party: its role, where that is one of those who trade, else its id."""
    found = facts.party(party) if party else None
    return found.role if found and found.role in CUSTOMERS else party


def _unknowns(trials: Trials) -> Iterator[tuple[Question, bool]]:
    """Each question that an unknown raises, and whether an answer to it would alter the decision."""
    facts, circumstances = trials.facts, trials.circumstances
    if circumstances.mediation_eligible is None:
        reporter = next((party.id for party in facts.parties if party.is_reporter and party.role in CUSTOMERS), None)
        answers = (replace(circumstances, mediation_eligible=answer) for answer in (True, False))
        yield Question(Ask.MEDIATION, reporter), any(trials.differs(circumstances=answer) for answer in answers)
    for demand in facts.of(Demand):
        # That it is for something else needs no trial: what a ticket does not name already stands for anything but feedback.
        if demand.kind is DemandKind.NOT_STATED:
            feedback = replace(demand, kind=DemandKind.FEEDBACK)
            yield Question(Ask.DEMAND, demand.by, demand.id), trials.differs(facts.changed(feedback))
    for threat in facts.of(Threat):
        yield from _about_threat(trials, threat)
    for claim in facts.of(DamageClaim):
        yield from _about_claim(trials, claim)


def _about_threat(trials: Trials, threat: Threat) -> Iterator[tuple[Question, bool]]:
    yield from _about_asset(trials, threat)
    if threat.harm is Harm.UNSPECIFIED:
        breach = replace(threat, harm=Harm.ACCOUNT_BREACH, asset=Asset.MARKETPLACE_ACCOUNT)
        yield Question(Ask.THREAT, threat.by, threat.id), trials.differs(trials.facts.changed(breach))
    if threat.harm in _COUNTS_WITH_A_DEMAND:
        demand = Demand(threat.by, threat.against, DemandKind.FEEDBACK, threat.evidence)
        yield Question(Ask.RETURN, threat.by, threat.id), trials.differs(trials.facts.with_fact(demand))


def _about_claim(trials: Trials, claim: DamageClaim) -> Iterator[tuple[Question, bool]]:
    yield from _about_asset(trials, claim)
    if claim.intent is Intent.UNCLEAR:
        accident = replace(claim, intent=Intent.ACCIDENTAL)
        yield Question(Ask.INTENT, claim.by, claim.id), trials.differs(trials.facts.changed(accident))
    if claim.motive is Motive.NOT_STATED:
        revenge = replace(claim, motive=Motive.RETALIATION)
        yield Question(Ask.MOTIVE, claim.by, claim.id), trials.differs(trials.facts.changed(revenge))


def _about_asset(trials: Trials, harm: Threat | DamageClaim) -> Iterator[tuple[Question, bool]]:
    """Whether it is a marketplace account or something else, where that is not said."""
    if harm.asset is Asset.NOT_STATED and harm.harm in _WHAT_COULD_SUFFER:
        other = Asset.OUTSIDE_ACCOUNT if harm.harm is Harm.ACCOUNT_BREACH else Asset.MARKETPLACE_ACCOUNT
        yield Question(Ask.PROPERTY, harm.by, harm.id), trials.differs(trials.facts.changed(replace(harm, asset=other)))


def _standing(trials: Trials) -> list[Ask]:
    """Questions that a route raises by itself, where no unknown could be tried."""
    facts = trials.facts
    if trials.now.route is Route.NO_ESCALATION:
        return [Ask.UNTOLD]
    if trials.now.route is not Route.AGENT_REVIEW:
        return []
    staff = {party.id for party in facts.parties if party.role is Role.SUPPORT}
    holds = {
        Ask.UNREAD: trials.circumstances.reading_failed,
        Ask.UNVERIFIED: bool(facts.dropped),
        Ask.FEEDBACK: any(demand.kind is DemandKind.FEEDBACK for demand in facts.of(Demand)),
        Ask.STAFF: any(harm.against in staff for harm in facts.harms),
    }
    return [code for code, is_open in holds.items() if is_open] or [Ask.SIDES]
