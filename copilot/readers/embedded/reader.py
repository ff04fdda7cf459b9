"""The embedded reader: a ticket to an extraction by a small trained model, on this machine, with no network.

It is the default without a key, the fallback when the model server is out of reach, and the second opinion. The same ticket
gives the same reading on every machine. It does nothing that a ticket tells it to do: it marks sentences.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import numpy as np

from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.readers.base import Reading, ReadOutcome
from copilot.readers.embedded.assemble import assemble, confidence, doubtful, standing
from copilot.readers.embedded.encoder import Text, text_of
from copilot.readers.embedded.model import model
from copilot.readers.embedded.readable import is_readable

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
        started = time.monotonic()
        trained = model()
        text = self._as_trained(text_of(ticket, sentences))
        marks = trained.marks(text, self.seconds)
        unread = [bool(np.isnan(row[0])) for row in marks]
        for place, sentence in enumerate(sentences):
            unread[place] = unread[place] or not is_readable(sentence.text, trained.encoder.pieces(sentence.text))
        lettered = [any(char.isalpha() for char in sentence.text) for sentence in sentences]
        if not any(letters and not missed for letters, missed in zip(lettered, unread, strict=True)):
            outcome = ReadOutcome.LANGUAGE_UNSUPPORTED if any(lettered) else ReadOutcome.UNREADABLE
            return Reading(None, outcome, extractor=EXTRACTOR, seconds=time.monotonic() - started)
        marks[unread] = 0
        marks = standing(marks)
        thresholds = trained.thresholds.at_least(self.floor)
        return Reading(
            assemble(ticket, sentences, marks, thresholds),
            ReadOutcome.OK,
            extractor=EXTRACTOR,
            confidence=confidence(sentences, marks),
            unsure=tuple(list(sentences)[place].id for place in doubtful(marks, thresholds)),
            unread=tuple(sentence.id for sentence, missed in zip(sentences, unread, strict=True) if missed),
            seconds=time.monotonic() - started,
        )

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

    def _as_trained(self, text: Text) -> Text:
        """The text with the marketplace called as the model knows it."""
        if self.marketplace.casefold() == TRAINED_ON.casefold():
            return text
        name = re.compile(rf"(?<!\w){re.escape(self.marketplace)}(?!\w)", re.IGNORECASE)
        return replace(text, sentences=tuple((role, name.sub(TRAINED_ON, one)) for role, one in text.sentences))
