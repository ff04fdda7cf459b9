"""`copilot keys`: who may call the service."""

import click

from copilot.cli.commands import Commands
from copilot.cli.faults import DONE

COMMANDS = ("create", "list", "revoke", "signout")
"""In the order in which help lists them; each is `command` in the module of its name, in `copilot.cli.keys`."""


@click.group(cls=Commands, package="copilot.cli.keys", names=COMMANDS, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> int:
    """Make, list and revoke API keys of the service, and end sessions.

    \b
    Example:
      copilot keys create --name console --scopes triage,feedback --days 90
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
    return DONE
