"""A second opinion: what the embedded reader makes of the same ticket goes along with the first reader's answer.

It changes no fact and no route. `copilot.output.disagreement` compares the two once the facts are verified: the defence against
a ticket that talks a model into leaving something out, and against a model that reads nothing and answers in good form.

On an event loop both read at once, so that the second opinion is there when the model's answer comes. While the first reader does
not answer, the embedded one stands in for it, and is not asked for an opinion on its own reading.
"""

import asyncio
from dataclasses import dataclass, field, replace

from copilot.core.extraction import Extraction
from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.readers.base import Reader, Reading, close


@dataclass
class SecondOpinionReader:
    """Reads with `first`, and hands on in `second` what `beside` read; where `first` failed, nothing is beside it."""

    first: Reader
    beside: Reader
    _answers: bool = field(default=True, init=False, repr=False, compare=False)
    """Whether the first reader answered itself when it was last asked."""

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read twice."""
        reading = self.first.read(ticket, sentences)
        return _with(reading, self.beside.read(ticket, sentences)) if _is_own(reading) else reading

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read twice without blocking; both at once, as long as the first reader answers."""
        if not self._answers:
            reading = await self._first(ticket, sentences)
            return _with(reading, await self.beside.aread(ticket, sentences)) if _is_own(reading) else reading
        beside = asyncio.ensure_future(self.beside.aread(ticket, sentences))
        try:
            reading = await self._first(ticket, sentences)
            return _with(reading, await beside) if _is_own(reading) else reading
        finally:
            beside.cancel()
            await asyncio.gather(beside, return_exceptions=True)

    async def _first(self, ticket: Ticket, sentences: Sentences) -> Reading:
        reading = await self.first.aread(ticket, sentences)
        self._answers = _is_own(reading)
        return reading

    async def aclose(self) -> None:
        """Close both."""
        await close(self.first, self.beside)


def _is_own(reading: Reading) -> bool:
    """Whether the first reader answered itself: what the embedded one read in its place is not compared with itself."""
    return reading.extraction is not None and not reading.degraded


def _with(reading: Reading, beside: Reading) -> Reading:
    if beside.extraction is None:
        return reading
    return replace(reading, second=nameless(beside.extraction), second_unread=beside.unread)


def nameless(extraction: Extraction) -> Extraction:
    """The same facts without the only words of the ticket that an extraction holds: they are kept, and nobody reads them."""
    return extraction.model_copy(update={"parties": [party.model_copy(update={"name": None}) for party in extraction.parties]})
