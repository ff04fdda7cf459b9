"""A run that is finished in another process ends as one that is finished here."""

import sys
from pathlib import Path

import pytest

from copilot.evaluation import finish_beside
from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.compare.gates import Bound, Gates
from copilot.evaluation.finish import finish
from copilot.evaluation.finish_beside import WORTH_A_PROCESS, finishing_beside
from copilot.evaluation.run.folder import CASES, MANIFEST, ROWS, Manifest
from copilot.evaluation.run.rows import Row
from copilot.runs.errors import RunError
from tests.evaluation.small import row, small_set, unscored

STALE = ("case-9 (sample 0): the case was never recorded",)
GATES = Gates(floor=(Bound(figure="route", limit=0.99, reason="made for a test"),))


def written(folder: Path, cases: CaseSet, rows: list[Row]) -> Path:
    """A folder as it stands after the last row."""
    folder.mkdir()
    made = {"cases_sha256": cases.sha256, "extractor": "openai", "marketplace": "Upwork"}
    manifest = Manifest.model_validate(made | {"settings": None, "prompt_sha256": None, "schema_sha256": None})
    (folder / MANIFEST).write_text(manifest.model_dump_json(), encoding="utf-8")
    (folder / CASES).write_bytes(b"".join(line + b"\n" for line in cases.lines))
    (folder / ROWS).write_text("".join(f"{one.model_dump_json()}\n" for one in rows), encoding="utf-8")
    return folder


def mixed(cases: CaseSet) -> list[Row]:
    """Rows of which some are wrong, and some disputed."""
    return [row(one, right=place > 1, uncited=["m1.1"] * (place < 3)) for place, one in enumerate(cases.cases)]


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_files_and_the_verdict_are_those_of_a_run_that_is_finished_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = small_set(tmp_path, 6)
    here, beside = (written(tmp_path / name, cases, mixed(cases)) for name in ("here", "beside"))
    wanted = finish(here, STALE, (GATES, tmp_path))
    monkeypatch.setattr(finish_beside, "_finish_here", None)

    with finishing_beside(WORTH_A_PROCESS) as finish_there:
        ended = finish_there(beside, STALE, (GATES, tmp_path))

    assert ended == wanted
    assert ended.summary.gates[0].passed is False
    assert b"<svg" in files_of(here)["report.html"]
    assert files_of(beside) == files_of(here)


def test_a_process_that_dies_costs_nothing_but_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = small_set(tmp_path, 6)
    here, beside = (written(tmp_path / name, cases, mixed(cases)) for name in ("here", "beside"))
    wanted = finish(here)
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with finishing_beside(WORTH_A_PROCESS) as finish_there:
        ended = finish_there(beside, (), None)

    assert ended == wanted
    assert files_of(beside) == files_of(here)


def test_what_is_wrong_with_a_run_is_told_from_here(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    cases = small_set(tmp_path, 2)
    folder = written(tmp_path / "out", cases, [unscored(one) for one in cases.cases])

    with finishing_beside(WORTH_A_PROCESS) as finish_there, pytest.raises(RunError, match="no case was scored"):
        finish_there(folder, (), None)

    assert capfd.readouterr().err == ""


def test_a_few_cases_need_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere")

    with finishing_beside(WORTH_A_PROCESS - 1) as finish_there:
        assert finish_there is finish_beside._finish_here
