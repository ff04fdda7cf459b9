"""A made-up ticket, what it says, and whether a model read that.

Comes in: an extraction of `TICKET`. Goes out: what is missing or wrong in it, in words. The ticket is not one of the
prompt's examples, so that repeating an example is no reading.
"""

from collections.abc import Callable

from copilot.core.extraction import Extraction
from copilot.core.sentences import cut
from copilot.core.ticket import Ticket
from copilot.core.vocabulary import DemandKind, Harm, Role, Route
from copilot.output.suggestion import FactView, Suggestion
from copilot.pipeline import decide

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
    if not suggestion.facts:
        return ("it names no fact at all",)
    lacks = {
        "it lacks that the freelancer deleted the website (m1.2)": not _tells(suggestion, _is_damage),
        "it lacks that the freelancer demands money (m1.3)": not _tells(suggestion, _is_demand),
    }
    found = [what for what, holds in lacks.items() if holds]
    if suggestion.route is not _ROUTE:
        found.append(f"it would send the ticket to {suggestion.route}, not to {_ROUTE}")
    return tuple(found)


def _tells(suggestion: Suggestion, sides_of: Callable[[FactView], tuple[str, str] | None]) -> bool:
    """Whether such a fact is told of the freelancer, as done to the client who reports."""
    people = {party.id: party for party in suggestion.parties}
    sides = filter(None, map(sides_of, suggestion.facts))
    return any(people[actor].role is Role.FREELANCER and people[victim].is_reporter for actor, victim in sides)


def _is_damage(fact: FactView) -> tuple[str, str] | None:
    """Actor and victim of the damage, if it is that."""
    if fact.type != "damage_claim" or fact.harm not in (Harm.DESTROY, Harm.LOCK_OUT) or "m1.2" not in fact.evidence:
        return None
    return fact.by, fact.against


def _is_demand(fact: FactView) -> tuple[str, str] | None:
    """Actor and victim of the demand, if it is that."""
    if fact.type != "demand" or fact.kind is not DemandKind.MONEY or "m1.3" not in fact.evidence:
        return None
    return fact.by, fact.of
