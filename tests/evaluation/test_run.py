"""A run writes each answer down at once, goes on after a kill, and pays for nothing twice."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from copilot.config.settings import Settings
from copilot.core.extraction import Extraction
from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.finish import finish
from copilot.evaluation.run.folder import Manifest, done_in, final_rows, read_rows, stored_cases
from copilot.evaluation.run.recordings import recording
from copilot.evaluation.run.runner import Plan, run_cases
from copilot.readers.base import Reader, Reading, ReadOutcome
from copilot.readers.model.api_errors import STOPS
from copilot.runs.errors import RunError, RunStopped
from copilot.runs.journal import Journal
from copilot.runs.patience import GIVE_UP_AFTER
from tests.evaluation.small import small_set, write_cases
from tests.fault_server import FaultServer, says

ROOT = Path(__file__).parents[2]


class Counting:
    """A reader that reads nothing, counts, and can fail: with `outcome`, as a fallback would report it, or on `only` one."""

    def __init__(self, outcome: ReadOutcome = ReadOutcome.OK, seconds: float = 0.0, only: str = "") -> None:
        self.outcome = outcome
        self.only = only
        self.seconds = seconds
        self.read_ids: list[str] = []
        self.in_flight = self.most = self.closed = 0

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        self.read_ids.append(ticket.id)
        outcome = self.outcome if self.only in ("", ticket.id) else ReadOutcome.OK
        return Reading(Extraction.empty(), outcome, extractor="counting", degraded=outcome.failed)

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        await asyncio.sleep(self.seconds)
        self.in_flight -= 1
        return self.read(ticket, sentences)

    async def aclose(self) -> None:
        self.closed += 1


def plan(cases: CaseSet, reader: Reader, samples: int = 1, concurrency: int = 4, **changes: str) -> Plan:
    made = {"cases_sha256": cases.sha256, "extractor": "counting", "marketplace": "Upwork"} | changes
    rest = {"settings": None, "prompt_sha256": None, "schema_sha256": None, "samples": samples}
    return Plan(cases, reader, Manifest.model_validate(made | rest), concurrency)


def run(what: Plan, folder: Path, on_row: Callable[[object], None] = lambda row: None) -> None:
    asyncio.run(run_cases(what, folder, on_row))


def stop_after(count: int) -> Callable[[object], None]:
    seen: list[object] = []

    def on_row(row: object) -> None:
        seen.append(row)
        if len(seen) == count:
            raise RunStopped("enough")

    return on_row


def test_every_case_and_sample_gets_one_row(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 5)

    run(plan(cases, Counting(), samples=3), tmp_path / "out")

    rows = final_rows(tmp_path / "out")
    assert sorted((row.case_id, row.sample) for row in rows) == sorted((case.id, n) for case in cases.cases for n in range(3))


def test_what_a_run_writes_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Tickets, and what was read in them, stand in every one of its files."""
    before = os.umask(0)
    cases = small_set(tmp_path, 3)
    folder = tmp_path / "build" / "run"

    run(plan(cases, Counting()), folder)
    finish(folder)
    recording(tmp_path / "recordings" / "new.jsonl", Settings(model="stub-1")).close()

    os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(modes) >= 6
    assert set(modes.values()) == {0o600}
    assert (tmp_path / "recordings" / "new.jsonl").stat().st_mode & 0o777 == 0o600


def test_no_more_are_in_flight_than_asked_for(tmp_path: Path) -> None:
    reader = Counting(seconds=0.005)

    run(plan(small_set(tmp_path, 20), reader, concurrency=3), tmp_path / "out")

    assert reader.most == 3


def test_a_run_that_stopped_goes_on_and_reads_nothing_twice(tmp_path: Path) -> None:
    cases, reader = small_set(tmp_path, 10), Counting()
    with pytest.raises(RunStopped):
        run(plan(cases, reader, concurrency=1), tmp_path / "out", stop_after(4))

    run(plan(cases, reader, concurrency=1), tmp_path / "out")

    assert sorted(reader.read_ids) == sorted(case.ticket.id for case in cases.cases)
    assert len(list(read_rows(tmp_path / "out"))) == 10


def test_a_torn_last_row_is_cut_off_and_read_again(tmp_path: Path) -> None:
    cases, reader = small_set(tmp_path, 3), Counting()
    run(plan(cases, reader), tmp_path / "out")
    journal = tmp_path / "out" / "rows.jsonl"
    journal.write_bytes(journal.read_bytes()[:-20])

    run(plan(cases, reader), tmp_path / "out")

    assert len(reader.read_ids) == 4
    assert len(final_rows(tmp_path / "out")) == 3


@pytest.mark.parametrize("outcome", [ReadOutcome.TIMEOUT, ReadOutcome.RATE_LIMITED, ReadOutcome.UNAVAILABLE])
def test_a_case_that_may_be_answered_later_is_tried_again_and_its_last_row_counts(tmp_path: Path, outcome: ReadOutcome) -> None:
    cases, folder = small_set(tmp_path, 3), tmp_path / "out"
    run(plan(cases, Counting(outcome)), folder)
    left = done_in(folder)

    run(plan(cases, Counting()), folder)

    assert left == set()
    assert [row.is_scored for row in final_rows(folder)] == [True] * 3


