"""Reading what hooks told of, while the service runs: one ticket after the other, a few at a time, oldest first.

A reader never fails without a suggestion; a store that fails is tried again after a while, and what was held then is taken up
when its time is over. What a killed process had in hand is taken up at the next start.
"""

import asyncio
from contextlib import suppress

import structlog

from copilot.core.errors import StoreError
from copilot.pipeline import atriage
from copilot.service.desk import AppState
from copilot.service.turns import CALLER

AT_ONCE = 2
LOOK_SECONDS = 5.0
"""How often to look for what another process was told, or let go of."""
SPARE_SECONDS = 30.0
"""What a reading may take beyond its limit before another process takes its ticket over."""


async def read_ahead(desk: AppState) -> None:
    """Read what waits, until cancelled."""
    with suppress(StoreError):
        await desk.ask(desk.store.arrivals.let_go)
    async with asyncio.TaskGroup() as readers:
        for _ in range(AT_ONCE):
            readers.create_task(_read_on(desk))


async def _read_on(desk: AppState) -> None:
    log = structlog.stdlib.get_logger("copilot.service")
    while True:
        desk.arrived.clear()
        try:
            if await read_next(desk):
                continue
        except StoreError as fault:
            log.warning("read_ahead_failed", fault=type(fault).__name__)
            await asyncio.sleep(LOOK_SECONDS)
        with suppress(TimeoutError):
            await asyncio.wait_for(desk.arrived.wait(), LOOK_SECONDS)


async def read_next(desk: AppState) -> bool:
    """Read one ticket and keep its suggestion. False where none waits. Raises `StoreError`."""
    taken = await desk.ask(desk.store.arrivals.take, desk.settings.request_seconds + SPARE_SECONDS)
    if taken is None:
        return False
    CALLER.set(taken.source)
    suggestion = await atriage(taken.ticket, desk.reader)
    kept = await desk.ask(desk.store.arrivals.done, taken, suggestion)
    if kept is not None:
        desk.figures.suggested(suggestion)
    structlog.stdlib.get_logger("copilot.service").info(
        "read_ahead", suggestion=kept, source=taken.source, to=suggestion.route.value, outcome=suggestion.provenance.outcome
    )
    return True
