"""`copilot batch`: many tickets, resumable."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copilot.cli.faults import DONE, FAILED, INTERRUPTED, warn
from copilot.cli.options import extractor_option, opened_reader
from copilot.cli.progress import watching

if TYPE_CHECKING:
    from copilot.batch import BatchResult


@click.command()
@click.argument("source", metavar="TICKETS.jsonl", type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, metavar="SUGGESTIONS.jsonl", type=click.Path(path_type=Path), help="Where the suggestions go."
)
@extractor_option
@click.option(
    "--concurrency", type=click.IntRange(1, 1_000), default=8, show_default=True, metavar="N", help="Tickets in flight at a time."
)
def command(source: Path, out: Path, extractor: str, concurrency: int) -> int:
    """Triage a JSONL file of tickets into a JSONL file of suggestions.

    Rows come in the order in which tickets are done; SUGGESTIONS.jsonl.journal says which row belongs to which line.
    After Ctrl-C, a kill or a full disk the same command goes on where it stopped, and no line is written twice.
    A line that is no ticket, or that the model did not answer in time, is named on standard error, and the rest goes on:
    the next run tries it again. A ticket without an id is called line-N.

    \b
    Example:
      copilot batch tickets.jsonl --out suggestions.jsonl --concurrency 16
    """
    from copilot.batch import BatchPlan, run_batch
    from copilot.batch.run import made_by

    try:
        with opened_reader(extractor) as (reader, settings), watching() as watcher:
            plan = BatchPlan(source, out, made_by(extractor, settings), concurrency)
            result = asyncio.run(run_batch(plan, reader, watcher))
    except KeyboardInterrupt:
        warn(f"stopped; what is done is in {out}: run the same command again to go on")
        return INTERRUPTED
    warn(_summary(result, out))
    return FAILED if result.failed else DONE


def _summary(result: "BatchResult", out: Path) -> str:
    routes = ", ".join(f"{route.value} {count}" for route, count in sorted(result.routes.items()))
    parts = [f"{result.written} suggestions written to {out}" + (f" ({routes})" if routes else "")]
    if result.before:
        parts.append(f"{result.before} were done before")
    if result.degraded:
        parts.append(f"{result.degraded} not read by the reader that was asked for (caution degraded_extractor)")
    if result.failed:
        parts.append(f"{result.failed} lines failed")
    return "; ".join(parts)
