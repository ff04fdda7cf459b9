"""The run: lines in, rows out, `concurrency` tickets in flight and no more of the input in memory than those.

A bad line is reported and the rest goes on; it leaves no row and no journal entry, so the next run tries it again.
So does a ticket that the model did not answer in time; the embedded reader answers for it in `copilot triage`, but a row
would settle it for good. What stops everything: input that changed since the last run, output that cannot be written,
a model that refuses the key or the settings, and too many tickets in a row without an answer.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from copilot.batch.errors import BatchError, ReaderStopped
from copilot.batch.journal import Output, journal_of
from copilot.batch.lines import Digests, Line, read_lines
from copilot.errors import TicketError
from copilot.loading import Place, ticket_in_line
from copilot.pipeline import COPILOT_VERSION, atriage
from copilot.policy import POLICY_VERSION
from copilot.readers import prompt
from copilot.readers.base import Reader, ReadOutcome
from copilot.readers.faults import STOPS
from copilot.settings import Settings
from copilot.shown import json_text
from copilot.suggestion import Suggestion
from copilot.vocabulary import Caution, Route

LATER = (ReadOutcome.RATE_LIMITED, ReadOutcome.TIMEOUT, ReadOutcome.UNAVAILABLE)
"""How a reading ends that may go well in an hour: its line is left to the next run."""
GIVE_UP_AFTER = 20


@dataclass(frozen=True)
class BatchPlan:
    """What to do: the input, the output, what makes the rows comparable, and how many tickets at a time."""

    source: Path
    out: Path
    made_by: Mapping[str, str | None]
    concurrency: int = 8


@dataclass
class BatchResult:
    """How it went.

    `total` counts lines that are not blank, `before` those that an earlier run had done; `degraded` counts rows that
    the reader that was asked for did not read.
    """

    total: int = 0
    before: int = 0
    written: int = 0
    failed: int = 0
    degraded: int = 0
    routes: Counter[Route] = field(default_factory=Counter)


class Watcher(Protocol):
    """Somebody who wants to know how a run goes on."""

    def started(self, total: int, before: int) -> None:
        """The input was counted and what is done was checked."""

    def wrote(self) -> None:
        """One more row is written."""

    def failed(self, message: str) -> None:
        """A line was not done; the message names it and shows nothing of it."""


def made_by(extractor: str, settings: Settings) -> dict[str, str | None]:
    """What rows of one output have in common. `extractor` "auto" is resolved as a run would."""
    if extractor == "auto":
        extractor = "lexical" if settings.api_key is None else "openai"
    return {
        "extractor": extractor,
        "model": settings.model if extractor == "openai" else None,
        "prompt_sha256": prompt.sha256() if extractor == "openai" else None,
        "marketplace": settings.marketplace,
        "policy_version": POLICY_VERSION,
        "copilot_version": COPILOT_VERSION,
    }


async def run_batch(plan: BatchPlan, reader: Reader, watcher: Watcher) -> BatchResult:
    """Do every line that has no row yet. Raises `BatchError` before any work, `OutputError` or
    `ReaderStopped` in the middle of it.

    Cancelling it is safe at any moment: the same plan goes on where it stopped.
    """
    _check_paths(plan)
    result = BatchResult()
    with Output.open(plan.out, plan.made_by) as output:
        result.total, result.before = _check_input(plan.source, output.done), output.done.count
        watcher.started(result.total, result.before)
        waiting = (line for line in read_lines(plan.source) if line.number not in output.done)
        desk = _Desk(reader, output, watcher, result)
        workers = [_work(waiting, plan.source, desk) for _ in range(plan.concurrency)]
        try:
            async with asyncio.TaskGroup() as group:
                for worker in workers:
                    group.create_task(worker)
        except BaseExceptionGroup as faults:
            raise faults.exceptions[0] from None
        finally:
            await _close(reader)
    return result


async def _close(reader: object) -> None:
    """Close the connections that a reader, or a reader inside it, opened in this event loop."""
    while reader is not None:
        if close := getattr(reader, "aclose", None):
            await close()
        reader = getattr(reader, "first", None)


@dataclass
class _Desk:
    """What every worker of a run shares. `unanswered` counts tickets in a row that the model should be asked about again."""

    reader: Reader
    output: Output
    watcher: Watcher
    result: BatchResult
    unanswered: int = 0

    def fail(self, message: str) -> None:
        """A line gets no row in this run."""
        self.result.failed += 1
        self.watcher.failed(message)

    def postpone(self, place: Place, outcome: ReadOutcome) -> None:
        """Leave a line to the next run, or stop where no ticket gets an answer."""
        self.fail(f"{place.at()}: the model gave no answer ({outcome}); the line waits for the next run")
        self.unanswered += 1
        if self.unanswered >= GIVE_UP_AFTER:
            raise ReaderStopped(f"{self.unanswered} tickets in a row got no answer ({outcome}); run the same command again later")

    def write(self, line: Line, suggestion: Suggestion) -> None:
        """Write a row and count it."""
        self.output.append(line, json_text(suggestion).encode() + b"\n")
        self.unanswered = 0
        self.result.written += 1
        self.result.degraded += Caution.DEGRADED_EXTRACTOR in suggestion.cautions
        self.result.routes[suggestion.route] += 1
        self.watcher.wrote()


async def _work(waiting: Iterator[Line], source: Path, desk: _Desk) -> None:
    """Take the next line until there is none; all workers take from one iterator."""
    for line in waiting:
        place = Place(str(source), line.number)
        try:
            suggestion = await atriage(ticket_in_line(line.raw, place), desk.reader)
        except TicketError as fault:
            desk.fail(str(fault))
            continue
        except Exception as fault:  # a fault of ours in one ticket must not cost the others theirs
            desk.fail(f"{place.at()}: unexpected {type(fault).__name__}; please report it")
            continue
        outcome = ReadOutcome(suggestion.provenance.outcome)
        if outcome in STOPS:
            raise ReaderStopped(
                f"{place.at()}: the model cannot be used ({outcome}); mend it (`copilot doctor`), and run the same again"
            )
        if outcome in LATER:
            desk.postpone(place, outcome)
        else:
            desk.write(line, suggestion)


def _check_paths(plan: BatchPlan) -> None:
    if not plan.source.exists():
        raise BatchError(f"{plan.source}: there is no such file")
    if plan.source.is_dir():
        raise BatchError(f"{plan.source}: is a directory; name a JSONL file in it")
    if not plan.source.is_file():
        raise BatchError(f"{plan.source}: is not a regular file; a batch reads its input twice")
    for taken in (plan.out, journal_of(plan.out)):
        if taken.exists() and taken.samefile(plan.source):
            raise BatchError(f"{plan.out}: would be written over the input; name another --out")


def _check_input(source: Path, done: Digests) -> int:
    """Count the input's lines, and make sure that those already done are as they were."""
    total = seen = 0
    for line in read_lines(source):
        total += 1
        if line.number in done:
            seen += 1
            if line.digest != done.of(line.number):
                raise BatchError(
                    f"{source}, line {line.number}: changed since its suggestion was written; "
                    "put the line back (new lines go at the end), or name another --out"
                )
    if seen < done.count:
        gone = done.count - seen
        raise BatchError(f"{source}: {gone} lines that are done are no longer in it; put them back, or name another --out")
    if not total:
        raise BatchError(f"{source}: is empty")
    return total
