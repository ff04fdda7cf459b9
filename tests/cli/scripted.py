"""A reader for tests of everything but reading: it finds what plain marks in the text say, and can be slow."""

import asyncio
import os
from pathlib import Path

from copilot.core.extraction import Extraction
from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.readers.base import Reading, ReadOutcome

PARTIES = [
    {"id": "p1", "role": "client", "is_reporter": True, "name": None},
    {"id": "p2", "role": "freelancer", "is_reporter": False, "name": None},
]


class ScriptedReader:
    """A sentence with THREAT is a threat, one with DEMAND a demand for money; BUG raises what no reader should.

    `ends_as` says how the next readings end; a failed one was read by the reader behind, as a fallback would.
    """

    def __init__(self, seconds: float = 0.0, log: Path | None = None) -> None:
        self.seconds = seconds
        self.log = log
        self.in_flight = 0
        self.most_in_flight = 0
        self.closed = 0
        self.ends_as: list[ReadOutcome] = []

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        if self.log:
            with os.fdopen(os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT), "w") as log:
                log.write(f"{ticket.messages[0].text}\n")
        found = Extraction.empty().model_dump() | {"parties": PARTIES}
        for sentence in sentences:
            if "BUG" in sentence.text:
                raise KeyError(sentence.text)
            cited = {"by": "p2", "evidence": [sentence.id]}
            if "THREAT" in sentence.text:
                found["threats"].append({**cited, "against": "p1", "harm": "destroy", "asset": "website"})
            if "DEMAND" in sentence.text:
                found["demands"].append({**cited, "of": "p1", "kind": "money"})
        if self.ends_as and self.ends_as[0].failed:
            return Reading(Extraction.model_validate(found), self.ends_as.pop(0), extractor="scripted", degraded=True)
        self.ends_as = self.ends_as[1:]
        return Reading(Extraction.model_validate(found), ReadOutcome.OK, extractor="scripted")

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self.seconds)
            return self.read(ticket, sentences)
        finally:
            self.in_flight -= 1

    async def aclose(self) -> None:
        self.closed += 1
