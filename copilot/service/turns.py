"""Who is next: so many at a time, and those who wait take turns by caller; readings in threads, in such turns.

However many of its own a caller has waiting, another caller's next one waits for one turn of each caller at most.
"""

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar

from copilot.core.reading import Reading
from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.readers.embedded.reader import Read

CALLER: ContextVar[str] = ContextVar("caller", default="nobody")
"""Whose request is at work; the door sets it."""


class Turns:
    """Turns at something that only so many can have at a time."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def taken(self, caller: str) -> AsyncIterator[None]:
        """Wait for a turn, and have it."""
        await self._wait(caller)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, caller: str) -> None:
        if self._free:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(caller, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        """Give the turn to the caller whose round it is; who has more waiting goes to the end of the round."""
        while self._waiting:
            caller = next(iter(self._waiting))
            queue = self._waiting.pop(caller)
            turn = queue.popleft()
            if queue:
                self._waiting[caller] = queue
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


class ReadingsInTurn:
    """Has the embedded reader read in threads, as many at once as there are cores: what takes its time lets Python go on."""

    def __init__(self, at_once: int = os.cpu_count() or 1) -> None:
        self.at_once = at_once
        self._turns = Turns(at_once)

    async def read(self, read: Read, ticket: Ticket, sentences: Sentences) -> Reading:
        """Read a ticket when it is the caller's turn."""
        async with self._turns.taken(CALLER.get()):
            return await asyncio.to_thread(read, ticket, sentences)
