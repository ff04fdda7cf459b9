"""`copilot batch collect`: answers from the provider's Batch API, and suggestions from them."""

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copilot.cli.batch.options import job_option, job_settings
from copilot.cli.batch.run import Watching, end
from copilot.cli.faults import DONE, FAILED, INTERRUPTED, warn
from copilot.cli.progress import showing

if TYPE_CHECKING:
    from copilot.batch_api.collect import Collected
    from copilot.batch_api.job import Job
    from copilot.batch_api.provider import Provider
    from copilot.batch_api.writing import Writing
    from copilot.config.settings import Settings


@click.command()
@click.argument("source", required=False, metavar="[TICKETS.jsonl]", type=click.Path(path_type=Path))
@job_option
@click.option(
    "--out", metavar="SUGGESTIONS.jsonl", type=click.Path(path_type=Path), help="Where the suggestions of TICKETS.jsonl go."
)
@click.option("--wait", is_flag=True, help="Wait until every batch has ended.")
@click.option(
    "--every", type=click.FloatRange(min=0), default=60.0, show_default=True, metavar="SECONDS", help="How often --wait looks."
)
@click.option(
    "--ask-rest", is_flag=True, help="Ask what no batch answered one by one, at the usual price, and wait for no round."
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 1_000),
    default=8,
    show_default=True,
    metavar="N",
    help="Tickets in flight at a time, with --ask-rest.",
)
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    source: Path | None, job: Path, out: Path | None, wait: bool, every: float, ask_rest: bool, concurrency: int
) -> int:
    """Fetch the answers of batches that have ended, and triage the tickets that have all of theirs.

    Answers go through the same decoding, checks and second reader as elsewhere. A ticket whose request failed, expired or
    was answered in a way that cannot be used has no row yet: `copilot batch submit` asks again in the next round, and
    --ask-rest now. After a kill the same command goes on. What was collected is deleted at the provider.

    Code 1: a batch is under way, a request was not answered, or a row is missing or was not read by the model.

    \b
    Examples:
      copilot batch collect --job build/job --wait
      copilot batch collect tickets.jsonl --job build/job --out suggestions.jsonl
    """
    from copilot.batch_api.job import LEDGER, Job, ledger_of
    from copilot.batch_api.provider import Provider
    from copilot.batch_api.writing import Writing
    from copilot.runs.errors import RunError

    if (source is None) != (out is None) or (ask_rest and source is None):
        raise click.UsageError("TICKETS.jsonl and --out go together, and --ask-rest needs both.")
    if not ledger_of(job):
        raise RunError(f"{job / LEDGER}: nothing was submitted; begin with `copilot batch submit`")
    settings = job_settings(concurrency)
    try:
        with Provider(settings) as provider, Job(job, settings) as opened:
            result = _collected(opened, provider, settings.max_response_bytes, every if wait else None)
            code = _told(result, job)
            if source is None or out is None:
                return code
            return _written(Writing(source, out, concurrency if ask_rest else None), opened, settings)
    except KeyboardInterrupt:
        warn(f"stopped; what was fetched is in {job}: run the same command again to go on")
        return INTERRUPTED


def _collected(job: "Job", provider: "Provider", max_line_bytes: int, every: float | None) -> "Collected":
    """What has ended; with `every`, all of it. A fault that may pass is told while waiting."""
    from copilot.batch_api.collect import Collected, collect
    from copilot.batch_api.errors import ProviderError

    whole = Collected()
    while True:
        try:
            collect(job, provider, max_line_bytes, warn, whole)
        except ProviderError as fault:
            if every is None or not fault.passes:
                raise
            warn(str(fault))
        else:
            if every is None or not whole.under_way:
                return whole
        time.sleep(every)


def _told(result: "Collected", job: Path) -> int:
    parts = [f"{result.answered} requests answered"]
    parts += [f"{result.unanswered} not: `copilot batch submit` asks them again"] if result.unanswered else []
    parts += [f"{result.under_way} batches not collected: `copilot batch status --job {job}`"] if result.under_way else []
    warn("; ".join(parts))
    return FAILED if result.unanswered or result.under_way else DONE


def _written(writing: "Writing", job: "Job", settings: "Settings") -> int:
    """Triage what can be, as a batch."""
    from copilot.batch_api.writing import waiting_in, write

    waiting = frozenset() if writing.ask_at_once else waiting_in(writing.source, job, settings)
    with showing() as shown:
        result = asyncio.run(write(writing, job, settings, waiting, Watching(shown)))
    if waiting:
        warn(f"{len(waiting)} lines wait for answers: `copilot batch submit` asks in the next round, --ask-rest one by one")
    return end(result, writing.out)
