"""The run: lines in, rows out, `concurrency` tickets in flight and no more of the input in memory than those.

A bad line is reported and the rest goes on; it leaves no row, so the next run tries it again. So does a ticket that the
model did not answer in time. An answer that could not be used is settled with the embedded reader's row only once the same
model answered to another ticket: before that, the fault may be the server's. What stops everything: input that changed
since the last run, output that cannot be written, a model that an operator must mend, and too many tickets in a row that
were not read.
"""

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from copilot.batch.files import journal_of
from copilot.batch.lines import WHOLE, InputLine, Standing, Stretch, read_lines
from copilot.batch.output import Output
from copilot.config.settings import Settings
from copilot.core.errors import TicketError, reason
from copilot.core.vocabulary import Caution, Route
from copilot.files.foreign import HEAD_BYTES, JSON_LINES, foreign
from copilot.files.loading import Location, is_wide, ticket_in_line
from copilot.output.shown import json_text
from copilot.output.suggestion import Suggestion
from copilot.pipeline import COPILOT_VERSION, atriage
from copilot.policy import POLICY_VERSION
from copilot.readers.base import Reader, ReadOutcome, close
from copilot.readers.factory import resolved
from copilot.readers.model import prompt
from copilot.runs.errors import RunError, RunStopped
from copilot.runs.for_each import for_each
from copilot.runs.patience import LATER, Patience, shows_that_it_works

READ_IN_PART = "read_in_part"
"""What stands in the place of an outcome where a model read some windows of a ticket and not others."""
DEGRADED = "degraded"
FAILED = "failed"


@dataclass(frozen=True)
class BatchPlan:
    """What to do: the input, the output, what makes the rows comparable, and how many tickets at a time.

    `redo` empty: every line that has no row. Else the lines named by it and no others: `DEGRADED` are those whose row the
    reader that was asked for did not read, `FAILED` those that were tried and have no row. Lines that are `waiting` are left
    to a later run, and those outside `stretch` to other plans.
    """

    source: Path
    out: Path
    made_by: Mapping[str, str | None]
    concurrency: int = 8
    redo: frozenset[str] = frozenset()
    waiting: Container[int] = ()
    stretch: Stretch = WHOLE

    def lines(self) -> Iterator[InputLine]:
        """The input's lines, from the beginning. Raises `RunError` where they cannot be read."""
        return read_lines(self.source, self.stretch)

    def wants(self, number: int, standing: Standing) -> bool:
        """Whether this run does the input line of that number."""
        if number in self.waiting:
            return False
        if not self.redo:
            return number not in standing
        return (DEGRADED in self.redo and number in standing.degraded) or (FAILED in self.redo and number in standing.failed)


@dataclass
class BatchResult:
    """How it went.

    `total` counts lines that are not blank, `before` those that an earlier run had done, `left` those that have no row
    now. `degraded` counts the output's rows that the reader that was asked for did not read, by how it ended.
    """

    total: int = 0
    before: int = 0
    written: int = 0
    failed: int = 0
    left: int = 0
    degraded: Counter[str] = field(default_factory=Counter)
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
    extractor = resolved(extractor, settings)
    return {
        "extractor": extractor,
        "model": settings.model if extractor == "openai" else None,
        "prompt_sha256": prompt.sha256() if extractor == "openai" else None,
        "marketplace": settings.marketplace,
        "policy_version": POLICY_VERSION,
        "copilot_version": COPILOT_VERSION,
    }


async def run_batch(plan: BatchPlan, reader: Reader, watcher: Watcher) -> BatchResult:
    """Do every line that has no row yet. Raises `RunError` before any work, `OutputError` or
    `RunStopped` in the middle of it.

    Cancelling it is safe at any moment: the same plan goes on where it stopped.
    """
    _check_paths(plan)
    return await go_on(plan, reader, watcher, Patience())


async def go_on(plan: BatchPlan, reader: Reader, watcher: Watcher, patience: Patience) -> BatchResult:
    """The same for paths that were checked, and with a patience that other runs may share."""
    result = BatchResult()
    with Output.open(plan.out, plan.made_by, plan.stretch.first) as output:
        result.total, result.before = _check_input(plan, output.done), output.done.count
        wanted = sum(plan.wants(line.number, output.done) for line in plan.lines())
        watcher.started(result.total, result.total - wanted)
        waiting = (line for line in plan.lines() if plan.wants(line.number, output.done))
        desk = _Worker(plan, reader, output, watcher, result, patience)
        try:
            await for_each(waiting, desk.work, plan.concurrency)
            desk.end()
        finally:
            await close(reader)
        result.left = result.total - output.done.count
        result.degraded = Counter(output.done.degraded.values())
    return result


