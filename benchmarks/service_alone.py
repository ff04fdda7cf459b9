"""The service with a reader that costs nothing: every ticket has the same facts after a second; all else is the service's own.

Run by `benchmarks.service_load`, with the settings of `copilot serve`.
"""

import argparse
import asyncio
import socket
import time

from benchmarks.service_load import MODEL_SECONDS
from benchmarks.stub_server import ANSWER
from copilot.config.settings import ServiceSettings
from copilot.core.extraction import Extraction
from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.readers.base import Reading, ReadOutcome
from copilot.service.desk import Setup
from copilot.service.limits import OwnLimits
from copilot.service.server import Address, listening, serve_on
from copilot.service.supervisor import Supervisor
from copilot.service.turns import ReadingsInTurn
from copilot.store import Store

READING = Reading(Extraction.model_validate(ANSWER), ReadOutcome.OK, extractor="given", seconds=MODEL_SECONDS)


class Given:
    """Gives every ticket the same reading, after a second."""

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:  # noqa: ARG002 - a reader's signature
        """Wait, and give it."""
        time.sleep(MODEL_SECONDS)
        return READING

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:  # noqa: ARG002 - a reader's signature
        """Wait without blocking, and give it."""
        await asyncio.sleep(MODEL_SECONDS)
        return READING


def work(listener: socket.socket, parent: socket.socket | None = None) -> None:
    """Serve on a socket, alone or as one of several workers."""
    settings = ServiceSettings.from_environment()
    store = Store.open(settings.database, settings.retention_days)
    try:
        setup = Setup(settings, auth=False, console=False)
        serve_on(listener, setup, (store, Given(), ReadingsInTurn()), lambda: None, parent)
    finally:
        store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    with listening(Address("127.0.0.1", given.port)) as listener:
        if given.workers == 1:
            work(listener)
        else:
            own = OwnLimits(ServiceSettings.from_environment())
            Supervisor(work, given.workers, own).run(listener, lambda: None)


if __name__ == "__main__":
    main()
