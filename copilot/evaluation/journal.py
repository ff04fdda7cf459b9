"""A file of JSON lines that only grows, held by one process at a time.

What was appended survives a kill. A last line that a kill cut off is passed over when reading, and cut off when the
file is opened again. No line is ever rewritten.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from copilot import file_lock
from copilot.errors import InputError
from copilot.evaluation.private import make_folder, open_private

_STEP = 65_536


class JournalError(InputError):
    """A file of an evaluation that cannot be used; the message names it and the next step."""


class Journal:
    """An opened file to append to. Raises `JournalError` where it cannot be written or another process holds it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            make_folder(path.parent)
            self._file = open_private(path, "ab+", buffering=0)
        except OSError as fault:
            raise JournalError(f"{path}: cannot be written ({(fault.strerror or 'no reason given').lower()})") from None
        try:
            is_ours = file_lock.lock(self._file)
        except OSError:
            is_ours = False
        if not is_ours:
            self._file.close()
            raise JournalError(f"{path}: another run is writing to it; wait for it, or name another place") from None
        _cut_torn_line(self._file.fileno())

    def append(self, line: str) -> int:
        """Write one line, which must hold no line break, before returning the place in the file at which it begins."""
        place = self._file.seek(0, os.SEEK_END)
        rest = memoryview(line.encode() + b"\n")
        while rest:
            rest = rest[self._file.write(rest) :]
        return place

    def close(self) -> None:
        """Put everything on disk and let other runs in."""
        if not self._file.closed:
            os.fsync(self._file.fileno())
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def whole_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of every line that was written to its end; none where there is no file."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith(b"\n"):
                    return
                yield number, line
    except FileNotFoundError:
        return
    except OSError as fault:
        raise JournalError(f"{path}: cannot be read ({(fault.strerror or 'no reason given').lower()})") from None


def _cut_torn_line(file: int) -> None:
    size = os.lseek(file, 0, os.SEEK_END)
    end = size
    while end > 0:
        start = max(0, end - _STEP)
        os.lseek(file, start, os.SEEK_SET)
        newline = os.read(file, end - start).rfind(b"\n")
        if newline >= 0:
            end = start + newline + 1
            break
        end = start
    if end != size:
        os.ftruncate(file, end)
