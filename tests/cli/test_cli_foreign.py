"""Files of another kind at the command line: one line, code 2, and nothing of them is read as a ticket."""

import io
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.test_foreign import OTHERS, TABLES


@pytest.mark.parametrize("name", ["tickets.txt", "tickets", "tickets.csv", "tickets.json", "-"])
@pytest.mark.parametrize("raw", [TABLES["names"].encode(), OTHERS["array"][0], OTHERS["mail, base64"][0], OTHERS["ZIP"][0]])
def test_triage_refuses_it_in_one_line_without_a_word_of_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, raw: bytes
) -> None:
    path = name if name == "-" else str(tmp_path / name)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    if name != "-":
        Path(path).write_bytes(raw)

    ran = run("triage", path)

    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ("standard input: is " if name == "-" else f"{path}: is ") in ran.err
    assert "delete" not in ran.err


@pytest.mark.parametrize(
    ("raw", "told"),
    [(TABLES["names"].encode(), "table"), *(OTHERS[name] for name in ("array", "array over lines", "mail, HTML"))],
)
def test_a_batch_refuses_it_before_any_work(run: Run, tmp_path: Path, raw: bytes, told: str) -> None:
    source = tmp_path / "tickets"
    source.write_bytes(raw)

    ran = run("batch", source, "--out", tmp_path / "out.jsonl")

    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert told in ran.err
    assert not (tmp_path / "out.jsonl").exists()
