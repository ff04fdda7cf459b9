"""Requests handed in together, answers fetched later: the rows are those of asking one by one."""

import asyncio
import json

import pytest

from copilot.batch_api.errors import ProviderError
from copilot.batch_api.job import Job
from copilot.batch_api.limits import Limits
from copilot.batch_api.planning import missing_of, tickets_in
from copilot.batch_api.provider import Provider
from copilot.batch_api.submit import submit
from copilot.cli.batch.options import job_settings
from copilot.core.vocabulary import Route
from copilot.evaluation.run.recordings import key_of
from copilot.files.loading import Location, ticket_in_line
from copilot.output.suggestion import Suggestion
from copilot.pipeline import atriage
from copilot.readers.base import close
from copilot.readers.factory import choose_reader
from copilot.runs.errors import RunError
from tests.batch_api.conftest import Desk
from tests.batch_api_server import threat


async def _one_by_one(desk: Desk) -> list[Suggestion]:
    """What asking about each ticket online gives."""
    reader = choose_reader("openai", job_settings())
    lines = enumerate(desk.source.read_bytes().splitlines(), start=1)
    rows = [await atriage(ticket_in_line(raw, Location("x", number)), reader) for number, raw in lines]
    await close(reader)
    return rows


TEXTS = ("He says he will delete my shop.", "Er löscht meinen Laden — 😀.", "He says he will break my site.")


def test_the_rows_are_those_of_asking_one_by_one(desk: Desk) -> None:
    desk.give(*TEXTS)
    desk.submit()
    desk.server.end()

    ran = desk.collect()

    online = asyncio.run(_one_by_one(desk))
    unlike = {"provenance": {"seconds"}}
    assert [row.model_dump(exclude=unlike) for row in desk.rows().values()] == [row.model_dump(exclude=unlike) for row in online]
    assert [row.route for row in online] == [Route.CONTENT_ENFORCEMENT] * 3
    assert (ran.code, desk.server.count("POST", "/batches")) == (0, 1)


def test_a_request_is_the_online_body_under_the_key_of_its_recording(desk: Desk) -> None:
    asked: list[dict[str, object]] = []

    def answer(body: dict[str, object]) -> tuple[int, object]:
        asked.append(body)
        return 200, threat()

    desk.give(TEXTS[1])

    desk.submit()

    request = desk.sent()[0][0]
    desk.server.answer = answer
    asyncio.run(_one_by_one(desk))
    assert request["body"] == asked[0]
    assert request["custom_id"] == key_of(asked[0], 0)


def test_a_ticket_that_is_there_twice_is_asked_about_once(desk: Desk) -> None:
    desk.give(TEXTS[0], TEXTS[0], TEXTS[1])

    desk.submit()
    desk.server.end()
    desk.collect()

    assert [len(requests) for requests in desk.sent()] == [2]
    assert sorted(desk.rows()) == ["line-1", "line-2", "line-3"]


def test_what_is_under_way_or_answered_is_not_sent_again(desk: Desk) -> None:
    desk.give(*TEXTS)
    desk.submit()

    again = desk.submit()
    desk.server.end()
    desk.collect()
    after = desk.submit()

    assert again.err.startswith("copilot: 3 tickets: 0 have their answers, 3 wait for a batch; 0 new requests; 0 batches made")
    assert "3 have their answers" in after.err
    assert len(desk.server.batches) == 1


def test_files_hold_no_more_requests_than_was_said(desk: Desk) -> None:
    desk.give(*TEXTS)

    desk.submit("--file-requests", "2")

    assert [len(requests) for requests in desk.sent()] == [2, 1]


