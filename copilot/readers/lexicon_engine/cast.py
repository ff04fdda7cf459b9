"""Who is in a ticket: the reporter, the other side, and anybody else it speaks of.

Persons are keys while the ticket is read: a participant's id, or one of the made-up keys below. Only those that a
fact names become parties.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.ticket import Ticket
from copilot.vocabulary import Origin, Role

REPORTER = "\0reporter"
OTHER = "\0other"
SECOND = "\0second"
RELATIVE = "\0relative"
SUPPORT = "\0support"
_LONGEST_NAME = 80
_OPPOSITE = {Role.CLIENT: Role.FREELANCER, Role.FREELANCER: Role.CLIENT, Role.AGENCY: Role.CLIENT}
_ROLES = {"client": Role.CLIENT, "freelancer": Role.FREELANCER, "agency": Role.AGENCY}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody. `name` is as the records or the ticket give it."""

    key: str
    role: Role
    name: str | None = None


class Cast:
    """The people of one ticket."""

    def __init__(self, ticket: Ticket, mentions: Counter[str]) -> None:
        self._ticket = ticket
        self.people: dict[str, Person] = {}
        for one in ticket.participants:
            self.people[one.id] = Person(one.id, one.role, one.name)
        self.reporter = self._find_reporter(mentions)
        self._add_others(mentions)

    def _find_reporter(self, mentions: Counter[str]) -> str | None:
        if self._ticket.reporter is not None:
            return self._ticket.reporter
        if self._ticket.origin is Origin.AGENT_OBSERVATION:
            return None
        self.people[REPORTER] = Person(REPORTER, _own_role(mentions))
        return REPORTER

    def _add_others(self, mentions: Counter[str]) -> None:
        others = self.others()
        if self.reporter is not None:
            if not others:
                role = _OPPOSITE.get(self.people[self.reporter].role) or _most_named(mentions)
                self.people[OTHER] = Person(OTHER, role)
            return
        for key, role in ((OTHER, Role.CLIENT), (SECOND, Role.FREELANCER)):
            if not any(self.people[one].role is role for one in others) and len(self.others()) < 2:
                self.people[key] = Person(key, role)

    def others(self) -> list[str]:
        """Everybody but the reporter and support."""
        return [key for key, one in self.people.items() if key not in (self.reporter, RELATIVE) and one.role is not Role.SUPPORT]

    def is_support(self, key: str | None) -> bool:
        """True for an agent, or for nobody."""
        return key is None or key == SUPPORT or (key in self.people and self.people[key].role is Role.SUPPORT)

    def staff(self) -> str:
        """A person of support on the ticket, or support as such."""
        known = [key for key, one in self.people.items() if one.role is Role.SUPPORT]
        if not known:
            self.people[SUPPORT] = Person(SUPPORT, Role.SUPPORT)
        return known[0] if known else SUPPORT

    def opponent(self, key: str | None) -> str | None:
        """The other side, as seen from a person."""
        others = [one for one in self.others() if one != key]
        if key in (self.reporter, RELATIVE) or self.is_support(key):
            return others[0] if others else None
        return (
            self.reporter if self.reporter is not None and not self.is_support(self.reporter) else (others[0] if others else None)
        )

    def by_role(self, concept: str, seen_from: str | None) -> str | None:
        """Whom «the client» means."""
        role = _ROLES.get(concept)
        if role is None:
            return None
        fits = [key for key in [*self.others(), self.reporter] if key is not None and self.people[key].role is role]
        fits = [key for key in fits if key != seen_from] or fits
        if fits:
            return fits[0]
        unknown = [key for key in self.others() if self.people[key].role is Role.UNKNOWN and key != seen_from]
        return unknown[0] if unknown else self.opponent(seen_from)

    def shown_name(self, key: str) -> str | None:
        """A person's name where the ticket's messages hold it."""
        name = self.people[key].name if key in self.people else None
        if not name or len(name) > _LONGEST_NAME:
            return None
        return next(
            (one for one in (name, name.split()[0]) if any(one in message.text for message in self._ticket.messages)), None
        )

    def names(self) -> dict[str, str]:
        """Folded first names and ids -> key, for mentions by name."""
        found: dict[str, str] = {}
        for key, one in self.people.items():
            for word in (one.name or "").split()[:1] + ([key] if not key.startswith("\0") else []):
                plain = re.sub(r"[^\w]", "", word).casefold()
                if len(plain) > 2 and plain not in _ROLES and plain != "support":
                    found.setdefault(plain, key)
        return found


def _own_role(mentions: Counter[str]) -> Role:
    client, freelancer = mentions["self_client"], mentions["self_freelancer"]
    if client == freelancer:
        if mentions["client"] == mentions["freelancer"]:
            return Role.UNKNOWN
        return Role.FREELANCER if mentions["client"] > mentions["freelancer"] else Role.CLIENT
    return Role.CLIENT if client > freelancer else Role.FREELANCER


def _most_named(mentions: Counter[str]) -> Role:
    named: Sequence[tuple[str, int]] = [(concept, mentions[concept]) for concept in _ROLES if mentions[concept]]
    return _ROLES[max(named, key=lambda pair: pair[1])[0]] if named else Role.UNKNOWN
