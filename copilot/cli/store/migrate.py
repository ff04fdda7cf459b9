"""`copilot store migrate`: tables of this version."""

import click

from copilot.cli.faults import DONE
from copilot.cli.open_store import opened_store


@click.command()
def command() -> int:
    """Make the tables, or bring them up to date. Whatever opens the store does so, too.

    There is no way back: make a copy first.

    \b
    Example:
      copilot store migrate
    """
    from copilot.output.shown import write_out

    with opened_store() as store:
        write_out(f"the tables are of version {store.version}")
    return DONE
