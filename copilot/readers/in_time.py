"""A reader that computes, kept to a deadline: a long ticket is read in overlapping windows, and what was not read is told.

Comes in: any reader whose work is its own, such as the embedded one. Goes out: one reading of all windows that were read in
time; the sentences of the others stand in `unread`. With `run`, each window is read where it can be stopped, so that nothing
holds longer than the deadline; without, the clock is looked at between two windows. A short ticket is one window, and read
as it is.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from copilot.readers import windows
from copilot.readers.base import Reader, Reading, ReadOutcome
from copilot.sentences import Sentence, Sentences
from copilot.ticket import Ticket

WINDOW_CHARACTERS = 12_000
OVERLAP_SENTENCES = 6

Read = Callable[[Ticket, Sentences], Reading]
Run = Callable[[Read, Ticket, Sentences, float], Awaitable[Reading]]
"""Reads one window somewhere for at most so many seconds. Raises `TimeoutError` past them."""
Window = tuple[Ticket, Sentences]


@dataclass(frozen=True)
class InTimeReader:
    """Reads with `reader` for at most `seconds` a ticket; the first window is always begun."""

    reader: Reader
    seconds: float
    run: Run | None = None

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read a ticket here."""
        started = time.monotonic()
        readings: list[Reading] = []
        planned = _windows(ticket, sentences)
        for window in planned:
            if readings and time.monotonic() - started >= self.seconds:
                break
            readings.append(self.reader.read(*window))
        return _one(planned, readings, time.monotonic() - started)

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read a ticket without blocking."""
        if self.run is None:
            return await asyncio.to_thread(self.read, ticket, sentences)
        started = time.monotonic()
        readings: list[Reading] = []
        planned = await asyncio.to_thread(_windows, ticket, sentences)
        for window in planned:
            try:
                readings.append(await self.run(self.reader.read, *window, self.seconds - (time.monotonic() - started)))
            except TimeoutError:
                break
        return await asyncio.to_thread(_one, planned, readings, time.monotonic() - started)


def _windows(ticket: Ticket, sentences: Sentences) -> list[Window]:
    """A long ticket in parts, each with the messages that it is about."""
    sizes = {sentence.id: max(1, len(sentence.text)) for sentence in sentences}
    if sum(sizes.values()) <= WINDOW_CHARACTERS:
        return [(ticket, sentences)]
    runs = windows.plan(sentences.all, sizes, WINDOW_CHARACTERS, OVERLAP_SENTENCES)
    return [(_about(ticket, run), Sentences(run)) for run in runs]


def _about(ticket: Ticket, run: Sequence[Sentence]) -> Ticket:
    named = {sentence.message for sentence in run}
    return ticket.model_copy(update={"messages": tuple(one for one in ticket.messages if one.id in named)})


def _one(planned: Sequence[Window], readings: Sequence[Reading], seconds: float) -> Reading:
    """One reading out of the windows that were read, the first so many of those planned."""
    if len(planned) == 1 and readings:
        return readings[0]
    worked = [reading for reading in readings if reading.extraction is not None]
    missed: dict[str, None] = {}
    seen: set[str] = set()
    for number, (_, sentences) in enumerate(planned):
        reading = readings[number] if number < len(readings) else None
        unread = {one.id for one in sentences} if reading is None or reading.extraction is None else set(reading.unread)
        missed |= dict.fromkeys(one.id for one in sentences if one.id in unread)
        seen |= {one.id for one in sentences} - unread
    left = tuple(id for id in missed if id not in seen)
    if not worked:
        failed = readings[0] if readings else Reading(None, ReadOutcome.TIMEOUT, extractor="none")
        return replace(failed, unread=left, seconds=seconds)
    extraction = windows.joined([one.extraction for one in worked if one.extraction is not None])
    return replace(worked[0], extraction=extraction, unread=left, seconds=seconds)
