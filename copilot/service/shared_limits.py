"""Limits that hold for all workers of a service together: the process that started them counts, each worker asks over a socket.

A worker's end of its socket closes with it, however it dies; what its requests held is then free again. One that hangs is told by
its silence: from the moment that it takes requests, its event loop says every few seconds that it lives. A worker whose parent is
gone has nobody to count for it, and is told so. Messages are JSON lines; answers come in the order of the questions.
"""

import asyncio
import json
import socket
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from itertools import count

from copilot.service.limits import BUSY_SECONDS, OwnLimits, Taking
from copilot.service.problems import Problem, wait

ALIVE, SPEND, BYTES, PLACE, END = "alive", "spend", "bytes", "place", "end"
ALIVE_SECONDS = 2.0
"""How often a worker says that it lives."""
SILENT_SECONDS = 10.0
"""A worker that said nothing for so long, twice in a row, hangs. Twice: after a suspension the first time is over at once."""
Held = defaultdict[int, Counter[tuple[str, str]]]
"""What each request of a worker holds, by the pool and the caller."""


class CountingForWorkers:
    """The parent's side; `own` counts."""

    def __init__(self, own: OwnLimits) -> None:
        self._rates = own.rates
        self._pools = {BYTES: own.bodies, PLACE: own.room}

    async def answer(self, end: socket.socket, alive: Callable[[], None]) -> bool:
        """Answer one worker until its end closes or it hangs; then give back what it held. Returns whether it hangs.

        `alive` is called when it begins to take requests, and whenever it says that it lives.
        """
        reader, writer = await asyncio.open_connection(sock=end)
        held: Held = defaultdict(Counter)
        patience: float | None = None
        line: bytes | None = b""
        try:
            while line := await _heard(reader, patience):
                asked, caller, request, amount = json.loads(line)
                if asked == ALIVE:
                    patience = SILENT_SECONDS
                    alive()
                    continue
                if asked == END:
                    self._give_back(held.pop(request, Counter()))
                    continue
                answer = await self._spent(caller) if asked == SPEND else self._taken(asked, caller, amount, held[request])
                writer.write(json.dumps(answer).encode() + b"\n")
        except ConnectionError:
            line = b""
        finally:
            writer.close()
            for some in held.values():
                self._give_back(some)
        return line is None

    async def _spent(self, caller: str) -> list[str] | None:
        """None where it is granted; else what a `Problem` is made of."""
        try:
            await self._rates.spend(caller)
        except Problem as refused:
            return _told(refused)
        return None

    def _taken(self, pool: str, caller: str, amount: int, held: Counter[tuple[str, str]]) -> list[str] | None:
        """The same."""
        try:
            self._pools[pool].take(caller, amount)
        except Problem as refused:
            return _told(refused)
        held[pool, caller] += amount
        return None

    def _give_back(self, held: Counter[tuple[str, str]]) -> None:
        for (pool, caller), amount in held.items():
            self._pools[pool].give_back(caller, amount)


async def _heard(reader: asyncio.StreamReader, patience_seconds: float | None) -> bytes | None:
    """The next line of a worker; empty once its end is closed, None where it says nothing."""
    for _ in range(2):
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_seconds):
                return await reader.readline()
    return None


class AskedLimits:
    """A worker's side. `lost` is called once the parent is gone; from then on every request is put off."""

    def __init__(self, end: socket.socket, lost: Callable[[], None]) -> None:
        self._end = end
        self._lost = lost
        self._writer: asyncio.StreamWriter | None = None
        self._at_work: list[asyncio.Task[None]] = []
        self._waiting: deque[asyncio.Future[list[str] | None]] = deque()
        self._numbers = count()

    async def open(self) -> None:
        """Open the way to the parent; before that, nothing can be asked."""
        reader, self._writer = await asyncio.open_connection(sock=self._end)
        self._at_work.append(asyncio.create_task(self._listen(reader, self._writer)))

    def ready(self) -> None:
        """Say that requests are taken, and from now on that this process lives."""
        self._at_work.append(asyncio.create_task(self._live()))

    async def _live(self) -> None:
        while self._writer is not None:
            self._writer.write(_line(ALIVE, "", 0, 0))
            await asyncio.sleep(ALIVE_SECONDS)

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take answers until the parent is gone."""
        with suppress(ConnectionError):
            while line := await reader.readline():
                answer = self._waiting.popleft()
                if not answer.done():
                    answer.set_result(json.loads(line))
        self._writer = None
        writer.close()
        for answer in self._waiting:
            if not answer.done():
                answer.set_exception(wait("overloaded", BUSY_SECONDS))
        self._lost()

    async def spend(self, caller: str) -> None:
        """Count one request of a caller. Raises `Problem`."""
        await Asking(caller, next(self._numbers), self._send).ask(SPEND, 0)

    @asynccontextmanager
    async def held(self, caller: str) -> AsyncIterator["Asking"]:
        """What a request of that caller takes; at the end it is all given back, also what it did not wait to be granted."""
        request = Asking(caller, next(self._numbers), self._send)
        try:
            yield request
        finally:
            if request.asked and self._writer is not None:
                self._writer.write(_line(END, caller, request.number, 0))

    async def _send(self, line: bytes) -> list[str] | None:
        if self._writer is None:
            raise wait("overloaded", BUSY_SECONDS)
        answer: asyncio.Future[list[str] | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        self._writer.write(line)
        return await answer


class Asking(Taking):
    """One request's way to ask. Raises `Problem` where it is refused."""

    def __init__(self, caller: str, number: int, send: Callable[[bytes], Awaitable[list[str] | None]]) -> None:
        self.number = number
        self.asked = False
        self._caller = caller
        self._send = send

    async def bytes(self, amount: int) -> None:
        """Room for so much of a body."""
        await self.ask(BYTES, amount)

    async def place(self) -> None:
        """A place among the requests in progress."""
        await self.ask(PLACE, 1)

    async def ask(self, asked: str, amount: int) -> None:
        """Ask the parent."""
        self.asked = True
        refused = await self._send(_line(asked, self._caller, self.number, amount))
        if refused is not None:
            code, seconds, detail = refused
            raise wait(code, float(seconds), detail)


def _told(refused: Problem) -> list[str]:
    return [refused.code, (refused.headers or {})["Retry-After"], str(refused.detail)]


def _line(asked: str, caller: str, request: int, amount: int) -> bytes:
    return json.dumps([asked, caller, request, amount]).encode() + b"\n"
