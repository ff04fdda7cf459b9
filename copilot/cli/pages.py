"""The page on the commands, made of their own help: `python -m copilot.cli.pages docs/cli.md` writes it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from copilot.cli.entry import COMMANDS, HELP_COLUMNS, copilot

_HEAD = """<!-- Written by `python -m copilot.cli.pages docs/cli.md`: change the commands, not this page. -->
# Commands

Faults are told in one line on standard error that names file, line and field, and never shows what a ticket says.
`--json` prints exactly one JSON object on standard output. In a pipe there is no colour and no line is wrapped;
`NO_COLOR` is respected.

| Exit code | Meaning |
|---|---|
| 0 | Done. |
| 1 | The work was done and a ticket failed or was not read as asked; or a batch was stopped, or its output cut short. |
| 2 | Bad usage or bad input; nothing was done. |
| 70 | A fault of this program; the line says what to report. |
| 130 | Stopped with Ctrl-C; a batch or an evaluation goes on from there when it is run again. |

`copilot eval` says more with them:

| Exit code | Meaning |
|---|---|
| 0 | Every gate was passed, or none was there to pass. |
| 1 | A gate failed. |
| 2 | Bad usage or bad input, or an incomplete run: a case was not scored. |
| 3 | A replay met requests that are not recorded. |
| 4 | A hole in the coverage of the cases. |
"""


def as_markdown() -> str:
    """The whole page."""
    return _HEAD + "".join(f"\n## {name}\n```text\n{text}\n```\n" for name, text in _helps())


def _helps() -> Iterator[tuple[str, str]]:
    top = copilot.make_context("copilot", [], terminal_width=HELP_COLUMNS)
    yield "copilot", copilot.get_help(top)
    for name in COMMANDS:
        yield from _help_of(f"copilot {name}", copilot.get_command(top, name), top)


def _help_of(title: str, command: click.Command | None, parent: click.Context) -> Iterator[tuple[str, str]]:
    """A command's help, then that of the commands in it."""
    if command is None:
        return
    context = click.Context(command, info_name=title.rpartition(" ")[2], parent=parent, terminal_width=HELP_COLUMNS)
    yield title, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            yield from _help_of(f"{title} {name}", command.get_command(context, name), context)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(as_markdown(), encoding="utf-8")
