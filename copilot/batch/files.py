"""The two files of a batch on disk: opened, locked, written whole, and exchanged for new ones as if at once.

Two files cannot be renamed in one step. New ones are written beside the old ones first, the rows are renamed first, and
what a kill left half done is finished, or thrown away, by whoever opens them next.
"""

import os
import stat
from pathlib import Path
from typing import IO

from copilot import file_lock
from copilot.batch.errors import BatchError, reason

_AS_BYTES = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
"""What a file is opened with where the system knows it: no child process has it, and no line end in it is changed."""


def journal_of(out: Path) -> Path:
    """Where the journal of a suggestions file is."""
    return out.with_name(out.name + ".journal")


def open_file(path: Path) -> IO[bytes]:
    """A file to read and write, made where there is none, with nothing kept back in memory when writing."""
    try:
        number = os.open(path, os.O_RDWR | os.O_CREAT | _AS_BYTES, 0o600)
    except OSError as fault:
        raise BatchError(f"{path}: cannot be written ({reason(fault)})") from None
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise BatchError(f"{path}: is not a regular file; a batch can only go on in one")
    return os.fdopen(number, "rb+", buffering=0)


def lock(rows: IO[bytes], out: Path) -> None:
    """Keep every other run out. Raises `BatchError` where one is at work."""
    try:
        was_exchanged = not file_lock.lock(rows) or not os.path.samestat(os.fstat(rows.fileno()), out.stat())
    except FileNotFoundError:
        was_exchanged = True
    except OSError as fault:
        raise BatchError(f"{out}: cannot be locked ({reason(fault)})") from None
    if was_exchanged:
        raise BatchError(f"{out}: another run is writing to it; wait for it, or name another --out") from None


def write(file: IO[bytes], content: bytes) -> None:
    """Write all of it: a raw file may take less than it is given."""
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]


def read(file: IO[bytes], start: int, end: int) -> bytes:
    """The bytes from one place to another; the place to write at is as it was."""
    before = file.tell()
    file.seek(start)
    try:
        return file.read(end - start)
    finally:
        file.seek(before)


def begin_exchange(out: Path) -> tuple[IO[bytes], IO[bytes]]:
    """Empty new rows, locked, and an empty new journal."""
    rows_path, journal_path = _new(out)
    rows, journal = open_file(rows_path), open_file(journal_path)
    lock(rows, rows_path)
    for file in (rows, journal):
        file.truncate(0)
    return rows, journal


def end_exchange(out: Path, rows: IO[bytes], journal: IO[bytes]) -> None:
    """Put the new files, written whole, in the place of the old ones."""
    for file in (rows, journal):
        os.fsync(file.fileno())
    rows_path, journal_path = _new(out)
    rows_path.replace(out.resolve())
    journal_path.replace(journal_of(out))
    _sync_folder(out)


def mend_exchange(out: Path) -> None:
    """Finish an exchange that was cut off after its first step; undo one that was cut off before it."""
    rows_path, journal_path = _new(out)
    if journal_path.exists() and not rows_path.exists():
        journal_path.replace(journal_of(out))
        _sync_folder(out)
    rows_path.unlink(missing_ok=True)
    journal_path.unlink(missing_ok=True)


def _new(out: Path) -> tuple[Path, Path]:
    rows, journal = out.resolve(), journal_of(out)
    return rows.with_name(rows.name + ".exchange"), journal.with_name(journal.name + ".exchange")


def _sync_folder(out: Path) -> None:
    if os.name == "nt":  # there a folder cannot be opened, and renaming writes it down
        return
    for folder in {out.resolve().parent, journal_of(out).parent}:
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
