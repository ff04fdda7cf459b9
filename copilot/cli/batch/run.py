"""`copilot batch run`, or `copilot batch` alone: many tickets, one after another, resumable."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from copilot.cli.batch.on_ray import OnRay, engine_options
from copilot.cli.faults import DONE, FAILED, INTERRUPTED, warn
from copilot.cli.options import extractor_option, opened_reader
from copilot.cli.progress import Progress, Tally, showing

if TYPE_CHECKING:
    from copilot.batch import BatchResult


@click.command(name="run")
@click.argument("source", metavar="TICKETS", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="SUGGESTIONS", type=click.Path(path_type=Path), help="Where the suggestions go.")
@extractor_option
@click.option(
    "--concurrency", type=click.IntRange(1, 1_000), default=8, show_default=True, metavar="N", help="Tickets in flight at a time."
)
@click.option(
    "--redo",
    multiple=True,
    type=click.Choice(["degraded", "failed"]),
    help="Ask again, and nothing else: rows that the reader that was asked for did not read (degraded), lines that were tried "
    "and have no row (failed). May be given twice.",
)
@engine_options
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    source: Path, out: Path, extractor: str, concurrency: int, redo: tuple[str, ...], engine: str, **on_ray: Any
) -> int:
    """Triage a JSONL file of tickets into a JSONL file of suggestions.

    The word `run` may be left out. Rows come in the order in which tickets are done; the file beside SUGGESTIONS that ends in
    .journal says which row belongs to which line. With --engine ray (docs/ray.md), TICKETS is a file or a folder of JSONL or
    Parquet, and SUGGESTIONS a folder that every machine of the cluster sees.
    After Ctrl-C, a kill or a full disk the same command goes on where it stopped, and no line is written twice.
    A line that is no ticket, or that the model did not answer in time, is named on standard error, and the rest goes on:
    the next run tries it again. A ticket without an id is called line-N.

    A model that must be mended stops the run: a key, a quota or a setting that is refused, 20 tickets in a row that were
    not read, or none at all. Nothing of that is settled. Code 1: the run was stopped, a line has no row, or a row was not
    read by the reader that was asked for; --redo degraded asks those again, and puts the new row in the old one's place.

    \b
    Example:
      copilot batch tickets.jsonl --out suggestions.jsonl --concurrency 16
      copilot batch tickets.jsonl --out suggestions.jsonl --redo degraded
      copilot batch tickets/ --out suggestions/ --engine ray --format parquet
    """
    from copilot.batch import BatchPlan, run_batch
    from copilot.batch.run import made_by

    given = OnRay(**on_ray)
    try:
        if engine == "ray":
            with showing() as shown:
                result = given.run((source, out), (extractor, concurrency), redo, Watching(shown))
            return end(result, out)
        given.check_unused()
        with opened_reader(extractor, concurrency) as (reader, settings), showing() as shown:
            plan = BatchPlan(source, out, made_by(extractor, settings), concurrency, frozenset(redo))
            result = asyncio.run(run_batch(plan, reader, Watching(shown)))
    except KeyboardInterrupt:
        warn(f"stopped; what is done is in {out}: run the same command again to go on")
        return INTERRUPTED
    return end(result, out)


def end(result: "BatchResult", out: Path) -> int:
    """Say how a run went, and give its exit code."""
    warn(_summary(result, out))
    return FAILED if result.left or result.degraded else DONE


class Watching:
    """Counts what a batch does, and shows it."""

    def __init__(self, shown: Progress) -> None:
        self._shown = shown
        self._tally = Tally(0, 0)

    def started(self, total: int, before: int) -> None:
        """See `copilot.batch.run.Watcher`, here and below."""
        self._tally = Tally(total, before)
        self._shown.show(self._tally)

    def wrote(self) -> None:
        """One more row."""
        self._tally.count(failed=False)
        self._shown.show(self._tally)

    def failed(self, message: str) -> None:
        """A line was not done."""
        self._shown.tell(message)
        self._tally.count(failed=True)
        self._shown.show(self._tally)


def _summary(result: "BatchResult", out: Path) -> str:
    from copilot.runs.patience import told

    routes = ", ".join(f"{route.value} {count}" for route, count in sorted(result.routes.items()))
    parts = [f"{result.written} suggestions written to {out}" + (f" ({routes})" if routes else "")]
    if result.before:
        parts.append(f"{result.before} were done before")
    if result.degraded:
        parts.append(
            f"{result.degraded.total()} not read by the reader that was asked for ({told(result.degraded)}): "
            "--redo degraded asks again"
        )
    if result.failed:
        parts.append(f"{result.failed} lines failed")
    if result.left > result.failed:
        parts.append(f"{result.left} lines have no row")
    return "; ".join(parts)
