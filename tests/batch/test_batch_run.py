"""Many tickets: every line gets its row once, bad lines are told and passed over, and nothing is guessed."""

import asyncio
import errno
import fcntl
import gc
import json
import os
import tracemalloc
from pathlib import Path

import pytest

from copilot.batch import BatchPlan, run_batch
from copilot.batch.run import made_by
from copilot.config.settings import Settings
from copilot.core.ticket import Ticket
from copilot.core.vocabulary import Route
from copilot.files.loading import MAX_BYTES
from copilot.output.suggestion import Suggestion
from copilot.pipeline import atriage, triage
from copilot.readers.base import ReadOutcome
from copilot.readers.model.api_errors import STOPS
from copilot.runs.errors import OutputError, RunError, RunStopped
from copilot.runs.patience import GIVE_UP_AFTER, LATER
from tests.batch.conftest import Batch, Remembering, ticket
from tests.cli.scripted import ScriptedReader


def test_every_line_gets_the_suggestion_that_triage_gives(batch: Batch) -> None:
    batch.give(ticket("THREAT.", id="T-1"), ticket("Hello.", id="T-2"))

    result = batch.run(concurrency=1)

    expected = [triage(Ticket.model_validate_json(line), ScriptedReader()) for line in batch.source.read_text().splitlines()]
    assert batch.rows() == expected
    assert (result.total, result.written, result.failed) == (2, 2, 0)
    assert result.routes == {Route.CONTENT_ENFORCEMENT: 1, Route.NO_ESCALATION: 1}


def test_lines_and_rows_stay_in_step_where_ids_repeat_or_are_missing(batch: Batch) -> None:
    batch.give(ticket("One.", id="T"), ticket("Two.", id="T"), ticket("Three."), ticket("Two.", id="T"))

    batch.run()

    assert batch.texts_by_line() == {1: "One.", 2: "Two.", 3: "Three.", 4: "Two."}
    assert sorted(row.ticket_id for row in batch.rows()) == ["T", "T", "T", "line-3"]


def test_a_bad_line_is_told_with_its_number_and_the_rest_goes_on(batch: Batch) -> None:
    batch.give(ticket("One."), "{oops", "", '{"messages": [{"text": 5}]}', ticket("Five."))

    result = batch.run()

    assert batch.watcher.messages == [
        f"{batch.source}, line 2, column 2: not JSON: expecting property name enclosed in double quotes",
        f"{batch.source}, line 4: messages[0].text must be a string",
    ]
    assert (result.total, result.written, result.failed) == (4, 2, 2)
    assert batch.texts_by_line() == {1: "One.", 5: "Five."}


def test_a_bad_line_may_be_mended_and_is_then_done_alone(batch: Batch) -> None:
    batch.give(ticket("One."), "{oops")
    batch.run()
    batch.give(ticket("One."), ticket("Two."))

    result = batch.run()

    assert (result.before, result.written, result.failed) == (1, 1, 0)
    assert batch.texts_by_line() == {1: "One.", 2: "Two."}


