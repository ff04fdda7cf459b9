"""How a batch goes on, on standard error: a bar on a terminal, elsewhere a line now and then."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from copilot.cli.faults import warn

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from copilot.batch import Watcher

SECONDS_BETWEEN_LINES = 10.0


class Lines:
    """Progress for a log: a line every ten seconds."""

    def __init__(self) -> None:
        self._total = self._done = self._failed = 0
        self._told_at = time.monotonic()

    def started(self, total: int, before: int) -> None:
        """Remember how much there is."""
        self._total, self._done = total, before

    def wrote(self) -> None:
        """One more."""
        self._done += 1
        self._tell()

    def failed(self, message: str) -> None:
        """Say which line and why."""
        warn(message)
        self._failed += 1
        self._tell()

    def _tell(self) -> None:
        if time.monotonic() - self._told_at >= SECONDS_BETWEEN_LINES:
            self._told_at = time.monotonic()
            warn(f"{self._done} of {self._total} done, {self._failed} failed")


class Bar:
    """Progress for a person: a bar with the time left."""

    def __init__(self, bar: "Progress", task: "TaskID") -> None:
        self._bar = bar
        self._task = task

    def started(self, total: int, before: int) -> None:
        """Show how much there is."""
        self._bar.update(self._task, total=total, completed=before)

    def wrote(self) -> None:
        """One more."""
        self._bar.advance(self._task)

    def failed(self, message: str) -> None:
        """Say which line and why, above the bar."""
        from copilot.shown import one_line

        self._bar.console.print(f"copilot: {one_line(message)}", markup=False, highlight=False, soft_wrap=True)
        self._bar.advance(self._task)


@contextmanager
def watching() -> "Iterator[Watcher]":
    """A watcher that suits standard error; a bar is taken away at the end."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("tickets"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Bar(bar, bar.add_task("tickets", total=None))
