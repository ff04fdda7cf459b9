"""A worker's line to the coordinator: how its partition goes on out, whether to go on in.

To the batch of a partition it is the watcher and the patience. What goes well is told fifty at a time or twice a second, so that
a fast reader does not wait for it; what goes wrong at once.
"""

import time
from typing import Any

from copilot.batch_ray.coordinator import Report, Standing, Verdict
from copilot.core.reading import ReadOutcome
from copilot.runs.patience import Patience, shows_that_it_works

MOST_UNTOLD = 50
SECONDS_BETWEEN_REPORTS = 0.5


class Reporter(Patience):
    """Reports on one partition."""

    def __init__(self, coordinator: Any, partition: str) -> None:
        self.works = False
        self._coordinator = coordinator
        self._partition = partition
        self._standing = Standing()
        self._untold = self._report()
        self._told_at = time.monotonic()
        self._answer: Any = None
        self._stop: str | None = None

    def started(self, total: int, before: int) -> None:  # noqa: ARG002 - a watcher's own
        """See `copilot.batch.run.Watcher`, here and in the next two."""
        self._standing.before = before
        self._tell()

    def wrote(self) -> None:
        """One more row."""
        self._standing.wrote += 1
        self._tell_if_due()

    def failed(self, message: str) -> None:
        """A line was not done."""
        self._standing.failed += 1
        self._untold.messages.append(message)
        self._tell_if_due()

    def note(self, outcome: ReadOutcome) -> str | None:
        """Tell how a reading ended. Goes out: why every worker must stop, as far as is known."""
        self._untold.outcomes.append(outcome)
        if shows_that_it_works(outcome):
            self.works = True
            self._tell_if_due()
        else:
            self._tell()
            self._hear()
        return self._stop

    def at_end(self) -> str | None:
        """Tell the rest, and hear whether the run must stop. Only the end of the run shows that no ticket was read at all."""
        self._tell()
        self._hear()
        return self._stop

    def _tell_if_due(self) -> None:
        untold = max(len(self._untold.outcomes), len(self._untold.messages))
        if untold >= MOST_UNTOLD or time.monotonic() - self._told_at > SECONDS_BETWEEN_REPORTS:
            self._tell()

    def _tell(self) -> None:
        self._hear()
        self._answer = self._coordinator.take.remote(self._untold)
        self._untold = self._report()
        self._told_at = time.monotonic()

    def _hear(self) -> None:
        import ray  # noqa: PLC0415 - a plan can be checked, and told to lack it, without

        if self._answer is not None:
            verdict: Verdict = ray.get(self._answer)
            self._answer = None
            self.works = self.works or verdict.works
            self._stop = verdict.stop

    def _report(self) -> Report:
        return Report(self._partition, self._standing)
