"""`copilot store`: care for what the service keeps."""

import click

from copilot.cli.commands import Commands
from copilot.cli.faults import DONE

COMMANDS = ("migrate", "check", "purge", "erase", "backtest")
"""In the order in which help lists them; each is `command` in the module of its name, in `copilot.cli.store`."""


@click.group(cls=Commands, package="copilot.cli.store", names=COMMANDS, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> int:
    """Bring the store up to date, check it, and make it forget.

    The store is where COPILOT_DATABASE_URL says; without it, a SQLite file in the folder COPILOT_STATE_DIR.

    \b
    Example:
      copilot store check
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
    return DONE
