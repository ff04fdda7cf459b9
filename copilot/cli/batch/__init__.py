"""`copilot batch`: many tickets, at once here or by the provider within a day."""

import click

from copilot.cli.commands import Commands

COMMANDS = ("run", "submit", "status", "collect")
"""In the order in which help lists them; each is `command` in the module of its name, in `copilot.cli.batch`."""


class _RunUnlessNamed(Commands):
    """A group whose command is `run` where none of its commands is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = args[:1] and (args[0] in COMMANDS or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else ["run", *args])


@click.group(cls=_RunUnlessNamed, package="copilot.cli.batch", names=COMMANDS)
def command() -> None:
    """Triage many tickets, here or through the provider's Batch API.

    A file named like one of the commands is written ./submit.

    \b
    Examples:
      copilot batch tickets.jsonl --out suggestions.jsonl
      copilot batch submit tickets.jsonl --job build/job
    """
