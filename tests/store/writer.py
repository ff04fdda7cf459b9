"""A process that writes until it is killed: `python -m tests.store.writer URL`.

Each line on standard output is an idempotency key and the id that the store acknowledged under it.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from copilot.store import Claim, Feedback, Store
from tests.builders import suggested, threat, ticket

THREADS = 4
CALLER, PATH, BODY = "key_1", "/v1/suggestions", "a" * 64


def write(store: Store, thread: int) -> None:
    """Add suggestions and feedback under claims, and say so after each."""
    given = ticket("He deleted my shop. " * 40)
    suggestion = suggested(threat(), given=given)
    for number in count():
        key = f"{os.getpid()}-{thread}-{number}"
        claim = store.idempotency.begin(CALLER, PATH, key, BODY)
        assert isinstance(claim, Claim)
        kept = store.suggestions.add(given, suggestion, "agent-1", claim)
        os.write(1, f"{key} {kept.id}\n".encode())
        feedback = store.feedback.add(kept.id, Feedback(action="accepted"), "agent-1")
        os.write(1, f"- {feedback.id}\n".encode())


def main(url: str) -> None:
    """Write from several threads at once, for ever."""
    store = Store.open(url, 30)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda thread: write(store, thread), range(THREADS)))


if __name__ == "__main__":
    main(sys.argv[1])
