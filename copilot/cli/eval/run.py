"""`copilot eval run`: cases in, scores and a report out."""

import asyncio
import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copilot.cli.eval.headline import lines_of
from copilot.cli.eval.options import cases_argument, chosen_cases, gates_of, gates_option, selection_options
from copilot.cli.faults import BAD_INPUT, INTERRUPTED, warn
from copilot.cli.lines import print_lines
from copilot.cli.options import extractor_option
from copilot.cli.progress import Progress, Tally, showing

if TYPE_CHECKING:
    from copilot.evaluation.cases.case import CaseSet
    from copilot.evaluation.compare.gates import Gates
    from copilot.evaluation.finish_beside import Finish
    from copilot.evaluation.run.rows import Row
    from copilot.evaluation.run.runner import OnRow
    from copilot.evaluation.run.setup import Prepared, RunRequest


@click.command()
@cases_argument
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Where the run is kept.")
@extractor_option
@click.option(
    "--concurrency", type=click.IntRange(1, 1_000), default=8, show_default=True, metavar="N", help="Tickets in flight at a time."
)
@click.option(
    "--samples", type=click.IntRange(1, 100), default=1, show_default=True, metavar="K", help="Ask each case K times, for pass^K."
)
@click.option(
    "--replay", metavar="RECORDINGS", type=click.Path(path_type=Path), help="Answer from recordings alone; no network, no key."
)
@click.option(
    "--record",
    metavar="RECORDINGS",
    type=click.Path(path_type=Path),
    help="Keep answers there, and ask for none twice: a .jsonl file, or a folder for a file of the model's name.  "
    "[default: DIR/answers.jsonl]",
)
@click.option(
    "--limit-cost",
    type=click.FloatRange(min=0, min_open=True),
    metavar="MONEY",
    help="Stop when that much was spent in this run, or where an answer does not say what it took.",
)
@selection_options
@gates_option
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    cases: tuple[Path, ...],
    out: Path,
    extractor: str,
    concurrency: int,
    samples: int,
    replay: Path | None,
    record: Path | None,
    limit_cost: float | None,
    tags: tuple[str, ...],
    ids: tuple[str, ...],
    failed_in: tuple[Path, ...],
    first: int | None,
    gates: Path | None,
    no_gates: bool,
) -> int:
    """Run labelled cases through the same triage as everybody's, and score it.

    CASES are .jsonl files, or folders of them. After Ctrl-C or a kill the same command goes on, and no answer is paid for
    twice, but for cases that the reader that was asked for did not read: the same command asks about those again. A model
    that must be mended stops the run, and so do 20 cases in a row that were not read. Cost is shown where
    COPILOT_PRICE_PROMPT and COPILOT_PRICE_COMPLETION are set.

    --tag, --id, --failed-in and --first run a part of the cases: those that meet all that is asked for. The report says that
    it is a selection, gates for whole sets are not judged on it, and it cannot be blessed.

    \b
    Examples:
      copilot eval run evals/cases --extractor embedded --out build/embedded
      copilot eval run evals/cases --extractor openai --record evals/recorded --out build/model
      copilot eval run evals/cases --replay evals/recorded/MODEL.jsonl --out build/replayed
      copilot eval run evals/cases --failed-in build/model --first 20 --out build/again
      copilot eval run evals/cases --tag hostile --samples 5 --extractor openai --out build/hostile
    """
    from copilot.evaluation.finish_beside import finishing_beside
    from copilot.evaluation.run.setup import RunRequest
    from copilot.runs.errors import RunStopped

    judged_by = gates_of(gates, no_gates)
    wanted = RunRequest(extractor, samples, concurrency, replay, record)
    chosen = chosen_cases(cases, tags, ids, failed_in, first)
    with finishing_beside(len(chosen)) as finish:  # made ready while answers are awaited
        try:
            stale = _run(chosen, wanted, out, limit_cost)
        except KeyboardInterrupt:
            warn(f"stopped; what is done is in {out}: run the same command again to go on")
            return INTERRUPTED
        except RunStopped as fault:
            warn(str(fault))
            return BAD_INPUT
        return _end(out, stale, judged_by, finish)


def _run(cases: "CaseSet", wanted: "RunRequest", out: Path, limit_cost: float | None) -> tuple[str, ...]:
    """Do what is not done yet; the return value tells what a replay did not find."""
    from copilot.evaluation.run.runner import run_cases
    from copilot.evaluation.run.setup import prepared

    with prepared(cases, wanted, out) as ready, showing() as shown:
        if limit_cost is not None and not math.isfinite(limit_cost):
            raise click.UsageError("--limit-cost is no amount of money; set it to a number such as 2.5.")
        if limit_cost is not None and ready.prices is None:
            raise click.UsageError("--limit-cost needs prices: set COPILOT_PRICE_PROMPT and COPILOT_PRICE_COMPLETION.")
        asyncio.run(run_cases(ready.plan, out, _watch(ready, out, shown, limit_cost)))
    return ready.stale


def _watch(ready: "Prepared", out: Path, shown: Progress, limit_cost: float | None) -> "OnRow":
    """What happens after each row: it is counted and shown, and the run ends where it has cost enough."""
    from copilot.evaluation.run.folder import done_in
    from copilot.runs.errors import RunStopped

    tally = Tally(len(ready.plan.cases) * ready.plan.samples, len(done_in(out)))
    shown.show(tally)

    def on_row(row: "Row") -> None:
        tally.count(failed=not row.is_scored)
        tally.tokens, tally.cost, tally.untold = ready.paid_tokens, ready.paid, ready.untold
        shown.show(tally)
        if limit_cost is not None and ready.untold:
            raise RunStopped(
                "stopped: the server does not say how many tokens an answer took, so --limit-cost cannot hold; "
                "have it tell its usage, or run without the limit"
            )
        if limit_cost is not None and (tally.cost or 0.0) >= limit_cost:
            raise RunStopped(f"stopped at a cost of {tally.cost:.2f}; run the same command again to go on")

    return on_row


def _end(out: Path, stale: tuple[str, ...], judged_by: "tuple[Gates, Path] | None", finish: "Finish") -> int:
    """Score, write the files, say how it went."""
    ended = finish(out, stale, judged_by)
    print_lines(lines_of(ended))
    warn(f"rows, results, summary and report are in {out}")
    return int(ended.exit)