def test_a_fault_of_ours_costs_one_ticket_and_shows_nothing_of_it(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    async def faulty(given: Ticket, reader: ScriptedReader) -> Suggestion:
        if "BUG" in given.messages[0].text:
            raise KeyError(given.messages[0].text)
        return await atriage(given, reader)

    monkeypatch.setattr("copilot.batch.run.atriage", faulty)
    batch.give(ticket("BUG in a private matter."), ticket("Two."))

    result = batch.run()

    assert batch.watcher.messages == [f"{batch.source}, line 1: unexpected KeyError; please report it"]
    assert (result.written, result.failed) == (1, 1)


def test_a_ticket_that_no_reader_read_has_a_row_that_says_so(batch: Batch) -> None:
    batch.give(ticket("BUG."), ticket("Two."))

    result = batch.run(concurrency=1)

    assert (result.written, result.degraded, result.failed) == (2, {"unreadable": 1}, 0)
    assert batch.rows()[0].route is Route.AGENT_REVIEW


@pytest.mark.parametrize("outcome", [ReadOutcome.REFUSAL, ReadOutcome.PROMPT_FILTERED, ReadOutcome.INVALID])
def test_a_ticket_that_the_model_will_never_read_has_the_row_of_the_reader_behind_it(batch: Batch, outcome: ReadOutcome) -> None:
    batch.give(ticket("THREAT."), ticket("Two."))
    batch.reader.ends_as = [outcome]

    result = batch.run(concurrency=1)

    assert (result.written, result.degraded, result.failed) == (2, {outcome: 1}, 0)
    assert batch.rows()[0].route is Route.CONTENT_ENFORCEMENT


@pytest.mark.parametrize("outcome", LATER)
def test_a_ticket_without_an_answer_waits_for_the_next_run(batch: Batch, outcome: ReadOutcome) -> None:
    batch.give_tickets(3)
    batch.reader.ends_as = [ReadOutcome.OK, outcome]

    first = batch.run(concurrency=1)
    told = batch.watcher.messages
    second = batch.run(concurrency=1)

    assert (first.written, first.failed, second.written, second.failed) == (2, 1, 1, 0)
    assert told == [f"{batch.source}, line 2: the model gave no answer ({outcome}); the line waits for the next run"]
    assert batch.texts_by_line() == {1: "Ticket 1.", 2: "Ticket 2.", 3: "Ticket 3."}


@pytest.mark.parametrize(("missed", "stops"), [(GIVE_UP_AFTER - 1, False), (GIVE_UP_AFTER, True)])
def test_a_run_in_which_nothing_is_answered_any_more_stops(batch: Batch, missed: int, stops: bool) -> None:
    batch.give_tickets(2 * GIVE_UP_AFTER)
    batch.reader.ends_as = [ReadOutcome.OK, *[ReadOutcome.UNAVAILABLE] * missed]

    if stops:
        with pytest.raises(
            RunStopped, match=r"20 tickets in a row were not read \(unavailable 20\); run the same command again later"
        ):
            batch.run(concurrency=1)
        assert batch.calls() == GIVE_UP_AFTER + 1
    else:
        assert batch.run(concurrency=1).failed == missed
    batch.run()
    assert len(batch.texts_by_line()) == 2 * GIVE_UP_AFTER


@pytest.mark.parametrize("outcome", sorted(STOPS))
def test_a_model_that_refuses_the_key_or_the_settings_stops_the_run_at_once(batch: Batch, outcome: ReadOutcome) -> None:
    batch.give_tickets(50)
    batch.reader.ends_as = [ReadOutcome.OK, outcome]

    with pytest.raises(RunStopped, match=rf"line 2: the model cannot be used \({outcome}\)"):
        batch.run(concurrency=1)

    assert batch.texts_by_line() == {1: "Ticket 1."}
    assert batch.run().written == 49


def test_a_line_over_the_limit_is_passed_over_without_holding_it(batch: Batch) -> None:
    batch.give(ticket("One."), "x" * (2 * MAX_BYTES + 10), ticket("Three."))

    batch.run()

    assert batch.watcher.messages == [f"{batch.source}, line 2: is over 32 MB"]
    assert batch.texts_by_line() == {1: "One.", 3: "Three."}


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(batch: Batch) -> None:
    batch.source.write_bytes(b"\xef\xbb\xbf" + ticket("One.").encode() + b"\r\n" + ticket("Two.").encode())

    batch.run()

    assert batch.texts_by_line() == {1: "One.", 2: "Two."}


def test_a_line_separator_inside_a_ticket_does_not_cut_its_row(batch: Batch) -> None:
    batch.give(ticket("One\u2028two\u0085three.\x1c"))

    batch.run()

    assert len(batch.out.read_text(encoding="utf-8").splitlines()) == 1


@pytest.mark.parametrize("concurrency", [1, 3, 50])
def test_no_more_tickets_are_in_flight_than_asked_for(batch: Batch, concurrency: int) -> None:
    batch.give_tickets(20)
    batch.reader = ScriptedReader(seconds=0.005)

    batch.run(concurrency)

    assert batch.reader.most_in_flight == min(concurrency, 20)
    assert len(batch.texts_by_line()) == 20


def test_the_reader_is_closed_at_the_end(batch: Batch) -> None:
    batch.give_tickets(1)

    batch.run()

    assert batch.reader.closed == 1


def test_memory_does_not_grow_with_the_number_of_tickets(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    alive: dict[int, int] = {}

    def wrote(self: Remembering) -> None:
        self.rows += 1
        if self.rows in (40, 400):
            gc.collect()
            alive[self.rows] = tracemalloc.get_traced_memory()[0]

    monkeypatch.setattr(Remembering, "wrote", wrote)
    batch.give(*(ticket(f"{number} " + "word " * 400) for number in range(420)))
    tracemalloc.start()

    batch.run()

    tracemalloc.stop()
    assert alive[400] < alive[40] + 200_000


def test_a_finished_batch_does_nothing_when_it_is_run_again(batch: Batch) -> None:
    batch.give_tickets(30)
    batch.run()
    before = (batch.out.read_bytes(), batch.journal.read_bytes(), batch.calls())

    result = batch.run()

    assert (batch.out.read_bytes(), batch.journal.read_bytes(), batch.calls()) == before
    assert (result.before, result.written, batch.watcher.before) == (30, 0, 30)


def test_lines_added_at_the_end_are_done_and_the_others_are_not(batch: Batch) -> None:
    batch.give_tickets(3)
    batch.run()
    batch.give_tickets(5)

    result = batch.run()

    assert (result.before, result.written, batch.calls()) == (3, 2, 5)
    assert set(batch.texts_by_line()) == {1, 2, 3, 4, 5}


def test_a_done_line_that_changed_stops_the_run_before_any_work(batch: Batch) -> None:
    batch.give_tickets(3)
    batch.run()
    batch.give(ticket("Ticket 1."), ticket("Another."), ticket("Ticket 3."), ticket("Ticket 4."))

    with pytest.raises(RunError, match=r"tickets\.jsonl, line 2: changed since its suggestion was written"):
        batch.run()
    assert batch.calls() == 3


def test_done_lines_that_are_gone_stop_the_run(batch: Batch) -> None:
    batch.give_tickets(3)
    batch.run()
    batch.give_tickets(1)

    with pytest.raises(RunError, match="2 lines that are done are no longer in it"):
        batch.run()


def test_a_run_with_another_reader_does_not_mix_with_what_is_there(batch: Batch) -> None:
    batch.give_tickets(1)
    batch.run()

    with pytest.raises(RunError, match="was begun with extractor 'scripted', now it is 'embedded'"):
        batch.run(made_by={"extractor": "embedded", "model": None})


def test_what_makes_rows_comparable_is_the_reader_its_model_and_prompt_the_marketplace_and_the_versions() -> None:
    with_key = Settings(api_key="k", model="m")

    assert made_by("auto", Settings())["extractor"] == "embedded"
    assert made_by("auto", with_key)["extractor"] == "openai"
    assert made_by("openai", with_key)["model"] == "m"
    assert made_by("embedded", with_key)["model"] is None
    assert made_by("lexical", Settings()) == made_by("embedded", Settings())
    assert made_by("openai", with_key)["prompt_sha256"]
    assert set(made_by("auto", with_key)) >= {"marketplace", "policy_version", "copilot_version"}
    assert "k" not in made_by("auto", with_key).values()


def test_output_without_a_journal_is_not_touched(batch: Batch) -> None:
    batch.give_tickets(1)
    batch.out.write_text("mine\n")

    with pytest.raises(RunError, match="exists and has no journal"):
        batch.run()
    assert batch.out.read_text() == "mine\n"


def test_an_empty_output_file_is_as_good_as_none(batch: Batch) -> None:
    batch.give_tickets(1)
    batch.out.touch()

    assert batch.run().written == 1


def test_output_that_was_edited_is_not_touched(batch: Batch) -> None:
    batch.give_tickets(3)
    batch.run()
    edited = batch.out.read_bytes().replace(b"Ticket 2", b"Ticket X")
    batch.out.write_bytes(edited)

    with pytest.raises(RunError, match=r"suggestions\.jsonl, line \d: is not what its journal says"):
        batch.run()
    assert batch.out.read_bytes() == edited


def test_output_that_is_gone_is_told(batch: Batch) -> None:
    batch.give_tickets(1)
    batch.run()
    batch.out.unlink()

    with pytest.raises(RunError, match=r"is gone, but its journal suggestions\.jsonl\.journal is there"):
        batch.run()


@pytest.mark.parametrize("damage", [b"{}\n", b"[1]\n", b'{"line":1,"sha256":"00","row_sha256":"00","end":1}\n'])
def test_a_damaged_journal_is_told_by_line(batch: Batch, damage: bytes) -> None:
    batch.give_tickets(1)
    batch.run()
    batch.journal.write_bytes(batch.journal.read_bytes() + damage)

    with pytest.raises(RunError, match=r"\.journal, line 3: is damaged"):
        batch.run()


def test_a_file_that_is_no_journal_is_told(batch: Batch) -> None:
    batch.give_tickets(1)
    batch.out.touch()
    batch.journal.write_text("something else\n")

    with pytest.raises(RunError, match="is not a journal of this version"):
        batch.run()


def test_two_runs_cannot_write_to_one_file(batch: Batch) -> None:
    batch.give_tickets(1)
    link = batch.out.with_name("link.jsonl")
    with batch.out.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        link.symlink_to(batch.out)

        for out in (batch.out, link):
            plan = BatchPlan(batch.source, out, {})
            with pytest.raises(RunError, match="another run is writing to it"):
                asyncio.run(run_batch(plan, batch.reader, Remembering()))


def test_paths_that_cannot_work_are_told_apart(batch: Batch, tmp_path: Path) -> None:
    def told(source: Path, out: Path) -> str:
        with pytest.raises(RunError) as caught:
            asyncio.run(run_batch(BatchPlan(source, out, {}), batch.reader, Remembering()))
        return str(caught.value).removeprefix(f"{tmp_path}/")

    batch.give_tickets(1)
    (tmp_path / "empty.jsonl").touch()
    os.mkfifo(tmp_path / "pipe")

    assert told(tmp_path / "none.jsonl", batch.out) == "none.jsonl: there is no such file"
    assert told(tmp_path, batch.out).endswith("is a directory; name a JSONL file in it")
    assert told(tmp_path / "pipe", batch.out) == "pipe: is not a regular file; a batch reads its input twice"
    assert told(batch.source, batch.source) == "tickets.jsonl: would be written over the input; name another --out"
    assert told(batch.source, tmp_path).endswith("cannot be written (is a directory)")
    assert told(batch.source, tmp_path / "no" / "out") == "no/out: cannot be written (no such file or directory)"
    assert told(batch.source, Path("/dev/null")) == "/dev/null: is not a regular file; a run can only go on in one"
    assert told(tmp_path / "empty.jsonl", batch.out) == "empty.jsonl: is empty"
    assert told(batch.source, Path("-")) == "--out -: a batch can only go on in a file; name one"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_a_file_in_another_encoding_is_refused_as_a_whole_before_any_work(batch: Batch, encoding: str) -> None:
    batch.give_tickets(2)
    batch.source.write_bytes(batch.source.read_text(encoding="utf-8").encode(encoding))

    with pytest.raises(RunError, match="looks like UTF-16 or UTF-32; save it as UTF-8"):
        asyncio.run(run_batch(BatchPlan(batch.source, batch.out, {}), batch.reader, Remembering()))
    assert not batch.out.exists()


def test_a_full_disk_stops_the_run_in_one_line_and_nothing_is_written_after_it(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch.give_tickets(20)
    written: list[bytes] = []

    def write(file: object, content: bytes) -> None:
        if len(written) == 9:
            os.write(file.fileno(), content[: len(content) // 2])  # type: ignore[attr-defined]
            written.append(b"torn")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        assert len(written) < 9
        written.append(content)
        os.write(file.fileno(), content)  # type: ignore[attr-defined]

    monkeypatch.setattr("copilot.runs.journal.write", write)
    with pytest.raises(OutputError, match="no space left on device"):
        batch.run()
    monkeypatch.undo()
    result = batch.run()

    assert (result.before, result.written) == (4, 16)
    assert len(batch.texts_by_line()) == 20


def test_rows_hold_nothing_but_suggestions_and_only_the_owner_may_read_them(batch: Batch) -> None:
    batch.give_tickets(1)

    batch.run()

    assert list(json.loads(batch.out.read_text())) == list(batch.rows()[0].model_dump(by_alias=True))
    assert batch.out.stat().st_mode & 0o777 == batch.journal.stat().st_mode & 0o777 == 0o600
    assert "Ticket 1" not in batch.journal.read_text()
