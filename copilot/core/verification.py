"""Keep only what the ticket really says: an extraction in, verified facts out.

A fact that cites a sentence which does not exist, cites none, or names a party that does not exist (or itself as
its victim) is dropped and kept aside with the reason. It is never repaired: policy acts on a wrong fact, while it
asks about a missing one. A party's name that is no exact substring of the ticket is taken away in the same manner.
Where a ticket names nobody who did it, the fact is kept and its actor is somebody unknown (see `actors.py`).
Parties are numbered p1, p2, … and facts f1, f2, … in their order, so that no id of a reader's invention goes any further.
"""

from dataclasses import replace

from copilot.core.actors import without_accusations
from copilot.core.extraction import FACT_LISTS, Extraction
from copilot.core.facts import (
    MAX_NAME_CHARACTERS,
    Dispute,
    Dropped,
    DropReason,
    Fact,
    Facts,
    Party,
    as_told,
    merged,
    numbered,
    other_side,
    renamed,
)
from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket


def verify(ticket: Ticket, sentences: Sentences, extraction: Extraction, by_person: bool = False) -> Facts:
    """Check every fact of an extraction against its ticket.

    Facts that say the same are merged and their evidence joined, in ticket order. Who did something is a reader's guess
    where no sentence speaks of them, and is taken away; a person who says it (`by_person`) may know it from elsewhere.
    """
    if not by_person:
        extraction = without_accusations(ticket, sentences, extraction)
    kept, parties, dropped = _checked(ticket, sentences, extraction)
    order = {sentence.id: position for position, sentence in enumerate(sentences)}
    return Facts(tuple(parties), numbered(merged(kept, order.__getitem__)), tuple(dropped))


def unverifiable(ticket: Ticket, sentences: Sentences, extraction: Extraction) -> tuple[Dropped, ...]:
    """What of an extraction the ticket does not bear out, for whoever may ask its reader again."""
    _, _, dropped = _checked(ticket, sentences, extraction)
    return tuple(dropped)


class _PartyIds:
    """The id by which each party goes from here on; one that the extraction does not list gets a number with a question mark."""

    def __init__(self, extraction: Extraction) -> None:
        self._ids = {party.id: f"p{position}" for position, party in enumerate(extraction.parties, start=1)}
        self.known = frozenset(self._ids.values())

    def __call__(self, given: str) -> str:
        if given not in self._ids:
            self._ids[given] = f"?{len(self._ids) - len(self.known) + 1}"
        return self._ids[given]


def _checked(ticket: Ticket, sentences: Sentences, extraction: Extraction) -> tuple[list[Fact], list[Party], list[Dropped]]:
    """The facts and parties that the ticket bears out, and what is dropped from them."""
    ids = _PartyIds(extraction)
    kept: list[Fact] = []
    parties: list[Party] = []
    dropped: list[Dropped] = []
    told = [
        (name, index, renamed(as_told(fact), ids)) for name in FACT_LISTS for index, fact in enumerate(getattr(extraction, name))
    ]
    for name, index, fact in told:
        if reason := _fault(fact, ids.known, sentences):
            dropped.append(Dropped(name, index, fact, reason))
        else:
            kept.append(fact)
    for index, person in enumerate(extraction.parties):
        party = Party(ids(person.id), person.role, person.is_reporter, person.name)
        if party.name is not None and not _is_in_ticket(party.name, ticket):
            dropped.append(Dropped("parties", index, party, DropReason.UNKNOWN_NAME))
            party = replace(party, name=None)
        parties.append(party)
    return kept, parties, dropped


def _fault(fact: Fact, known: frozenset[str], sentences: Sentences) -> DropReason | None:
    if not fact.evidence:
        return DropReason.NO_EVIDENCE
    if not sentences.by_id.keys() >= set(fact.evidence):
        return DropReason.UNKNOWN_SENTENCE
    if isinstance(fact, Dispute):
        return None
    other = other_side(fact)
    if fact.by not in known or other not in known:
        return DropReason.UNKNOWN_PARTY
    return DropReason.SAME_PARTY if fact.by == other else None


def _is_in_ticket(name: str, ticket: Ticket) -> bool:
    places = [ticket.subject, *(person.name for person in ticket.participants if person.name), *(m.text for m in ticket.messages)]
    return 0 < len(name) <= MAX_NAME_CHARACTERS and any(name in place for place in places)
