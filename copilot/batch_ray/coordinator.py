"""What the actors of a run share: one rate of calls, one patience, and the counts of how far everything is.

There is one coordinator a run, on the machine of the command. It lives in an actor of its own, and knows nothing of Ray.
"""

import asyncio
import time
from dataclasses import dataclass, field

from copilot.core.reading import ReadOutcome
from copilot.runs.patience import Patience


@dataclass
class Standing:
    """How one partition stands: `before` of it were done when its worker began, `wrote` since, `failed` have no row."""

    before: int = 0
    wrote: int = 0
    failed: int = 0


@dataclass
class Report:
    """What a worker tells: how its partition stands, and what happened since it last told."""

    partition: str
    standing: Standing
    outcomes: list[ReadOutcome] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Verdict:
    """What a worker is answered: whether the reader works, and why everything must stop, if it must."""

    works: bool = False
    stop: str | None = None


@dataclass(frozen=True)
class News:
    """How the whole run stands, and what went wrong since the last news. `begun` counts tickets done before this run."""

    begun: int
    wrote: int
    messages: list[str]


class Coordinator:
    """Give out turns, take in reports. `calls_per_minute` None: a turn is always there."""

    def __init__(self, calls_per_minute: int | None = None) -> None:
        self._gap_seconds = 60 / calls_per_minute if calls_per_minute else 0.0
        self._next_turn = 0.0
        self._patience = Patience()
        self._stop: str | None = None
        self._first: dict[str, int] = {}
        self._now: dict[str, Standing] = {}
        self._messages: list[str] = []

    async def turn(self) -> None:
        """Wait until a call to the model may begin; calls are spread evenly, so no minute has more than its share."""
        now = time.monotonic()
        mine = max(now, self._next_turn)
        self._next_turn = mine + self._gap_seconds
        await asyncio.sleep(mine - now)

    async def take(self, report: Report) -> Verdict:
        """Note how a partition goes on, and say whether it should."""
        self._first.setdefault(report.partition, report.standing.before)
        self._now[report.partition] = report.standing
        self._messages += report.messages
        for outcome in report.outcomes:
            self._stop = self._patience.note(outcome) or self._stop
        return Verdict(self._patience.works, self._stop)

    async def news(self) -> News:
        """How it stands. Messages are told once."""
        messages, self._messages = self._messages, []
        begun = sum(self._first.values())
        return News(begun, sum(one.before + one.wrote for one in self._now.values()) - begun, messages)

    async def again(self) -> int:
        """How many tickets the workers that died had done: whoever took their partitions over found them done."""
        return sum(standing.before - self._first[name] for name, standing in self._now.items())

    async def at_end(self) -> str | None:
        """As `Patience.at_end`, over all partitions."""
        return self._stop or self._patience.at_end()
