"""`copilot store erase`: forget a customer."""

import click

from copilot.cli.faults import DONE
from copilot.cli.open_store import opened_store, said_of_bytes


@click.command()
@click.argument("customer_id", metavar="CUSTOMER_ID")
@click.option("--yes", is_flag=True, help="Really do it; it cannot be undone.")
def command(customer_id: str, yes: bool) -> int:
    """Remove text and ticket ids of every ticket on which a customer is a participant.

    CUSTOMER_ID is the participant's id as the tickets give it, to the letter. Code 1: the rows are empty, and bytes of the text
    are still in SQLite's files, because another program reads them or the disk is full; `copilot store purge` tries again.

    \b
    Example:
      copilot store erase maria --yes
    """
    from copilot.output.shown import write_out

    if not yes:
        raise click.UsageError("this cannot be undone; say --yes to do it.")
    with opened_store() as store:
        count = store.retention.erase(customer_id)
        left = said_of_bytes(store)
    write_out(f"{'1 ticket' if count == 1 else f'{count} tickets'} erased{left}")
    return DONE
