"""Whether two tickets tell the same, although two consoles, or a hook and a panel, hand them over in different ways.

Comes in: a ticket and its sentences, the copilot's own notes left out. Goes out: a digest. Ids of messages, times, names and
white space make no difference; who said what, and in which order, does.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Protocol

from copilot.core.ticket import Ticket
from copilot.output.suggestion import Suggestion


class Piece(Protocol):
    """A sentence, as cut or as shown."""

    @property
    def message(self) -> str: ...  # noqa: D102 - the sentence's own
    @property
    def text(self) -> str: ...  # noqa: D102


def told(ticket: Ticket, pieces: Iterable[Piece]) -> str:
    """A SHA-256 digest of what a ticket tells."""
    words: dict[str, list[str]] = {}
    for piece in pieces:
        words.setdefault(piece.message, []).append(bare(piece.text))
    said = [(_who(ticket, ticket.author_of(one)), "".join(words.get(one.id, ()))) for one in ticket.messages]
    whole = [ticket.origin.value, ticket.is_partial, bare(ticket.subject), [one for one in said if one[1]]]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()


def told_in(ticket: Ticket, suggestion: Suggestion) -> str:
    """The same of a ticket that a suggestion was made for."""
    own = frozenset(suggestion.provenance.own_notes)
    return told(ticket, (one for one in suggestion.sentences if one.id not in own))


def bare(text: str) -> str:
    """Text without white space."""
    return "".join(text.split())


def _who(ticket: Ticket, author: str | None) -> tuple[str | None, bool]:
    person = ticket.participant(author)
    return (person.role.value if person else None, author == ticket.reporter)
