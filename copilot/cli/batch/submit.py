"""`copilot batch submit`: requests to the provider's Batch API."""

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copilot.batch_api.limits import MOST_REQUESTS
from copilot.cli.batch.options import job_option, job_settings
from copilot.cli.faults import DONE, FAILED, warn

if TYPE_CHECKING:
    from copilot.batch_api.submit import Submitted


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="TICKETS.jsonl...", type=click.Path(path_type=Path))
@job_option
@click.option("--cases", is_flag=True, help="The files are labelled cases, or folders of them, for `copilot eval run`.")
@click.option(
    "--samples",
    type=click.IntRange(1, 100),
    default=1,
    show_default=True,
    metavar="N",
    help="Ask each case N times; with --cases.",
)
@click.option(
    "--file-requests",
    type=click.IntRange(1, MOST_REQUESTS),
    default=MOST_REQUESTS,
    show_default=True,
    metavar="N",
    help="Requests in one file at most; fewer where the provider limits what may be enqueued.",
)
def command(sources: tuple[Path, ...], job: Path, cases: bool, samples: int, file_requests: int) -> int:
    """Hand in every request that is not answered and not under way.

    The first time that is one request a ticket; after `copilot batch collect`, what failed, expired, or was answered in a
    way that cannot be used. After a kill the same command goes on, and no file is made into two batches. Model and settings
    are those of the environment, and stay the same for one job.

    \b
    Examples:
      copilot batch submit tickets.jsonl --job build/job
      copilot batch submit evals/cases --cases --job build/job
    """
    from copilot.batch_api.job import Job
    from copilot.batch_api.limits import Limits
    from copilot.batch_api.planning import cases_in, missing_of, tickets_in
    from copilot.batch_api.provider import Provider
    from copilot.batch_api.submit import submit

    if samples > 1 and not cases:
        raise click.UsageError("--samples goes with --cases.")
    bad: list[str] = []

    def is_no_ticket(message: str) -> None:
        bad.append(message)
        warn(message)

    settings = job_settings()
    with Provider(settings) as provider:
        items = cases_in(sources, samples) if cases else chain(*(tickets_in(one, is_no_ticket) for one in sources))
        with Job(job, settings) as opened:
            planned = missing_of(items, settings, opened.answers)
            result = submit(opened, planned, provider, Limits(file_requests), warn)
    warn(_summary(result, job))
    return FAILED if bad else DONE


def _summary(result: "Submitted", job: Path) -> str:
    parts = [f"{result.tickets} tickets: {result.read} have their answers, {result.waiting} wait for a batch"]
    parts.append(f"{result.requests} new requests; {result.files} batches made")
    waits = result.files or result.waiting
    next_step = f"`copilot batch collect --job {job}` fetches the answers" if waits else "nothing is left to ask"
    return "; ".join([*parts, next_step])
