"""Options that more than one command of `copilot eval` takes."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from copilot.evaluation.compare.gates import Gates

Function = TypeVar("Function", bound=Callable[..., object])

USUAL_GATES = Path("evals/gates.toml")

cases_argument = click.argument("cases", nargs=-1, required=True, metavar="CASES...", type=click.Path(path_type=Path))
folder_argument = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))


def gates_option(function: Function) -> Function:
    """`--gates` and `--no-gates`."""
    function = click.option("--no-gates", is_flag=True, help="Judge nothing.")(function)
    return click.option(
        "--gates", metavar="FILE", type=click.Path(path_type=Path), help=f"Gates to judge by.  [default: {USUAL_GATES}, if there]"
    )(function)


def gates_of(gates: Path | None, no_gates: bool) -> "tuple[Gates, Path] | None":
    """The gates that the options ask for, with their folder. Raises `GateError`."""
    from copilot.evaluation.compare.gates import load_gates

    if gates is not None and no_gates:
        raise click.UsageError("name --gates or --no-gates, not both.")
    if no_gates or (gates is None and not USUAL_GATES.exists()):
        return None
    path = gates or USUAL_GATES
    return load_gates(path), path.parent
