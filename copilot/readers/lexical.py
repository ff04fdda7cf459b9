"""The embedded reader: a ticket to an extraction by a lexicon, with no model and no network.

It is the default without a key, the fallback when the model is out of reach, the baseline of every evaluation and
the second opinion. The same ticket always gives the same reading. It does nothing that a ticket tells it to do.
"""

import asyncio
import time
from dataclasses import dataclass

from copilot.mentions import Mentions
from copilot.readers.base import Reading, ReadOutcome
from copilot.readers.lexicon_engine.assemble import Assembler
from copilot.readers.lexicon_engine.reader import mark
from copilot.readers.lexicon_engine.write import Writer
from copilot.sentences import Sentences
from copilot.settings import Settings
from copilot.ticket import Ticket

EXTRACTOR = "lexical"


@dataclass(frozen=True, slots=True)
class LexicalReader:
    """Reads tickets by the lexicon; of the settings it uses the marketplace's name only."""

    settings: Settings

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read a ticket. Where no sentence is in a known language the outcome says so and there is no extraction."""
        started = time.monotonic()
        marked = mark(ticket, sentences, self.settings.marketplace)
        if not marked.languages:
            letters = any(char.isalpha() for sentence in sentences for char in sentence.text)
            outcome = ReadOutcome.LANGUAGE_UNSUPPORTED if letters else ReadOutcome.UNREADABLE
            return Reading(None, outcome, extractor=EXTRACTOR, seconds=time.monotonic() - started)
        found = Assembler(marked.cast, marked.views).read()
        if Mentions(ticket, sentences).of_anybody_else() is False:
            found.leave_out_own_doings(marked.cast.reporter, marked.views)
        extraction = Writer(marked.cast, marked.views).write(found)
        seconds = time.monotonic() - started
        return Reading(extraction, ReadOutcome.OK, extractor=EXTRACTOR, unread=marked.unread, seconds=seconds)

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """The same, off the event loop."""
        return await asyncio.to_thread(self.read, ticket, sentences)
