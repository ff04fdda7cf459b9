"""Run cases through `triage`, and write every answer down at once.

Finished work is never done again: `copilot.evaluation.run.folder` tells what is finished. Every figure is computed from the
rows, never from counters.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.evaluation.cases.case import CaseSet, LabelledCase
from copilot.evaluation.run.folder import ROWS, Manifest, answered_badly_in, claim, done_in
from copilot.evaluation.run.recordings import asking, asking_for
from copilot.evaluation.run.rows import Row, row_of
from copilot.pipeline import atriage
from copilot.readers.base import Reader, Reading, ReadOutcome, close
from copilot.runs.errors import RunStopped
from copilot.runs.for_each import for_each
from copilot.runs.journal import Journal
from copilot.runs.patience import Patience
from copilot.runs.private import make_asked_for


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run and how: `concurrency` triages at once, each case `samples` times."""

    cases: CaseSet
    reader: Reader
    manifest: Manifest
    concurrency: int = 8

    @property
    def samples(self) -> int:
        """How often each case is asked."""
        return self.manifest.samples


@dataclass(frozen=True, slots=True)
class Todo:
    """A case and sample to ask about. `again`: what was answered before could not be used."""

    case: LabelledCase
    sample: int
    again: bool = False


OnRow = Callable[[Row], None]


async def run_cases(plan: Plan, folder: Path, on_row: OnRow) -> None:
    """Do what is not done yet, and append each row as soon as it is there; `on_row` may raise to stop.

    Raises `RunError` where the folder belongs to another run or is being written by one, and `RunStopped` where no further
    case would fare better.
    """
    make_asked_for(folder, "--out")
    with Journal(folder / ROWS) as journal:
        claim(folder, plan.manifest, plan.cases)
        done, answered_badly = done_in(folder), answered_badly_in(folder)
        journal.cut()
        wanted = ((case, sample) for sample in range(plan.samples) for case in plan.cases.cases)
        todo = (
            Todo(case, sample, again=(case.id, sample) in answered_badly)
            for case, sample in wanted
            if (case.id, sample) not in done
        )
        patience = Patience()
        try:

            async def work(one: Todo) -> None:
                row = await _triage_one(one, plan.reader)
                journal.append(f"{row.model_dump_json()}\n".encode())
                on_row(row)
                if stop := patience.note(ReadOutcome.OK if row.is_scored else ReadOutcome(row.outcome)):
                    raise RunStopped(stop)

            await for_each(todo, work, plan.concurrency)
        finally:
            await close(plan.reader)


async def _triage_one(todo: Todo, reader: Reader) -> Row:
    """The same triage as everybody's, with the reading overheard."""
    case, sample = todo.case, todo.sample
    asking.set(asking_for(case.id, sample, case.ticket, again=todo.again))
    started = time.monotonic()
    overheard = _Overheard(reader)
    suggestion = await atriage(case.ticket, overheard)
    return row_of(case, sample, suggestion, overheard.reading, time.monotonic() - started)


class _Overheard:
    """A reader that keeps the one reading it passes on."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.reading = Reading(None, ReadOutcome.UNREADABLE, extractor="none", degraded=True)

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        self.reading = self._reader.read(ticket, sentences)
        return self.reading

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        self.reading = await self._reader.aread(ticket, sentences)
        return self.reading
