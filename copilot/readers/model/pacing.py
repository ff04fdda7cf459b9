"""When to call again: waits that honour what a server asks for, inside one deadline.

Comes in: a `ApiError`, how many calls were made, and a `Budget`. Goes out: seconds to wait, and whether it is over. A wait
that a server asks for is never shortened: if it does not fit before the deadline, it is over at once.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from copilot.readers.model.api_errors import ApiError, Retry

FIRST_BACKOFF_SECONDS = 0.5
LONGEST_BACKOFF_SECONDS = 8.0
LONGEST_JITTER_SECONDS = 1.0


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Timing:
    """Time and chance, handed in so that tests need not wait. `clock` is monotonic; `now` only reads HTTP dates."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    now: Callable[[], datetime] = _now
    chance: random.Random = field(default_factory=random.Random)


@dataclass
class Budget:
    """What one window may spend: time up to `deadline` on the given clock, and calls for each request."""

    timing: Timing
    deadline: float
    max_attempts: int
    calls: int = 0

    def left(self) -> float:
        """Seconds left before the deadline."""
        return self.deadline - self.timing.clock()


def seconds_to_wait(fault: ApiError, attempt: int, budget: Budget) -> float:
    """The server's own wait and a little more, or full jitter over an exponential backoff."""
    if fault.wait_seconds is None:
        ceiling = min(LONGEST_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS * 2 ** (attempt - 1))
        return budget.timing.chance.uniform(0, min(ceiling, max(0.0, budget.left() / 2)))
    spare = max(0.0, budget.left() - fault.wait_seconds)
    return fault.wait_seconds + budget.timing.chance.uniform(0, min(LONGEST_JITTER_SECONDS, spare / 4))


def is_over(fault: ApiError, attempt: int, wait: float, budget: Budget) -> bool:
    """Whether no further call should be made: enough of them, or no time for the wait."""
    most = 2 if fault.retry is Retry.ONCE else budget.max_attempts
    return attempt >= min(most, budget.max_attempts) or wait >= budget.left()
