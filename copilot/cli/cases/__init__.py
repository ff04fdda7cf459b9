"""`copilot cases`: labelled cases out of feedback."""

import click

from copilot.cli.commands import Commands
from copilot.cli.faults import DONE


@click.group(cls=Commands, package="copilot.cli.cases", names=("export",), invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> int:
    """Turn what agents corrected into labelled cases.

    \b
    Example:
      copilot cases export --out drafts.jsonl
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
    return DONE
