"""What it costs a worker's request to have its limits counted by another process: three questions and a word at the end.

Run: `python -m benchmarks.shared_limits`. Out: milliseconds a request, median and range of the rounds, one request at a time and
50 at a time, beside limits that the process counts itself.
"""

import asyncio
import socket
import time
from multiprocessing import get_context
from statistics import median

from copilot.config.settings import ServiceSettings
from copilot.service.limits import Limits, OwnLimits
from copilot.service.shared_limits import AskedLimits, CountingForWorkers

ROUNDS = 7
REQUESTS = 2_000
SETTINGS = ServiceSettings(rate_per_minute=10_000_000, max_concurrent=10_000)


def count_for(end: socket.socket) -> None:
    """The supervisor's part, in a process of its own."""
    asyncio.run(CountingForWorkers(OwnLimits(SETTINGS)).answer(end, lambda: None))


async def seconds(limits: Limits, at_once: int) -> float:
    """How long a request's questions take, for so many requests at the same time."""

    async def requests() -> None:
        for _ in range(REQUESTS // at_once):
            await limits.spend("key 1")
            async with limits.held("key 1") as taking:
                await taking.bytes(1_000)
                await taking.place()

    began = time.perf_counter()
    await asyncio.gather(*(requests() for _ in range(at_once)))
    return (time.perf_counter() - began) / REQUESTS


async def main() -> None:
    """Measure both in turns, and print."""
    ours, theirs = socket.socketpair()
    process = get_context("spawn").Process(target=count_for, args=(theirs,))
    process.start()
    theirs.close()
    asked = AskedLimits(ours, lambda: None)
    await asked.open()
    own = OwnLimits(SETTINGS)
    for at_once in (1, 50):
        taken: dict[str, list[float]] = {"own": [], "asked": []}
        for _ in range(ROUNDS):
            for name, limits in (("own", own), ("asked", asked)):
                taken[name].append(1_000 * await seconds(limits, at_once))
        for name, some in taken.items():
            told = f"{median(some):.3f} ms [{min(some):.3f}, {max(some):.3f}]"
            print(f"{name}, {at_once} at a time: {told} n={ROUNDS} rounds of {REQUESTS}")
    process.kill()
    process.join()


if __name__ == "__main__":
    asyncio.run(main())
