"""A process that follows a store for a contender that takes its time; it says what it was asked about, a line each.

Run as `python -m tests.shadow.follower URL`.
"""

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from copilot.shadow.contenders import Keep
from copilot.shadow.follow import Follower, Pace
from copilot.store import Store
from copilot.store.past import PastFacts
from copilot.store.shadows import ShadowDecision, ShadowOutcome, Unseen

NAME = "policy:slow"
SECONDS = 0.01


class Slow:
    """Sends everything to a person, one after the other."""

    name = NAME
    at_a_time = 5

    async def decide(self, texts: Sequence[tuple[Unseen, PastFacts]], keep: Keep) -> None:
        """Say which, take some time, hand it on."""
        for text, _ in texts:
            print(text.suggestion_id, flush=True)
            await asyncio.sleep(SECONDS)
            await keep([ShadowDecision(text.suggestion_id, ShadowOutcome.DECIDED, "agent_review", (), "R")])


if __name__ == "__main__":
    store = Store.open(sys.argv[1], 30)
    Follower(store, Slow(), Pace(once=True, every_seconds=1, limit=None), print).follow(
        datetime(2020, 1, 1, tzinfo=UTC), lambda _: None
    )
    store.close()
