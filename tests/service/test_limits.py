"""How much may be asked, and how long an answer takes: rates, places, and a deadline that ends in a suggestion."""

import asyncio
import threading
import time
from collections.abc import Callable

import pytest

from copilot.core.reading import Reading, ReadOutcome
from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.service.deadline import DeadlineReader
from copilot.service.limits import Rates
from tests.builders import ticket
from tests.making import embedded_reader
from tests.scripted_reader import Scripted
from tests.service.called import TICKET, Called, Make, bearer, is_problem
from tests.service.conftest import ANSWER


class Never(Scripted):
    """Does not come to an end by itself."""

    def __init__(self) -> None:
        super().__init__(ANSWER)
        self.begun = asyncio.Event()

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        self.begun.set()
        await asyncio.sleep(600)
        return self._answer("aread")


async def test_counting_a_request_starts_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = Rates(per_minute=10)
    started: list[threading.Thread] = []
    monkeypatch.setattr(threading.Thread, "start", started.append)

    for caller in ("key 1", "key 2", "key 1"):
        await rates.spend(caller)

    assert started == []


async def test_a_caller_may_ask_so_often_a_minute_and_others_are_not_held_up_by_that(make: Make) -> None:
    called = make(rate_per_minute=3)
    headers = called.as_("export")

    answers = [await called.http.get("/v1/feedback", headers=headers) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    is_problem(answers[3], 429, "rate_limited")
    assert 1 <= int(answers[3].headers["retry-after"]) <= 60
    assert (await called.http.get("/v1/feedback", headers=called.as_("export"))).status_code == 200


async def test_an_agent_is_counted_over_all_their_sessions(make: Make) -> None:
    called = make(rate_per_minute=2)
    path = f"/v1/suggestions/sug_{'0' * 26}"

    async def ask(agent: str) -> int:
        return (await called.http.get(path, headers=called.session(agent))).status_code

    assert [await ask("agent-1"), await ask("agent-1"), await ask("agent-1"), await ask("agent-2")] == [404, 404, 429, 404]


async def test_more_requests_at_a_time_than_there_are_places_are_put_off(make: Make) -> None:
    reader = Never()
    called = make(reader=reader, max_concurrent=1)
    headers = called.as_("triage")

    first = asyncio.create_task(called.http.post("/v1/suggestions", json=TICKET, headers=headers))
    await reader.begun.wait()
    second = await called.http.post("/v1/suggestions", json=TICKET, headers=headers)
    alive = await called.http.get("/healthz")
    first.cancel()

    is_problem(second, 503, "overloaded")
    assert int(second.headers["retry-after"]) >= 1
    assert alive.status_code == 200


async def test_a_place_is_free_again_whatever_became_of_the_request(make: Make) -> None:
    called = make(max_concurrent=1)
    headers = called.as_("triage")

    for _ in range(3):
        await called.http.post("/v1/suggestions", json={}, headers=headers)
        await called.suggestion(headers)

    assert called.desk.limits.room.taken == 0


async def test_past_the_deadline_the_embedded_reader_answers_and_the_suggestion_says_so(make: Make) -> None:
    called = make(reader=Never(), request_seconds=0.1)
    started = time.monotonic()

    suggestion = await called.suggestion()

    assert time.monotonic() - started < 20
    told = suggestion["provenance"]
    assert (told["degraded"], told["outcome"], told["extractor"]) == (True, "timeout", "embedded")
    assert "degraded_extractor" in suggestion["cautions"]
    assert suggestion["route"] != "no_escalation"


async def test_a_reader_that_is_in_time_is_not_disturbed() -> None:
    reader = DeadlineReader(Scripted(ANSWER), embedded_reader(), seconds=5)

    assert await reader.aread(ticket(), None) == ANSWER  # type: ignore[arg-type]


async def test_a_timeout_of_the_readers_own_is_not_taken_for_the_deadline() -> None:
    reader = DeadlineReader(Scripted(TimeoutError()), Scripted(ANSWER), seconds=5)

    with pytest.raises(TimeoutError):
        await reader.aread(ticket(), None)  # type: ignore[arg-type]


async def test_what_was_not_read_in_time_by_anybody_goes_to_a_person(make: Make) -> None:
    called = make(reader=Never(), request_seconds=0.05)
    called.desk.reader = DeadlineReader(Never(), Scripted(Reading(None, ReadOutcome.LANGUAGE_UNSUPPORTED, "embedded")), 0.05)

    assert (await called.suggestion())["route"] == "agent_review"


async def test_the_event_loop_answers_others_while_a_long_ticket_is_read(make: Make) -> None:
    called = make(reader=embedded_reader())
    long = {"messages": [{"text": "He deleted my site and wants money to put it back. " * 60}]}
    slowest = 0.0

    work = asyncio.create_task(called.http.post("/v1/suggestions", json=long, headers=called.as_("triage"), timeout=120))
    while not work.done():
        started = time.monotonic()
        assert (await called.http.get("/healthz")).status_code == 200
        slowest = max(slowest, time.monotonic() - started)
        await asyncio.sleep(0.02)

    assert (await work).status_code == 201
    assert slowest < 5


async def test_a_store_that_is_out_of_order_is_told_with_a_wait(
    service: Called, monkeypatch: pytest.MonkeyPatch, unusable: Callable[..., object]
) -> None:
    headers = service.as_("admin")
    suggestion = await service.suggestion(headers)
    monkeypatch.setattr(service.store.suggestions, "add", unusable)
    monkeypatch.setattr(service.store.suggestions, "get", unusable)
    monkeypatch.setattr(service.store, "check", unusable)

    for answer in (
        await service.http.post("/v1/suggestions", json=TICKET, headers=headers),
        await service.http.get(f"/v1/suggestions/{suggestion['id']}", headers=headers),
    ):
        is_problem(answer, 503, "store_unavailable")
        assert int(answer.headers["retry-after"]) >= 1
    is_problem(await service.http.get("/readyz"), 503, "not_ready")
    assert (await service.http.get("/healthz")).status_code == 200
    monkeypatch.setattr(service.store.keys, "check", unusable)
    answer = await service.http.get("/v1/feedback", headers=bearer("tck_" + "a" * 30))
    is_problem(answer, 503, "store_unavailable")
