"""What an agent should know beside the decision: every caution, and why a matter is for a person to judge.

Comes in: the case and the route that it was given, the facts, and how they were read. Goes out: closed codes, in the order in
which they are listed everywhere. They inform, and route nothing. No other module makes one.
"""

from collections.abc import Mapping
from enum import StrEnum

from copilot.core.facts import Facts
from copilot.core.reading import Reading
from copilot.core.vocabulary import Caution, Harm, Route
from copilot.policy.case import Case
from copilot.policy.decide import ESCALATIONS

_INSTEAD = (Route.ACCOUNT_SECURITY, Route.MEDIATION_DISPUTES)
"""Teams that take a matter of coercion or retaliation in the place of content enforcement."""


class ReviewReason(StrEnum):
    """Why a matter is for a person to judge, limb by limb of R6."""

    UNCOERCED_FEEDBACK = "uncoerced_feedback"
    MEDIATION_NOT_KNOWN = "mediation_not_known"
    THREAT_TO_STAFF = "threat_to_staff"
    UNVERIFIED = "unverified"
    TOO_MANY_FACTS = "too_many_facts"
    UNREAD = "unread"
    UNSURE = "unsure"
    PARTIAL = "partial"


def cautions(case: Case, route: Route, facts: Facts, reading: Reading, is_partial: bool) -> tuple[Caution, ...]:
    """Every caution that holds. `is_partial`: only part of the conversation was handed over."""
    holds = {**_of_the_case(case, route), **_of_the_reading(facts, reading, is_partial)}
    return tuple(caution for caution in Caution if holds[caution])


def _of_the_case(case: Case, route: Route) -> Mapping[Caution, bool]:
    return {
        Caution.NO_REPORT_RECEIVED: not case.report_received,
        Caution.CLAIMS_UNVERIFIED: route in ESCALATIONS,
        Caution.ALSO_COERCION: case.coercion and route in _INSTEAD,
        Caution.ALSO_RETALIATION: case.retaliation and route in _INSTEAD,
        Caution.CHECK_MEDIATION: case.mediation_eligible is None and (case.coercion or case.retaliation),
        Caution.THREAT_TO_STAFF: case.threat_to_staff,
    }


def _of_the_reading(facts: Facts, reading: Reading, is_partial: bool) -> Mapping[Caution, bool]:
    return {
        Caution.SAFETY_RISK: any(fact.harm is Harm.VIOLENCE for fact in facts.harms),
        Caution.UNVERIFIED_FACT: bool(facts.dropped),
        Caution.SECOND_READER_DISAGREES: bool(reading.uncited),
        Caution.DEGRADED_EXTRACTOR: reading.degraded or reading.outcome.failed or reading.extraction is None,
        Caution.TRUNCATED_TICKET: bool(reading.unread or reading.left_out) or is_partial,
    }


def review_reasons(case: Case, route: Route, reading: Reading, is_partial: bool) -> tuple[ReviewReason, ...]:
    """Why a person must judge; none for any other route, and none where nothing was read."""
    has_facts = reading.extraction is not None
    holds = {
        ReviewReason.UNCOERCED_FEEDBACK: case.uncoerced_feedback_demand,
        ReviewReason.MEDIATION_NOT_KNOWN: case.dispute_like and case.mediation_eligible is None,
        ReviewReason.THREAT_TO_STAFF: case.threat_to_staff,
        ReviewReason.UNVERIFIED: not case.reliable and reading.in_full and not is_partial,
        ReviewReason.TOO_MANY_FACTS: bool(reading.left_out),
        ReviewReason.UNREAD: bool(reading.unread),
        ReviewReason.UNSURE: bool(reading.unsure),
        ReviewReason.PARTIAL: is_partial,
    }
    return tuple(reason for reason, it_holds in holds.items() if it_holds and has_facts and route is Route.AGENT_REVIEW)
