"""The second reader of a run: it reads each ticket once, however often the ticket is sampled, and in however many runs.

Comes in: the embedded reader that stands beside a model, and a folder. Goes out: a reader that gives the same readings. They
are kept under the digest of the ticket, in a file named by the digest of all that makes a reading: another model, other code or
another marketplace begins another file. A line holds ids and facts, and no word of a ticket. The folder may be deleted at any
time; where it cannot be written, nothing is kept. A reading that ran out of time is never kept.
"""

import asyncio
import hashlib
import os
from asyncio import Task
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

from pydantic import ValidationError

from copilot.core.closed import Closed
from copilot.core.extraction import Extraction
from copilot.core.reading import Reading, ReadOutcome
from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.evaluation.run.recordings import digest_of
from copilot.readers.embedded.identity import identity
from copilot.readers.embedded.reader import EXTRACTOR, EmbeddedReader
from copilot.readers.second import nameless
from copilot.runs.private import make_folder, open_private

FOLDER = "second-readings"


class _Kept(Closed):
    """One line: what the second reader made of a ticket, without the names in it."""

    ticket: str
    outcome: ReadOutcome
    extraction: Extraction | None
    unread: tuple[str, ...]


class SecondReadings:
    """Reads as `reader` does, and remembers, in a file under `folder`. Close it with `aclose`."""

    def __init__(self, reader: EmbeddedReader, folder: Path) -> None:
        self._reader = reader
        self._folder = folder
        self._places: dict[str, int] | None = None
        self._file: Path | None = None
        self._lock = Lock()
        self._begun: dict[str, Task[Reading]] = {}
        self._threads: ThreadPoolExecutor | None = None
        self._pool.submit(identity)  # it takes a moment, which passes while the first answer is awaited

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """What is kept, or else a reading, which is kept."""
        key = digest_of(ticket)
        kept = self._kept(key)
        if kept is not None:
            return kept
        reading = self._reader.read(ticket, sentences)
        with self._lock:
            self._keep(key, reading)
        return reading

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        """The same, read off the event loop; a ticket that is being read already is not read again."""
        key = digest_of(ticket)
        kept = self._kept(key) if self._places is not None else None  # opening the file takes a moment, a look into it none
        if kept is not None:
            return kept
        task = self._begun.get(key)
        if task is None:
            task = self._begun[key] = asyncio.create_task(self._read_beside(ticket, sentences))
            task.add_done_callback(lambda _: self._begun.pop(key, None))
        return await asyncio.shield(task)

    async def aclose(self) -> None:
        """End the threads; what they have in hand is read to its end, and nothing new is begun."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None

    @property
    def _pool(self) -> ThreadPoolExecutor:
        """As many threads as there are cores: the model computes on one each."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(os.cpu_count(), "second-reading")
        return self._threads

    async def _read_beside(self, ticket: Ticket, sentences: Sentences) -> Reading:
        return await asyncio.get_running_loop().run_in_executor(self._pool, self.read, ticket, sentences)

    def _kept(self, key: str) -> Reading | None:
        with self._lock:
            if self._places is None:
                self._open()
            place = (self._places or {}).get(key)
            if place is None or self._file is None:
                return None
            try:
                with self._file.open("rb") as file:
                    file.seek(place)
                    kept = _Kept.model_validate_json(file.readline())
            except (OSError, ValidationError):
                kept = None
            if kept is None or kept.ticket != key:  # deleted or written anew since it was opened
                self._file = None
                return None
        return Reading(kept.extraction, kept.outcome, extractor=EXTRACTOR, unread=kept.unread)

    def _open(self) -> None:
        """Note where each kept reading begins. A line that another run is just writing is no line yet."""
        made_by = hashlib.sha256(f"{identity()} {self._reader.marketplace} {self._reader.floor}".encode()).hexdigest()
        places: dict[str, int] = {}
        try:
            make_folder(self._folder)
            (self._folder / ".gitignore").write_text("*\n", encoding="utf-8")
            self._file = self._folder / f"{made_by[:16]}.jsonl"
            place = 0
            for line in self._file.read_bytes().splitlines(keepends=True) if self._file.exists() else ():
                if line.endswith(b"\n") and (key := _key_of(line)):
                    places[key] = place
                place += len(line)
        except OSError:
            self._file = None
        self._places = places

    def _keep(self, key: str, reading: Reading) -> None:
        """Add a line, in one write, so that two runs at once do not cut each other's lines."""
        if self._file is None or self._places is None or reading.seconds >= self._reader.seconds:
            return
        facts = nameless(reading.extraction) if reading.extraction else None
        kept = _Kept(ticket=key, outcome=reading.outcome, extraction=facts, unread=reading.unread)
        try:
            with open_private(self._file, "ab", buffering=0) as file:
                line = f"{kept.model_dump_json()}\n".encode()
                file.write(line)
                self._places[key] = file.tell() - len(line)
        except OSError:
            self._file = None


def _key_of(line: bytes) -> str | None:
    try:
        return _Kept.model_validate_json(line).ticket
    except ValidationError:
        return None
