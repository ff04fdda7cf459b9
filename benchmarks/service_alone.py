"""The service with a reader that costs nothing: every ticket has the same facts after a second; all else is the service's own.

Run by `benchmarks.service_load` as `python -m benchmarks.service_alone PORT`, with the settings of `copilot serve`.
"""

import asyncio
import sys
import time

from benchmarks.service_load import MODEL_SECONDS
from benchmarks.stub_server import ANSWER
from copilot.config.settings import ServiceSettings
from copilot.core.extraction import Extraction
from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.readers.base import Reading, ReadOutcome
from copilot.service.desk import Setup
from copilot.service.server import Address, serve
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


def main() -> None:
    settings = ServiceSettings.from_environment()
    store = Store.open(settings.database, settings.retention_days)
    try:
        setup = Setup(settings, auth=False, console=False)
        serve(setup, Address("127.0.0.1", int(sys.argv[1])), (store, Given(), ReadingsInTurn()), print)
    finally:
        store.close()


if __name__ == "__main__":
    main()
