"""A kept reading is believed only where the same code, weights and libraries would make it again."""

import ast
from pathlib import Path

import pytest

from copilot.readers.embedded import identity as module
from copilot.readers.embedded.identity import identity
from tests.packaging.tree import ROOT

EMBEDDED = Path(ROOT, "copilot", "readers", "embedded")
COVERED = ("copilot.core", "copilot.readers.embedded")
PLAIN_VALUES = "copilot.readers.base"
"""Says what a reader is, and computes nothing."""


def digest_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(module, "_PACKAGE", folder)
    monkeypatch.setattr(module, "_MADE_BY", (folder,))
    return identity.__wrapped__()


def test_a_changed_line_a_moved_line_and_a_new_file_each_give_another_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "a.py", tmp_path / "b.py"
    contents = [("x = 1\n", ""), ("x = 2\n", ""), ("", "x = 1\n"), ("x = 1\n", "y = 1\n")]

    digests = set()
    for one, other in contents:
        first.write_text(one)
        second.write_text(other)
        digests.add(digest_of(tmp_path, monkeypatch))

    assert len(digests) == len(contents)


def test_compiled_files_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    before = digest_of(tmp_path, monkeypatch)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_bytes(b"compiled")

    assert digest_of(tmp_path, monkeypatch) == before


def test_another_version_of_a_library_gives_another_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    before = identity.__wrapped__()
    monkeypatch.setattr(module, "version", lambda name: f"{name} 99")

    assert identity.__wrapped__() != before


@pytest.mark.parametrize("file", sorted(EMBEDDED.glob("*.py")), ids=lambda file: file.name)
def test_a_reading_is_made_by_nothing_that_the_digest_leaves_out(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    used = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}

    ours = {name for name in used if name.startswith("copilot.")}
    assert {name for name in ours if not name.startswith(COVERED)} <= {PLAIN_VALUES}
