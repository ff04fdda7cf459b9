"""`copilot eval import`: another evaluation tool's data set as cases."""

from pathlib import Path

import click

from copilot.cli.case_file import write_cases
from copilot.cli.eval.options import format_argument
from copilot.cli.faults import BAD_INPUT, DONE, FAILED, warn


@click.command()
@format_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    metavar="FILE.jsonl",
    type=click.Path(path_type=Path),
    help="Where to write the cases, one a line; it must not be there yet.",
)
def command(format: str, file: Path, out: Path) -> int:
    """Make cases of another tool's data set.

    FILE is JSON, JSON Lines or YAML, as inspect, promptfoo or pydantic-evals has it. An entry becomes a case where it
    has an id, a ticket, route, labels and rule; every other is left out, and told with what it lacks. What a case has no place
    for is told by name. Nothing is guessed. Code 1: an entry was left out; 2: no case was made.

    \b
    Example:
      copilot eval import pydantic-evals dataset.yaml --out evals/cases/more.jsonl
    """
    from copilot.evaluation.exchange import FORMATS, tool
    from copilot.evaluation.exchange.incoming import import_entries

    if out.exists():
        raise click.UsageError(f"--out {click.format_filename(out)} is there already; name another file.")
    made = import_entries(tool(FORMATS[format]).entries(file))
    for left_out in made.left_out:
        warn(f"left out: {left_out}")
    for name, count in sorted(made.unmapped.items()):
        warn(f"not taken over: {name} ({count} times)")
    if not made.cases:
        warn(f"no case was made of {file}; see what the entries lack")
        return BAD_INPUT
    write_cases(out, made.cases)
    warn(f"{len(made.cases)} cases written to {out}, {len(made.left_out)} entries left out")
    return FAILED if made.left_out else DONE
