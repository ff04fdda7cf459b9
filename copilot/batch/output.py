"""The suggestions file and the journal beside it: what is in them survives a kill at any moment.

A row is written first, its journal line second, so the journal alone says what is done: rows of the suggestions file past
its last word were cut off in the middle, and go. Row n belongs to the nth line of the journal that has a row. A row that
replaces another is written behind all others, and is put in its place when the files are closed, or opened next.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from copilot.batch import files
from copilot.batch.entries import JournalEntry, digest_of
from copilot.batch.files import journal_of
from copilot.batch.lines import InputLine, Standing
from copilot.core.errors import reason
from copilot.runs.errors import RunError
from copilot.runs.journal import Journal

FORMAT = 2


class Output:
    """Where a batch writes. Made by `Output.open`; `done` says which input lines have their row."""

    def __init__(self, out: Path, rows: Journal, entries: Journal, first: int = 1) -> None:
        self._out = out
        self._rows = rows
        self._entries = entries
        self._replacing: dict[int, tuple[JournalEntry, int]] = {}
        self.done = Standing(first)

    @classmethod
    def open(cls, out: Path, made_by: Mapping[str, str | None], first: int = 1) -> Self:
        """Lock, check and mend the two files, or begin them.

        `made_by` is what makes rows comparable (reader, model, versions): a run only goes on with what it began with.
        `first` is the number of the first input line there can be.
        Raises `RunError` where the files cannot be used, are used by another run, or do not belong together.
        """
        journal = journal_of(out)
        if not out.exists() and journal.exists() and journal.stat().st_size:
            raise RunError(f"{out}: is gone, but its journal {journal.name} is there; remove the journal to begin again")
        with ExitStack() as opened:
            rows = opened.enter_context(Journal(out))
            try:
                files.mend_exchange(out)
            except OSError as fault:
                raise RunError(f"{out}: cannot be written ({reason(fault)})") from None
            output = cls(out, rows, opened.enter_context(Journal(journal)), first)
            output._begin_or_resume(made_by)
            opened.pop_all()
        return output

    def append(self, line: InputLine, row: bytes, degraded: str | None = None) -> None:
        """Write the row of one input line; it replaces the degraded one that the line may have.

        `degraded` tells how the reader that was asked for ended, where another one read. Raises `OutputError`; after that
        this object writes nothing more.
        """
        entry = JournalEntry.of(line, row, degraded)
        place = self._rows.append(row)
        self._entries.append(entry.written())
        self._note(entry, place)

    def fail(self, line: InputLine) -> None:
        """Note that a line was tried and has no row. Raises `OutputError`."""
        if line.number not in self.done and line.number not in self.done.failed:
            self._entries.append(JournalEntry(line.number).written())
            self.done.failed.add(line.number)

    def close(self) -> None:
        """Put everything on disk and let other runs in. Raises `OutputError`."""
        try:
            if self._rows.usable and self._entries.usable:
                self._exchange()
        finally:
            with self._rows, self._entries:
                pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _note(self, entry: JournalEntry, place: int) -> None:
        if entry.number in self.done:
            self._replacing[entry.number] = (entry, place)
        self.done.add(entry.number, entry.digest, entry.degraded)

    def _begin_or_resume(self, made_by: Mapping[str, str | None]) -> None:
        header = next(self._entries.lines(), None)
        if header is None:
            if self._rows.size:
                raise RunError(f"{self._out}: exists and has no journal; name another --out, or remove it")
            self._entries.cut(0)
            self._entries.append(json.dumps({"journal": FORMAT, "made_by": made_by}).encode() + b"\n")
            return
        self._check_header(header, made_by)
        self._replay()
        self._exchange()

    def _check_header(self, header: bytes, made_by: Mapping[str, str | None]) -> None:
        try:
            given = json.loads(header)
            known = given["journal"] == FORMAT and isinstance(given["made_by"], dict)
        except (ValueError, KeyError, TypeError):
            known = False
        if not known:
            raise RunError(f"{journal_of(self._out)}: is not a journal of this version; name another --out")
        for name in sorted({*made_by, *given["made_by"]}):
            before, now = given["made_by"].get(name), made_by.get(name)
            if before != now:
                raise RunError(f"{self._out}: was begun with {name} {before!r}, now it is {now!r}; name another --out")

    def _replay(self) -> None:
        """Believe the journal as far as the rows bear it out; cut both files off there."""
        rows, ends = self._rows.lines(), [0, 0]
        for number, raw in enumerate(self._entries.lines(), start=1):
            if b"\0" in raw:
                break
            if number > 1:
                entry = self._checked(number, raw)
                row = b"" if entry.failed else next(rows, b"\0")
                if b"\0" in row:
                    break
                self._check_row(entry, row)
                if entry.failed:
                    self.done.failed.add(entry.number)
                else:
                    self._note(entry, ends[0])
                ends[0] += len(row)
            ends[1] += len(raw)
        self._rows.cut(ends[0])
        self._entries.cut(ends[1])

    def _checked(self, number: int, raw: bytes) -> JournalEntry:
        """The entry in a line of the journal. Raises `RunError`."""
        entry = JournalEntry.parse(raw)
        if entry is None or (entry.number in self.done and entry.number not in self.done.degraded):
            raise RunError(
                f"{journal_of(self._out)}, line {number}: is damaged; name another --out, or remove both files to begin again"
            )
        return entry

    def _check_row(self, entry: JournalEntry, row: bytes) -> None:
        if not entry.failed and digest_of(row) != entry.row:
            raise RunError(
                f"{self._out}, line {self.done.count + 1}: is not what its journal says; "
                "the file was changed since: name another --out, or remove both to begin again"
            )

    def _exchange(self) -> None:
        """Put every row that replaces another in the place of that one. Raises `OutputError`."""
        if not self._replacing:
            return
        rows, entries = files.begin_exchange(self._out)
        with ExitStack() as opened:
            opened.enter_context(rows)
            opened.enter_context(entries)
            entries.append(next(self._entries.lines()))
            for entry, row in self._kept():
                if not entry.failed:
                    rows.append(row)
                entries.append(entry.written())
            files.end_exchange(self._out, rows, entries)
            opened.pop_all()
        with self._rows, self._entries:
            self._rows, self._entries = rows, entries
        self._replacing.clear()

    def _kept(self) -> Iterator[tuple[JournalEntry, bytes]]:
        """Each entry that still holds, with its row, in the order in which lines were first done."""
        rows, seen = self._rows.lines(), set[int]()
        for raw in islice(self._entries.lines(), 1, None):
            entry = JournalEntry.parse(raw)
            if entry is None:
                return
            row = b"" if entry.failed else next(rows)
            if entry.number in seen or (entry.failed and entry.number in self.done):
                continue
            if entry.number in self._replacing:
                seen.add(entry.number)
                entry, place = self._replacing[entry.number]
                row = self._rows.line_at(place)
            yield entry, row
