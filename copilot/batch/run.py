"""The run: lines in, rows out, `concurrency` tickets in flight and no more of the input in memory than those.

A bad line is reported and the rest goes on; it leaves no row and no journal entry, so the next run tries it again.
What stops everything: input that changed since the last run, or output that cannot be written.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from copilot.batch.errors import BatchError
from copilot.batch.journal import Output, journal_of
from copilot.batch.lines import Digests, Line, read_lines
from copilot.errors import TicketError
from copilot.loading import Place, ticket_in_line
from copilot.pipeline import COPILOT_VERSION, atriage
from copilot.policy import POLICY_VERSION
from copilot.readers import prompt
from copilot.readers.base import Reader
from copilot.settings import Settings
from copilot.shown import json_text
from copilot.suggestion import Suggestion
from copilot.vocabulary import Caution, Route


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
    """Do every line that has no row yet. Raises `BatchError` before any work, `OutputError` in the middle of it.

    Cancelling it is safe at any moment: the same plan goes on where it stopped.
    """
    _check_paths(plan)
    result = BatchResult()
    with Output.open(plan.out, plan.made_by) as output:
        result.total, result.before = _check_input(plan.source, output.done), output.done.count
        watcher.started(result.total, result.before)
        waiting = (line for line in read_lines(plan.source) if line.number not in output.done)
        workers = [_work(waiting, plan.source, _Desk(reader, output, watcher, result)) for _ in range(plan.concurrency)]
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


@dataclass(frozen=True)
class _Desk:
    """What every worker of a run shares."""

    reader: Reader
    output: Output
    watcher: Watcher
    result: BatchResult


async def _work(waiting: Iterator[Line], source: Path, desk: _Desk) -> None:
    """Take the next line until there is none; all workers take from one iterator."""
    for line in waiting:
        place = Place(str(source), line.number)
        try:
            suggestion = await atriage(ticket_in_line(line.raw, place), desk.reader)
            row = json_text(suggestion).encode() + b"\n"
        except TicketError as fault:
            desk.result.failed += 1
            desk.watcher.failed(str(fault))
        except Exception as fault:  # a fault of ours in one ticket must not cost the others theirs
            desk.result.failed += 1
            desk.watcher.failed(f"{place.at()}: unexpected {type(fault).__name__}; please report it")
        else:
            desk.output.append(line, row)
            _count(desk.result, suggestion)
            desk.watcher.wrote()


def _count(result: BatchResult, suggestion: Suggestion) -> None:
    result.written += 1
    result.degraded += Caution.DEGRADED_EXTRACTOR in suggestion.cautions
    result.routes[suggestion.route] += 1


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
