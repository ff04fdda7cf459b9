"""How much one caller may ask for, and how much all of them together: rates by the minute, and requests at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from copilot.service.problems import wait

BUSY_SECONDS = 1


class Rates:
    """A sliding minute for each caller, in this process's memory."""

    def __init__(self, per_minute: int) -> None:
        self._item = RateLimitItemPerMinute(per_minute)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def spend(self, caller: str) -> None:
        """Count one request of a caller. Raises `Problem` where that is one too many."""
        if not self._limiter.hit(self._item, caller):
            seconds = self._limiter.get_window_stats(self._item, caller).reset_time - time()
            raise wait("rate_limited", min(60.0, seconds), f"more than {self._item.amount} requests a minute; slow down")


class Room:
    """How many requests are in work, and how many may be."""

    def __init__(self, places: int) -> None:
        self._places = places
        self.taken = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold one place. Raises `Problem` where none is free."""
        if self.taken >= self._places:
            raise wait("overloaded", BUSY_SECONDS)
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
