"""A second opinion: strong cues that the lexical reader sees and the first reader's facts do not cite.

It changes no fact and no route. It is the defence against a ticket that talks a model into leaving something out.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from copilot.extraction import Extraction
from copilot.readers.base import Reader, Reading
from copilot.sentences import Sentences
from copilot.ticket import Ticket

StrongCues = Callable[[Ticket, Sentences], tuple[str, ...]]
"""Gives the ids of sentences with a strong cue of a threat, a demand under threat, or a breach."""


@dataclass(frozen=True)
class SecondOpinionReader:
    """Reads with `first` and reports in `uncited` what `strong_cues` saw beside its facts."""

    first: Reader
    strong_cues: StrongCues

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read, then compare."""
        return self._compare(self.first.read(ticket, sentences), ticket, sentences)

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read without blocking, then compare."""
        reading = await self.first.aread(ticket, sentences)
        return await asyncio.to_thread(self._compare, reading, ticket, sentences)

    def _compare(self, reading: Reading, ticket: Ticket, sentences: Sentences) -> Reading:
        if reading.extraction is None or reading.degraded:
            return reading
        cited = _cited(reading.extraction)
        return replace(reading, uncited=tuple(id for id in self.strong_cues(ticket, sentences) if id not in cited))


def _cited(extraction: Extraction) -> frozenset[str]:
    """Sentences cited by a threat, demand or damage claim; a dispute alone does not answer a strong cue."""
    lists = ([fact.evidence for fact in facts] for facts in (extraction.threats, extraction.demands, extraction.damage_claims))
    return frozenset(id for evidence in lists for ids in evidence for id in ids)
