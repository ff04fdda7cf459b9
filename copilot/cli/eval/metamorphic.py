"""`copilot eval metamorphic`: tickets changed in ways whose effect is known."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copilot.cli.eval.options import cases_argument
from copilot.cli.faults import DONE
from copilot.cli.lines import StyledLine, print_lines
from copilot.cli.options import extractor_option

if TYPE_CHECKING:
    from copilot.evaluation.score.metamorphic import ChangeOutcome, Decision
    from copilot.evaluation.score.statistics import Interval

LISTED = 10


@click.command()
@cases_argument
@extractor_option
@click.option("--change", "changes", multiple=True, metavar="NAME", help="Try this change alone; may be given again.")
@click.option("--concurrency", type=click.IntRange(1, 1_000), default=8, show_default=True, metavar="N")
@click.option("--replay", metavar="RECORDINGS", type=click.Path(path_type=Path), help="Answer from recordings alone.")
@click.option(
    "--record", metavar="FILE.jsonl", type=click.Path(path_type=Path), help="Keep answers there, and ask for none twice."
)
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    cases: tuple[Path, ...], extractor: str, changes: tuple[str, ...], concurrency: int, replay: Path | None, record: Path | None
) -> int:
    """Swap names, genders and roles, reorder, sign, shout, hide characters, give orders: does the decision follow the rule?

    Every case is read once as it is and once for each change, so a model is asked a dozen times for each.

    \b
    Example:
      copilot eval metamorphic evals/cases --extractor embedded --change roles
    """
    from copilot.evaluation.cases.case import load_cases
    from copilot.evaluation.run.setup import RunRequest, asked_reader
    from copilot.evaluation.score.metamorphic import check, named

    loaded = load_cases(cases)
    try:
        wanted = named(changes)
    except KeyError as fault:
        raise click.UsageError(f"--change {fault.args[0]!r} is not known; the changes are {_known()}.") from None
    with asked_reader(RunRequest(extractor, concurrency=concurrency, replay=replay, record=record)) as reader:
        outcomes = asyncio.run(check(loaded, reader, wanted, concurrency))
    print_lines(line for outcome in outcomes for line in _lines(outcome))
    return DONE


def _known() -> str:
    from copilot.evaluation.score.transformations import TRANSFORMATIONS

    return ", ".join(one.name for one in TRANSFORMATIONS)


def _lines(outcome: "ChangeOutcome") -> Iterator[StyledLine]:
    yield StyledLine(f"{outcome.transformation.name}: {len(outcome.trials)} tickets", style="heading")
    if not outcome.trials:
        return
    yield StyledLine(f"right before, wrong after  {_told(outcome.violated)}", "  ")
    yield StyledLine(f"route changed              {_told(outcome.changed)}", "  ")
    counts = f"escalations lost {outcome.hidden}, invented {outcome.invented}"
    yield StyledLine(f"{counts}; changed routes that the second reader did not mark {outcome.unnoticed}", "  ")
    for trial in outcome.violations[:LISTED]:
        yield StyledLine(f"{trial.case_id}: {_decision(trial.after)}, should be {_decision(trial.expected)}", " " * 6, "    ")
    if len(outcome.violations) > LISTED:
        yield StyledLine(f"and {len(outcome.violations) - LISTED} more", "    ")


def _decision(one: "Decision") -> str:
    """The route, and the labels, since two decisions may differ in these alone."""
    route, labels = one
    return f"{route.value} [{', '.join(sorted(labels))}]" if labels else route.value


def _told(share: "Interval | None") -> str:
    if share is None:
        return "nothing to count"
    low, value, high = (100 * number for number in (share.low, share.value, share.high))
    return f"{value:.1f} % [{low:.1f}, {high:.1f}]  n={share.n}"
