"""Work that holds Python, in processes beside the event loop: it holds up nobody, and it can be stopped.

Comes in: a function and plain values. Goes out: what it returned. Past its time the process that was at work on it is killed.
A process also ends itself, should nobody be left to kill it: by an alarm of the system's past the time of its work, and with
the pipe to the service.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

from anyio import CapacityLimiter, to_process

from copilot.service.turns import CALLER, Turns

Given = TypeVarTuple("Given")
Result = TypeVar("Result")
LEAST_SECONDS = 0.001
LATE_SECONDS = 2


class Workers:
    """Up to `at_once` processes, started when they are needed; callers take turns at them."""

    def __init__(self, at_once: int = os.cpu_count() or 1) -> None:
        self.at_once = at_once
        self._turns = Turns(at_once)

    async def run(self, work: Callable[[*Given], Result], *given: *Given, seconds: float) -> Result:
        """Do work for at most so many seconds, waiting for a turn included. Raises `TimeoutError`."""
        async with asyncio.timeout(max(LEAST_SECONDS, seconds)), self._turns.taken(CALLER.get()):
            one = CapacityLimiter(1)
            return await to_process.run_sync(_bounded, seconds, work, given, cancellable=True, limiter=one)


def _bounded(seconds: float, work: Callable[[*Given], Result], given: tuple[*Given]) -> Result:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, seconds + LATE_SECONDS)
    try:
        return work(*given)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
