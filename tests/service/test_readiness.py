"""Ready is answered from a try, once for all who ask at once, and never late."""

import asyncio

import pytest

from copilot.core.errors import StoreUnavailable
from copilot.service import readiness as readiness_module
from copilot.service.readiness import Readiness
from tests.service.called import Called, is_problem


class Look:
    """A try that counts, and does what a test says."""

    def __init__(self) -> None:
        self.times = 0
        self.fault: Exception | None = None
        self.hang = asyncio.Event()
        self.hang.set()

    async def __call__(self) -> None:
        self.times += 1
        await self.hang.wait()
        if self.fault:
            raise self.fault


async def test_a_table_that_went_is_told_while_the_service_runs(service: Called, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("copilot.service.readiness.EVERY_SECONDS", 0.0)
    before = (await service.http.get("/readyz")).status_code
    with service.store.database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE outcomes")

    after = await service.http.get("/readyz")

    assert before == 200
    assert "table is missing" in is_problem(after, 503, "not_ready")["detail"]


async def test_many_who_ask_at_once_cost_one_try() -> None:
    look = Look()
    readiness = Readiness(look)

    answers = await asyncio.gather(*(readiness.problem() for _ in range(200)))

    assert (set(answers), look.times) == ({None}, 1)


async def test_after_a_second_it_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness_module, "EVERY_SECONDS", 0.05)
    look = Look()
    readiness = Readiness(look)
    await readiness.problem()
    look.fault = StoreUnavailable("the disk is full")

    at_once = await readiness.problem()
    await asyncio.sleep(0.06)
    later = await readiness.problem()

    assert (at_once, later, look.times) == (None, "the disk is full", 2)


async def test_a_database_that_hangs_is_told_in_time_and_not_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness_module, "PATIENCE_SECONDS", 0.05)
    look = Look()
    look.hang.clear()
    readiness = Readiness(look)

    answers = [await readiness.problem() for _ in range(3)]
    look.hang.set()

    assert all("does not answer" in str(answer) for answer in answers)
    assert look.times == 1
    assert await readiness.problem() is None
