"""A running service forgets by itself what is past its time."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from copilot.core.errors import BytesLeft, StoreUnavailable
from copilot.service.upkeep import BYTES_LEFT_SECONDS, EVERY_SECONDS, forget_in_time
from tests.service.called import Called, Make


class Enough(Exception):
    """Ends the endless loop of a test."""


def sleeper(times: int) -> tuple[list[float], object]:
    """A sleep that takes no time, and what it was asked for; it ends the loop after so many."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == times:
            raise Enough

    return slept, sleep


async def test_text_past_its_time_is_removed_without_anybody_asking(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    service: Called = make()
    kept = await service.suggestion()
    purge = service.store.retention.purge
    later = datetime.now(UTC) + timedelta(days=31)
    monkeypatch.setattr(service.store.retention, "purge", lambda rewrite: purge(later, rewrite))
    slept, sleep = sleeper(1)

    with pytest.raises(Enough):
        await forget_in_time(service.desk, sleep)  # type: ignore[arg-type]

    answer = await service.http.get(f"/v1/suggestions/{kept['id']}", headers=service.as_("triage"))
    assert (answer.status_code, slept) == (410, [EVERY_SECONDS])


async def test_a_store_that_cannot_purge_is_asked_again_an_hour_later(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    service: Called = make()
    asked: list[bool] = []

    def purge(rewrite: bool) -> int:
        asked.append(rewrite)
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr(service.store.retention, "purge", purge)
    slept, sleep = sleeper(2)

    with pytest.raises(Enough):
        await forget_in_time(service.desk, sleep)  # type: ignore[arg-type]

    assert (asked, slept) == ([False, False], [EVERY_SECONDS, EVERY_SECONDS])


async def test_bytes_that_a_reader_holds_on_to_are_tried_again_soon(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    service: Called = make()

    def purge(rewrite: bool) -> int:
        raise BytesLeft("bytes are left", 3)

    monkeypatch.setattr(service.store.retention, "purge", purge)
    slept, sleep = sleeper(1)

    with pytest.raises(Enough):
        await forget_in_time(service.desk, sleep)  # type: ignore[arg-type]

    assert slept == [BYTES_LEFT_SECONDS]


async def test_it_ends_when_it_is_cancelled(make: Make) -> None:
    task = asyncio.create_task(forget_in_time(make().desk))
    await asyncio.sleep(0.1)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
