"""`copilot eval backtest`: stored extractions under another version of the policy."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copilot.cli.eval.options import folder_argument
from copilot.cli.faults import DONE
from copilot.cli.lines import StyledLine, print_lines
from copilot.cli.options import repository_option

if TYPE_CHECKING:
    from copilot.evaluation.compare.backtest import Backtest


@click.command()
@folder_argument
@click.option("--policy-from", required=True, metavar="REV", help="A commit, tag or branch that holds the other policy.")
@repository_option
def command(folder: Path, policy_from: str, repository: Path) -> int:
    """Decide a run's stored extractions again by the policy of REV, and list what differs from this one.

    Nothing is read again: it takes seconds and no token.

    \b
    Example:
      copilot eval backtest build/model --policy-from HEAD~5
    """
    from copilot.evaluation.compare.backtest import backtest
    from copilot.evaluation.run.folder import final_rows, stored_cases

    made = backtest(stored_cases(folder), final_rows(folder), policy_from, repository)
    print_lines(_lines(made))
    return DONE


def _lines(made: "Backtest") -> Iterator[StyledLine]:
    from copilot.evaluation.compare.backtest import moves
    from copilot.policy import POLICY_VERSION

    versions = f"policy {made.policy_version} of {made.revision} beside {POLICY_VERSION}"
    yield StyledLine(f"{versions}: {len(made.moved)} of {made.decided} decisions differ", style="heading")
    if made.left_out:
        yield StyledLine(f"{made.left_out} rows hold no extraction and were left out", "  ", style="aside")
    for words, group in moves(made):
        if group:
            yield StyledLine(f"{words}: {len(group)}", "  ")
        for one in group:
            yield StyledLine(f"{one.case_id} (sample {one.sample}): {one.then} -> {one.now}", " " * 6, "    ")
