"""A group of commands, each imported when it is named."""

from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from typing import Any

import click


class Commands(click.Group):
    """A group whose commands are `command` in the modules `package`.NAME; all are imported only to list them.

    A module is called NAME_ where NAME is a word of Python.
    """

    def __init__(self, *args: Any, package: str, names: Sequence[str], **given: Any) -> None:
        super().__init__(*args, **given)
        self._package = package
        self._names = tuple(names)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command, in order of use."""
        return list(self._names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of that name, or None."""
        if cmd_name not in self._names:
            return None
        command: click.Command = import_module(f"{self._package}.{cmd_name}{'_' * iskeyword(cmd_name)}").command
        return command


class RunUnlessNamed(Commands):
    """A group whose command is `run` where none of its commands is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `run` in front of arguments that name no command."""
        named = args[:1] and (args[0] in self.list_commands(ctx) or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else ["run", *args])