@pytest.mark.parametrize("outcome", [ReadOutcome.REFUSAL, ReadOutcome.INVALID, ReadOutcome.OUTPUT_FILTERED])
def test_a_case_that_was_answered_badly_is_asked_again_and_no_other_is(tmp_path: Path, outcome: ReadOutcome) -> None:
    cases, again = small_set(tmp_path, 3), Counting()
    run(plan(cases, Counting(outcome, only="T-1")), tmp_path / "out")

    run(plan(cases, again), tmp_path / "out")

    assert again.read_ids == ["T-1"]
    assert [row.is_scored for row in final_rows(tmp_path / "out")] == [True] * 3


@pytest.mark.parametrize("outcome", sorted(STOPS))
def test_a_fault_that_an_operator_must_mend_stops_the_run_at_once(tmp_path: Path, outcome: ReadOutcome) -> None:
    reader = Counting(outcome)

    with pytest.raises(RunStopped, match="copilot doctor"):
        run(plan(small_set(tmp_path, 30), reader, concurrency=1), tmp_path / "out")

    assert len(reader.read_ids) == 1


def test_a_run_that_gets_no_answer_any_more_stops(tmp_path: Path) -> None:
    reader = Counting(ReadOutcome.TIMEOUT)

    with pytest.raises(RunStopped, match=f"{GIVE_UP_AFTER} tickets in a row were not read"):
        run(plan(small_set(tmp_path, 40), reader, concurrency=1), tmp_path / "out")

    assert len(reader.read_ids) == GIVE_UP_AFTER


def test_a_folder_goes_on_only_with_what_it_was_begun_with(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 2)
    run(plan(cases, Counting()), tmp_path / "out")

    with pytest.raises(RunError, match="begun with marketplace 'Upwork', now it is 'Elsewhere'; name another folder"):
        run(plan(cases, Counting(), marketplace="Elsewhere"), tmp_path / "out")


def test_a_run_that_was_killed_while_its_folder_was_begun_is_begun_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases, out = small_set(tmp_path, 2), tmp_path / "out"

    def half(path: Path, text: str) -> None:
        path.write_text(text[: len(text) // 2], encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr("copilot.evaluation.run.folder.write_private", half)
    with pytest.raises(KeyboardInterrupt):
        run(plan(cases, Counting()), out)
    monkeypatch.undo()
    run(plan(cases, Counting()), out)

    assert len(final_rows(out)) == 2


def test_a_folder_keeps_the_cases_it_was_run_on(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 4)
    run(plan(cases, Counting()), tmp_path / "out")
    write_cases(tmp_path / "cases.jsonl", 2)

    assert list(stored_cases(tmp_path / "out").cases) == list(cases.cases)


def test_kept_cases_that_were_edited_are_refused(tmp_path: Path) -> None:
    run(plan(small_set(tmp_path, 4), Counting()), tmp_path / "out")
    kept = tmp_path / "out" / "cases.jsonl"
    kept.write_text(kept.read_text().replace("made for a test", "made up"))

    with pytest.raises(RunError, match="not what the run was made on"):
        stored_cases(tmp_path / "out")


def test_damage_inside_the_rows_is_told_by_line(tmp_path: Path) -> None:
    run(plan(small_set(tmp_path, 2), Counting()), tmp_path / "out")
    rows = tmp_path / "out" / "rows.jsonl"
    rows.write_text("{}\n" + rows.read_text())

    with pytest.raises(RunError, match=r"rows\.jsonl, line 1"):
        final_rows(tmp_path / "out")


def test_two_runs_cannot_write_into_one_folder(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 2)
    (tmp_path / "out").mkdir()

    with Journal(tmp_path / "out" / "rows.jsonl"), pytest.raises(RunError, match="another run is writing"):
        run(plan(cases, Counting()), tmp_path / "out")


def test_rows_that_no_run_of_ours_wrote_are_not_touched(tmp_path: Path) -> None:
    rows = tmp_path / "out" / "rows.jsonl"
    rows.parent.mkdir()
    rows.write_text('{"mine": 1}')

    with pytest.raises(RunError, match=r"holds rows\.jsonl and no run\.json; name another folder"):
        run(plan(small_set(tmp_path, 2), Counting()), tmp_path / "out")

    assert rows.read_text() == '{"mine": 1}'


def test_connections_are_closed_in_the_end_even_where_a_run_stops(tmp_path: Path) -> None:
    reader = Counting()

    with pytest.raises(RunStopped):
        run(plan(small_set(tmp_path, 3), reader), tmp_path / "out", stop_after(1))

    assert reader.closed == 1


def test_after_a_kill_only_what_is_missing_is_asked_of_the_model(tmp_path: Path) -> None:
    """A real process, a real server, SIGKILL in the middle: asked twice is at most what was in flight."""
    cases, out = write_cases(tmp_path / "cases.jsonl", 40), tmp_path / "out"
    concurrency = 2
    command = [sys.executable, "-m", "copilot.cli", "eval", "run", str(cases), "--out", str(out), "--extractor", "openai"]
    command += ["--concurrency", str(concurrency), "--no-gates"]
    with FaultServer([says()]) as server:
        environment = os.environ | {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "k", "COPILOT_MODEL": "stub-1"}
        first = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while first.poll() is None and server.calls < 15:
            time.sleep(0.002)
        first.send_signal(signal.SIGKILL)
        first.wait()
        second = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        asked = server.calls

    assert second.returncode == 0, second.stderr
    assert 40 <= asked <= 40 + concurrency
    assert json.loads((out / "summary.json").read_text())["scored"] == 40
