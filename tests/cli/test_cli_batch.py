"""`copilot batch`: what it says while it works and when it ends."""

import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    path = tmp_path / "tickets.jsonl"
    path.write_text("".join(json.dumps({"messages": [{"text": text}]}) + "\n" for text in ("THREAT.", "Hello.", "DEMAND.")))
    return path


def test_a_batch_says_what_it_wrote(run: Run, tickets: Path, tmp_path: Path) -> None:
    ran = run("batch", tickets, "--out", tmp_path / "out.jsonl")

    assert (ran.code, ran.out) == (0, "")
    assert ran.err == (
        f"copilot: 3 suggestions written to {tmp_path}/out.jsonl (agent_review 1, content_enforcement 1, no_escalation 1)\n"
    )
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 3


def test_a_bad_line_is_named_and_the_code_is_1(run: Run, tickets: Path, tmp_path: Path) -> None:
    tickets.write_text(tickets.read_text() + "{oops\n")

    ran = run("batch", tickets, "--out", tmp_path / "out.jsonl")

    assert ran.code == 1
    told, summary = ran.err.splitlines()
    assert told.startswith(f"copilot: {tickets}, line 4, column 2: not JSON")
    assert summary.endswith("; 1 lines failed")


def test_a_second_run_says_that_nothing_was_left(run: Run, tickets: Path, tmp_path: Path) -> None:
    run("batch", tickets, "--out", tmp_path / "out.jsonl")

    ran = run("batch", tickets, "--out", tmp_path / "out.jsonl")

    assert ran.code == 0
    assert ran.err == f"copilot: 0 suggestions written to {tmp_path}/out.jsonl; 3 were done before\n"


def test_an_input_that_is_missing_is_one_line_and_leaves_no_file(run: Run, tmp_path: Path) -> None:
    ran = run("batch", tmp_path / "none.jsonl", "--out", tmp_path / "out.jsonl")

    assert (ran.code, ran.err) == (2, f"copilot: {tmp_path}/none.jsonl: there is no such file\n")
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_gets_a_bar_and_faults_above_it(
    run: Run, tickets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets.write_text("{[bold]oops\n" + tickets.read_text())
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")

    ran = run("batch", tickets, "--out", tmp_path / "out.jsonl")

    assert (ran.code, ran.out) == (1, "")
    assert "line 1, column 2: not JSON" in ran.err
    assert "4 of 4 done, 1 failed" in ran.err


def test_a_log_gets_a_line_now_and_then(run: Run, tickets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("copilot.cli.progress.SECONDS_BETWEEN_LINES", 0.0)

    ran = run("batch", tickets, "--out", tmp_path / "out.jsonl", "--concurrency", "1")

    told = [line.rpartition(" failed")[0] for line in ran.err.splitlines()[:4]]
    assert told == [f"copilot: {done} of 3 done, 0" for done in (0, 1, 2, 3)]
