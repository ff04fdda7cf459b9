"""Run cases through `triage` and write every answer down at once.

`rows.jsonl` is the journal: one line per finished case and sample, appended when it is done; finished work is never done
again. A case that the reader that was asked for did not read gets a row too, and is tried again by the next run: the last
row of a case counts. `run.json` says what the rows were made with, `cases.jsonl` holds the cases themselves; a
folder goes on only with the same. Every figure is computed from the rows, never from counters.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from copilot.closed import Closed
from copilot.errors import CopilotError, InputError
from copilot.evaluation.cases import CaseSet, LabelledCase, WrittenCases
from copilot.evaluation.journal import Journal, whole_lines
from copilot.evaluation.private import make_folder, open_private, write_private
from copilot.evaluation.recordings import Shape, asking, asking_for
from copilot.evaluation.rows import Row, row_of
from copilot.evaluation.stored_rows import StoredRows
from copilot.pipeline import COPILOT_VERSION, atriage
from copilot.policy import POLICY_VERSION
from copilot.readers.base import Reader, Reading, ReadOutcome
from copilot.readers.choose import close_in_loop
from copilot.readers.faults import STOPS
from copilot.readers.patience import LATER, Patience
from copilot.sentences import Sentences
from copilot.ticket import Ticket

ROWS = "rows.jsonl"
MANIFEST = "run.json"
CASES = "cases.jsonl"


class RunError(InputError):
    """A run folder that cannot be used; the message names the file and the next step."""


class RunStopped(CopilotError):
    """A run that ended early; what is done is kept, and the same command goes on."""


class Manifest(Closed):
    """What a run was made with. A run goes on only where all of it is the same."""

    cases_sha256: str
    extractor: str
    marketplace: str
    settings: Shape | None
    prompt_sha256: str | None
    schema_sha256: str | None
    policy_version: str = POLICY_VERSION
    copilot_version: str = COPILOT_VERSION
    samples: int = 1

    @property
    def model(self) -> str | None:
        """The model that was asked for; None for the embedded reader."""
        return self.settings.model if self.settings else None


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

    Raises `RunError` where the folder belongs to another run, `JournalError` where it is being written by one, and
    `RunStopped` where no further case would fare better.
    """
    _make(folder)
    with Journal(folder / ROWS) as journal:
        claim(folder, plan)
        done, answered_badly = done_in(folder), _answered_badly_in(folder)
        wanted = ((case, sample) for sample in range(plan.samples) for case in plan.cases.cases)
        todo = (
            Todo(case, sample, again=(case.id, sample) in answered_badly)
            for case, sample in wanted
            if (case.id, sample) not in done
        )
        patience = Patience()
        try:
            async with aclosing(_triage_all(todo, plan.reader, plan.concurrency)) as rows:
                async for row in rows:
                    journal.append(row.model_dump_json())
                    on_row(row)
                    if stop := patience.note(ReadOutcome.OK if row.is_scored else ReadOutcome(row.outcome)):
                        raise RunStopped(stop)
        finally:
            await close_in_loop(plan.reader)


def done_in(folder: Path) -> set[tuple[str, int]]:
    """Cases and samples that need no further asking. Raises `RunError`."""
    return {(row.case_id, row.sample) for row in read_rows(folder) if row.is_scored}


def _answered_badly_in(folder: Path) -> set[tuple[str, int]]:
    """Cases and samples whose kept answer could not be used, so that asking again means asking the model."""
    faults = (*LATER, *STOPS)
    return {(row.case_id, row.sample) for row in read_rows(folder) if not row.is_scored and row.outcome not in faults}


def read_rows(folder: Path) -> Iterator[Row]:
    """Every row that was written, in order; a case that was tried again has several. Raises `RunError`."""
    return (row for row, _ in _placed_rows(folder / ROWS))


def _placed_rows(path: Path) -> Iterator[tuple[Row, int]]:
    """Every row, with the place in the file at which it begins."""
    place = 0
    for number, line in whole_lines(path):
        try:
            row = Row.model_validate_json(line)
        except ValidationError:
            raise RunError(f"{path}, line {number}: is not a row of this version; run into another folder") from None
        yield row, place
        place += len(line)


def final_rows(folder: Path) -> StoredRows:
    """The last row of each case and sample, in the order of first writing. They stay on disk. Raises `RunError`."""
    path = folder / ROWS
    return StoredRows(path, {(row.case_id, row.sample): place for row, place in _placed_rows(path)})


def read_manifest(folder: Path) -> Manifest:
    """What a run was made with. Raises `RunError` where the folder holds none."""
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError:
        raise RunError(f"{folder}: holds no {MANIFEST}; name a folder that `copilot eval run` wrote") from None
    except ValidationError:
        raise RunError(f"{path}: is not a manifest of this version; run again into another folder") from None


def stored_cases(folder: Path) -> CaseSet:
    """The cases that a run was made on, as they were then. Raises `RunError`."""
    path = folder / CASES
    cases = CaseSet(WrittenCases([line.removesuffix(b"\n") for _, line in whole_lines(path)]))
    if cases.sha256 != read_manifest(folder).cases_sha256:
        raise RunError(f"{path}: is not what the run was made on; run again into another folder")
    try:
        for _ in cases.cases:
            pass
    except ValidationError:
        raise RunError(f"{path}: does not hold cases of this version; run again into another folder") from None
    return cases


def claim(folder: Path, plan: Plan) -> None:
    """Make the folder this run's, or check that it is. Raises `RunError`."""
    path = folder / MANIFEST
    if path.exists():
        before = read_manifest(folder)
        for name in Manifest.model_fields:
            was, now = getattr(before, name), getattr(plan.manifest, name)
            if was != now:
                raise RunError(f"{path}: the run was begun with {_difference(name, was, now)}; name another folder")
        return
    with open_private(folder / CASES, "wb") as file:
        file.writelines(line + b"\n" for line in plan.cases.lines)
    begun = path.with_suffix(".begun")
    write_private(begun, plan.manifest.model_dump_json(indent=1) + "\n")
    begun.replace(path)


def _difference(name: str, was: object, now: object) -> str:
    if isinstance(was, Shape) and isinstance(now, Shape):
        name = next(one for one in Shape.model_fields if getattr(was, one) != getattr(now, one))
        was, now = getattr(was, name), getattr(now, name)
    return f"{name} {was!r}, now it is {now!r}"


def _make(folder: Path) -> None:
    try:
        make_folder(folder)
    except OSError as fault:
        reason = (fault.strerror or "no reason given").lower()
        raise RunError(f"{folder}: cannot be made ({reason}); name another --out") from None


async def _triage_all(todo: Iterator[Todo], reader: Reader, concurrency: int) -> AsyncGenerator[Row]:
    """At most `concurrency` triages at once; the next case is taken only when there is room for it."""
    running: set[asyncio.Task[Row]] = set()
    try:
        for one in todo:
            running.add(asyncio.create_task(_triage_one(one, reader)))
            if len(running) >= concurrency:
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    yield task.result()
        while running:
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield task.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


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
