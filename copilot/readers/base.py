"""What a reader is.

A reader never raises for a ticket it cannot read: it returns a `Reading` with the outcome, so that a fault
always ends in a suggestion.
"""

from typing import Protocol, runtime_checkable

from copilot.core.reading import Reading, ReadOutcome, Usage
from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket

__all__ = ["Closing", "ReadOutcome", "Reader", "Reading", "Usage", "close"]


@runtime_checkable
class Reader(Protocol):
    """Anything that can read a ticket. `aread` is the same for an event loop."""

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read a ticket; a fault is an outcome, never an exception."""
        ...

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read a ticket without blocking the event loop."""
        ...


@runtime_checkable
class Closing(Protocol):
    """A reader that holds connections, or is made of readers that may."""

    async def aclose(self) -> None:
        """Close what was opened, in the running event loop and outside of it. The reader may be used again."""
        ...


async def close(*readers: Reader) -> None:
    """Close those that have something to close."""
    for reader in readers:
        if isinstance(reader, Closing):
            await reader.aclose()
