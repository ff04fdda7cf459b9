"""`copilot keys revoke`: a key that opens nothing any more."""

import click

from copilot.cli.faults import DONE
from copilot.cli.open_store import opened_store


@click.command()
@click.argument("id", metavar="ID")
def command(id: str) -> int:
    """End an API key for good, with every session that it asked for.

    ID is the eight characters that `copilot keys list` shows.

    \b
    Example:
      copilot keys revoke a1b2c3d4
    """
    from copilot.core.errors import InputError, NotFound
    from copilot.output.shown import write_out

    with opened_store() as store:
        try:
            key = store.keys.revoke(id)
        except NotFound as fault:
            raise InputError(str(fault)) from None
    write_out(f"key {key.id} is revoked")
    return DONE
