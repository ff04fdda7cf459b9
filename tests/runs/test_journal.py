"""A file that only grows: whole lines stay, half a line goes, and after a failed write nothing more is written."""

import errno
import os
from pathlib import Path

import pytest

from copilot.runs.errors import OutputError, RunError
from copilot.runs.journal import Journal, whole_lines


def test_half_a_line_is_passed_over_and_cut_off_before_more_is_appended(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_bytes(b"one\ntwo\nthr")

    with Journal(path) as journal:
        read = list(journal.lines())
        journal.cut()
        place = journal.append(b"three\n")

    assert read == [b"one\n", b"two\n"]
    assert (place, path.read_bytes()) == (8, b"one\ntwo\nthree\n")


def test_opening_alone_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_bytes(b"somebody else's")

    Journal(path).close()

    assert path.read_bytes() == b"somebody else's"


def test_after_a_write_that_failed_nothing_more_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: object, content: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    journal = Journal(tmp_path / "journal")
    monkeypatch.setattr("copilot.runs.journal.write", full)
    with pytest.raises(OutputError, match=r"writing failed \(no space left on device\); run the same command again to go on"):
        journal.append(b"one\n")
    monkeypatch.undo()

    with pytest.raises(OutputError, match="an earlier write failed"):
        journal.append(b"two\n")

    journal.close()
    assert (tmp_path / "journal").read_bytes() == b""


def test_a_file_that_is_held_or_was_exchanged_meanwhile_is_another_runs(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    held = Journal(path)

    with pytest.raises(RunError, match="another run is writing to it"):
        Journal(path)

    held.close()
    with Journal(path) as again:
        assert again.size == 0


@pytest.mark.parametrize(("name", "problem"), [(".", "is a directory"), ("no/journal", "no such file or directory")])
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, name: str, problem: str) -> None:
    with pytest.raises(RunError, match=rf"cannot be written \({problem}\)"):
        Journal(tmp_path / name)


def test_no_file_has_no_lines(tmp_path: Path) -> None:
    assert list(whole_lines(tmp_path / "none")) == []
