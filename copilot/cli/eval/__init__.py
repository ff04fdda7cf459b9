"""`copilot eval`: how good the copilot is, on labelled cases."""

import click

from copilot.cli.commands import Commands
from copilot.cli.faults import DONE

COMMANDS = (
    "run",
    "compare",
    "report",
    "coverage",
    "bless",
    "backtest",
    "lint",
    "metamorphic",
    "omissions",
    "agreement",
    "export",
    "import",
)
"""In the order in which help lists them; each is `command` in the module of its name, in `copilot.cli.eval`."""


@click.group(
    cls=Commands,
    package="copilot.cli.eval",
    names=COMMANDS,
    invoke_without_command=True,
    epilog="Exit codes: 0 pass; 1 a gate failed; 2 bad input, or an incomplete run; 3 stale recordings; "
    "4 a hole in the coverage.",
)
@click.pass_context
def command(ctx: click.Context) -> int:
    """Measure the copilot on labelled cases, and compare runs.

    \b
    Example:
      copilot eval run evals/cases --extractor embedded --out build/embedded
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
    return DONE
