"""The input of a batch: a JSONL file, read a line at a time, never held whole.

Goes out: `InputLine`s with number and digest. Lines of white space alone are passed over, but counted.
"""

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
    """How each input line stands: done, with the digest that it had, or failed. Eight bytes a line, however many there are.

    `degraded` tells of done lines that the reader that was asked for did not read how that ended; `failed` holds lines that
    were tried and have no row.
    """

    def __init__(self) -> None:
        self._digests = bytearray()
        self._done = bytearray()
        self.count = 0
        self.degraded: dict[int, str] = {}
        self.failed: set[int] = set()

    def add(self, number: int, digest: bytes, degraded: str | None = None) -> None:
        """Remember that a line is done."""
        if len(self._done) < number:
            grown = max(number, 2 * len(self._done))
            self._digests.extend(bytes(DIGEST_BYTES * (grown - len(self._done))))
            self._done.extend(bytes(grown - len(self._done)))
        self._digests[DIGEST_BYTES * (number - 1) : DIGEST_BYTES * number] = digest
        self.count += not self._done[number - 1]
        self._done[number - 1] = 1
        self.failed.discard(number)
        self.degraded.pop(number, None)
        if degraded:
            self.degraded[number] = sys.intern(degraded)

    def __contains__(self, number: int) -> bool:
        return 0 < number <= len(self._done) and bool(self._done[number - 1])

    def of(self, number: int) -> bytes:
        """The digest that a done line had."""
        return bytes(self._digests[DIGEST_BYTES * (number - 1) : DIGEST_BYTES * number])


def read_lines(path: Path) -> Iterator[InputLine]:
    """Every line that is not blank, in order. Raises `RunError` where the file cannot be read."""
    try:
        with path.open("rb") as file:
            number = 0
            while raw := file.readline(MAX_BYTES + 2):
                number += 1
                if len(raw) > MAX_BYTES and not raw.endswith(b"\n"):
                    while (rest := file.readline(MAX_BYTES)) and not rest.endswith(b"\n"):
                        pass
                stripped = raw.rstrip(b"\r\n")
                if stripped.strip():
                    yield InputLine(number, stripped)
    except FileNotFoundError:
        raise RunError(f"{path}: there is no such file") from None
    except OSError as fault:
        raise RunError(f"{path}: cannot be read ({reason(fault)})") from None
