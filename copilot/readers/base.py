"""What a reader is.

A reader never raises for a ticket it cannot read: it returns a `Reading` with the outcome, so that a fault
always ends in a suggestion.
"""

from typing import Protocol, runtime_checkable

from copilot.reading import Reading, ReadOutcome, Usage
from copilot.sentences import Sentences
from copilot.ticket import Ticket

__all__ = ["ReadOutcome", "Reader", "Reading", "Usage"]


@runtime_checkable
class Reader(Protocol):
    """Anything that can read a ticket. `aread` is the same for an event loop."""

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read a ticket; a fault is an outcome, never an exception."""
        ...

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read a ticket without blocking the event loop."""
        ...
