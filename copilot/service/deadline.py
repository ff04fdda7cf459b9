"""A reader that answers in time: past the deadline the embedded reader's reading is given, marked as degraded."""

import asyncio
from dataclasses import dataclass, replace

from copilot.config.settings import Settings
from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.readers.base import Reader, Reading, ReadOutcome
from copilot.readers.embedded.reader import EmbeddedReader, Run

BEHIND_SECONDS = 5.0
"""What the embedded reader may take where another has used up the time."""


@dataclass(frozen=True)
class DeadlineReader:
    """Reads with `first` for at most `seconds`; then `second`, which keeps its own, reads, and the outcome says `timeout`."""

    first: Reader
    second: Reader
    seconds: float

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read a ticket in a thread of its own event loop."""
        return asyncio.run(self.aread(ticket, sentences))

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read a ticket without blocking."""
        try:
            async with asyncio.timeout(self.seconds) as limit:
                return await self.first.aread(ticket, sentences)
        except TimeoutError:
            if not limit.expired():
                raise
        reading = await self.second.aread(ticket, sentences)
        return replace(reading, outcome=ReadOutcome.TIMEOUT, degraded=True, seconds=self.seconds + reading.seconds)


def in_time(reader: Reader, seconds: float, run: Run | None) -> Reader:
    """A reader held to so many seconds. The embedded one needs no other behind it: what it has read by then counts."""
    if isinstance(reader, EmbeddedReader):
        return replace(reader, seconds=seconds)
    return DeadlineReader(reader, EmbeddedReader(Settings.from_environment().marketplace, BEHIND_SECONDS, run), seconds)
