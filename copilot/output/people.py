"""How a note calls people: by their role, and by a number where several have it; never by an id or a name.

Comes in: the parties of a ticket. Goes out: words for each, in which nothing is a customer's.
"""

from collections import Counter
from collections.abc import Mapping

from copilot.core.facts import Facts, Party
from copilot.core.vocabulary import Role
from copilot.output.wording import words


def people(facts: Facts) -> Mapping[str, str]:
    """What each party is called, by its id: `the client`, `freelancer 2`, `somebody unknown`."""
    kinds = {party.id: _kind(party) for party in facts.parties}
    several = {kind for kind, count in Counter(kinds.values()).items() if count > 1}
    met: Counter[str] = Counter()
    found: dict[str, str] = {}
    for id, kind in kinds.items():
        met[kind] += 1
        found[id] = words(f"written.people.{kind}", n=met[kind]) if kind in several else words(f"written.person.{kind}")
    return found


def capitalised(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def _kind(party: Party) -> str:
    """The role, or what is known of somebody who has none: that they report, or at least their name."""
    if party.role is not Role.UNKNOWN:
        return party.role.value
    if party.is_reporter:
        return "reporter"
    return "named" if party.name else "nobody"
