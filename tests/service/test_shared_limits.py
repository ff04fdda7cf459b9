"""Limits of several workers: one process counts for all, and what a worker that died had taken is free again."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import pytest

from copilot.config.settings import ServiceSettings
from copilot.service import shared_limits
from copilot.service.limits import OwnLimits
from copilot.service.problems import Problem
from copilot.service.shared_limits import AskedLimits, CountingForWorkers
from tests.waiting import until


class Crew:
    """A parent that counts, and workers that ask it."""

    def __init__(self, **settings: object) -> None:
        self.own = OwnLimits(ServiceSettings(**settings))  # type: ignore[arg-type]
        self.lost: list[int] = []
        self.ready: list[int] = []
        self._parents: list[asyncio.Task[bool]] = []
        self._ends: list[tuple[socket.socket, socket.socket]] = []

    async def worker(self) -> AskedLimits:
        ours, theirs = socket.socketpair()
        number = len(self._ends)
        self._ends.append((ours, theirs))
        answering = CountingForWorkers(self.own).answer(ours, lambda: self.ready.append(number))
        self._parents.append(asyncio.create_task(answering))
        asked = AskedLimits(theirs, lambda: self.lost.append(number))
        await asked.open()
        return asked

    async def given_up(self, number: int) -> bool:
        """What a worker's parent says once it has stopped answering it."""
        return await self._parents[number]

    def is_answered(self, number: int) -> bool:
        return not self._parents[number].done()

    async def kill(self, number: int) -> None:
        """What the system does to a socket of a process that is killed."""
        self._ends[number][1].shutdown(socket.SHUT_RDWR)
        await self._parents[number]

    def end(self) -> None:
        """What happens to a worker whose parent is killed."""
        for ours, _ in self._ends:
            with suppress(OSError):
                ours.shutdown(socket.SHUT_RDWR)


@pytest.fixture
async def crew() -> AsyncIterator[Callable[..., Crew]]:
    made: list[Crew] = []

    def make(**settings: object) -> Crew:
        made.append(Crew(**settings))
        return made[-1]

    yield make
    for one in made:
        one.end()
        await asyncio.sleep(0.01)


async def refused(asking: object) -> str:
    try:
        await asking  # type: ignore[misc]
    except Problem as problem:
        return problem.code
    return "granted"


async def test_a_rate_holds_for_all_workers_together(crew: Callable[..., Crew]) -> None:
    made = crew(rate_per_minute=3)
    one, two = await made.worker(), await made.worker()

    found = [await refused(worker.spend("key 1")) for worker in (one, two, one, two)]

    assert found == ["granted"] * 3 + ["rate_limited"]
    assert await refused(two.spend("key 2")) == "granted"


async def test_a_refusal_says_when_to_ask_again(crew: Callable[..., Crew]) -> None:
    worker = await crew(rate_per_minute=1).worker()
    await worker.spend("key 1")

    with pytest.raises(Problem) as problem:
        await worker.spend("key 1")

    assert problem.value.headers is not None
    assert 1 <= int(problem.value.headers["Retry-After"]) <= 60


async def test_places_hold_for_all_workers_together_and_come_back(crew: Callable[..., Crew]) -> None:
    made = crew(max_concurrent=2)
    one, two = await made.worker(), await made.worker()

    async with one.held("key 1") as first, two.held("key 2") as second, two.held("key 3") as third:
        assert await refused(first.place()) == "granted"
        assert await refused(second.place()) == "granted"
        assert await refused(third.place()) == "overloaded"
    async with one.held("key 3") as again:
        assert await refused(again.place()) == "granted"

    await until(lambda: (made.own.room.taken, made.own.bodies.taken) == (0, 0))


async def test_what_a_killed_worker_held_is_free_again_and_what_others_hold_is_not(crew: Callable[..., Crew]) -> None:
    made = crew(max_concurrent=8)
    one, two = await made.worker(), await made.worker()

    async with two.held("key 2") as other:
        await other.place()
        taking = one.held("key 1")
        held = await taking.__aenter__()
        await held.place()
        await held.bytes(1_000)
        assert (made.own.room.taken, made.own.bodies.taken) == (2, 1_000)
        await made.kill(0)

        assert (made.own.room.taken, made.own.bodies.taken) == (1, 0)
        assert made.lost == [0]
        await taking.__aexit__(None, None, None)


async def test_a_request_that_ends_before_it_hears_of_its_place_gives_it_back(crew: Callable[..., Crew]) -> None:
    made = crew(max_concurrent=8)
    worker = await made.worker()

    async def request() -> None:
        async with worker.held("key 1") as taking:
            await taking.place()
            await asyncio.sleep(60)

    asked = asyncio.create_task(request())
    await asyncio.sleep(0)
    asked.cancel()
    with suppress(asyncio.CancelledError):
        await asked

    await worker.spend("key 1")
    assert made.own.room.taken == 0


async def test_a_worker_without_its_parent_is_told_and_puts_every_request_off(crew: Callable[..., Crew]) -> None:
    made = crew()
    worker = await made.worker()
    worker.ready()
    await worker.spend("key 1")
    waiting = asyncio.create_task(refused(worker.spend("key 1")))

    made.end()

    assert await asyncio.wait_for(waiting, 5) in {"overloaded", "granted"}
    await until(lambda: (made.ready, made.lost) == ([0], [0]))
    assert await refused(worker.spend("key 1")) == "overloaded"


async def test_a_worker_that_says_nothing_hangs_and_what_it_held_is_free_again(
    crew: Callable[..., Crew], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it takes requests it need not say anything: starting takes as long as it takes."""
    monkeypatch.setattr(shared_limits, "SILENT_SECONDS", 0.05)
    monkeypatch.setattr(shared_limits, "ALIVE_SECONDS", 3_600.0)
    made = crew(max_concurrent=8)
    silent, starting = await made.worker(), await made.worker()
    taking = silent.held("key 1")
    await (await taking.__aenter__()).place()
    silent.ready()

    hangs = await asyncio.wait_for(made.given_up(0), 30)

    assert (hangs, made.own.room.taken) == (True, 0)
    assert made.is_answered(1)
    await starting.spend("key 1")


async def test_a_worker_that_says_that_it_lives_is_kept_although_nobody_asks_it_anything(
    crew: Callable[..., Crew], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_limits, "ALIVE_SECONDS", 0.0)
    made = crew()
    worker = await made.worker()
    worker.ready()

    while len(made.ready) < 3:
        await asyncio.sleep(0)

    assert made.is_answered(0)
    await made.kill(0)
    assert await made.given_up(0) is False


async def test_many_requests_of_many_workers_leave_nothing_behind(crew: Callable[..., Crew]) -> None:
    made = crew(max_concurrent=10_000, rate_per_minute=100_000)
    workers = [await made.worker() for _ in range(3)]

    async def request(number: int) -> None:
        worker = workers[number % 3]
        await worker.spend(f"key {number % 5}")
        async with worker.held(f"key {number % 5}") as taking:
            await taking.bytes(number)
            await taking.place()
            await asyncio.sleep(0)

    await asyncio.gather(*(request(number) for number in range(300)))
    await workers[0].spend("last"), await workers[1].spend("last"), await workers[2].spend("last")

    assert (made.own.room.taken, made.own.bodies.taken) == (0, 0)
