"""`copilot shadow report`: how contenders compare with what was suggested."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from copilot.cli.faults import DONE
from copilot.cli.lines import StyledLine, print_lines
from copilot.cli.open_store import opened_store
from copilot.cli.options import contender_option, period_options
from copilot.cli.versus_lines import figure_lines

if TYPE_CHECKING:
    from copilot.shadow.report import ShadowReport


@click.command()
@contender_option
@period_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a contender, one a line, and nothing else.")
def command(contender: str | None, since: datetime | None, until: datetime | None, as_json: bool) -> int:
    """Say how often a contender agrees with what was suggested, which teams would become which, and whether it is better.

    Better is tested in pairs, on the tickets of which it is known where people sent them.

    \b
    Example:
      copilot shadow report --since 2026-03-01
    """
    from copilot.output.shown import write_out
    from copilot.shadow.report import chosen, report
    from copilot.shadow.shapes import shadow_view

    with opened_store() as store:
        made = [report(store, name, since, until) for name in chosen(store, contender)]
    if as_json:
        write_out("\n".join(shadow_view(one).model_dump_json() for one in made))
    else:
        print_lines(line for one in made for line in _lines(one))
    return DONE


def _lines(made: "ShadowReport") -> Iterator[StyledLine]:
    yield StyledLine(f"{made.contender} beside what was suggested: {made.compared.n} compared", style="heading")
    for why, count in made.without.items():
        yield StyledLine(f"{why.value}: {count}, in no figure", "  ", style="aside")
    if made.compared.n:
        yield from figure_lines(made.compared)
