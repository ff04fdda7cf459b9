"""The suggestions file and the journal beside it: what is in them survives a kill at any moment.

A row is written first, its journal line second, so the journal alone says what is done: bytes of the suggestions file past
its last word were cut off in the middle, and go. A row that replaces another is written behind all others, and is put in its
place when the files are closed, or opened next. Only one run at a time holds the two files.
"""

import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from copilot.batch import files
from copilot.batch.entries import Entry, digest_of
from copilot.batch.errors import BatchError, OutputError, reason
from copilot.batch.files import journal_of
from copilot.batch.lines import Line, Standing

FORMAT = 2
SYNC_SECONDS = 2.0
"""What a power cut can undo at most. A killed process loses nothing that was written."""


class Output:
    """Where a batch writes. Made by `Output.open`; `done` says which input lines have their row."""

    def __init__(self, out: Path, rows: IO[bytes], journal: IO[bytes]) -> None:
        self._out = out
        self._rows = rows
        self._journal = journal
        self._end = 0
        self._usable = True
        self._synced_at = time.monotonic()
        self._header = b""
        self._replacing: dict[int, tuple[Entry, int]] = {}
        self.done = Standing()

    @classmethod
    def open(cls, out: Path, made_by: Mapping[str, str | None]) -> Self:
        """Lock, check and mend the two files, or begin them.

        `made_by` is what makes rows comparable (reader, model, versions): a run only goes on with what it began with.
        Raises `BatchError` where the files cannot be used, are used by another run, or do not belong together.
        """
        journal_path = journal_of(out)
        if not out.exists() and journal_path.exists() and journal_path.stat().st_size:
            raise BatchError(f"{out}: is gone, but its journal {journal_path.name} is there; remove the journal to begin again")
        rows = files.open_file(out)
        try:
            files.lock(rows, out)
            files.mend_exchange(out)
            journal = files.open_file(journal_path)
        except BatchError:
            rows.close()
            raise
        except OSError as fault:
            rows.close()
            raise BatchError(f"{out}: cannot be written ({reason(fault)})") from None
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

    def append(self, line: Line, row: bytes, degraded: str | None = None) -> None:
        """Write the row of one input line; it replaces the degraded one that the line may have.

        `degraded` tells how the reader that was asked for ended, where another one read. Raises `OutputError`; after that
        this object writes nothing more.
        """
        entry, start = Entry.of(line, row, self._end + len(row), degraded), self._end
        self._write(row, entry)
        self._end = entry.end
        self._note(entry, start)

    def fail(self, line: Line) -> None:
        """Note that a line was tried and has no row. Raises `OutputError`."""
        if line.number not in self.done and line.number not in self.done.failed:
            self._write(b"", Entry(line.number))
            self.done.failed.add(line.number)

    def close(self) -> None:
        """Put everything on disk and let other runs in."""
        try:
            self._sync()
            self._exchange()
        except OSError as fault:
            raise self._cannot_write(fault) from None
        finally:
            self._release()

    def _write(self, row: bytes, entry: Entry) -> None:
        if not self._usable:
            raise OutputError(f"{self._out}: an earlier write failed")
        self._usable = False
        try:
            files.write(self._rows, row)
            files.write(self._journal, entry.written())
            if time.monotonic() - self._synced_at > SYNC_SECONDS:
                self._sync()
        except OSError as fault:
            raise self._cannot_write(fault) from None
        self._usable = True

    def _note(self, entry: Entry, start: int) -> None:
        if entry.number in self.done:
            self._replacing[entry.number] = (entry, start)
        self.done.add(entry.number, entry.digest, entry.degraded)

    def _cannot_write(self, fault: OSError) -> OutputError:
        return OutputError(f"{self._out}: writing failed ({reason(fault)}); run the same command again to go on")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        if fault is None or self._usable:
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
            self._header = json.dumps({"journal": FORMAT, "made_by": made_by}).encode() + b"\n"
            files.write(self._journal, self._header)
            self._sync()
            return
        self._check_header(header, made_by)
        self._header = header
        self._replay(len(header))
        self._exchange()

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
        for entry, position in self._entries(journal_end):
            if entry.failed:
                self.done.failed.add(entry.number)
            else:
                row = self._rows.read(entry.end - self._end)
                if len(row) < entry.end - self._end or b"\0" in row:
                    break
                if digest_of(row) != entry.row or not row.endswith(b"\n"):
                    raise BatchError(
                        f"{self._out}, line {self.done.count + 1}: is not what its journal says; "
                        "the file was changed since: name another --out, or remove both to begin again"
                    )
                self._note(entry, self._end)
                self._end = entry.end
            journal_end = position
        for file, end in ((self._rows, self._end), (self._journal, journal_end)):
            file.truncate(end)
            file.seek(end)

    def _entries(self, position: int) -> Iterator[tuple[Entry, int]]:
        """The journal's entries, each with where it ends, up to the first that was not written whole."""
        end = 0
        for number, raw in enumerate(self._journal_lines(position), start=2):
            if not raw.endswith(b"\n") or b"\0" in raw:
                return
            position += len(raw)
            entry = Entry.parse(raw)
            repeats = entry is not None and entry.number in self.done and entry.number not in self.done.degraded
            if entry is None or repeats or (entry.end <= end and not entry.failed):
                raise BatchError(
                    f"{journal_of(self._out)}, line {number}: is damaged; name another --out, or remove both files to begin again"
                )
            end = entry.end or end
            yield entry, position

    def _journal_lines(self, position: int) -> Iterator[bytes]:
        with open(self._journal.fileno(), "rb", closefd=False) as journal:
            journal.seek(position)
            yield from journal

    def _exchange(self) -> None:
        """Put every row that replaces another in the place of that one."""
        if not self._replacing:
            return
        rows, journal = files.begin_exchange(self._out)
        try:
            files.write(journal, self._header)
            end = 0
            for entry, row in self._kept():
                end += len(row)
                files.write(rows, row)
                files.write(journal, entry.written() if entry.failed else replace(entry, end=end).written())
            files.end_exchange(self._out, rows, journal)
        except BaseException:
            rows.close()
            journal.close()
            raise
        self._rows.close()
        self._journal.close()
        self._rows, self._journal, self._end = rows, journal, end
        self._replacing.clear()

    def _kept(self) -> Iterator[tuple[Entry, bytes]]:
        """Each entry that still holds, with its row, in the order in which lines were first done."""
        end, seen = 0, set[int]()
        for raw in self._journal_lines(len(self._header)):
            entry = Entry.parse(raw)
            if entry is None:
                return
            start, end = end, entry.end or end
            if entry.number in seen or (entry.failed and entry.number in self.done):
                continue
            if entry.number in self._replacing:
                seen.add(entry.number)
                entry, start = self._replacing[entry.number]
            yield entry, b"" if entry.failed else files.read(self._rows, start, entry.end)

    def _sync(self) -> None:
        """Rows first, so that the journal on disk never speaks of a row that is not there."""
        os.fsync(self._rows.fileno())
        os.fsync(self._journal.fileno())
        self._synced_at = time.monotonic()

    def _release(self) -> None:
        self._usable = False
        self._journal.close()
        self._rows.close()
