"""The second reading in a process of its own: the same cues, whatever becomes of the process."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from copilot.evaluation import beside, second_reading
from copilot.evaluation.cases import CaseSet
from copilot.evaluation.folder import Manifest, final_rows
from copilot.evaluation.rows import Row
from copilot.evaluation.run import Plan, run_cases
from copilot.extraction import Extraction
from copilot.readers.base import Reading, ReadOutcome
from copilot.readers.lexical import LexicalReader
from copilot.readers.second import SecondOpinionReader
from copilot.runs.errors import RunStopped
from copilot.sentences import Sentences
from copilot.settings import Settings
from copilot.ticket import Ticket
from tests.evaluation.small import small_set
from tests.scripted_reader import Scripted

NO_FACTS = Reading(Extraction.empty(), ReadOutcome.OK, extractor="scripted")


class Here:
    """A second reading in this process, counted."""

    def __init__(self) -> None:
        self.times = 0

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        self.times += 1
        return LexicalReader(Settings()).read(ticket, sentences)

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        return self.read(ticket, sentences)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list["subprocess.Popen[Any]"]]:
    """Processes that were started for a second reading, which any number of cases is worth."""
    processes: list[subprocess.Popen[Any]] = []
    popen = subprocess.Popen

    def start(*arguments: Any, **options: Any) -> "subprocess.Popen[Any]":
        processes.append(popen(*arguments, **options))
        return processes[-1]

    monkeypatch.setattr(second_reading, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(beside, "Popen", start)
    yield processes
    assert all(process.poll() is not None for process in processes)


def run(cases: CaseSet, folder: Path, here: Here, samples: int = 1, on_row: Any = lambda row: None) -> list[Row]:
    manifest = Manifest(
        cases_sha256=cases.sha256,
        extractor="openai",
        marketplace="Upwork",
        settings=None,
        prompt_sha256=None,
        schema_sha256=None,
        samples=samples,
    )
    reader = SecondOpinionReader(Scripted(NO_FACTS), here)
    asyncio.run(run_cases(Plan(cases, reader, manifest), folder, on_row))
    return sorted(final_rows(folder), key=lambda row: (row.case_id, row.sample))


def uncited(rows: list[Row]) -> list[tuple[str, int, tuple[str, ...]]]:
    return [(row.case_id, row.sample, tuple(row.uncited)) for row in rows]


def test_rows_are_the_same_as_when_the_tickets_are_read_here(
    tmp_path: Path, started: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    cases, here, unasked = small_set(tmp_path, 6), Here(), Here()

    apart = run(cases, tmp_path / "beside", unasked, samples=2)
    monkeypatch.setattr(second_reading, "WORTH_A_PROCESS", 100)
    alone = run(cases, tmp_path / "alone", here, samples=2)

    assert (len(started), unasked.times, here.times) == (1, 0, 12)
    assert uncited(apart) == uncited(alone)
    assert {cues for _, _, cues in uncited(apart)} == {(), ("m1.1", "m1.2")}


def test_few_cases_are_read_here(tmp_path: Path, started: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_reading, "WORTH_A_PROCESS", 7)
    here = Here()

    run(small_set(tmp_path, 6), tmp_path / "out", here)

    assert (started, here.times) == ([], 6)


def test_a_process_that_dies_costs_nothing_but_time(tmp_path: Path, started: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    here = Here()

    rows = run(small_set(tmp_path, 6), tmp_path / "out", here)

    assert (len(started), here.times) == (1, 6)
    assert {cues for _, _, cues in uncited(rows)} == {(), ("m1.1", "m1.2")}


def test_where_no_process_can_be_started_tickets_are_read_here(
    tmp_path: Path, started: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing here"))
    here = Here()

    run(small_set(tmp_path, 6), tmp_path / "out", here)

    assert here.times == 6


def test_a_run_that_is_stopped_ends_the_process_and_goes_on_with_what_is_left(tmp_path: Path, started: list[Any]) -> None:
    cases, here = small_set(tmp_path, 12), Here()
    seen: list[Row] = []

    def stop(row: Row) -> None:
        seen.append(row)
        if len(seen) == 4:
            raise RunStopped("enough")

    with pytest.raises(RunStopped):
        run(cases, tmp_path / "out", here, on_row=stop)
    assert started[0].poll() is not None
    rows = run(cases, tmp_path / "out", here)

    assert len(rows) == 12
    assert {cues for _, _, cues in uncited(rows)} == {(), ("m1.1", "m1.2")}


def test_cases_that_are_done_are_not_read_again(tmp_path: Path, started: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    run(small_set(tmp_path, 3), tmp_path / "out", Here())

    second_reading.main(tmp_path / "out")

    assert capsys.readouterr().out == ""
