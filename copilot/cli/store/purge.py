"""`copilot store purge`: forget what is past its time."""

import click

from copilot.cli.faults import DONE
from copilot.cli.open_store import opened_store, said_of_bytes


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say how many tickets would lose their text.")
def command(dry_run: bool) -> int:
    """Remove the text of tickets that were kept for COPILOT_RETENTION_DAYS, with everything that quotes them.

    Teams, labels, rules and what agents did stay, for the figures. Sessions, used tokens and idempotency keys past their
    time go as well. Code 1: the rows are empty, and bytes of the text are still in SQLite's files, because another program reads
    them or the disk is full; run it again.

    \b
    Example:
      copilot store purge --dry-run
    """
    from copilot.output.shown import write_out

    with opened_store() as store:
        count = store.retention.due() if dry_run else store.retention.purge()
        left = said_of_bytes(store)
    tickets = "1 ticket" if count == 1 else f"{count} tickets"
    write_out(f"{tickets} would lose text" if dry_run else f"{tickets} lost text{left}")
    return DONE
