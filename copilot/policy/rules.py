"""The decision order: one function a rule, in the policy's order; the first that holds decides.

A rule reads a `Case` and returns an `Outcome` or None. It sees no text, no clock, no file and no other rule.
The statements a rule follows (`S1` … `S12`) are those of `handbook.md`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from copilot.core.vocabulary import CONTENT_ENFORCEMENT_QUEUE, Label, Origin, Route
from copilot.policy.case import Case

STATEMENTS = tuple(f"S{number}" for number in range(1, 13))

NOT_CODED = {
    "S11": "no rule weighs credibility: every claim is taken as told, and the note says that it is unverified",
    "S12": "suspension is for content enforcement to decide: no rule, note or hint predicts it",
}
"""Statements that no rule follows, each with the reason."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule decides: the route, its queue, the note's labels, and the statements that led there."""

    route: Route
    statements: tuple[str, ...]
    labels: tuple[Label, ...] = ()
    queue: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the decision order."""

    id: str
    follows: tuple[str, ...]
    holds_when: str
    decide: Callable[[Case], Outcome | None]


_rules: list[Rule] = []


def rule(id: str, follows: tuple[str, ...]) -> Callable[[Callable[[Case], Outcome | None]], Callable[[Case], Outcome | None]]:
    """Put a function into the decision order, under the statements that it follows."""

    def enter(function: Callable[[Case], Outcome | None]) -> Callable[[Case], Outcome | None]:
        _rules.append(Rule(id, follows, (function.__doc__ or "").strip(), function))
        return function

    return enter


@rule("R1_account_security", follows=("S4", "S5"))
def account_security(case: Case) -> Outcome | None:
    """A marketplace account is threatened (S4), or somebody is said to have got into one (S5).

    Reading: account security outranks mediation, because an account at risk cannot wait.
    """
    statements = _those(S4=case.account_threat, S5=case.account_claim)
    return Outcome(Route.ACCOUNT_SECURITY, statements) if statements else None


@rule("R2_mediation", follows=("S6",))
def mediation(case: Case) -> Outcome | None:
    """The customer qualifies for mediation, and there is coercion, retaliation or a dispute (S6).

    Reading: S6 outranks content enforcement, because the source says «instead».
    """
    something_to_mediate = case.coercion or case.retaliation or case.dispute_like
    return Outcome(Route.MEDIATION_DISPUTES, ("S6",)) if case.mediation_eligible is True and something_to_mediate else None


@rule("R3_coercion", follows=("S1", "S3", "S7", "S8", "S9", "S10"))
def coercion(case: Case) -> Outcome | None:
    """Somebody uses force or threats to get something (S1, S10): the demand picks the label, never the queue (S7, S8)."""
    if not case.coercion:
        return None
    statements = _those(
        S1=True,
        S3=not case.report_received,
        S7=Label.COERCION_AND_RETALIATION in case.labels,
        S8=Label.FEEDBACK_BUILDING in case.labels,
        S9=case.retaliation,
        S10=case.damage_in_coercion,
    )
    return Outcome(Route.CONTENT_ENFORCEMENT, statements, case.labels, CONTENT_ENFORCEMENT_QUEUE)


@rule("R4_retaliation", follows=("S2", "S3", "S9"))
def retaliation(case: Case) -> Outcome | None:
    """Somebody harmed another customer and neither threatens nor demands anything (S2, S9)."""
    if not case.retaliation:
        return None
    statements = _those(S2=True, S3=not case.report_received, S9=True)
    return Outcome(Route.CONTENT_ENFORCEMENT, statements, case.labels, CONTENT_ENFORCEMENT_QUEUE)


@rule("R5_suspicion", follows=("S3",))
def suspicion(case: Case) -> Outcome | None:
    """Nobody reported, but an agent noticed something suspicious (S3)."""
    noticed = case.origin is Origin.AGENT_OBSERVATION and case.suspicious
    return Outcome(Route.CONTENT_ENFORCEMENT, ("S3",), (), CONTENT_ENFORCEMENT_QUEUE) if noticed else None


@rule("R6_judgement", follows=())
def judgement(case: Case) -> Outcome | None:
    """A person must judge.

    So it is for feedback asked for without force, a dispute while eligibility is not known, anything aimed at staff,
    and a reading that is not reliable.

    Reading: pressure without force is for a person to judge.
    """
    dispute_may_be_mediated = case.dispute_like and case.mediation_eligible is None
    judge = case.uncoerced_feedback_demand or dispute_may_be_mediated or case.threat_to_staff or not case.reliable
    return Outcome(Route.AGENT_REVIEW, ()) if judge else None


@rule("R7_outside", follows=())
def outside(_: Case) -> Outcome:
    """Nothing above holds."""
    return Outcome(Route.NO_ESCALATION, ())


RULES: tuple[Rule, ...] = tuple(_rules)
"""The decision order."""


def _those(**statements: bool) -> tuple[str, ...]:
    """The names of the statements that hold."""
    return tuple(name for name, holds in statements.items() if holds)
