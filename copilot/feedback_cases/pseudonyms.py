"""A ticket and its facts under other names: ids, people, addresses and numbers replaced alike in all of them.

Comes in: a ticket, facts about it, names that readings found. Goes out: the same story about nobody. Times of messages
are left out. Where the sentences do not stay one for one, there are no facts: their evidence would point elsewhere.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from copilot.core.extraction import FACT_LISTS, ExtractedParty, Extraction
from copilot.core.sentences import cut
from copilot.core.ticket import Message, Participant, Ticket
from copilot.feedback_cases.masks import Masks
from copilot.feedback_cases.names import Names

_PLAIN_WORDS = "client freelancer agency support unknown customer agent reporter buyer seller user admin"
_ROLE_WORDS = frozenset(_PLAIN_WORDS.split())
"""Ids that tell nothing and may stand in a text as words."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """The story about nobody; `extraction` None: there was none, or its evidence could not be kept."""

    ticket: Ticket
    extraction: Extraction | None


def pseudonymised(ticket: Ticket, extraction: Extraction | None, names: Iterable[str], id: str) -> Hidden:
    """The ticket under `id`, with its facts."""
    cover = _Cover(ticket, names)
    hidden = cover.ticket(ticket, id)
    if extraction is None:
        return Hidden(hidden, None)
    before, after = cut(ticket).all, cut(hidden).all
    if [_place(one.message, ticket) for one in before] != [_place(one.message, hidden) for one in after]:
        return Hidden(hidden, None)
    new_ids = {old.id: new.id for old, new in zip(before, after, strict=True)}
    return Hidden(hidden, cover.extraction(extraction, new_ids, hidden))


def _place(message_id: str, ticket: Ticket) -> int:
    return next(place for place, message in enumerate(ticket.messages) if message.id == message_id)


class _Cover:
    """What stands for what in one ticket."""

    def __init__(self, ticket: Ticket, names: Iterable[str]) -> None:
        texts = "\n".join((ticket.subject, *(message.text for message in ticket.messages)))
        people = [person.name for person in ticket.participants if person.name]
        self._names = Names([*people, *names], texts)
        self._masks = Masks()
        self._ids = {person.id: f"person-{place}" for place, person in enumerate(ticket.participants, start=1)}
        telling = [id for id in self._ids if len(id) > 3 and id.casefold() not in _ROLE_WORDS]
        self._spelt_out = re.compile(
            "|".join(rf"(?<!\w){re.escape(id)}(?!\w)" for id in sorted(telling, key=len)[::-1]) or r"(?!)"
        )

    def hide(self, text: str) -> str:
        """Any text of the ticket. Addresses go first: a name can be a part of one."""
        return self._names.hide(self._spelt_out.sub(lambda match: self._ids[match[0]], self._masks.hide(text)))

    def ticket(self, ticket: Ticket, id: str) -> Ticket:
        """The ticket, with people and messages numbered."""
        people = tuple(
            Participant(id=self._ids[one.id], role=one.role, name=self.hide(one.name) if one.name else None)
            for one in ticket.participants
        )
        messages = tuple(
            Message(id=f"m{place}", author=self._ids.get(one.author or ""), text=self.hide(one.text))
            for place, one in enumerate(ticket.messages, start=1)
        )
        return Ticket(
            id=id,
            subject=self.hide(ticket.subject),
            origin=ticket.origin,
            reporter=self._ids.get(ticket.reporter or ""),
            participants=people,
            messages=messages,
            context=ticket.context,
        )

    def extraction(self, extraction: Extraction, new_ids: dict[str, str], hidden: Ticket) -> Extraction:
        """The facts, with the sentences that they cite in order; one that cites what is not there keeps what is."""
        order = {id: place for place, id in enumerate(new_ids.values())}

        def cited(evidence: list[str]) -> list[str]:
            return sorted({new_ids[id] for id in evidence if id in new_ids}, key=order.__getitem__)

        lists = {
            name: [fact.model_copy(update={"evidence": cited(fact.evidence)}) for fact in getattr(extraction, name)]
            for name in FACT_LISTS
        }
        return extraction.model_copy(update={"parties": [self._party(one, hidden) for one in extraction.parties], **lists})

    def _party(self, party: ExtractedParty, hidden: Ticket) -> ExtractedParty:
        """A party under its new name, which has to stand in the ticket like the old one."""
        name = self.hide(party.name) if party.name else None
        places = (hidden.subject, *(one.name or "" for one in hidden.participants), *(one.text for one in hidden.messages))
        return party.model_copy(update={"name": name if name and any(name in place for place in places) else None})