@pytest.mark.parametrize(("spare", "files"), [(-1, [1, 1, 1]), (0, [2, 1]), (1, [2, 1])])
def test_files_are_cut_at_the_bytes_that_a_provider_takes(desk: Desk, spare: int, files: list[int]) -> None:
    desk.give("A", "B", "C")
    settings = job_settings()

    def sizes(folder: str, most: int) -> list[int]:
        with Provider(settings) as provider, Job(desk.folder / folder, settings) as job:
            planned = missing_of(tickets_in(desk.source, print), settings, job.answers)
            submit(job, planned, provider, Limits(bytes=most), print)
            return [job.requests_path(name).stat().st_size for name in job.files]

    a_line = sizes("first", 200_000_000)[0] // 3

    assert len(sizes("second", 2 * a_line + spare)) == len(files)
    assert [len(requests) for requests in desk.sent()[1:]] == files


def test_a_request_over_the_limit_is_named_by_its_line(desk: Desk) -> None:
    desk.give("A")
    settings = job_settings()

    with Provider(settings) as provider, Job(desk.job, settings) as job, pytest.raises(RunError) as told:
        submit(job, missing_of(tickets_in(desk.source, print), settings, job.answers), provider, Limits(bytes=100), print)

    assert str(told.value) == "line-1: its request alone is over 100 bytes; leave it out"
    assert desk.server.batches == {}


