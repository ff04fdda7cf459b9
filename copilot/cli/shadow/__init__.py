"""`copilot shadow`: another policy or reader beside the live service."""

import click

from copilot.cli.commands import RunUnlessNamed

COMMANDS = ("run", "list", "report", "forget")
"""In the order in which help lists them; each is `command` in the module of its name, in `copilot.cli.shadow`."""


@click.group(cls=RunUnlessNamed, package="copilot.cli.shadow", names=COMMANDS)
def command() -> None:
    """Let another policy or reader decide beside the service.

    What would differ is kept, and no suggestion is changed.

    \b
    Examples:
      copilot shadow --policy-from my-branch
      copilot shadow report
    """
