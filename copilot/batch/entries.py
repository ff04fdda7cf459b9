"""The lines of a batch's journal: what each says, and how it is written and read.

An entry names an input line. Either it tells of the row of that line (digests of both), or that the
line failed and has none. It holds no ticket text.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Self

from copilot.batch.lines import DIGEST_BYTES, InputLine


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """What the journal says of one input line. `row` empty: it failed. `degraded` tells how the asked-for reader ended."""

    number: int
    digest: bytes = b""
    row: bytes = b""
    degraded: str | None = None

    @classmethod
    def of(cls, line: InputLine, row: bytes, degraded: str | None) -> Self:
        """The entry for the row of a line."""
        return cls(line.number, line.digest, digest_of(row), degraded)

    @classmethod
    def parse(cls, raw: bytes) -> Self | None:
        """An entry as it was written; None for anything else."""
        try:
            given = json.loads(raw)
            number = int(given["line"])
            if given.get("failed"):
                entry = cls(number)
            else:
                digest, row = bytes.fromhex(given["sha256"]), bytes.fromhex(given["row_sha256"])
                entry = cls(number, digest, row, given.get("degraded"))
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        has_row = len(entry.digest) == len(entry.row) == DIGEST_BYTES
        is_whole = (entry.failed or has_row) and isinstance(entry.degraded, str | None)
        return entry if number > 0 and is_whole else None

    @property
    def failed(self) -> bool:
        """True where the line has no row."""
        return not self.row

    def written(self) -> bytes:
        """The entry as a line of the journal."""
        told: dict[str, object] = {"line": self.number}
        if self.failed:
            told["failed"] = True
        else:
            told |= {"sha256": self.digest.hex(), "row_sha256": self.row.hex()}
        if self.degraded:
            told["degraded"] = self.degraded
        return json.dumps(told, separators=(",", ":")).encode() + b"\n"


def digest_of(row: bytes) -> bytes:
    """What tells this row from another: the first bytes of its SHA-256."""
    return hashlib.sha256(row).digest()[:DIGEST_BYTES]
