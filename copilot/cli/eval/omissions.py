"""`copilot eval omissions`: does the second reader notice a model that leaves facts out?"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from copilot.cli.eval.options import cases_argument
from copilot.cli.faults import DONE
from copilot.cli.lines import StyledLine, print_lines

if TYPE_CHECKING:
    from copilot.evaluation.score.omissions import OmissionCount


@click.command()
@cases_argument
@click.option("--seed", default=0, show_default=True, metavar="N", help="What the simulated model's chance starts from.")
def command(cases: tuple[Path, ...], seed: int) -> int:
    """Simulate models that read everything, half, or nothing, and count which decisions the second reader marks.

    Nothing is asked over the network. A mark on a right decision is a false alarm.

    \b
    Example:
      copilot eval omissions evals/cases
    """
    from copilot.config.settings import Settings
    from copilot.evaluation.cases.case import load_cases
    from copilot.evaluation.score.omissions import lines_of, try_models
    from copilot.readers.embedded.reader import EmbeddedReader
    from copilot.readers.factory import SECOND_FLOOR

    embedded = EmbeddedReader(Settings.from_environment().marketplace, floor=SECOND_FLOOR)
    print_lines(map(_shown, lines_of(try_models(load_cases(cases).cases, embedded, seed))))
    return DONE


def _shown(line: "OmissionCount") -> StyledLine:
    if line.flagged is None:
        told = "nothing to count"
    else:
        low, value, high = (100 * number for number in (line.flagged.low, line.flagged.value, line.flagged.high))
        told = f"{value:.1f} % [{low:.1f}, {high:.1f}]  n={line.flagged.n}"
    return StyledLine(f"{line.model}; {line.decisions} ({line.on}): marked {told}")
