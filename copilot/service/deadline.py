"""A reader that answers in time: past the deadline the embedded reader's reading is given, marked as degraded."""

import asyncio
from dataclasses import dataclass, replace

from copilot.readers.base import Reader, Reading, ReadOutcome
from copilot.readers.lexical import LexicalReader
from copilot.sentences import Sentences
from copilot.ticket import Ticket


@dataclass(frozen=True)
class DeadlineReader:
    """Reads with `first` for at most `seconds`; then `second` reads, and the outcome says `timeout`.

    An embedded reader has no deadline: nothing could answer in its place.
    """

    first: Reader
    second: Reader
    seconds: float

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read a ticket in a thread of its own event loop."""
        return asyncio.run(self.aread(ticket, sentences))

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read a ticket without blocking."""
        if isinstance(self.first, LexicalReader):
            return await self.first.aread(ticket, sentences)
        try:
            async with asyncio.timeout(self.seconds) as limit:
                return await self.first.aread(ticket, sentences)
        except TimeoutError:
            if not limit.expired():
                raise
        reading = await self.second.aread(ticket, sentences)
        return replace(reading, outcome=ReadOutcome.TIMEOUT, degraded=True, seconds=self.seconds + reading.seconds)
