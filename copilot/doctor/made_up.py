"""A made-up ticket, what it says, and whether a model read that.

Comes in: an extraction of `TICKET`. Goes out: what is missing or wrong in it, in words. The ticket is not one of the
prompt's examples, so that repeating an example is no reading.
"""

from copilot.extraction import Extraction
from copilot.pipeline import decide
from copilot.sentences import cut
from copilot.suggestion import ShownFacts
from copilot.ticket import Ticket
from copilot.vocabulary import DemandKind, Harm, Role, Route

TICKET = Ticket.model_validate(
    {
        "id": "made-up",
        "reporter": "c",
        "participants": [{"id": "c", "role": "client"}, {"id": "f", "role": "freelancer"}],
        "messages": [
            {
                "id": "m1",
                "text": "We ended the contract on Monday. On Tuesday the freelancer deleted my whole website. "
                "The freelancer says he will put it back only if I pay him $400.",
            }
        ],
    }
)
SENTENCES = cut(TICKET)
_ROUTE = Route.CONTENT_ENFORCEMENT


def misread(extraction: Extraction) -> tuple[str, ...]:
    """What a reading of the made-up ticket lacks or gets wrong; empty where it is right."""
    suggestion = decide(TICKET, extraction)
    facts = suggestion.facts
    if not (facts.threats or facts.demands or facts.damage_claims or facts.disputes):
        return ("it names no fact at all",)
    lacks = {
        "it lacks that the freelancer deleted the website (m1.2)": not _has_damage(facts),
        "it lacks that the freelancer demands money (m1.3)": not _has_demand(facts),
    }
    found = [what for what, holds in lacks.items() if holds]
    if suggestion.route is not _ROUTE:
        found.append(f"it would send the ticket to {suggestion.route}, not to {_ROUTE}")
    return tuple(found)


def _has_damage(facts: ShownFacts) -> bool:
    return any(
        claim.harm in (Harm.DESTROY, Harm.LOCK_OUT) and "m1.2" in claim.evidence and _are(facts, claim.by, claim.against)
        for claim in facts.damage_claims
    )


def _has_demand(facts: ShownFacts) -> bool:
    return any(
        demand.kind is DemandKind.MONEY and "m1.3" in demand.evidence and _are(facts, demand.by, demand.of)
        for demand in facts.demands
    )


def _are(facts: ShownFacts, actor: str, victim: str) -> bool:
    """Whether the actor is the freelancer and the victim the client who reports."""
    people = {party.id: party for party in facts.parties}
    return people[actor].role is Role.FREELANCER and people[victim].is_reporter
