"""The lock of a file, with fcntl and, as on Windows, without it."""

import builtins
import fcntl
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from copilot.batch.output import Output
from copilot.files import file_lock
from copilot.runs.errors import RunError
from copilot.runs.journal import Journal


@pytest.fixture(params=["fcntl", "msvcrt"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With msvcrt, importing fcntl fails, and bytes are locked as Windows does it."""
    if request.param == "msvcrt":
        real, places = builtins.__import__, []

        def imported(name: str, *rest: Any, **named: Any) -> Any:
            if name == "fcntl":
                raise ImportError(name)
            return real(name, *rest, **named)

        def locking(number: int, mode: int, count: int) -> None:
            places.append((os.lseek(number, 0, os.SEEK_CUR), mode, count))
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise PermissionError(13, "Permission denied") from None

        monkeypatch.setattr(builtins, "__import__", imported)
        monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK=2))
    return str(request.param)


def test_one_at_a_time_has_the_lock_and_the_place_in_the_file_stays(system: str, tmp_path: Path) -> None:
    path = tmp_path / "rows"
    path.write_bytes(b"a row\n")

    with path.open("rb+", buffering=0) as one, path.open("rb+", buffering=0) as other:
        one.seek(3)
        held = (file_lock.lock(one), file_lock.lock(other), one.tell())
    with path.open("rb+", buffering=0) as later:
        held_later = file_lock.lock(later)

    assert held == (True, False, 3)
    assert held_later


def test_a_batch_keeps_another_run_out(system: str, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"

    with Output.open(out, {"reader": "r"}), pytest.raises(RunError, match="another run is writing to it"):
        Output.open(out, {"reader": "r"})

    Output.open(out, {"reader": "r"}).close()


def test_an_evaluation_keeps_another_run_out(system: str, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "rows.jsonl")

    with pytest.raises(RunError, match="another run is writing to it"):
        Journal(tmp_path / "rows.jsonl")

    journal.close()
