"""`copilot store backtest`: what another policy would have decided on the tickets that the service saw."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copilot.cli.lines import StyledLine, print_lines
from copilot.cli.open_store import opened_store
from copilot.cli.options import period_options, repository_option
from copilot.cli.versus_lines import difference_lines, figure_lines

if TYPE_CHECKING:
    from copilot.shadow.backtest import StoreBacktest


@click.command()
@click.option("--policy-from", metavar="REV", help="A commit, tag or branch with the other policy; left out: this program's.")
@repository_option
@period_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with every difference, and nothing else.")
def command(policy_from: str | None, repository: Path, since: datetime | None, until: datetime | None, as_json: bool) -> int:
    """Decide stored facts again by another policy, and compare with what was suggested and with what people chose.

    Nothing is read again: it takes no token. Where an agent corrected facts, theirs are decided on. Tickets whose text is gone
    are counted, and cannot be decided on.

    Codes: 0 compared; 1 the other policy is worse, by a paired test; 2 it could not decide on some, or bad input.

    \b
    Example:
      copilot store backtest --policy-from my-branch --since 2026-03-01
    """
    from copilot.output.shown import write_out
    from copilot.shadow.backtest import policy_of, store_backtest
    from copilot.shadow.shapes import backtest_view
    from copilot.shadow.versus import exit_of

    with policy_of(policy_from, repository) as policy, opened_store() as store:
        made = store_backtest(store.past.texts(since, until), policy)
    if as_json:
        write_out(backtest_view(made).model_dump_json(indent=1))
    else:
        print_lines(_lines(made))
    return int(exit_of(made.compared, len(made.undecided)))


def _lines(made: "StoreBacktest") -> Iterator[StyledLine]:
    policy = made.policy
    name = f"policy {policy.version}" + (f" of {policy.revision} ({policy.commit})" if policy.revision else ", this program's")
    suggested = ", ".join(f"{version} on {count}" for version, count in made.versions.most_common())
    yield StyledLine(f"{name} beside what was suggested (by policy {suggested})", style="heading")
    if made.corrected:
        yield StyledLine(f"{made.corrected} decided on facts that an agent corrected", "  ", style="aside")
    if made.gone:
        yield StyledLine(f"{made.gone} left out: their text is past the retention period or erased", "  ", style="aside")
    if made.undecided:
        yield StyledLine(f"not decided by that policy: {', '.join(made.undecided)}", "    ", "  ", "caution")
    yield from figure_lines(made.compared)
    yield from difference_lines(made.compared)
