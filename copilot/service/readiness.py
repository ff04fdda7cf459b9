"""Whether the store can keep a ticket, tried for everybody who asks at once and no more than once a second.

Comes in: the try, which may hang. Goes out: None, or what is wrong in words. Anybody may ask, so asking costs next to nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable

from copilot.core.errors import StoreError

EVERY_SECONDS = 1.0
PATIENCE_SECONDS = 10.0


class Readiness:
    """The last answer, and the try that is under way."""

    def __init__(self, look: Callable[[], Awaitable[object]]) -> None:
        self._look = look
        self._trying: asyncio.Task[str | None] | None = None
        self._until = 0.0

    async def problem(self) -> str | None:
        """What is wrong, None where nothing is. A try that hangs goes on, and is told as what it is."""
        now = asyncio.get_running_loop().time()
        if self._trying is None or (self._trying.done() and now >= self._until):
            self._until = now + EVERY_SECONDS
            self._trying = asyncio.create_task(self._tried())
        try:
            return await asyncio.wait_for(asyncio.shield(self._trying), PATIENCE_SECONDS)
        except TimeoutError:
            return "the database does not answer; see whether it runs"

    async def _tried(self) -> str | None:
        try:
            await self._look()
        except StoreError as fault:
            return str(fault)
        return None
