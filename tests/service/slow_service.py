"""A service whose reader takes its time, in a process of its own: `python -m tests.service.slow_service FOLDER SECONDS`.

It prints its address on a line, and `reading` on another each time a reader begins.
"""

import asyncio
import sys

from copilot.config.settings import ServiceSettings
from copilot.core.reading import Reading
from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.service.desk import Setup
from copilot.service.server import Address, serve
from copilot.service.turns import ReadingsInTurn
from copilot.store import Store
from tests.scripted_reader import Scripted
from tests.service.conftest import ANSWER


class Slow(Scripted):
    """Answers after some seconds."""

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        print("reading", flush=True)
        await asyncio.sleep(float(sys.argv[2]))
        return self._answer("aread")


if __name__ == "__main__":
    opened = Store.open(f"sqlite:///{sys.argv[1]}/slow.db", 30)
    setup = Setup(ServiceSettings(), auth=False, console=False)
    serve(setup, Address("127.0.0.1", 0), (opened, Slow(ANSWER), ReadingsInTurn(1)), lambda url: print(url, flush=True))
    opened.close()