def flaw_of(suggestion: Suggestion) -> str | None:
    """How the reader that was asked for ended, where it did not read the ticket to its end; None where it did."""
    made = suggestion.provenance
    if Caution.DEGRADED_EXTRACTOR in suggestion.cautions:
        return made.outcome
    return READ_IN_PART if made.model and made.unread else None


@dataclass
class _Worker:
    """What every worker of a run shares. `held` are rows that are settled once the reader is seen to work."""

    plan: BatchPlan
    reader: Reader
    output: Output
    watcher: Watcher
    result: BatchResult
    patience: Patience
    held: list[tuple[InputLine, Suggestion]] = field(default_factory=list)

    def place(self, line: InputLine) -> Location:
        """Where a line stands, for messages."""
        return Location(str(self.plan.source), line.number)

    async def work(self, line: InputLine) -> None:
        """Triage one line, and settle it."""
        place = self.place(line)
        try:
            suggestion = await atriage(ticket_in_line(line.raw, place), self.reader)
        except TicketError as fault:
            self.fail(line, str(fault))
        except Exception as fault:  # a fault of ours in one ticket must not cost the others theirs
            self.fail(line, f"{place.at()}: unexpected {type(fault).__name__}; please report it")
        else:
            self.take(line, suggestion)

    def fail(self, line: InputLine, message: str) -> None:
        """A line gets no row in this run."""
        self.output.fail(line)
        self.result.failed += 1
        self.watcher.failed(message)

    def take(self, line: InputLine, suggestion: Suggestion) -> None:
        """Settle a line, or leave it to the next run. Raises `RunStopped` where no ticket fares better."""
        outcome = ReadOutcome(suggestion.provenance.outcome)
        if stop := self.patience.note(outcome):
            raise RunStopped(f"{self.place(line).at()}: {stop}")
        if outcome in LATER:
            self.fail(line, f"{self.place(line).at()}: the model gave no answer ({outcome}); the line waits for the next run")
            return
        self.held.append((line, suggestion))
        if shows_that_it_works(outcome):
            self._settle()

    def end(self) -> None:
        """Settle what is left, unless no ticket was read at all. Raises `RunStopped` where that is all there was."""
        if stop := self.patience.at_end():
            raise RunStopped(f"{self.plan.source}: {stop}")
        if self.patience.works:
            self._settle()

    def _settle(self) -> None:
        """Write the rows that were held. A row that is there is replaced only by one that the asked-for reader read."""
        while self.held:
            line, suggestion = self.held.pop(0)
            flaw = flaw_of(suggestion)
            if flaw is None or line.number not in self.output.done:
                self.output.append(line, json_text(suggestion).encode() + b"\n", flaw)
                self.result.written += 1
                self.result.routes[suggestion.route] += 1
            self.watcher.wrote()


def _check_paths(plan: BatchPlan) -> None:
    if str(plan.out) == "-":
        raise RunError("--out -: a batch can only go on in a file; name one")
    check_source(plan.source)
    for taken in (plan.out, journal_of(plan.out)):
        if taken.exists() and taken.samefile(plan.source):
            raise RunError(f"{plan.out}: would be written over the input; name another --out")


def check_source(source: Path) -> None:
    """Refuse what is no file of JSON lines at all, rather than each of its lines. Raises `RunError`."""
    if not source.exists():
        raise RunError(f"{source}: there is no such file")
    if source.is_dir():
        raise RunError(f"{source}: is a directory; name a JSONL file in it")
    if not source.is_file():
        raise RunError(f"{source}: is not a regular file; a batch reads its input twice")
    try:
        with source.open("rb") as file:
            raw = file.read(HEAD_BYTES)
    except OSError as fault:
        raise RunError(f"{source}: cannot be read ({reason(fault)})") from None
    if is_wide(raw):
        raise RunError(f"{source}: looks like UTF-16 or UTF-32; save it as UTF-8")
    other = foreign(raw, source.suffix.lower())
    if other not in (None, JSON_LINES):
        raise RunError(f"{source}: {other}")


def _check_input(plan: BatchPlan, done: Standing) -> int:
    """Count the input's lines, and make sure that those already done are as they were."""
    source, total, seen = plan.source, 0, 0
    for line in plan.lines():
        total += 1
        if line.number in done:
            seen += 1
            if line.digest != done.of(line.number):
                raise RunError(
                    f"{source}, line {line.number}: changed since its suggestion was written; "
                    "put the line back (new lines go at the end), or name another --out"
                )
    if seen < done.count:
        gone = done.count - seen
        raise RunError(f"{source}: {gone} lines that are done are no longer in it; put them back, or name another --out")
    if not total:
        raise RunError(f"{source}: is empty")
    return total
