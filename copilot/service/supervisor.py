"""Several workers behind one address: started together, replaced when one dies or hangs, ended together; limits hold for all.

Comes in: what a worker does, and the socket to listen on. One that ends before it ever listened ends the service: it would do
so again. On SIGTERM or Ctrl-C every worker finishes what it accepted. Workers whose supervisor is killed end as well.
"""

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from tempfile import TemporaryDirectory

import structlog
from prometheus_client.multiprocess import mark_process_dead

from copilot.core.errors import CopilotError
from copilot.service.figures import FOLDER_VARIABLE
from copilot.service.limits import OwnLimits
from copilot.service.shared_limits import CountingForWorkers

PAUSE_SECONDS = 1.0
"""Before a worker is replaced: one that dies at once shall not take the machine."""
Work = Callable[[socket.socket, socket.socket], None]
"""What a worker does, given where it listens and its way to ask for limits. It is called in a new process, so it is pickled."""


class WorkerFailed(CopilotError):
    """A worker ended before it listened; it said why itself."""


class Supervisor:
    """Keeps so many workers at work."""

    def __init__(self, work: Work, count: int, own: OwnLimits) -> None:
        self._work = work
        self._count = count
        self._counting = CountingForWorkers(own)
        self._processes: dict[int, SpawnProcess] = {}
        self._is_ending = False

    def run(self, listener: socket.socket, announce: Callable[[], None]) -> None:
        """Serve until told to stop; `announce` is called once every worker listens. Raises `WorkerFailed`."""
        with TemporaryDirectory(prefix="copilot-figures-") as folder:
            os.environ[FOLDER_VARIABLE] = folder
            try:
                asyncio.run(self._run(listener, announce))
            finally:
                del os.environ[FOLDER_VARIABLE]

    async def _run(self, listener: socket.socket, announce: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        for one in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(one, self._end)
        listening: set[int] = set()

        def listens(place: int) -> None:
            if place not in listening:
                listening.add(place)
                if len(listening) == self._count:
                    announce()

        try:
            async with asyncio.TaskGroup() as places:
                for place in range(self._count):
                    places.create_task(self._keep(place, listener, lambda place=place: listens(place)))  # type: ignore[misc]
        except BaseExceptionGroup as faults:
            raise faults.exceptions[0] from None

    def _end(self) -> None:
        self._is_ending = True
        for process in self._processes.values():
            process.terminate()

    async def _keep(self, place: int, listener: socket.socket, listens: Callable[[], None]) -> None:
        """One worker after the other in a place."""
        log = structlog.stdlib.get_logger("copilot.service")
        began = False

        def begins() -> None:
            nonlocal began
            began = True
            listens()

        while not self._is_ending:
            ours, theirs = socket.socketpair()
            process = get_context("spawn").Process(target=self._work, args=(listener, theirs))
            process.start()
            theirs.close()
            self._processes[place] = process
            if self._is_ending:
                process.terminate()
            hangs = await self._counting.answer(ours, begins)
            if hangs:
                process.kill()
            await asyncio.to_thread(process.join)
            with suppress(OSError):
                mark_process_dead(process.pid, os.environ[FOLDER_VARIABLE])  # type: ignore[no-untyped-call]
            if not began and not self._is_ending:
                self._end()
                raise WorkerFailed("a worker ended before it listened; mend what it said, and start the service again")
            if not self._is_ending:
                await asyncio.sleep(PAUSE_SECONDS)
                log.warning("worker_replaced", why="hung" if hangs else "ended", exit_code=process.exitcode)
