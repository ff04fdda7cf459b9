"""What a running service does by itself: once an hour it makes the store forget what is past its time.

A fault of the store is counted and logged by its name, and tried again an hour later; text past its time is not shown
meanwhile either. Bytes that a reader of the log holds on to are tried again after a minute.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from copilot.core.errors import BytesLeft, StoreError
from copilot.service.desk import AppState

EVERY_SECONDS = 3_600.0
BYTES_LEFT_SECONDS = 60.0


async def forget_in_time(desk: AppState, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
    """Purge now and every hour, until cancelled."""
    log = structlog.get_logger("copilot.service")
    while True:
        pause = EVERY_SECONDS
        try:
            purged = await desk.ask(desk.store.retention.purge, rewrite=False)
        except BytesLeft as fault:
            log.warning("bytes_left", suggestions=fault.tickets)
            pause = BYTES_LEFT_SECONDS
        except StoreError as fault:
            log.warning("purge_failed", fault=type(fault).__name__)
        else:
            if purged:
                log.info("purged", suggestions=purged)
        await sleep(pause)
