"""Suggestions from a job's answers, as a batch writes them.

Comes in: the tickets, and a job. Goes out: a row for each ticket whose answers are all there. The others wait, or are asked
about one by one; their answers are then kept with the rest.
"""

from dataclasses import dataclass
from pathlib import Path

from copilot.batch import BatchPlan, BatchResult, Watcher, run_batch
from copilot.batch.run import made_by
from copilot.batch_api.job import Job
from copilot.batch_api.planning import Held, missing_of, tickets_in
from copilot.config.settings import Settings
from copilot.readers.factory import choose_reader
from copilot.readers.model.answers import Answers

MODEL_READER = "openai"


@dataclass(frozen=True, slots=True)
class Writing:
    """What to write: the suggestions of `source` to `out`. `ask_at_once`: how many tickets are asked about at a time, if any."""

    source: Path
    out: Path
    ask_at_once: int | None = None


def waiting_in(source: Path, job: Job, settings: Settings) -> frozenset[int]:
    """The lines of tickets that an answer is missing for; lines that are no tickets are left to the batch."""
    planned = missing_of(tickets_in(source, lambda _: None), settings, job.answers)
    return frozenset(item.number for item, missing in planned if missing)


async def write(writing: Writing, job: Job, settings: Settings, waiting: frozenset[int], watcher: Watcher) -> BatchResult:
    """Write the rows. Raises as `run_batch` does."""
    answers: Answers = job.answers if writing.ask_at_once else Held(job.answers)
    plan = BatchPlan(writing.source, writing.out, made_by(MODEL_READER, settings), writing.ask_at_once or 1, waiting=waiting)
    return await run_batch(plan, choose_reader(MODEL_READER, settings, answers), watcher)
