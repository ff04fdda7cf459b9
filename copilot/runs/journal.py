"""A file of lines that only grows, held by one process at a time.

What was appended survives a kill; a power cut undoes two seconds of it at most. A last line that was not written to its end
is passed over when reading, and cut off before more is appended. No line is ever rewritten.
"""

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from copilot.core.errors import reason
from copilot.files.file_lock import lock
from copilot.runs.errors import InUse, OutputError, RunError
from copilot.runs.private import open_private

SYNC_SECONDS = 2.0


class Journal:
    """An opened file, kept from other runs until it is closed. `cut` it before the first line is appended.

    Raises `RunError` where it cannot be written or another run holds it. It is `usable` until a write fails.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.usable = True
        self._synced_at = time.monotonic()
        try:
            self._file = open_private(path, "ab+", buffering=0)
        except OSError as fault:
            raise RunError(f"{path}: cannot be written ({reason(fault)})") from None
        try:
            self._hold()
        except BaseException:
            self._file.close()
            raise

    @property
    def size(self) -> int:
        """How many bytes there are, whole lines or not."""
        return os.fstat(self._file.fileno()).st_size

    def lines(self) -> Iterator[bytes]:
        """Every whole line, with its end."""
        return (line for _, line in whole_lines(self.path))

    def line_at(self, place: int) -> bytes:
        """The line that begins there."""
        with self.path.open("rb") as file:
            file.seek(place)
            return file.readline()

    def cut(self, end: int | None = None) -> None:
        """Leave so many bytes, by default every whole line, and no more. Raises `OutputError`."""
        with self._faults_told():
            os.ftruncate(self._file.fileno(), sum(map(len, self.lines())) if end is None else end)

    def append(self, line: bytes) -> int:
        """Write one line, which ends in a line break, and tell the place at which it begins.

        Raises `OutputError`; after that nothing more is written.
        """
        if not self.usable:
            raise OutputError(f"{self.path}: an earlier write failed; run the same command again to go on")
        self.usable = False
        with self._faults_told():
            place = self._file.seek(0, os.SEEK_END)
            write(self._file, line)
        if time.monotonic() - self._synced_at > SYNC_SECONDS:
            self.sync()
        self.usable = True
        return place

    def sync(self) -> None:
        """Put everything on disk. Raises `OutputError`."""
        with self._faults_told():
            os.fsync(self._file.fileno())
        self._synced_at = time.monotonic()

    def move(self, to: Path) -> None:
        """Put the file, with all of it on disk, in the place of another. Raises `OutputError`."""
        self.sync()
        with self._faults_told():
            self.path.replace(to)
        self.path = to

    def close(self) -> None:
        """Put everything on disk and let other runs in. Raises `OutputError`."""
        try:
            if not self._file.closed:
                self.sync()
        finally:
            self._file.close()

    def _hold(self) -> None:
        if not stat.S_ISREG(os.fstat(self._file.fileno()).st_mode):
            raise RunError(f"{self.path}: is not a regular file; a run can only go on in one")
        try:
            is_there = lock(self._file) and os.path.samestat(os.fstat(self._file.fileno()), self.path.stat())
        except FileNotFoundError:
            is_there = False
        except OSError as fault:
            raise RunError(f"{self.path}: cannot be locked ({reason(fault)})") from None
        if not is_there:
            raise InUse(f"{self.path}: another run is writing to it; wait for it, or name another place")

    @contextmanager
    def _faults_told(self) -> Iterator[None]:
        try:
            yield
        except OSError as fault:
            told = f"{self.path}: writing failed ({reason(fault)}); run the same command again to go on"
            raise OutputError(told) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def whole_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of every line that was written to its end; none where there is no file. Raises `RunError`."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith(b"\n"):
                    return
                yield number, line
    except FileNotFoundError:
        return
    except OSError as fault:
        raise RunError(f"{path}: cannot be read ({reason(fault)})") from None


def write(file: IO[bytes], content: bytes) -> None:
    """Write all of it: a raw file may take less than it is given."""
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]
