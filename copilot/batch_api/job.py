"""The folder of a job: what was sent, what became of it, and the answers.

    answers.jsonl         what the model said, as `copilot eval run --record` keeps it
    batches.journal       a line whenever something happened to a file of requests; the last one about a file counts
    requests/0001.jsonl   requests that are not collected yet; they hold ticket text
    requests/0001.asked   for each of them, whose it is

One process works in it at a time, and a kill at any moment costs nothing that was paid for.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import Field, ValidationError

from copilot.config.settings import Settings
from copilot.core.closed import Closed
from copilot.evaluation.run.recordings import Asking, Body, Recordings, recording
from copilot.runs.errors import RunError
from copilot.runs.journal import Journal, whole_lines
from copilot.runs.private import make_asked_for

ANSWERS = "answers.jsonl"
LEDGER = "batches.journal"
REQUESTS = "requests"


class Sent(Closed):
    """A file of requests, and how far it came: written, uploaded, made into a batch, ended and collected.

    `ended` is the last status of its batch; `answered` counts requests that have an answer for good.
    """

    file: str = Field(pattern="^[0-9]{4,9}$")
    requests: int = Field(ge=1)
    file_id: str | None = None
    batch_id: str | None = None
    ended: str | None = None
    answered: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """One request: its key, which is its `custom_id`, its body, and whose it is."""

    key: str
    body: Body
    asking: Asking


class Job:
    """An opened job, kept from other processes until it is closed.

    Raises `RunError` where another one is at work, or the job was begun with other settings.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        make_asked_for(folder / REQUESTS, "--job")
        self.folder = folder
        with ExitStack() as opened:
            self._ledger = opened.enter_context(Journal(folder / LEDGER))
            self.files = ledger_of(folder)
            self._ledger.cut()
            self.answers: Recordings = recording(folder / ANSWERS, settings)
            opened.pop_all()

    def note(self, sent: Sent) -> None:
        """Write down how far a file of requests came. Raises `OutputError`."""
        self._ledger.append(f"{sent.model_dump_json()}\n".encode())
        self.files[sent.file] = sent

    def under_way(self) -> list[Sent]:
        """Files of requests that are not collected, the oldest first."""
        return [sent for sent in self.files.values() if sent.ended is None]

    def next_file(self) -> str:
        """What the next file of requests is called."""
        return f"{len(self.files) + 1:04}"

    def requests_path(self, file: str) -> Path:
        """Where the requests of a file are."""
        return self.folder / REQUESTS / f"{file}.jsonl"

    def asked_path(self, file: str) -> Path:
        """Where it stands whose those requests are."""
        return self.folder / REQUESTS / f"{file}.asked"

    def requests_of(self, sent: Sent) -> Iterator[tuple[int, str, Asking]]:
        """Place, key and owner of each request of a file, in order. Raises `RunError` where a file is gone or damaged."""
        place = found = 0
        requests = whole_lines(self.requests_path(sent.file))
        for (number, raw), (_, asked) in zip(requests, whole_lines(self.asked_path(sent.file)), strict=False):
            try:
                given = json.loads(asked)
                yield place, str(given.pop("key")), Asking(**given)
            except (ValueError, TypeError, KeyError, AttributeError):
                raise RunError(f"{self.asked_path(sent.file)}, line {number}: is damaged; begin another --job") from None
            place, found = place + len(raw), number
        if found != sent.requests:
            raise RunError(
                f"{self.requests_path(sent.file)}: holds {found} of {sent.requests} requests that were written; "
                "put the file back, or begin another --job"
            )

    def forget(self, sent: Sent) -> None:
        """Remove the requests of a file, which hold ticket text."""
        for path in (self.requests_path(sent.file), self.asked_path(sent.file)):
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Put everything on disk and let others in."""
        try:
            self.answers.close()
        finally:
            self._ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def ledger_of(folder: Path) -> dict[str, Sent]:
    """How far each file of requests came, the oldest first; nobody is kept out. Raises `RunError`."""
    found: dict[str, Sent] = {}
    for number, raw in whole_lines(folder / LEDGER):
        try:
            sent = Sent.model_validate_json(raw)
        except ValidationError:
            raise RunError(f"{folder / LEDGER}, line {number}: is damaged; begin another --job") from None
        found[sent.file] = sent
    return found
