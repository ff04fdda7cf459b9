"""Files that hold tickets or what was read in them: made for their owner alone, as a batch's are.

Comes in: a path. Goes out: a folder of mode 0700 or an open file of 0600. What is there already keeps its mode.
"""

import os
from pathlib import Path
from typing import IO, Any

from copilot.core.errors import reason
from copilot.runs.errors import RunError


def make_folder(path: Path) -> None:
    """Make a folder and what leads to it, where they are not there yet. Raises `OSError`."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def make_asked_for(path: Path, option: str) -> None:
    """Make the folder that an option names. Raises `RunError` where there can be none."""
    try:
        make_folder(path)
    except OSError as fault:
        raise RunError(f"{path}: cannot be made ({reason(fault)}); name another {option}") from None


def open_private(path: Path, mode: str = "w", buffering: int = -1) -> IO[Any]:
    """Open a file to write; text is UTF-8. Raises `OSError`."""
    encoding = None if "b" in mode else "utf-8"
    return open(path, mode, buffering, encoding, opener=lambda name, flags: os.open(name, flags, 0o600))


def write_private(path: Path, text: str) -> None:
    """Write a whole file. Raises `OSError`."""
    with open_private(path) as file:
        file.write(text)
