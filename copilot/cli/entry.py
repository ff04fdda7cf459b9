"""The `copilot` command itself: arguments in, an exit code out.

Every fault ends here, in one line on standard error; no traceback and no ticket text gets past.
"""

import atexit
import gc
from collections.abc import Sequence

import click

from copilot.cli.commands import Commands
from copilot.cli.faults import guarded

COMMANDS = (
    "triage",
    "decide",
    "batch",
    "import",
    "eval",
    "policy",
    "schema",
    "prompt",
    "doctor",
    "serve",
    "zendesk",
    "keys",
    "store",
    "shadow",
    "cases",
)
"""In the order in which help lists them; each is `command` in the module of its name, beside this one."""

HELP_COLUMNS = 96

atexit.register(gc.freeze)  # else the interpreter looks through all that is loaded once more, a quarter of a second with an SDK


@click.group(
    cls=Commands,
    package="copilot.cli",
    names=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": HELP_COLUMNS},
    epilog="Exit codes: 0 done; 1 the work was done and a ticket failed; 2 bad usage or bad input; "
    "70 a fault of the program; 130 stopped with Ctrl-C.",
)
@click.version_option(package_name="triage-copilot", prog_name="copilot")
@click.pass_context
def copilot(ctx: click.Context) -> int:
    """Reads a support ticket, decides by fixed policy which team it goes to, and drafts the internal note.

    \b
    Without OPENAI_API_KEY everything runs on this machine with the embedded reader:
      copilot triage examples/site-ransom.json
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; `arguments` None are the process's own."""
    return guarded(lambda: copilot.main(arguments, prog_name="copilot", standalone_mode=False))
