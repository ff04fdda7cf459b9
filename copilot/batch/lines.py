"""The input of a batch: a JSONL file or a stretch of it, read a line at a time, never held whole.

Goes out: `InputLine`s with number and digest. Lines of white space alone are passed over, but counted.
"""

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from copilot.core.errors import reason
from copilot.files.loading import MAX_BYTES
from copilot.runs.errors import RunError

DIGEST_BYTES = 8


@dataclass(frozen=True, slots=True)
class InputLine:
    """One line of the input, without its line end. `number` counts from 1."""

    number: int
    raw: bytes

    @property
    def digest(self) -> bytes:
        """What tells this line from another: the first bytes of its SHA-256."""
        return hashlib.sha256(self.raw).digest()[:DIGEST_BYTES]


class Standing:
    """How each input line stands: done, with the digest that it had, or failed. Nine bytes a line, however many there are.

    No line before `first` is ever asked about.

    `degraded` tells of done lines that the reader that was asked for did not read how that ended; `failed` holds lines that
    were tried and have no row.
    """

    def __init__(self, first: int = 1) -> None:
        self._first = first
        self._digests = bytearray()
        self._done = bytearray()
        self.count = 0
        self.degraded: dict[int, str] = {}
        self.failed: set[int] = set()

    def add(self, number: int, digest: bytes, degraded: str | None = None) -> None:
        """Remember that a line is done."""
        place = number - self._first
        if len(self._done) <= place:
            grown = max(place + 1, 2 * len(self._done))
            self._digests.extend(bytes(DIGEST_BYTES * (grown - len(self._done))))
            self._done.extend(bytes(grown - len(self._done)))
        self._digests[DIGEST_BYTES * place : DIGEST_BYTES * (place + 1)] = digest
        self.count += not self._done[place]
        self._done[place] = 1
        self.failed.discard(number)
        self.degraded.pop(number, None)
        if degraded:
            self.degraded[number] = sys.intern(degraded)

    def __contains__(self, number: int) -> bool:
        return 0 <= number - self._first < len(self._done) and bool(self._done[number - self._first])

    def of(self, number: int) -> bytes:
        """The digest that a done line had."""
        place = number - self._first
        return bytes(self._digests[DIGEST_BYTES * place : DIGEST_BYTES * (place + 1)])


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines of a file that follow on each other, from line `first` at byte `offset` on: `count` of them, None for all."""

    first: int = 1
    offset: int = 0
    count: int | None = None


WHOLE = Stretch()


def read_lines(path: Path, stretch: Stretch = WHOLE) -> Iterator[InputLine]:
    """Every line that is not blank, in order. Raises `RunError` where the file cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(stretch.offset)
            for number, (_, raw) in enumerate(islice(raw_lines(file), stretch.count), start=stretch.first):
                stripped = raw.rstrip(b"\r\n")
                if stripped.strip():
                    yield InputLine(number, stripped)
    except FileNotFoundError:
        raise RunError(f"{path}: there is no such file") from None
    except OSError as fault:
        raise RunError(f"{path}: cannot be read ({reason(fault)})") from None


def raw_lines(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Where each line begins, and its bytes; of one that is over `MAX_BYTES`, enough to tell that it is."""
    place = file.tell()
    while raw := file.readline(MAX_BYTES + 2):
        yield place, raw
        if len(raw) > MAX_BYTES and not raw.endswith(b"\n"):
            while (rest := file.readline(MAX_BYTES)) and not rest.endswith(b"\n"):
                pass
        place = file.tell()
