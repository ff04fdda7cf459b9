"""`copilot shadow list`: the tickets on which contenders decide otherwise."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from copilot.cli.faults import DONE
from copilot.cli.lines import StyledLine, print_lines
from copilot.cli.open_store import opened_store
from copilot.cli.options import contender_option, period_options
from copilot.cli.versus_lines import difference_lines

if TYPE_CHECKING:
    from copilot.shadow.report import ShadowReport


@click.command()
@contender_option
@period_options
def command(contender: str | None, since: datetime | None, until: datetime | None) -> int:
    """List every ticket on which a contender decides otherwise than was suggested, the latest first.

    Each with what people chose, where that is known. For a program: `copilot shadow report --json`.

    \b
    Example:
      copilot shadow list --contender policy:1a2b3c4d5e6f
    """
    from copilot.shadow.report import chosen, report

    with opened_store() as store:
        made = [report(store, name, since, until) for name in chosen(store, contender)]
    print_lines(line for one in made for line in _lines(one))
    return DONE


def _lines(made: "ShadowReport") -> Iterator[StyledLine]:
    differ = len(made.compared.differences)
    yield StyledLine(f"{made.contender}: {differ} of {made.compared.n} differ", style="heading")
    yield from difference_lines(made.compared, listed=None)
