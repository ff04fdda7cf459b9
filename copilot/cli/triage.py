"""`copilot triage`: tickets to suggestions."""

from typing import TYPE_CHECKING

import click

from copilot.cli.faults import DONE, FAILED, warn
from copilot.cli.options import extractor_option, json_option, opened_reader
from copilot.cli.view import show

if TYPE_CHECKING:
    from copilot.core.ticket import Ticket
    from copilot.output.suggestion import Suggestion
    from copilot.readers.base import Reader

_ELIGIBLE = {"yes": True, "no": False, "unknown": None}


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@extractor_option
@click.option(
    "--mediation",
    type=click.Choice(list(_ELIGIBLE)),
    help="Whether the customer qualifies for mediation or dispute assistance; overrides what the ticket says.",
)
@json_option
def command(files: tuple[str, ...], extractor: str, mediation: str | None, as_json: bool) -> int:
    """Suggest where a ticket goes, with the internal note.

    FILE is a ticket as JSON or as plain text; - reads standard input. With several files each is shown after the other.

    \b
    Examples:
      copilot triage examples/site-ransom.json
      copilot triage - --mediation no < letter.txt
      copilot triage ticket.json --json | jq -r .note
    """
    if as_json and len(files) > 1:
        raise click.UsageError("--json takes one FILE; for many tickets use `copilot batch`.")
    with opened_reader(extractor) as (reader, _):
        if len(files) == 1:
            show(*triage_file(files[0], mediation, reader), as_json)
            return DONE
        return FAILED if sum(_show_one_of_many(file, mediation, reader) for file in files) else DONE


def triage_file(file: str, mediation: str | None, reader: "Reader") -> "tuple[Suggestion, Ticket]":
    """The suggestion for the ticket in a file, and that ticket. Raises `TicketError`."""
    from copilot.core.ticket import Context
    from copilot.files.loading import load_ticket
    from copilot.pipeline import triage

    ticket = load_ticket(file)
    if mediation is not None:
        ticket = ticket.model_copy(update={"context": Context(mediation_eligible=_ELIGIBLE[mediation])})
    return triage(ticket, reader), ticket


def _show_one_of_many(file: str, mediation: str | None, reader: "Reader") -> bool:
    """Show one ticket under its file's name; True where it could not be read."""
    from copilot.core.errors import TicketError
    from copilot.output.shown import one_line, write_out

    try:
        suggestion, ticket = triage_file(file, mediation, reader)
    except TicketError as fault:
        warn(str(fault))
        return True
    write_out(f"=== {one_line(file)}\n")
    show(suggestion, ticket, as_json=False)
    write_out("")
    return False
