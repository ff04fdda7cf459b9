"""Rows that the reader that was asked for did not read: when they are settled, how they are told, and how they are redone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from copilot.batch import files
from copilot.batch.run import made_by
from copilot.config.settings import Settings
from copilot.core.vocabulary import Caution
from copilot.readers.base import ReadOutcome
from copilot.runs.errors import RunError, RunStopped
from copilot.runs.patience import GIVE_UP_AFTER, LATER, OF_THE_TICKET
from tests.batch.conftest import Batch, ticket

UNUSABLE = (ReadOutcome.MALFORMED_RESPONSE, ReadOutcome.EMPTY, ReadOutcome.INVALID, ReadOutcome.INPUT_REJECTED)
ROOT = Path(__file__).parents[2]


def degraded_lines(batch: Batch) -> list[int]:
    return [
        entry["line"]
        for entry, row in zip(batch.entries(), batch.rows(), strict=True)
        if Caution.DEGRADED_EXTRACTOR in row.cautions
    ]


@pytest.mark.parametrize("outcome", UNUSABLE)
def test_answers_of_which_none_can_be_used_stop_the_run_and_settle_nothing(batch: Batch, outcome: ReadOutcome) -> None:
    batch.give_tickets(40)
    batch.reader.ends_as = [outcome] * 40

    with pytest.raises(RunStopped, match=rf"20 tickets in a row were not read \({outcome} 20\); mend the model or its settings"):
        batch.run()

    assert (batch.rows(), batch.calls() <= GIVE_UP_AFTER + 3) == ([], True)
    batch.reader.ends_as = []
    assert batch.run().written == 40


@pytest.mark.parametrize("outcome", UNUSABLE)
def test_a_short_file_of_which_nothing_was_read_settles_nothing(batch: Batch, outcome: ReadOutcome) -> None:
    batch.give_tickets(3)
    batch.reader.ends_as = [outcome] * 3

    with pytest.raises(RunStopped, match=rf"no ticket was read \({outcome} 3\)"):
        batch.run()

    assert batch.rows() == []


def test_a_model_that_breaks_in_the_middle_leaves_what_it_had_read_and_no_more(batch: Batch) -> None:
    batch.give_tickets(60)
    batch.reader.ends_as = [*[ReadOutcome.OK] * 5, *[ReadOutcome.MALFORMED_RESPONSE] * 10, *[ReadOutcome.TIMEOUT] * 10]

    with pytest.raises(RunStopped, match=r"malformed_response 10, timeout 10"):
        batch.run(concurrency=1)

    assert (len(batch.rows()), degraded_lines(batch)) == (5, [])


def test_a_fault_that_an_operator_must_mend_settles_nothing_that_was_held(batch: Batch) -> None:
    batch.give_tickets(9)
    batch.reader.ends_as = [ReadOutcome.OK, ReadOutcome.INVALID, ReadOutcome.EMPTY, ReadOutcome.QUOTA]

    with pytest.raises(RunStopped, match=r"line 4: the model cannot be used \(quota\)"):
        batch.run(concurrency=1)

    assert set(batch.texts_by_line()) == {1}


@pytest.mark.parametrize("outcome", sorted(OF_THE_TICKET))
def test_tickets_that_are_refused_one_after_the_other_stop_nothing(batch: Batch, outcome: ReadOutcome) -> None:
    batch.give_tickets(2 * GIVE_UP_AFTER)
    batch.reader.ends_as = [outcome] * (2 * GIVE_UP_AFTER)

    result = batch.run()

    assert (result.written, result.degraded) == (2 * GIVE_UP_AFTER, {outcome: 2 * GIVE_UP_AFTER})


def test_rows_that_another_reader_wrote_are_told_by_every_later_run_until_they_are_redone(batch: Batch) -> None:
    batch.give_tickets(4)
    batch.reader.ends_as = [ReadOutcome.OK, ReadOutcome.INVALID, ReadOutcome.REFUSAL]

    first, again = batch.run(concurrency=1), batch.run()

    assert first.degraded == again.degraded == {"invalid": 1, "refusal": 1}
    assert (again.written, batch.calls()) == (0, 4)


def test_redo_asks_degraded_lines_and_no_others_and_puts_their_rows_in_place(batch: Batch) -> None:
    batch.give_tickets(5)
    batch.reader.ends_as = [ReadOutcome.OK, ReadOutcome.INVALID, ReadOutcome.OK, ReadOutcome.REFUSAL]
    batch.run(concurrency=1)
    before = batch.rows()

    result = batch.run(concurrency=1, redo="degraded")

    assert (result.written, result.degraded, result.left, batch.calls()) == (2, {}, 0, 7)
    assert [entry["line"] for entry in batch.entries()] == [1, 2, 3, 4, 5]
    assert [batch.rows()[place] for place in (0, 2, 4)] == [before[place] for place in (0, 2, 4)]
    assert degraded_lines(batch) == []
    assert batch.run().before == 5


def test_a_redone_line_that_is_not_read_again_keeps_its_row(batch: Batch) -> None:
    batch.give_tickets(3)
    batch.reader.ends_as = [ReadOutcome.OK, ReadOutcome.REFUSAL, ReadOutcome.INVALID]
    batch.run(concurrency=1)
    before = (batch.out.read_bytes(), batch.journal.read_bytes())
    batch.reader.ends_as = [ReadOutcome.REFUSAL, ReadOutcome.TIMEOUT]

    result = batch.run(concurrency=1, redo="degraded")

    assert (batch.out.read_bytes(), batch.journal.read_bytes()) == before
    assert (result.written, result.degraded, result.failed) == (0, {"refusal": 1, "invalid": 1}, 1)


def test_redo_of_a_model_that_is_out_of_order_keeps_every_row(batch: Batch) -> None:
    batch.give_tickets(3)
    batch.reader.ends_as = [ReadOutcome.OK, ReadOutcome.INVALID, ReadOutcome.OK]
    batch.run(concurrency=1)
    batch.reader.ends_as = [ReadOutcome.AUTH]

    with pytest.raises(RunStopped):
        batch.run(redo="degraded")

    assert degraded_lines(batch) == [2]


@pytest.mark.parametrize("outcome", LATER)
def test_redo_of_failed_lines_leaves_degraded_and_new_ones_alone(batch: Batch, outcome: ReadOutcome) -> None:
    batch.give_tickets(3)
    batch.reader.ends_as = [ReadOutcome.OK, ReadOutcome.REFUSAL, outcome]
    batch.run(concurrency=1)
    batch.give_tickets(4)

    result = batch.run(redo="failed")

    assert (result.written, result.left, result.degraded) == (1, 1, {"refusal": 1})
    assert set(batch.texts_by_line()) == {1, 2, 3}


def test_both_kinds_may_be_redone_at_once(batch: Batch) -> None:
    batch.give_tickets(4)
    batch.reader.ends_as = [ReadOutcome.OK, ReadOutcome.REFUSAL, ReadOutcome.TIMEOUT]
    batch.run(concurrency=1)

    result = batch.run(redo="failed degraded")

    assert (result.written, result.left, result.degraded) == (2, 0, {})


def test_a_bad_line_that_was_mended_is_a_failed_line_to_redo(batch: Batch) -> None:
    batch.give(ticket("One."), "{oops")
    batch.run()
    batch.give(ticket("One."), ticket("Two."))

    result = batch.run(redo="failed")

    assert (result.written, result.left) == (1, 0)
    assert batch.texts_by_line() == {1: "One.", 2: "Two."}


def test_a_degraded_line_that_changed_is_not_redone(batch: Batch) -> None:
    batch.give_tickets(2)
    batch.reader.ends_as = [ReadOutcome.REFUSAL]
    batch.run(concurrency=1)
    batch.give(ticket("Another."), ticket("Ticket 2."))

    with pytest.raises(RunError, match="line 1: changed since its suggestion was written"):
        batch.run(redo="degraded")


def interrupted(batch: Batch, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """A redo that is cut off at one step of putting the rows in place."""

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    batch.give_tickets(4)
    batch.reader.ends_as = [ReadOutcome.OK, ReadOutcome.INVALID, ReadOutcome.OK, ReadOutcome.REFUSAL]
    batch.run(concurrency=1)
    with monkeypatch.context() as patch:
        if step == "between":
            replace = Path.replace
            patch.setattr(Path, "replace", lambda path, to: cut() if ".journal" in path.name else replace(path, to))
        else:
            patch.setattr(files, step, cut)
        with pytest.raises(KeyboardInterrupt):
            batch.run(concurrency=1, redo="degraded")


@pytest.mark.parametrize("step", ["begin_exchange", "end_exchange", "between"])
def test_a_redo_that_is_cut_off_while_rows_are_put_in_place_loses_none_and_doubles_none(
    batch: Batch, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    interrupted(batch, monkeypatch, step)
    calls = batch.calls()

    result = batch.run()

    assert (result.before, result.written, result.degraded, batch.calls()) == (4, 0, {}, calls)
    assert [entry["line"] for entry in batch.entries()] == [1, 2, 3, 4]
    assert batch.texts_by_line() == {number: f"Ticket {number}." for number in range(1, 5)}
    assert {path.name for path in batch.out.parent.iterdir()} == {"tickets.jsonl", batch.out.name, batch.journal.name, "calls"}


def test_a_redo_that_is_killed_goes_on_with_what_is_left(batch: Batch) -> None:
    batch.give_tickets(30)
    batch.reader.ends_as = [ReadOutcome.REFUSAL] * 30
    batch.run(concurrency=1, made_by=made_by("embedded", Settings()))
    command = [sys.executable, "-m", "tests.batch.killed", "0.05", str(batch.log), "batch", str(batch.source)]
    command += ["--out", str(batch.out), "--extractor", "embedded", "--concurrency", "1", "--redo", "degraded"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and batch.calls() < 40:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stderr
    assert [entry["line"] for entry in batch.entries()] == list(range(1, 31))
    assert batch.calls() <= 61
    assert degraded_lines(batch) == []


def test_rows_in_place_are_still_only_the_owners(batch: Batch) -> None:
    batch.give_tickets(2)
    batch.reader.ends_as = [ReadOutcome.REFUSAL]
    batch.run(concurrency=1)

    batch.run(redo="degraded")

    assert {os.stat(path).st_mode & 0o777 for path in (batch.out, batch.journal)} == {0o600}
