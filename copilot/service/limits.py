"""How much one caller may ask for, and how much all of them together: rates by the minute, and shares of what there is."""

from collections import Counter
from collections.abc import Callable, Iterator
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


class Shares:
    """So much of what requests hold while they last, such as places. A caller may hold half of what the others leave."""

    def __init__(self, all: int) -> None:
        self._all = all
        self._held: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        """How much is held now."""
        return self._held.total()

    @contextmanager
    def held(self, caller: str) -> Iterator[Callable[[int], None]]:
        """Gives a way to take some; at the end it is all given back. Taking raises `Problem` where the share is used up."""
        mine = 0

        def take(amount: int) -> None:
            nonlocal mine
            left = self._all - self.taken + self._held[caller]
            if self._held[caller] + amount > max(1, left // 2) or self.taken + amount > self._all:
                raise wait("overloaded", BUSY_SECONDS)
            self._held[caller] += amount
            mine += amount

        try:
            yield take
        finally:
            self._held[caller] -= mine
            if not self._held[caller]:
                del self._held[caller]
