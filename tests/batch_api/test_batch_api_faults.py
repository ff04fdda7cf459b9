"""What goes wrong at the provider: nothing is lost, nothing is paid for twice, and no ticket text is told."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from copilot.batch_api.job import Job
from copilot.batch_api.results import came_of
from copilot.core.reading import ReadOutcome
from copilot.readers.model.api_errors import ApiError
from copilot.readers.model.envelope import Reply
from tests.batch_api.conftest import Desk
from tests.batch_api_server import Lines, answered, not_answered, threat
from tests.fault_server import completion

TEXTS = ("He says he will delete my shop.", "He says he will wipe my shop.", "He says he will break my site.")
KILLED_AFTER_TWO = """
import os, signal, sys
from copilot.cli import main
from copilot.evaluation.run.recordings import Recordings
keep, kept = Recordings.keep, []
def counted(*given):
    keep(*given)
    kept.append(given)
    if len(kept) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
Recordings.keep = counted
main(["batch", "collect", "--job", sys.argv[1]])
"""
TOO_LONG = {"error": {"message": "no", "type": "invalid_request_error", "code": "context_length_exceeded", "param": "messages"}}
NO_FORMAT = {"error": {"message": "no", "type": "invalid_request_error", "code": None, "param": "response_format"}}
BUSY = {"error": {"message": "no", "type": "server_error", "code": None, "param": None}}


def _drop_first(output: Lines, errors: Lines) -> None:
    output.pop(0)


def _fail_first(status: int, body: Any) -> Callable[[Lines, Lines], None]:
    def edit(output: Lines, errors: Lines) -> None:
        errors.append(answered(output.pop(0)["custom_id"], body, status))

    return edit


def _expire_first(output: Lines, errors: Lines) -> None:
    errors.append(not_answered(output.pop(0)["custom_id"]))


def _no_completion(output: Lines, errors: Lines) -> None:
    output[0]["response"]["body"] = {"object": "list"}


def _neither(output: Lines, errors: Lines) -> None:
    output[0] |= {"response": None, "error": None}


def _no_line(output: Lines, errors: Lines) -> None:
    output[0] = {"custom_id": 7}


@pytest.mark.parametrize(
    "edit",
    [
        _drop_first,
        _fail_first(429, BUSY),
        _fail_first(500, BUSY),
        _fail_first(503, None),
        _expire_first,
        _no_completion,
        _neither,
        _no_line,
    ],
)
@pytest.mark.parametrize("status", ["completed", "expired", "cancelled"])
def test_what_was_not_answered_is_asked_in_the_next_round_and_nothing_else(
    desk: Desk, status: str, edit: Callable[[Lines, Lines], None]
) -> None:
    desk.give(*TEXTS)
    desk.submit()
    desk.server.end(status, edit)

    first = desk.collect()
    had = sorted(desk.rows())
    desk.submit()
    desk.server.end()
    second = desk.collect()

    assert (first.code, second.code) == (1, 0)
    assert f"{status}, 2 of 3 requests answered" in first.err
    assert (had, sorted(desk.rows())) == (["line-2", "line-3"], ["line-1", "line-2", "line-3"])
    assert desk.sent()[1] == desk.sent()[0][:1]


@pytest.mark.parametrize("status", ["failed", "expired", "cancelled"])
def test_a_batch_that_brought_nothing_is_asked_again_whole(desk: Desk, status: str) -> None:
    desk.give(*TEXTS)
    desk.submit()
    desk.server.end(status, lambda output, errors: output.clear())

    first = desk.collect()
    desk.submit()
    desk.server.end()
    second = desk.collect()

    assert f"{status}, 0 of 3 requests answered" in first.err
    assert "3 lines wait for answers" in first.err
    assert desk.sent()[0] == desk.sent()[1]
    assert second.code == 0


def test_why_a_file_was_refused_is_told_in_codes(desk: Desk) -> None:
    desk.give(*TEXTS)
    desk.submit()
    batch = desk.server.batches["batch_1"]
    problem = {"message": "Ivo deleted my shop", "param": None}
    batch["errors"] = {"data": [problem | {"code": "invalid_json_line", "line": n} for n in range(1, 8)]}
    batch["status"] = "failed"

    ran = desk.collect()

    assert ", ".join(f"invalid_json_line in line {n}" for n in range(1, 6)) + " and 2 more" in ran.err
    assert "Ivo" not in ran.err


def test_an_id_that_is_there_twice_counts_once_and_one_that_was_not_asked_for_never(desk: Desk) -> None:
    desk.give(*TEXTS)
    desk.submit()

    def edit(output: Lines, errors: Lines) -> None:
        output.append(answered(output[0]["custom_id"], completion()))
        output.append(answered("f" * 64, threat()))
        errors.append(not_answered(output[1]["custom_id"]))

    desk.server.end(edit=edit)

    ran = desk.collect()

    assert ran.code == 0
    assert "3 of 3 requests answered; not usable: duplicate id 2, unknown id 1" in ran.err
    assert len(desk.answers()) == 3
    assert [[fact.type for fact in row.facts].count("threat") for row in desk.rows().values()] == [1, 1, 1]


def test_an_answer_behind_a_fault_for_the_same_id_counts(desk: Desk) -> None:
    desk.give(TEXTS[0])
    desk.submit()
    desk.server.end(edit=lambda output, errors: output.insert(0, not_answered(output[0]["custom_id"], "server_error")))

    ran = desk.collect()

    assert ran.code == 0
    assert "1 of 1 requests answered; not usable: server_error 1" in ran.err


@pytest.mark.parametrize("last", [b"{oops\n", b'{"custom_id": "', b"[]\n", b"\xff\xfe\n", b"\n\n", b'"x"\n'])
def test_a_line_that_is_no_result_costs_the_others_nothing(desk: Desk, last: bytes) -> None:
    desk.give(*TEXTS)
    desk.submit()
    desk.server.end(last=last)

    ran = desk.collect()

    assert (ran.code, len(desk.rows())) == (0, 3)


def test_a_refusal_of_the_request_itself_is_settled_as_it_is_online(desk: Desk) -> None:
    desk.give(*TEXTS)
    desk.submit()
    desk.server.end(edit=_fail_first(400, TOO_LONG))

    ran = desk.collect()
    again = desk.submit()

    assert ran.code == 1
    assert "1 not read by the reader that was asked for (too_large 1)" in ran.err
    assert "3 have their answers" in again.err


def test_an_answer_that_cannot_be_used_is_followed_up_in_the_next_round(desk: Desk) -> None:
    desk.give(*TEXTS)
    desk.submit()
    desk.server.answer = lambda body: (200, completion('{"parties": 5}'))
    desk.server.end()

    first = desk.collect()
    desk.submit()
    desk.server.answer = lambda body: (200, threat())
    desk.server.end()
    second = desk.collect()

    assert "3 lines wait for answers" in first.err
    assert "parties" in json.dumps(desk.sent()[1][0]["body"]["messages"][-1])
    assert desk.sent()[1][0]["custom_id"] != desk.sent()[0][0]["custom_id"]
    assert (second.code, {row.provenance.outcome for row in desk.rows().values()}) == (0, {"repaired"})


def test_a_format_that_a_server_refuses_is_left_in_the_next_round(desk: Desk) -> None:
    desk.give(*TEXTS)
    desk.submit()
    desk.server.answer = lambda body: (400, NO_FORMAT) if body["response_format"]["type"] == "json_schema" else (200, threat())
    desk.server.end()

    desk.collect()
    desk.submit()
    desk.server.end()
    ran = desk.collect()

    assert {request["body"]["response_format"]["type"] for request in desk.sent()[1]} == {"json_object"}
    assert (ran.code, len(desk.rows())) == (0, 3)


def test_what_is_left_is_asked_one_by_one_where_that_is_wanted(desk: Desk) -> None:
    desk.give(*TEXTS)
    desk.submit()
    desk.server.end("expired", _expire_first)

    ran = desk.collect("--ask-rest")

    assert desk.server.online == 1
    assert sorted(desk.rows()) == ["line-1", "line-2", "line-3"]
    assert "3 have their answers" in desk.submit().err
    assert "3 suggestions written" in ran.err


@pytest.mark.parametrize("call", [("POST", "/files"), ("POST", "/batches")])
@pytest.mark.parametrize("fault", [429, 500, 503, 0, -1])
def test_a_fault_that_passes_while_submitting_makes_one_batch(desk: Desk, call: tuple[str, str], fault: int) -> None:
    desk.give(*TEXTS)
    desk.server.faults[call] = [fault, fault]

    ran = desk.submit()

    assert ran.code == 0
    assert len(desk.server.batches) == 1


@pytest.mark.parametrize("call", [("GET", "/batches/"), ("GET", "/files/")])
@pytest.mark.parametrize("fault", [429, 500, 503, 0])
def test_a_fault_that_passes_while_collecting_is_waited_out(desk: Desk, call: tuple[str, str], fault: int) -> None:
    desk.give(*TEXTS)
    desk.submit()
    desk.server.end()
    desk.server.faults[call] = [fault, fault]

    ran = desk.collect()

    assert (ran.code, len(desk.rows())) == (0, 3)


def test_a_download_that_is_cut_off_is_begun_again(desk: Desk) -> None:
    desk.give(*TEXTS)
    desk.submit()
    desk.server.end()
    desk.server.cut_downloads = 2

    ran = desk.collect()

    assert (ran.code, len(desk.rows()), desk.server.count("GET", "/files")) == (0, 3, 3)


def test_a_download_that_is_always_cut_off_leaves_the_batch_for_later(desk: Desk) -> None:
    desk.give(*TEXTS)
    desk.submit()
    desk.server.end()
    desk.server.cut_downloads = 100

    first = desk.collect()
    desk.server.cut_downloads = 0
    second = desk.collect()

    assert (first.code, second.code) == (1, 0)
    assert first.err.endswith("(unavailable: connection); run the same command again later\n")
    assert (len(desk.rows()), len(desk.server.batches)) == (3, 1)


@pytest.mark.parametrize("call", [("POST", "/files"), ("POST", "/batches")])
def test_what_a_submit_left_half_done_is_finished_by_the_next(desk: Desk, call: tuple[str, str]) -> None:
    desk.give(*TEXTS)
    desk.server.faults[call] = [503] * 20

    first = desk.submit()
    desk.server.faults.clear()
    second = desk.submit()

    assert (first.code, second.code) == (1, 0)
    assert [len(requests) for requests in desk.sent()] == [3]


def test_a_batch_whose_making_was_not_seen_is_found_and_not_made_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.give(*TEXTS)
    with monkeypatch.context() as patched:
        patched.setattr(Job, "note", _killed_at("batch_id", Job.note))
        first = desk.submit()

    second = desk.submit()

    assert (first.code, second.code, len(desk.server.batches)) == (130, 0, 1)
    assert "batch_1" in second.err


def test_a_server_that_lists_no_batches_is_served_all_the_same(desk: Desk) -> None:
    desk.give(*TEXTS)
    desk.server.lists = False
    desk.server.faults["POST", "/batches"] = [503]

    ran = desk.submit()

    assert (ran.code, len(desk.server.batches)) == (0, 1)


def test_a_collect_that_was_killed_goes_on_and_files_nothing_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.give(*TEXTS)
    desk.submit()
    desk.server.end()
    with monkeypatch.context() as patched:
        patched.setattr(Job, "note", _killed_at("ended", Job.note))
        first = desk.collect()
    kept = len(desk.answers())

    second = desk.collect()

    assert (first.code, second.code) == (130, 0)
    assert (kept, len(desk.answers()), len(desk.rows())) == (3, 3, 3)


def test_a_kill_in_the_middle_of_filing_loses_no_answer_and_files_none_twice(desk: Desk) -> None:
    desk.give(*TEXTS)
    desk.submit()
    desk.server.end()

    killed = subprocess.run([sys.executable, "-c", KILLED_AFTER_TWO, desk.job], check=False)
    kept = len(desk.answers())
    ran = desk.collect()

    assert (killed.returncode, kept) == (-signal.SIGKILL, 2)
    assert (ran.code, len({line["key"] for line in desk.answers()}), len(desk.answers())) == (0, 3, 3)
    assert sorted(desk.rows()) == ["line-1", "line-2", "line-3"]


def test_a_batch_that_is_gone_is_told_with_a_way_out_and_the_others_are_collected(desk: Desk) -> None:
    desk.give(*TEXTS)
    desk.submit("--file-requests", "2")
    desk.server.end()
    del desk.server.batches["batch_1"]

    ran = desk.collect()

    assert (ran.code, len(desk.answers())) == (1, 1)
    assert ran.err.endswith("is OPENAI_BASE_URL where it was submitted? If the batch is gone there, begin another --job\n")


def test_a_file_of_results_that_is_gone_is_asked_again(desk: Desk) -> None:
    desk.give(TEXTS[0])
    desk.submit()
    desk.server.end()
    del desk.server.files[desk.server.batches["batch_1"]["output_file_id"]]

    ran = desk.collect()
    desk.submit()

    assert "completed, 0 of 1 requests answered" in ran.err
    assert len(desk.server.batches) == 2


def test_waiting_looks_until_every_batch_has_ended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.give(*TEXTS)
    desk.submit()
    looks: list[float] = []

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 2:
            desk.server.end()

    monkeypatch.setattr("copilot.cli.batch.collect.time", SimpleNamespace(sleep=sleep))
    desk.server.faults["GET", "/batches/"] = [503] * 7

    ran = desk.collect("--wait", "--every", "30")

    assert (ran.code, looks, len(desk.rows())) == (0, [30.0, 30.0], 3)
    assert "asking how it stands: the provider did not do it (unavailable: status_503)" in ran.err


def test_without_waiting_what_runs_is_left(desk: Desk) -> None:
    desk.give(*TEXTS)
    desk.submit()

    ran = desk.collect()

    assert ran.code == 1
    assert "1 batches not collected" in ran.err


@pytest.mark.parametrize("call", [("POST", "/files"), ("POST", "/batches"), ("GET", "/batches/"), ("GET", "/files/")])
def test_no_redirect_is_followed(desk: Desk, call: tuple[str, str]) -> None:
    desk.give(*TEXTS)
    desk.server.faults[call] = [307] * 20

    desk.submit()
    desk.server.end()
    ran = desk.collect() if call[0] == "GET" else desk.submit()

    assert ran.code == 1
    assert "(redirected: status_307)" in ran.err
    assert all(path != "/elsewhere" for _, path in desk.server.calls)


@pytest.mark.parametrize("name", ["0001.jsonl", "0001.asked"])
@pytest.mark.parametrize("left", [0, 1])
def test_requests_that_are_gone_or_cut_short_stop_before_anything_is_thrown_away(desk: Desk, name: str, left: int) -> None:
    desk.give(*TEXTS)
    desk.submit()
    desk.server.end()
    file = desk.job / "requests" / name
    whole = file.read_bytes()
    file.write_bytes(b"".join(whole.splitlines(keepends=True)[:left]))

    first = desk.collect()
    file.write_bytes(whole)
    second = desk.collect()

    assert (first.code, second.code, len(desk.rows())) == (2, 0, 3)
    assert f"holds {left} of 3 requests that were written" in first.err


def test_a_key_that_is_refused_says_what_to_mend(desk: Desk) -> None:
    desk.give(*TEXTS)
    desk.server.faults["POST", "/files"] = [401]

    ran = desk.submit()

    assert (ran.code, desk.server.count("POST", "/files")) == (1, 1)
    assert ran.err.endswith("mend it (`copilot doctor`), and run the same command again\n")


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ({"response": {"status_code": 429, "body": BUSY}}, ReadOutcome.RATE_LIMITED),
        ({"response": {"status_code": 400, "body": TOO_LONG}}, ReadOutcome.TOO_LARGE),
        ({"response": {"status_code": 200, "body": "no JSON"}}, ReadOutcome.MALFORMED_RESPONSE),
        ({"response": {"status_code": "200", "body": {}}}, ReadOutcome.UNAVAILABLE),
        ({"response": None, "error": {"code": "batch_cancelled"}}, ReadOutcome.UNAVAILABLE),
        ({"error": "words"}, ReadOutcome.UNAVAILABLE),
        ({}, ReadOutcome.UNAVAILABLE),
    ],
)
def test_a_line_without_an_answer_is_the_fault_of_an_online_call(line: dict[str, Any], outcome: ReadOutcome) -> None:
    came = came_of(line)

    assert isinstance(came, ApiError)
    assert came.outcome is outcome


@pytest.mark.parametrize("body", [threat(), json.dumps(threat())])
def test_a_body_may_be_an_object_or_its_text(body: Any) -> None:
    came = came_of({"response": {"status_code": 200, "body": body}})

    assert isinstance(came, Reply)
    assert came.content == threat()["choices"][0]["message"]["content"]


def _killed_at(step: str, note: Callable[[Job, Any], None]) -> Callable[[Job, Any], None]:
    def killed(job: Job, sent: Any) -> None:
        if getattr(sent, step) is not None:
            raise KeyboardInterrupt
        note(job, sent)

    return killed
