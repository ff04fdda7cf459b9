"""`copilot store check`: is what is kept in order?"""

import click

from copilot.cli.faults import DONE, FAILED, warn
from copilot.cli.open_store import opened_store


@click.command()
def command() -> int:
    """See that the store takes writes and that nothing in it is damaged. Code 1: something is wrong.

    It writes a row, and makes or changes no table. SQLite's file is read as a whole, which takes a while if it is large.

    \b
    Example:
      copilot store check
    """
    from copilot.output.shown import write_out

    with opened_store(as_it_is=True) as store:
        problems = store.problems()
        due = 0 if problems else store.retention.due()
        bytes_are_due = not problems and store.retention.bytes_are_due()
    for problem in problems:
        warn(problem)
    if not problems:
        write_out(f"in order; {due} {'ticket is' if due == 1 else 'tickets are'} past the retention period and not purged yet")
    if bytes_are_due:
        write_out("bytes of removed text may still be in the file; run `copilot store purge` at a quiet hour")
    return FAILED if problems else DONE
