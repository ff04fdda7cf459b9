"""Waiting for what must come true, however busy the machine is: a test that sleeps instead fails where it is slow."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

SECONDS = 60.0
"""No measure of speed, but the end of hope."""


async def until(true: Callable[[], object]) -> None:
    """Let others on the event loop work until it is true."""
    async with asyncio.timeout(SECONDS):
        while not true():
            await asyncio.sleep(0.01)


def wait_for(true: Callable[[], object], seconds: float = SECONDS) -> None:
    """The same where there is no event loop."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.005)


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or is only waited for by nobody."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
