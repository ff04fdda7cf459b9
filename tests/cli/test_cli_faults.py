"""However it ends, a command tells it in one line and one exit code, and never shows a ticket."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from copilot.cli.faults import guarded
from copilot.core.errors import CopilotError
from tests.cli.conftest import Run
from tests.making import environment_without

SECRET = "the customer's own words"
COPILOT = [sys.executable, "-m", "copilot.cli"]


def raising(fault: BaseException) -> object:
    raise fault


def shell(command: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    kept = environment_without()
    kept["COPILOT"] = " ".join(COPILOT)
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=kept, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["triage"],
        ["triage", "a.txt", "--extractor", "psychic"],
        ["triage", "a.txt", "--nothing"],
        ["decide", "a.json"],
        ["batch", "a.jsonl"],
        ["batch", "a.jsonl", "--out", "b.jsonl", "--concurrency", "0"],
        ["schema", "all"],
        ["nothing"],
        ["--nothing"],
    ],
)
def test_bad_usage_is_one_line_and_code_2(run: Run, arguments: list[str]) -> None:
    ran = run(*arguments)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("copilot: ")
    assert ran.err.endswith("--help`.\n")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ticket.json", b"{" + SECRET.encode()),
        ("ticket.json", b'{"messages": [{"text": "' + SECRET.encode() + b'", "' + SECRET.encode() + b'": 1}]}'),
        ("ticket.txt", SECRET.encode() + b"\xff"),
        ("ticket.txt", SECRET.encode("utf-16")),
        ("ticket.txt", b""),
    ],
)
def test_bad_input_is_one_line_and_code_2_and_shows_nothing_of_the_ticket(
    run: Run, tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    ran = run("triage", path, "--json")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"copilot: {path}")
    assert ran.err.count("\n") == 1
    assert SECRET not in ran.err


def test_a_setting_that_cannot_be_used_is_told_by_name_and_not_by_value(
    run: Run, ticket_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPILOT_MAX_ATTEMPTS", SECRET)

    ran = run("triage", ticket_file)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("copilot: COPILOT_MAX_ATTEMPTS is not a whole number")
    assert SECRET not in ran.err


@pytest.mark.parametrize("fault", [KeyError(SECRET), RecursionError(SECRET), MemoryError(SECRET), AssertionError(SECRET)])
def test_an_unforeseen_fault_is_one_line_with_its_class_and_place_and_no_text(
    capsys: pytest.CaptureFixture[str], fault: Exception
) -> None:
    code = guarded(lambda: raising(fault))

    err = capsys.readouterr().err
    assert code == 70
    assert err.startswith(f"copilot: unexpected {type(fault).__name__} at ")
    assert err.endswith("; please report this line\n")
    assert SECRET not in err


def test_other_ends_have_their_codes(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("copilot.cli.faults.drop_standard_output", lambda: None)

    assert guarded(lambda: raising(KeyboardInterrupt())) == 130
    assert guarded(lambda: raising(CopilotError("half way"))) == 1
    assert guarded(lambda: raising(OSError(errno.ENOSPC, "No space left on device", SECRET))) == 1
    assert guarded(lambda: raising(BrokenPipeError())) == 1
    assert guarded(lambda: 1) == 1
    assert guarded(lambda: None) == 0
    assert capsys.readouterr().err == "copilot: stopped\ncopilot: half way\ncopilot: cannot go on: no space left on device\n"


def test_a_reader_of_the_output_that_leaves_is_no_matter_for_a_message(tmp_path: Path) -> None:
    ran = shell("$COPILOT schema suggestion | head -n 1; $COPILOT policy | true", tmp_path)

    assert ran.stdout == "{\n"
    assert ran.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    ran = shell("$COPILOT schema ticket > /dev/full", tmp_path)

    assert (ran.returncode, ran.stderr) == (1, "copilot: cannot go on: no space left on device\n")


def test_output_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    (tmp_path / "ticket.txt").write_text("Привет 😀", encoding="utf-8")

    ran = shell("PYTHONIOENCODING=ascii LC_ALL=C $COPILOT triage ticket.txt --json --extractor embedded", tmp_path)

    assert ran.returncode == 0, ran.stderr
    assert "Привет 😀" in ran.stdout


def test_a_file_name_that_is_no_utf_8_is_told_in_one_line(tmp_path: Path) -> None:
    ran = shell("$COPILOT triage $'no\\xff\\nfile'", tmp_path)

    assert ran.returncode == 2
    assert ran.stderr == "copilot: 'no\\udcff\\nfile': there is no such file\n"