def test_a_long_ticket_has_a_row_once_every_part_is_answered(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_WINDOW_CHARACTERS", "300")
    desk.give("He says he will delete my shop. " * 30, "Short.")
    desk.submit()
    desk.server.end(edit=lambda output, _: output.pop(0))

    first = desk.collect()
    desk.submit()
    desk.server.end()
    second = desk.collect()

    assert len(desk.sent()[0]) > 2
    assert "1 lines wait for answers" in first.err
    assert (first.code, second.code, sorted(desk.rows())) == (1, 0, ["line-1", "line-2"])


def test_a_line_that_is_no_ticket_is_named_and_the_rest_is_sent(desk: Desk) -> None:
    desk.give(TEXTS[0])
    desk.source.write_text(desk.source.read_text() + "{oops\n")

    ran = desk.submit()

    assert ran.code == 1
    assert ran.err.startswith(f"copilot: {desk.source}, line 2, column 2: not JSON")
    assert [len(requests) for requests in desk.sent()] == [1]


def test_the_files_with_ticket_text_are_gone_on_both_sides_once_collected(desk: Desk) -> None:
    desk.give(*TEXTS)
    desk.submit()
    modes = {path.name: oct(path.stat().st_mode)[-3:] for path in (desk.job / "requests").iterdir()}
    desk.server.end()

    desk.collect()

    assert modes == {"0001.jsonl": "600", "0001.asked": "600"}
    assert list((desk.job / "requests").iterdir()) == []
    assert desk.server.files == {}


def test_a_file_that_the_provider_keeps_is_told_and_stops_nothing(desk: Desk) -> None:
    desk.give(TEXTS[0])
    desk.submit()
    desk.server.end()
    desk.server.faults["DELETE", "/files"] = [403, 403]

    ran = desk.collect()

    assert ran.code == 0
    assert ran.err.count("deleting: the provider did not do it (auth: forbidden)") == 2


def test_status_says_how_each_batch_stands(desk: Desk) -> None:
    desk.give(*TEXTS)
    desk.submit("--file-requests", "2")
    desk.server.end()
    desk.collect()
    desk.give("Another.")
    desk.submit()

    ran = desk.run("batch", "status", "--job", desk.job)

    assert ran.code == 0
    assert ran.out.splitlines() == [
        "0001  batch_1  completed, collected: 2 of 2 answered",
        "0002  batch_2  completed, collected: 1 of 1 answered",
        "0003  batch_3  in_progress: 0 of 1 done, 0 failed",
    ]


def test_an_evaluation_takes_its_answers_from_a_job(desk: Desk) -> None:
    cases = desk.folder / "cases.jsonl"
    expect = {"route": "content_enforcement", "labels": ["coercion_and_retaliation"], "rule": "R3_coercion"}
    given = [{"id": f"c-{n}", "ticket": {"messages": [{"text": text}]}, "expect": expect} for n, text in enumerate(TEXTS)]
    cases.write_text("".join(json.dumps(case) + "\n" for case in given))
    desk.run("batch", "submit", cases, "--cases", "--samples", "2", "--job", desk.job)
    desk.server.end(edit=lambda output, _: output.pop())
    desk.run("batch", "collect", "--job", desk.job)
    evaluate = ("eval", "run", cases, "--samples", "2", "--no-gates", "--out", desk.folder / "run", "--replay", desk.job)

    first = desk.run(*evaluate)
    desk.run("batch", "submit", cases, "--cases", "--samples", "2", "--job", desk.job)
    desk.server.end()
    desk.run("batch", "collect", "--job", desk.job)
    second = desk.run(*evaluate)

    assert [len(requests) for requests in desk.sent()] == [6, 1]
    assert (first.code, second.code, desk.server.online) == (3, 0, 0)


def test_a_job_goes_on_with_the_settings_that_it_was_begun_with(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.give(TEXTS[0])
    desk.submit()
    monkeypatch.setenv("COPILOT_MODEL", "stub-2")

    ran = desk.submit()

    assert ran.code == 2
    assert "was begun with model 'stub-1', now it is 'stub-2'" in ran.err


def test_one_process_works_in_a_job_at_a_time(desk: Desk) -> None:
    desk.give(TEXTS[0])
    with Job(desk.job, job_settings()):
        ran = desk.submit()

    assert ran.code == 2
    assert "another run is writing to it" in ran.err


def test_a_job_that_is_a_file_is_named_with_a_way_out(desk: Desk) -> None:
    desk.give(TEXTS[0])
    desk.job.write_text("mine")

    ran = desk.submit()

    assert (ran.code, desk.job.read_text()) == (2, "mine")
    assert f"{desk.job / 'requests'}: cannot be made (not a directory); name another --job" in ran.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("batch", "collect", "--job", "none"), "nothing was submitted"),
        (("batch", "status", "--job", "none"), "nothing was submitted"),
        (("batch", "collect", "x.jsonl", "--job", "none"), "go together"),
        (("batch", "collect", "--job", "none", "--ask-rest"), "needs both"),
        (("batch", "submit", "x.jsonl", "--job", "none", "--samples", "2"), "goes with --cases"),
        (("batch", "submit", "none.jsonl", "--job", "none"), "there is no such file"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
) -> None:
    monkeypatch.chdir(desk.folder)

    ran = desk.run(*arguments)

    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert told in ran.err
    assert list(desk.folder.iterdir()) == []


def test_a_word_that_is_no_command_is_a_file_as_before(desk: Desk) -> None:
    desk.give(TEXTS[0])

    old = desk.run("batch", desk.source, "--out", desk.out, "--extractor", "openai")
    options_first = desk.run("batch", "--out", desk.out, "--extractor", "openai", desk.source)
    named = desk.run("batch", "run", desk.source, "--out", desk.out, "--extractor", "openai")

    assert (old.code, options_first.code, named.code) == (0, 0, 0)
    assert desk.server.online == 1


def test_without_a_key_for_openai_itself_nothing_is_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL")
    desk.give(TEXTS[0])

    ran = desk.submit()

    assert (ran.code, desk.job.exists()) == (2, False)
    assert ran.err.startswith("copilot: OPENAI_API_KEY is not set")


def test_a_fault_of_the_provider_says_what_to_do() -> None:
    from copilot.core.reading import ReadOutcome
    from copilot.readers.model.api_errors import ApiError, Retry

    passing = ProviderError("x", ApiError(ReadOutcome.RATE_LIMITED, "rate_limited", Retry.YES))
    lasting = ProviderError("x", ApiError(ReadOutcome.AUTH, "unauthorized"))

    assert str(passing).endswith("(rate_limited: rate_limited); run the same command again later")
    assert str(lasting).endswith("(auth: unauthorized); mend it (`copilot doctor`), and run the same command again")
