"""Who the marks speak of: the reporter, the other party, a third person, staff; as parties of an extraction.

A person on record keeps their role. Where the records name nobody, the other party is the opposite of the reporter. Where
several others are on record, the one whom a sentence names is meant, else the one last named, else the first.
"""

import re
from collections.abc import Mapping

from copilot.core.extraction import ExtractedParty
from copilot.core.sentences import Sentence
from copilot.core.ticket import Participant, Ticket
from copilot.core.vocabulary import CUSTOMERS, Origin, Role
from copilot.readers.embedded.labels import OTHER, REPORTER, STAFF, THIRD

LONGEST_NAME = 80
ACCUSING = 0.1
"""The other party is named as the actor only where a third person, or nobody known, is this much less likely."""
_OPPOSITE = {Role.CLIENT: Role.FREELANCER, Role.FREELANCER: Role.CLIENT, Role.AGENCY: Role.CLIENT}


class People:
    """The people of one ticket. `reporter_role` is what the model takes the reporter for where the records do not say."""

    def __init__(self, ticket: Ticket, reporter_role: Role) -> None:
        self._ticket = ticket
        on_record = {person.id: person for person in ticket.participants}
        self._reporter = on_record.get(ticket.reporter) if ticket.reporter else None
        self.reporter_role = self._reporter.role if self._reporter else reporter_role
        self._is_report = ticket.origin is Origin.CUSTOMER_REPORT or self._reporter is not None
        self._others = [one for one in ticket.participants if one is not self._reporter and one.role is not Role.SUPPORT]
        self._last = self._others[0] if self._others else None
        self._named: list[Participant] = []
        self._ids: dict[str, str] = {}
        self._parties: list[ExtractedParty] = []
        if self._is_report:
            self._party(REPORTER, self.reporter_role, self._reporter, is_reporter=True)

    @property
    def parties(self) -> list[ExtractedParty]:
        """The reporter, and everybody who was asked for."""
        return self._parties

    def pair(self, by: Mapping[str, float], on: Mapping[str, float]) -> tuple[str, str]:
        """The ids of the likeliest actor and of the likeliest other person who suffers it, in the sentence heard last."""
        actor = max(by, key=lambda who: by[who])
        if actor == OTHER and by[THIRD] > ACCUSING * by[OTHER]:
            actor = THIRD
        victim = max((who for who in on if who != actor), key=lambda who: on[who])
        first = self._id(actor, self._named)
        second = self._id(victim, [one for one in self._named if self._ids.get(one.id) != first])
        return first, second if second != first else self._id(THIRD if actor != THIRD else OTHER, [])

    def hear(self, sentence: Sentence) -> None:
        """Note whom a sentence names, in its order, or whose it is; who is named last is meant by the next ones."""
        places = [(_place(name, sentence.text), one) for one in self._others for name in _names(one)]
        self._named = [one for place, one in sorted(places, key=lambda pair: pair[0]) if place >= 0]
        self._named = self._named or [one for one in self._others if one.id == sentence.author]
        if self._named:
            self._last = self._named[0]

    def _id(self, who: str, named: list[Participant]) -> str:
        if who == STAFF:
            staff = next((one for one in self._ticket.participants if one.role is Role.SUPPORT), None)
            return self._party(STAFF, Role.SUPPORT, staff)
        if who == REPORTER and self._is_report:
            return self._party(REPORTER, self.reporter_role, self._reporter, is_reporter=True)
        if who == OTHER:
            meant = named[0] if named else self._last
            return self._party(meant.id if meant else OTHER, meant.role if meant else self._opposite(), meant)
        second = next((one for one in self._others if one is not self._last), None) if not self._is_report else None
        return self._party(second.id if second else THIRD, second.role if second else Role.UNKNOWN, second)

    def _opposite(self) -> Role:
        return _OPPOSITE.get(self.reporter_role, Role.UNKNOWN)

    def _party(self, key: str, role: Role, person: Participant | None, is_reporter: bool = False) -> str:
        if key not in self._ids:
            self._ids[key] = f"p{len(self._ids) + 1}"
            name = self._shown_name(person) if person else None
            self._parties.append(ExtractedParty(id=self._ids[key], role=role, is_reporter=is_reporter, name=name))
        return self._ids[key]

    def _shown_name(self, person: Participant) -> str | None:
        """A person's name where the messages hold it."""
        if not person.name or len(person.name) > LONGEST_NAME:
            return None
        spoken = (person.name, person.name.split()[0]) if person.name.split() else ()
        return next((name for name in spoken if any(name in message.text for message in self._ticket.messages)), None)


def _names(person: Participant) -> list[str]:
    """The words by which a sentence may name a person: the first name, and the role in English."""
    first = (person.name or "").split()[:1]
    return [word.casefold() for word in (*first, str(person.role) if person.role in CUSTOMERS else "") if len(word) > 1]


def _place(word: str, text: str) -> int:
    """Where a text has a word; -1 where it has not."""
    found = re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])" if word.isascii() else re.escape(word), text.casefold())
    return found.start() if found else -1
