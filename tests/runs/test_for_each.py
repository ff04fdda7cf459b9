"""Work at several things at a time, and no more of them taken than there is room for."""

import asyncio
from collections.abc import Iterator

import pytest

from copilot.runs.for_each import for_each


class Work:
    """Work that takes a moment and remembers."""

    def __init__(self, fails_at: int = -1) -> None:
        self.fails_at = fails_at
        self.taken: list[int] = []
        self.ended: list[int] = []
        self.cancelled: list[int] = []

    def items(self, count: int) -> Iterator[int]:
        for item in range(count):
            self.taken.append(item)
            yield item

    async def __call__(self, item: int) -> None:
        try:
            await asyncio.sleep(0 if item == self.fails_at else 0.01)
        except asyncio.CancelledError:
            self.cancelled.append(item)
            raise
        if item == self.fails_at:
            raise ValueError(item)
        self.ended.append(item)
        assert len(self.taken) - len(self.ended) < 5


@pytest.mark.parametrize("at_once", [1, 4, 5])
async def test_every_item_is_done_once_and_none_is_taken_before_there_is_room(at_once: int) -> None:
    work = Work()

    await for_each(work.items(17), work, at_once)

    assert sorted(work.ended) == list(range(17))


async def test_a_fault_stops_what_is_in_flight_takes_no_further_item_and_is_raised_as_it_is() -> None:
    work = Work(fails_at=1)

    with pytest.raises(ValueError, match="1"):
        await for_each(work.items(100), work, 3)

    assert work.taken == [0, 1, 2]
    assert sorted(work.cancelled) == [0, 2]


async def test_nothing_to_do_is_done_at_once() -> None:
    work = Work()

    await for_each([], work, 3)

    assert work.ended == []
