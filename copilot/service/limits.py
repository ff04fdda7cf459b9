"""How much one caller may ask for, and how much all of them together: rates by the minute, and shares of what there is.

One process counts: the service itself, or with several workers the one that started them (`shared_limits.py`). Whatever is
refused raises a `Problem` that says when to ask again.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from time import time
from typing import Protocol

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from copilot.config.settings import ServiceSettings
from copilot.service.problems import wait

BUSY_SECONDS = 1
BODIES_AT_ONCE = 16
"""All bodies that are coming in or in work hold at most so many times the largest one."""


class Rates:
    """A sliding minute for each caller, in this process's memory, for an event loop: the other kind starts a thread a request."""

    def __init__(self, per_minute: int) -> None:
        self._item = RateLimitItemPerMinute(per_minute)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def spend(self, caller: str) -> None:
        """Count one request of a caller. Raises `Problem` where that is one too many."""
        if not await self._limiter.hit(self._item, caller):
            seconds = (await self._limiter.get_window_stats(self._item, caller)).reset_time - time()
            raise wait("rate_limited", min(60.0, seconds), f"more than {self._item.amount} requests a minute; slow down")


class Shares:
    """So much of what requests hold while they last, such as places. A caller may hold half of what the others leave."""

    def __init__(self, all: int) -> None:
        self._all = all
        self._held: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        """How much is held now."""
        return self._held.total()

    def take(self, caller: str, amount: int) -> None:
        """Hold some more. Raises `Problem` where the caller's share is used up."""
        left = self._all - self.taken + self._held[caller]
        if self._held[caller] + amount > max(1, left // 2) or self.taken + amount > self._all:
            raise wait("overloaded", BUSY_SECONDS)
        self._held[caller] += amount

    def give_back(self, caller: str, amount: int) -> None:
        """Hold so much less."""
        self._held[caller] -= amount
        if not self._held[caller]:
            del self._held[caller]

    @contextmanager
    def held(self, caller: str) -> Iterator[Callable[[int], None]]:
        """Gives a way to take some; at the end it is all given back. Taking raises `Problem` where the share is used up."""
        mine = 0

        def take(amount: int) -> None:
            nonlocal mine
            self.take(caller, amount)
            mine += amount

        try:
            yield take
        finally:
            self.give_back(caller, mine)


class Taking(Protocol):
    """What one request takes while it lasts. Raises `Problem` where there is no more for its caller."""

    async def bytes(self, amount: int) -> None:
        """Room for so much of a body."""
        ...

    async def place(self) -> None:
        """A place among the requests in progress."""
        ...


class Limits(Protocol):
    """What the doors of the service ask."""

    async def spend(self, caller: str) -> None:
        """Count one request of a caller. Raises `Problem`."""
        ...

    def held(self, caller: str) -> AbstractAsyncContextManager[Taking]:
        """What a request of that caller takes; at the end it is all given back."""
        ...


class OwnLimits:
    """Limits that this process counts, in its memory."""

    def __init__(self, settings: ServiceSettings) -> None:
        self.rates = Rates(settings.rate_per_minute)
        self.room = Shares(settings.max_concurrent)
        self.bodies = Shares(BODIES_AT_ONCE * settings.max_body_bytes)

    async def spend(self, caller: str) -> None:
        """Count one request of a caller. Raises `Problem`."""
        await self.rates.spend(caller)

    @asynccontextmanager
    async def held(self, caller: str) -> AsyncIterator[Taking]:
        """What a request of that caller takes; at the end it is all given back."""
        with self.bodies.held(caller) as take_bytes, self.room.held(caller) as take_places:
            yield _Own(take_bytes, take_places)


class _Own:
    def __init__(self, take_bytes: Callable[[int], None], take_places: Callable[[int], None]) -> None:
        self._take_bytes = take_bytes
        self._take_places = take_places

    async def bytes(self, amount: int) -> None:
        self._take_bytes(amount)

    async def place(self) -> None:
        self._take_places(1)
