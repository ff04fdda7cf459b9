"""Options that more than one command of `copilot eval` takes."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from copilot.evaluation.cases.case import CaseSet
    from copilot.evaluation.compare.gates import Gates

Function = TypeVar("Function", bound=Callable[..., object])

USUAL_GATES = Path("evals/gates.toml")

cases_argument = click.argument("cases", nargs=-1, required=True, metavar="CASES...", type=click.Path(path_type=Path))
TOOLS = ("inspect", "promptfoo", "pydantic-evals")
format_argument = click.argument("format", metavar="|".join(TOOLS), type=click.Choice(TOOLS))
folder_argument = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))


def selection_options(function: Function) -> Function:
    """`--tag`, `--id`, `--failed-in` and `--first`, as `chosen_cases` takes them."""
    for option in (
        click.option("--first", type=click.IntRange(1), metavar="N", help="Of what the others leave, the first N cases."),
        click.option(
            "--failed-in",
            multiple=True,
            metavar="DIR",
            type=click.Path(path_type=Path),
            help="Only cases that this run got wrong, could not score, or did not come to; given again: that failed in both.",
        ),
        click.option("--id", "ids", multiple=True, metavar="ID", help="Only this case; given again: these."),
        click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only cases with this tag; given again: with both."),
    ):
        function = option(function)
    return function


def chosen_cases(
    paths: tuple[Path, ...], tags: tuple[str, ...], ids: tuple[str, ...], failed_in: tuple[Path, ...], first: int | None
) -> "CaseSet":
    """The cases of these files that the options ask for. Raises `CaseError`, and `RunError` for a folder that holds no run."""
    from copilot.evaluation.cases.case import load_cases
    from copilot.evaluation.cases.choosing import choose
    from copilot.evaluation.cases.selection import CaseSelection
    from copilot.evaluation.run.failed import failed_in as failed

    runs = tuple(dict.fromkeys(map(str, failed_in)))
    wanted = CaseSelection(tags=tuple(dict.fromkeys(tags)), ids=tuple(dict.fromkeys(ids)), failed_in=runs, first=first)
    return choose(load_cases(paths), wanted, {run: failed(Path(run)) for run in runs})


def gates_option(function: Function) -> Function:
    """`--gates` and `--no-gates`."""
    function = click.option("--no-gates", is_flag=True, help="Judge nothing.")(function)
    return click.option(
        "--gates", metavar="FILE", type=click.Path(path_type=Path), help=f"Gates to judge by.  [default: {USUAL_GATES}, if there]"
    )(function)


def gates_of(gates: Path | None, no_gates: bool) -> "tuple[Gates, Path] | None":
    """The gates that the options ask for, with their folder. Raises `GateError`."""
    if gates is not None and no_gates:
        raise click.UsageError("name --gates or --no-gates, not both.")
    if no_gates or (gates is None and not USUAL_GATES.exists()):
        return None
    from copilot.evaluation.compare.gates import load_gates

    path = gates or USUAL_GATES
    return load_gates(path), path.parent
