"""`copilot prompt`: what a model would be asked about a ticket, word for word."""

import json

import click

from copilot.cli.faults import DONE


@click.command()
@click.argument("ticket", metavar="TICKET.json")
@click.option("--json", "as_json", is_flag=True, help="Print the request bodies as a JSON list, one a window.")
def command(ticket: str, as_json: bool) -> int:
    """Show what a model would be asked about a ticket; nothing is sent.

    A long ticket is read in windows, each with its own request.

    \b
    Example:
      copilot prompt examples/site-ransom.json
    """
    from copilot.config.settings import Settings
    from copilot.core.sentences import cut
    from copilot.files.loading import load_ticket
    from copilot.output.shown import printable, write_out
    from copilot.readers.model.chunked_reading import windows_of
    from copilot.readers.model.conversation import Conversation
    from copilot.readers.model.manners import Manners
    from copilot.readers.model.numbered_lines import NumberedTicket
    from copilot.readers.model.profiles import profile_for

    settings, given = Settings.from_environment(), load_ticket(ticket)
    sentences, profile = cut(given), profile_for(settings)
    windows = windows_of(NumberedTicket.of(given, sentences, settings), sentences.all, settings)
    bodies = [Conversation(settings, profile, window, Manners(profile.modes)).request() for window in windows]
    if as_json:
        write_out(json.dumps(bodies, indent=2, ensure_ascii=True))
        return DONE
    for number, body in enumerate(bodies, start=1):
        for message in body["messages"]:
            write_out(f"--- request {number} of {len(bodies)}, {message['role']}\n{printable(message['content'])}")
    return DONE
