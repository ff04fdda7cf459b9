"""How urgent a ticket is, as far as its suggestion tells: somebody's safety first, then an account, then what is escalated.

Comes in: a suggestion. Goes out: an `Urgency`. It weighs nothing anew: route and cautions are the policy's.
"""

from enum import StrEnum

from copilot.core.vocabulary import Caution, Route
from copilot.output.suggestion import Suggestion


class Urgency(StrEnum):
    """The most urgent first."""

    SAFETY_RISK = "safety_risk"
    ACCOUNT_AT_RISK = "account_at_risk"
    ESCALATION = "escalation"
    JUDGEMENT = "judgement"
    ORDINARY = "ordinary"

    @property
    def place(self) -> int:
        """Where it stands, from 0."""
        return list(Urgency).index(self)


_BY_ROUTE = {
    Route.ACCOUNT_SECURITY: Urgency.ACCOUNT_AT_RISK,
    Route.MEDIATION_DISPUTES: Urgency.ESCALATION,
    Route.CONTENT_ENFORCEMENT: Urgency.ESCALATION,
    Route.AGENT_REVIEW: Urgency.JUDGEMENT,
    Route.NO_ESCALATION: Urgency.ORDINARY,
}


def urgency_of(suggestion: Suggestion) -> Urgency:
    """How urgent the ticket is that a suggestion is about."""
    return Urgency.SAFETY_RISK if Caution.SAFETY_RISK in suggestion.cautions else _BY_ROUTE[suggestion.route]
