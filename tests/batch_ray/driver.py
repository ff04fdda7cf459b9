"""`copilot batch --engine ray` with a scripted reader, as a process that tests may kill.

Arguments: a JSON object of what `Scripted` takes, then the command's own. The reader notes each reading in a file: when, on which
node, and what.
"""

import asyncio
import json
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ray

import copilot.batch_ray.worker
from copilot.cli import main
from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.readers.base import Reading, ReadOutcome
from copilot.readers.model.openai import Turn
from tests.cli.scripted import ScriptedReader


@dataclass(frozen=True)
class Scripted:
    """Makes a reader. `ends_as`: how every reading ends.

    A ticket with HOLD is read once the file `log`.go is there; one with DIE takes its worker along, once.
    """

    log: str
    ends_as: str = "ok"

    def __call__(self, turn: Turn | None) -> "NotingReader":
        return NotingReader(self, turn)


class NotingReader(ScriptedReader):
    """A scripted reader that waits for its turn, and notes what it reads."""

    def __init__(self, scripted: Scripted, turn: Turn | None) -> None:
        super().__init__()
        self._scripted = scripted
        self._turn = turn

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        if self._turn:
            await self._turn()
        text = ticket.messages[0].text
        told = {"at": time.monotonic(), "node": ray.get_runtime_context().get_node_id(), "pid": os.getpid(), "text": text}
        with Path(self._scripted.log).open("a") as log:
            log.write(json.dumps(told) + "\n")
        while "HOLD" in text and not Path(f"{self._scripted.log}.go").exists():
            await asyncio.sleep(0.05)
        if "DIE" in text:
            died = Path(f"{self._scripted.log}.died")
            if not died.exists():
                died.touch()
                os._exit(1)
        return await super().aread(ticket, sentences)

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        outcome = ReadOutcome(self._scripted.ends_as)
        self.ends_as = [outcome] if outcome.failed else []
        return super().read(ticket, sentences)


def run(arguments: Sequence[str]) -> int:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background job has ignored
    scripted = Scripted(**json.loads(arguments[0]))
    copilot.batch_ray.worker.reader_by = lambda *_: scripted
    return main(list(arguments[1:]))
