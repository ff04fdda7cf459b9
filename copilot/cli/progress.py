"""How a run goes on, a batch or an evaluation, on standard error: a bar on a terminal, elsewhere a line now and then."""

import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from copilot.cli.faults import warn

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

SECONDS_BETWEEN_LINES = 10.0
RATE_OVER_SECONDS = 30.0


class Tally:
    """What is counted while a run goes on. `cost` None: no prices are set; `untold` answers did not say what they took."""

    def __init__(self, total: int, before: int) -> None:
        self.total = total
        self.done = before
        self.failed = 0
        self.tokens = 0
        self.cost: float | None = None
        self.untold = 0
        self._moments = deque([(time.monotonic(), before)])

    def count(self, *, failed: bool) -> None:
        """One more is done."""
        now = time.monotonic()
        self.done += 1
        self.failed += failed
        self._moments.append((now, self.done))
        while len(self._moments) > 2 and now - self._moments[0][0] > RATE_OVER_SECONDS:
            self._moments.popleft()

    @property
    def rate(self) -> float:
        """Tickets a second, lately."""
        began, before = self._moments[0]
        return (self.done - before) / max(1e-6, time.monotonic() - began)

    @property
    def seconds_left(self) -> float | None:
        """Seconds left at this rate; None before the first ticket is done."""
        return (self.total - self.done) / self.rate if self.rate else None

    def __str__(self) -> str:
        parts = [f"{self.done} of {self.total} done", f"{self.failed} failed", f"{self.rate:.1f}/s"]
        parts += [f"{self.tokens:,} tokens"] if self.tokens else []
        parts += [f"cost {'at least ' if self.untold else ''}{self.cost:.2f}"] if self.cost is not None else []
        parts += [f"{_duration(self.seconds_left)} left"] if self.seconds_left is not None else []
        return ", ".join(parts)


class Progress(Protocol):
    """Where a tally is shown."""

    def show(self, tally: Tally) -> None:
        """Show how it stands."""

    def tell(self, message: str) -> None:
        """Say something that is not to be missed."""


class Lines:
    """For a log: a line every ten seconds."""

    def __init__(self) -> None:
        self._told_at = time.monotonic()

    def show(self, tally: Tally) -> None:
        """Say how it stands, if nothing was said for a while."""
        if time.monotonic() - self._told_at >= SECONDS_BETWEEN_LINES:
            self._told_at = time.monotonic()
            warn(str(tally))

    def tell(self, message: str) -> None:
        """A line of its own."""
        warn(message)


class Bar:
    """For a person: a bar, and the tally beside it."""

    def __init__(self, bar: "RichProgress", task: "TaskID") -> None:
        self._bar = bar
        self._task = task

    def show(self, tally: Tally) -> None:
        """Move the bar."""
        self._bar.update(self._task, total=tally.total, completed=tally.done, told=str(tally))

    def tell(self, message: str) -> None:
        """A line above the bar."""
        from copilot.output.shown import one_line

        self._bar.console.print(f"copilot: {one_line(message)}", markup=False, highlight=False, soft_wrap=True)


@contextmanager
def showing() -> Iterator[Progress]:
    """What suits standard error; a bar is taken away at the end."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as RichProgress

    with RichProgress(BarColumn(), TextColumn("{task.fields[told]}"), console=Console(stderr=True), transient=True) as bar:
        yield Bar(bar, bar.add_task("tickets", total=None, told=""))


def _duration(seconds: float | None) -> str:
    whole = round(seconds or 0)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}"
