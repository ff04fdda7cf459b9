"""The second reading of a run's tickets in a process of its own, on another core, while a model is asked about them.

Comes in: a run folder. Goes out: for each case that is not done, in their order, one line of JSON with the digest of its
ticket and what the embedded reader reads in it. The process reads ahead as far as the pipe takes, and ends with whoever
started it. It changes no result: what it does not tell is read here.
"""

import asyncio
import gc
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import IO

from copilot.evaluation.beside import WORTH_A_PROCESS, process_beside
from copilot.evaluation.folder import done_in, read_manifest, stored_cases
from copilot.evaluation.recordings import digest_of
from copilot.extraction import Extraction
from copilot.readers.base import Reader, Reading, ReadOutcome
from copilot.readers.second import SecondOpinionReader
from copilot.sentences import Sentences, cut
from copilot.settings import Settings
from copilot.ticket import Ticket


@contextmanager
def second_reading_beside(reader: Reader, folder: Path, count: int) -> Iterator[Reader]:
    """The same reader, with its second reading in another process where there is one and `count` cases are worth it."""
    if not isinstance(reader, SecondOpinionReader) or count < WORTH_A_PROCESS:
        yield reader
        return
    with process_beside("copilot.evaluation.second_reading", str(folder)) as process:
        told = _Told(process.stdout, reader.beside) if process and process.stdout else None
        yield replace(reader, beside=told) if told else reader


class _Told:
    """A reader that hands on what the other process has told so far. Any thread may ask."""

    def __init__(self, lines: IO[bytes], here: Reader) -> None:
        self._lines = lines
        self._here = here
        self._readings: dict[str, Reading] = {}
        self._lock = Lock()

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """The reading of a ticket, as soon as it is told; made here where the process ended without it."""
        digest = digest_of(ticket)
        with self._lock:
            while digest not in self._readings:
                line = self._lines.readline()
                if not line.endswith(b"\n"):
                    return self._here.read(ticket, sentences)
                told = json.loads(line)
                extraction = Extraction.model_validate(told["extraction"]) if told["extraction"] else None
                self._readings[told["ticket"]] = Reading(extraction, ReadOutcome(told["outcome"]), extractor=told["extractor"])
        return self._readings[digest]

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """The same, off the event loop."""
        return await asyncio.to_thread(self.read, ticket, sentences)


def main(folder: Path) -> None:
    """Tell the reading of each case that is not done."""
    from copilot.readers.lexical import LexicalReader  # noqa: PLC0415 - only this process needs it

    made, done = read_manifest(folder), done_in(folder)
    reader = LexicalReader(Settings(marketplace=made.marketplace))
    for case in stored_cases(folder).cases:
        if all((case.id, sample) in done for sample in range(made.samples)):
            continue
        reading = reader.read(case.ticket, cut(case.ticket))
        told = {
            "ticket": digest_of(case.ticket),
            "outcome": reading.outcome,
            "extractor": reading.extractor,
            "extraction": reading.extraction and reading.extraction.model_dump(mode="json"),
        }
        sys.stdout.write(f"{json.dumps(told)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # nobody listens any more: end without a word
    gc.disable()  # reading leaves no cycles behind, and looking for them costs a third of making a lexicon ready
    main(Path(sys.argv[1]))
