"""The embedded reader: a ticket to an extraction by a small trained model, on this machine, with no network.

It is the default without a key, the fallback when the model server is out of reach, and the second opinion. The same ticket
gives the same reading on every machine. It does nothing that a ticket tells it to do: it marks sentences.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.readers.base import Reading, ReadOutcome

EXTRACTOR = "embedded"
TRAINED_ON = "Upwork"
"""What the marketplace is called in the tickets that the model learned from."""

Read = Callable[[Ticket, Sentences], Reading]
Run = Callable[[Read, Ticket, Sentences], Awaitable[Reading]]
"""Has a reader read somewhere beside the event loop. Raises `TimeoutError` where it never came to that."""


@dataclass(frozen=True)
class EmbeddedReader:
    """Reads tickets with the model that the package carries, for at most `seconds` each; the first window is always read.

    `floor` keeps every threshold from going under it: beside a model, which seldom errs, what is only likely says little.
    `marketplace` is the name that tickets use for it. `run` is how an event loop has it compute: else in any thread.
    """

    marketplace: str = TRAINED_ON
    seconds: float = 60.0
    run: Run | None = None
    floor: float = 0.0

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read a ticket. Where no sentence can be read the outcome says so and there is no extraction."""
        from copilot.readers.embedded.reading import read_once  # noqa: PLC0415 - it loads ONNX Runtime, for who reads at all

        return read_once(ticket, sentences, self.marketplace, self.seconds, self.floor)

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """The same, off the event loop."""
        if self.run is None:
            return await asyncio.to_thread(self.read, ticket, sentences)
        started = time.monotonic()

        def read(ticket: Ticket, sentences: Sentences) -> Reading:
            return replace(self, seconds=self.seconds - (time.monotonic() - started)).read(ticket, sentences)

        try:
            async with asyncio.timeout(self.seconds) as limit:
                return await self.run(read, ticket, sentences)
        except TimeoutError:
            if not limit.expired():
                raise
        unread = tuple(sentence.id for sentence in sentences)
        return Reading(None, ReadOutcome.TIMEOUT, extractor=EXTRACTOR, unread=unread, seconds=self.seconds)
