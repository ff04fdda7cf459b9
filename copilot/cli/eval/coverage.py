"""`copilot eval coverage`: what the cases try, and what they don't."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copilot.cli.eval.options import cases_argument
from copilot.cli.faults import DONE
from copilot.cli.lines import StyledLine, print_lines

if TYPE_CHECKING:
    from copilot.evaluation.cases.coverage import Table


@click.command()
@cases_argument
def command(cases: tuple[Path, ...]) -> int:
    """Count cases by rule, harm, kind of demand and more. Code 4: a cell is empty.

    \b
    Example:
      copilot eval coverage evals/cases
    """
    from copilot.evaluation.cases.case import load_cases
    from copilot.evaluation.cases.coverage import cover, holes_in, languages
    from copilot.evaluation.compare.gates import Exit

    loaded = load_cases(cases)
    holes = list(holes_in(loaded))
    print_lines(_lines((*cover(loaded), languages(loaded)), holes, len(loaded)))
    return int(Exit.HOLE) if holes else DONE


def _lines(tables: "tuple[Table, ...]", holes: list[str], cases: int) -> Iterator[StyledLine]:
    yield StyledLine(f"{cases} cases", style="heading")
    for table in tables:
        yield StyledLine("")
        yield StyledLine(table.name, style="heading")
        width = max(map(len, table.counts), default=0)
        yield from (StyledLine(f"{value:<{width}}  {count:>4}", "  ") for value, count in table.counts.items())
    yield StyledLine("")
    yield from (StyledLine(hole, "    ", "  ", "caution") for hole in holes)
