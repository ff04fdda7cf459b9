"""`copilot eval mutate`: would the cases notice a broken policy?"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copilot.cli.evals.options import cases_argument
from copilot.cli.faults import DONE
from copilot.cli.lines import Shown, print_lines

if TYPE_CHECKING:
    from copilot.evaluation.mutants import Trial

USUAL_LIST = Path("evals/equivalent-mutants.toml")


@click.command()
@cases_argument
@click.option(
    "--equivalent",
    default=USUAL_LIST,
    show_default=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Mutants that no case can notice, each with the reason.",
)
@click.option("--all", "every", is_flag=True, help="List every mutant with the case that notices it.")
def command(cases: tuple[Path, ...], equivalent: Path, every: bool) -> int:
    """Break the policy in small ways, and see that the gold facts of some case notice each.

    Code 4: a mutant survived that is not listed as equivalent, or a listed one does not survive.

    \b
    Example:
      copilot eval mutate evals/cases
    """
    from copilot.evaluation.cases import load_cases
    from copilot.evaluation.finish import Exit
    from copilot.evaluation.mutants import read_equivalents, try_mutants

    trial = try_mutants(load_cases(cases), read_equivalents(equivalent))
    print_lines(_lines(trial, every))
    return int(Exit.HOLE) if trial.survivors or trial.outdated else DONE


def _lines(trial: "Trial", every: bool) -> Iterator[Shown]:
    explained = len(trial.equivalent) - len(trial.outdated)
    counts = f"{trial.killed} of {len(trial.tried)} mutants noticed, {explained} listed as equivalent"
    yield Shown(f"{counts}, {len(trial.survivors)} survived", style="heading")
    for one in trial.tried if every else ():
        yield Shown(f"{one.id}  [{one.killed_by or 'not noticed'}]", "    ", "  ")
    for id in trial.survivors:
        yield Shown(f"survived: {id}", "    ", "  ", "caution")
    for id in trial.outdated:
        yield Shown(f"listed as equivalent, but noticed or gone: {id}", "    ", "  ", "caution")
