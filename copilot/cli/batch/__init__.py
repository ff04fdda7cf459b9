"""`copilot batch`: many tickets, at once here or by the provider within a day."""

import click

from copilot.cli.commands import RunUnlessNamed

COMMANDS = ("run", "submit", "status", "collect")
"""In the order in which help lists them; each is `command` in the module of its name, in `copilot.cli.batch`."""


@click.group(cls=RunUnlessNamed, package="copilot.cli.batch", names=COMMANDS)
def command() -> None:
    """Triage many tickets, here or through the provider's Batch API.

    A file named like one of the commands is written ./submit.

    \b
    Examples:
      copilot batch tickets.jsonl --out suggestions.jsonl
      copilot batch submit tickets.jsonl --job build/job
    """
