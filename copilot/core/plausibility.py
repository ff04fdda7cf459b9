"""Answers that keep to the schema and that no sane reading gives: a way to read nothing and look finished.

Comes in: an extraction that a model returned for a ticket, or for a part of one. Goes out: codes of what is wrong with
it, none for a plausible one. It looks at the shape of the whole; single facts are for `facts.verify`, and what follows
from them is for the policy. An extraction that a person gives is never asked about here.
"""

from collections import defaultdict

from copilot.core.extraction import Extraction
from copilot.core.ticket import Ticket
from copilot.core.vocabulary import Harm, Origin, Role

_PARTY_ROLES = ("by", "against", "of")
FEWEST_UNUSED_PARTIES = 3
"""The prompt asks for nobody but the reporter and whom a fact needs; one spare party is an ordinary slip."""
FEWEST_HARMS_OF_A_SENTENCE = 6
"""More than half of the ten kinds there are: a list of the vocabulary, and no sentence of anybody's."""


def implausible(extraction: Extraction, ticket: Ticket) -> tuple[str, ...]:
    """What no sane reading of this ticket gives, as path and code (`parties: no_reporter`); empty where all is well.

    Two reporters are refused with the shape already, by `Extraction` itself.
    """
    faults = {
        "parties: none": not extraction.parties,
        "parties: no_reporter": _nobody_reports(extraction, ticket),
        "parties: reporter_is_staff": _staff_reports(extraction, ticket),
        "parties: unused": _unused(extraction) >= FEWEST_UNUSED_PARTIES,
        "threats: every_harm": _lists_the_harms([(fact.by, fact.harm, fact.evidence) for fact in extraction.threats]),
        "damage_claims: every_harm": _lists_the_harms([(fact.by, fact.harm, fact.evidence) for fact in extraction.damage_claims]),
    }
    return tuple(code for code, holds in faults.items() if holds)


def _nobody_reports(extraction: Extraction, ticket: Ticket) -> bool:
    """A customer's report has a reporter; on an agent's observation one may be left out, since no customer is one."""
    is_report = ticket.origin is Origin.CUSTOMER_REPORT
    return is_report and bool(extraction.parties) and not any(party.is_reporter for party in extraction.parties)


def _staff_reports(extraction: Extraction, ticket: Ticket) -> bool:
    """The reporter is taken for staff, against the record: then whatever is done to them would count as aimed at staff."""
    person = ticket.participant(ticket.reporter)
    is_customer = person is not None and person.role in (Role.CLIENT, Role.FREELANCER, Role.AGENCY)
    return is_customer and any(party.is_reporter and party.role is Role.SUPPORT for party in extraction.parties)


def _unused(extraction: Extraction) -> int:
    """How many parties no fact uses. A dispute names nobody, and takes two."""
    named = {id for fact in extraction.facts for role in _PARTY_ROLES if (id := getattr(fact, role, None))}
    return sum(party.id not in named for party in extraction.parties) - (2 if extraction.disputes else 0)


def _lists_the_harms(facts: list[tuple[str, Harm, list[str]]]) -> bool:
    """Whether one party is said to threaten, or to have done, most kinds of harm in one and the same sentence."""
    harms: dict[tuple[str, str], set[Harm]] = defaultdict(set)
    for by, harm, evidence in facts:
        for id in evidence:
            harms[by, id].add(harm)
    return any(len(kinds) >= FEWEST_HARMS_OF_A_SENTENCE for kinds in harms.values())
