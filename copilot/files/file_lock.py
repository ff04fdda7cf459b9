"""A lock on an open file that keeps every other process out: an open file comes in, whether it is ours goes out.

It lasts until the file is closed, however the process ends. Where there is no `fcntl` (Windows), `msvcrt` locks one byte far
behind every end of a file, since what it locks nobody else can read.
"""

import os
from typing import IO

_FAR_OFF = 2**40
_IN_USE = (BlockingIOError, PermissionError)


def lock(file: IO[bytes]) -> bool:
    """Take the lock, or say that another has it. Raises `OSError` where the file cannot be locked at all."""
    try:
        import fcntl  # noqa: PLC0415 - Windows has none
    except ImportError:
        return _lock_a_byte(file)
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_a_byte(file: IO[bytes]) -> bool:
    import msvcrt  # noqa: PLC0415 - only Windows has it

    place = file.tell()
    try:
        os.lseek(file.fileno(), _FAR_OFF, os.SEEK_SET)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    except _IN_USE:
        return False
    finally:
        os.lseek(file.fileno(), place, os.SEEK_SET)
    return True
