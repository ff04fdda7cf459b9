"""`copilot decide`: the policy alone, on facts that somebody else read."""

import click

from copilot.cli.faults import DONE
from copilot.cli.options import json_option
from copilot.cli.view import show


@click.command()
@click.argument("extraction", metavar="EXTRACTION.json")
@click.option("--ticket", required=True, metavar="TICKET.json", help="The ticket that the extraction was read from.")
@json_option
def command(extraction: str, ticket: str, as_json: bool) -> int:
    """Apply the policy to a given extraction, without any reader.

    Facts whose evidence the ticket does not bear out are dropped and reported.

    \b
    Example:
      copilot decide extraction.json --ticket ticket.json
    """
    if extraction == ticket == "-":
        raise click.UsageError("only one of EXTRACTION.json and --ticket can be standard input.")
    from copilot.files.loading import load_extraction, load_ticket
    from copilot.pipeline import decide

    given = load_ticket(ticket)
    show(decide(given, load_extraction(extraction)), given, as_json)
    return DONE
