"""`copilot cases export`: draft cases, pseudonymised, for a person to review."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copilot.cli.case_file import write_cases
from copilot.cli.faults import DONE
from copilot.cli.open_store import opened_store

if TYPE_CHECKING:
    from copilot.feedback_cases import Drafts


@click.command()
@click.option("--out", required=True, metavar="FILE", help="Where to write the cases, one a line; it must not be there yet.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    metavar="TIME",
    help="Only tickets suggested on from then, in UTC.",
)
def command(out: str, since: datetime | None) -> int:
    """Write tickets whose facts an agent corrected, or whose final outcome is known, as labelled cases.

    Names, addresses, handles and numbers of people are replaced, the same by the same. A name that stands only in the text
    can be missed, so read each case before it joins a set: `copilot eval lint` helps.

    \b
    Example:
      copilot cases export --out drafts.jsonl --since 2026-03-01
    """
    from copilot.output.shown import write_out

    if Path(out).exists():
        raise click.UsageError(f"--out {click.format_filename(out)} is there already; name another file.")
    with opened_store() as store:
        from copilot.feedback_cases import drafts

        made = drafts(store.reviewed.rows(since.replace(tzinfo=UTC) if since else None))
    if made.cases:
        write_cases(Path(out), made.cases)  # a person has not checked what a program hid
    write_out(_told(out, made))
    return DONE


def _told(out: str, made: "Drafts") -> str:
    written = f"{len(made.cases)} cases written to {click.format_filename(out)}" if made.cases else "no case to write"
    without = f", {made.without_facts} of them without facts" if made.without_facts else ""
    skipped = "".join(f"; {count} skipped: {reason}" for reason, count in sorted(made.skipped.items()))
    return written + without + skipped
