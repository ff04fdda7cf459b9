"""The suggestions file and the journal beside it: what is in them survives a kill at any moment.

A row is written first, its journal line second. The journal line names the input line, its digest, the row's digest and
where the row ends, so the journal alone says what is done: bytes of the suggestions file past its last word were
cut off in the middle, and go. Only one run at a time holds the two files. Neither is ever rewritten.
"""

import fcntl
import hashlib
import json
import os
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from copilot.batch.errors import BatchError, OutputError, reason
from copilot.batch.lines import DIGEST_BYTES, Digests, Line

FORMAT = 1
SYNC_SECONDS = 2.0
"""What a power cut can undo at most. A killed process loses nothing that was written."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One journal line: input line, its digest, the row's digest, where the row and the journal line end."""

    number: int
    digest: bytes
    row: bytes
    end: int
    journal_end: int


class Output:
    """Where a batch writes. Made by `Output.open`; `done` says which input lines have their row."""

    def __init__(self, out: Path, rows: IO[bytes], journal: IO[bytes]) -> None:
        self._out = out
        self._rows = rows
        self._journal = journal
        self._end = 0
        self._usable = True
        self._synced_at = time.monotonic()
        self.done = Digests()

    @classmethod
    def open(cls, out: Path, made_by: Mapping[str, str | None]) -> Self:
        """Lock, check and mend the two files, or begin them.

        `made_by` is what makes rows comparable (reader, model, versions): a run only goes on with what it began with.
        Raises `BatchError` where the files cannot be used, are used by another run, or do not belong together.
        """
        journal_path = journal_of(out)
        if not out.exists() and journal_path.exists() and journal_path.stat().st_size:
            raise BatchError(f"{out}: is gone, but its journal {journal_path.name} is there; remove the journal to begin again")
        rows = _open(out)
        try:
            _lock(rows, out)
            journal = _open(journal_path)
        except BatchError:
            rows.close()
            raise
        output = cls(out, rows, journal)
        try:
            output._begin_or_resume(made_by)
        except OSError as fault:
            output._release()
            raise BatchError(f"{out}: cannot be written ({reason(fault)})") from None
        except BaseException:
            output._release()
            raise
        return output

    def append(self, line: Line, row: bytes) -> None:
        """Write the row of one input line. Raises `OutputError`; after that this object writes nothing more."""
        if not self._usable:
            raise OutputError(f"{self._out}: an earlier write failed")
        self._usable = False
        try:
            _write(self._rows, row)
            end = self._end + len(row)
            entry = {"line": line.number, "sha256": line.digest.hex(), "row_sha256": _digest(row).hex(), "end": end}
            _write(self._journal, json.dumps(entry, separators=(",", ":")).encode() + b"\n")
            self._end = end
            if time.monotonic() - self._synced_at > SYNC_SECONDS:
                self._sync()
        except OSError as fault:
            raise OutputError(f"{self._out}: writing failed ({reason(fault)}); run the same command again to go on") from None
        self.done.add(line.number, line.digest)
        self._usable = True

    def close(self) -> None:
        """Put everything on disk and let other runs in."""
        try:
            self._sync()
        except OSError as fault:
            raise OutputError(f"{self._out}: writing failed ({reason(fault)}); run the same command again to go on") from None
        finally:
            self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        if fault is None:
            self.close()
        else:
            self._release()

    def _begin_or_resume(self, made_by: Mapping[str, str | None]) -> None:
        header = self._journal.readline()
        if not header.endswith(b"\n"):
            if os.fstat(self._rows.fileno()).st_size:
                raise BatchError(f"{self._out}: exists and has no journal; name another --out, or remove it")
            self._journal.truncate(0)
            self._journal.seek(0)
            _write(self._journal, json.dumps({"journal": FORMAT, "made_by": made_by}).encode() + b"\n")
            self._sync()
            return
        self._check_header(header, made_by)
        self._replay(len(header))

    def _check_header(self, header: bytes, made_by: Mapping[str, str | None]) -> None:
        try:
            given = json.loads(header)
            known = given["journal"] == FORMAT and isinstance(given["made_by"], dict)
        except (ValueError, KeyError, TypeError):
            known = False
        if not known:
            raise BatchError(f"{journal_of(self._out)}: is not a journal of this version; name another --out")
        for name in sorted({*made_by, *given["made_by"]}):
            before, now = given["made_by"].get(name), made_by.get(name)
            if before != now:
                raise BatchError(f"{self._out}: was begun with {name} {before!r}, now it is {now!r}; name another --out")

    def _replay(self, journal_end: int) -> None:
        """Believe the journal as far as the rows bear it out; cut both files off there."""
        for entry in self._entries(journal_end):
            row = self._rows.read(entry.end - self._end)
            if len(row) < entry.end - self._end or b"\0" in row:
                break
            if _digest(row) != entry.row or not row.endswith(b"\n"):
                raise BatchError(
                    f"{self._out}, line {self.done.count + 1}: is not what its journal says; "
                    "the file was changed since: name another --out, or remove both to begin again"
                )
            self.done.add(entry.number, entry.digest)
            self._end, journal_end = entry.end, entry.journal_end
        for file, end in ((self._rows, self._end), (self._journal, journal_end)):
            file.truncate(end)
            file.seek(end)

    def _entries(self, position: int) -> Iterator[_Entry]:
        """The journal's entries up to the first that was not written whole."""
        for number, raw in enumerate(self._journal, start=2):
            if not raw.endswith(b"\n") or b"\0" in raw:
                return
            position += len(raw)
            entry = _parse_entry(raw, position)
            if entry is None or entry.end <= self._end or entry.number in self.done:
                raise BatchError(
                    f"{journal_of(self._out)}, line {number}: is damaged; name another --out, or remove both files to begin again"
                )
            yield entry

    def _sync(self) -> None:
        """Rows first, so that the journal on disk never speaks of a row that is not there."""
        os.fsync(self._rows.fileno())
        os.fsync(self._journal.fileno())
        self._synced_at = time.monotonic()

    def _release(self) -> None:
        self._usable = False
        self._journal.close()
        self._rows.close()


def journal_of(out: Path) -> Path:
    """Where the journal of a suggestions file is."""
    return out.with_name(out.name + ".journal")


def _parse_entry(raw: bytes, journal_end: int) -> _Entry | None:
    try:
        given = json.loads(raw)
        digest, row = bytes.fromhex(given["sha256"]), bytes.fromhex(given["row_sha256"])
        entry = _Entry(int(given["line"]), digest, row, int(given["end"]), journal_end)
    except (ValueError, KeyError, TypeError):
        return None
    return entry if entry.number > 0 and len(digest) == len(row) == DIGEST_BYTES else None


def _digest(row: bytes) -> bytes:
    return hashlib.sha256(row).digest()[:DIGEST_BYTES]


def _open(path: Path) -> IO[bytes]:
    """A file to read and write, made where there is none, with nothing kept back in memory when writing."""
    try:
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as fault:
        raise BatchError(f"{path}: cannot be written ({reason(fault)})") from None
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise BatchError(f"{path}: is not a regular file; a batch can only go on in one")
    return os.fdopen(number, "rb+", buffering=0)


def _lock(rows: IO[bytes], out: Path) -> None:
    try:
        fcntl.flock(rows.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BatchError(f"{out}: another run is writing to it; wait for it, or name another --out") from None
    except OSError as fault:
        raise BatchError(f"{out}: cannot be locked ({reason(fault)})") from None


def _write(file: IO[bytes], content: bytes) -> None:
    """Write all of it: a raw file may take less than it is given."""
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]
