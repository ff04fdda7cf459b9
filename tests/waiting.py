"""Waiting for what must come true, however busy the machine is: a test that sleeps instead fails where it is slow."""

import asyncio
from collections.abc import Callable

SECONDS = 60.0
"""No measure of speed, but the end of hope."""


async def until(true: Callable[[], object]) -> None:
    """Let others on the event loop work until it is true."""
    async with asyncio.timeout(SECONDS):
        while not true():
            await asyncio.sleep(0.01)
