"""`copilot shadow forget`: a contender that nobody asks about any more."""

import click

from copilot.cli.faults import DONE
from copilot.cli.open_store import opened_store


@click.command()
@click.argument("contender", metavar="NAME")
@click.option("--yes", is_flag=True, help="Really do it; it cannot be undone.")
def command(contender: str, yes: bool) -> int:
    """Remove a contender, and everything that it decided, from the store, its reports and the insights page.

    NAME is the name that `copilot shadow report` gives. No suggestion is touched. If it ever follows again, it begins anew.

    \b
    Example:
      copilot shadow forget policy:1a2b3c4d5e6f --yes
    """
    from copilot.output.shown import write_out
    from copilot.shadow.follow import forget
    from copilot.shadow.report import chosen

    if not yes:
        raise click.UsageError("this cannot be undone; say --yes to do it.")
    with opened_store() as store:
        [name] = chosen(store, contender)
        count = forget(store, name)
    write_out(f"{name} is forgotten, with {'1 decision' if count == 1 else f'{count} decisions'}")
    return DONE
