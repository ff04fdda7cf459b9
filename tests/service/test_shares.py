"""A caller's share: of the places, of the bodies in memory, and of the turns at what computes."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator

import pytest

from copilot.service.limits import Shares
from copilot.service.problems import Problem
from copilot.service.turns import Turns
from copilot.service.workers import Workers
from tests.service.called import TICKET, Called, Make, is_problem
from tests.service.test_bodies import JSON
from tests.service.test_limits import Never
from tests.waiting import until


def test_one_caller_takes_half_of_what_there_is_and_the_next_half_of_the_rest() -> None:
    shares = Shares(8)

    with shares.held("a") as a, shares.held("b") as b:
        for _ in range(4):
            a(1)
        with pytest.raises(Problem):
            a(1)
        b(2)
        with pytest.raises(Problem):
            b(1)
        assert shares.taken == 6
    assert shares.taken == 0


def test_the_last_place_may_be_taken_by_anybody_and_then_there_is_none() -> None:
    shares = Shares(1)

    with shares.held("a") as a, shares.held("b") as b:
        a(1)
        with pytest.raises(Problem) as refused:
            b(1)

    assert (refused.value.code, refused.value.headers) == ("overloaded", {"Retry-After": "1"})


async def test_a_caller_with_a_crowd_waiting_holds_up_another_by_one_turn() -> None:
    turns, order = Turns(1), list[str]()

    async def work(caller: str) -> None:
        async with turns.taken(caller):
            order.append(caller)
            await asyncio.sleep(0)

    await asyncio.gather(*(work("crowd") for _ in range(6)), work("one"), work("two"), work("one"))

    assert order[:6] == ["crowd", "crowd", "one", "two", "crowd", "one"]
    assert order[6:] == ["crowd"] * 3


@pytest.mark.parametrize("given_first", [False, True])
async def test_who_gives_up_waiting_loses_no_turn_for_the_others(given_first: bool) -> None:
    turns, came = Turns(1), list[str]()

    async def work(caller: str) -> None:
        async with turns.taken(caller):
            came.append(caller)

    async with asyncio.timeout(10):
        async with turns.taken("holder"):
            leaving = asyncio.create_task(work("leaving"))
            staying = asyncio.create_task(work("staying"))
            await asyncio.sleep(0)
            if not given_first:
                leaving.cancel()
        leaving.cancel()
        await staying
        await work("later")

    assert came == ["staying", "later"]


async def test_a_body_that_does_not_end_takes_no_place(make: Make) -> None:
    called = make(max_concurrent=2)
    headers = called.as_("triage")
    end = asyncio.Event()

    async def unfinished() -> AsyncIterator[bytes]:
        yield b"{"
        await end.wait()
        yield b"}"

    waiting = [
        asyncio.create_task(called.http.post("/v1/suggestions", content=unfinished(), headers=headers | JSON)) for _ in range(70)
    ]
    await until(lambda: called.desk.limits.bodies.taken == 70)
    await called.suggestion(headers)
    await called.suggestion()
    end.set()

    assert {answer.status_code for answer in await asyncio.gather(*waiting)} <= {422, 503}
    assert (called.desk.limits.bodies.taken, called.desk.limits.room.taken) == (0, 0)


async def test_a_caller_who_holds_a_share_of_the_places_leaves_room_for_others(make: Make) -> None:
    reader = Never()
    called = make(reader=reader, max_concurrent=4)
    first, second = called.as_("triage"), called.as_("triage")

    async def post(headers: dict[str, str]) -> int:
        return (await called.http.post("/v1/suggestions", json=TICKET, headers=headers)).status_code

    posts = [asyncio.create_task(post(headers)) for headers in [first] * 4 + [second]]
    await until(lambda: called.desk.limits.room.taken == 3 and sum(one.done() for one in posts) == 2)

    assert [one.result() for one in posts[:4] if one.done()] == [503, 503]
    for one in posts:
        one.cancel()
    await asyncio.gather(*posts, return_exceptions=True)


async def test_bodies_that_are_in_memory_are_counted_by_their_bytes(make: Make) -> None:
    called = make(max_body_bytes=1_000)
    headers = called.as_("triage")
    end = asyncio.Event()

    async def large() -> AsyncIterator[bytes]:
        yield b" " * 900
        await end.wait()
        yield json.dumps(TICKET).encode()[:100]

    waiting = [
        asyncio.create_task(called.http.post("/v1/suggestions", content=large(), headers=headers | JSON)) for _ in range(9)
    ]
    await until(lambda: called.desk.limits.bodies.taken == 8 * 900 and any(one.done() for one in waiting))
    mine = await called.http.post("/v1/suggestions", content=b" " * 900, headers=headers | JSON)
    other = await called.http.post("/v1/suggestions", content=b" " * 900, headers=called.as_("triage") | JSON)
    end.set()
    await asyncio.gather(*waiting)

    is_problem(mine, 503, "overloaded")
    is_problem(other, 400, "bad_json")
    assert called.desk.limits.bodies.taken == 0


async def test_a_body_that_stalls_is_given_up_before_one_that_drips(service: Called, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("copilot.service.body_limit.STALLED_SECONDS", 0.05)

    async def stalled() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(5)
        yield b"}"

    answer = await service.http.post("/v1/suggestions", content=stalled(), headers=service.as_("triage") | JSON)

    is_problem(answer, 408, "slow_body")


async def test_work_past_its_time_is_killed_and_the_next_work_is_done() -> None:
    workers = Workers(1)

    with pytest.raises(TimeoutError):
        await workers.run(sum, itertools.repeat(0), seconds=0.5)

    assert await workers.run(sum, [1, 2], seconds=60) == 3
