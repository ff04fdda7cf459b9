"""`copilot import`: exports of help desks, chats, tables and mail to a file of tickets."""

import codecs
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from copilot.cli.faults import BAD_INPUT, DONE, FAILED, warn

if TYPE_CHECKING:
    from copilot.importers import Source

FORMATS = ("zendesk", "zammad", "chatwoot", "intercom", "slack", "csv", "eml", "mbox")
_COLUMNS = ("text", "id", "subject", "author", "name", "role", "sent_at", "private", "attachments")
_MOST_TOLD = 20


@click.command(name="import")
@click.argument("format", metavar="FORMAT", type=click.Choice(FORMATS))
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--out", required=True, metavar="TICKETS.jsonl", help="Where to write the tickets; it must not be there yet.")
@click.option(
    "--agent", "agents", multiple=True, metavar="WHO", help="An agent's id, or address in a mail. May be given more than once."
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="OURS=THEIRS",
    help=f"csv: which column is what. OURS is one of {', '.join(_COLUMNS)}. May be given more than once.",
)
@click.option("--delimiter", metavar="SIGN", help="csv: what stands between two cells. Default: what the header has most of.")
@click.option("--encoding", default="utf-8", show_default=True, metavar="NAME", help="csv: how the file is encoded.")
@click.option("--without-notes", is_flag=True, help="Leave out internal notes.")
def command(format: str, files: tuple[str, ...], out: str, **given: Any) -> int:
    """Write the tickets of an export as a file for `copilot batch`.

    FORMAT is zendesk, zammad, chatwoot, intercom, slack, csv, eml or mbox. What cannot be imported is named on standard
    error, and the rest goes on. Code 1: something was not imported. Code 2: nothing was, and no file was written.

    \b
    Examples:
      copilot import zendesk export.ndjson --out tickets.jsonl
      copilot import csv tickets.csv --column text=Body --column id="Ticket ID" --out tickets.jsonl
      copilot import mbox inbox.mbox --agent help@example.org --out tickets.jsonl
    """
    source = _source(format, files, given)
    shown = click.format_filename(out)
    try:
        file = os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except FileExistsError:
        raise click.UsageError(f"--out {shown} is there already; name another file.") from None
    except OSError as fault:
        raise click.UsageError(f"--out {shown} cannot be written ({(fault.strerror or 'no reason given').lower()}).") from None
    counts: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    try:
        with file:
            _write(source, file, counts, left_out)
    finally:
        if not counts["tickets"]:
            Path(out).unlink(missing_ok=True)
    if counts["failed"] > _MOST_TOLD:
        warn(f"{counts['failed'] - _MOST_TOLD} more were not imported")
    if not counts["tickets"]:
        warn(f"nothing was imported, and {shown} was not written; is it a {format} export?")
        return BAD_INPUT
    warn(_told(counts, left_out, shown))
    return FAILED if counts["failed"] else DONE


def _source(format: str, files: tuple[str, ...], given: dict[str, Any]) -> "Source":
    from copilot.importers import Source
    from copilot.importers.table import Form

    delimiter, encoding = given["delimiter"], given["encoding"]
    pairs = dict(pair.partition("=")[::2] for pair in given["columns"])
    if wrong := [name for name, column in pairs.items() if name not in _COLUMNS or not column]:
        raise click.UsageError(f"--column {wrong[0]!r} must be OURS=THEIRS, where OURS is one of {', '.join(_COLUMNS)}.")
    if delimiter is not None and len(delimiter.replace("\\t", "\t")) != 1:
        raise click.UsageError("--delimiter must be one character, such as ; or \\t.")
    try:
        encoding = codecs.lookup(encoding).name
    except LookupError:
        raise click.UsageError(f"--encoding {encoding!r} is not known; try utf-8, utf-16 or cp1252.") from None
    form = Form(pairs, delimiter.replace("\\t", "\t") if delimiter else None, "utf-8-sig" if encoding == "utf-8" else encoding)
    agents = frozenset(spelled for who in given["agents"] for spelled in (who, who.casefold()))
    return Source(format, files, agents, form, not given["without_notes"])


def _write(source: "Source", file: BinaryIO, counts: Counter[str], left_out: Counter[str]) -> None:
    from copilot.core.errors import TicketError
    from copilot.importers import Imported, tickets
    from copilot.output.shown import json_text

    ids: set[str] = set()
    for one in tickets(source):
        if isinstance(one, TicketError):
            counts["failed"] += 1
            if counts["failed"] <= _MOST_TOLD:
                warn(str(one))
            continue
        left_out.update(one.left_out if isinstance(one, Imported) else one)
        if not isinstance(one, Imported):
            continue
        file.write(json_text(one.ticket).encode() + b"\n")
        counts.update(
            tickets=1,
            messages=len(one.ticket.messages),
            notes=one.private,
            quoted=one.quoted,
            partial=one.ticket.is_partial,
            again=one.ticket.id in ids,
        )
        ids.add(one.ticket.id)


def _told(counts: Counter[str], left_out: Counter[str], out: str) -> str:
    parts = [
        f"{counts['tickets']} tickets written to {out} ({counts['messages']} messages, {counts['notes']} of them internal notes)"
    ]
    if counts["quoted"]:
        parts.append(f"{counts['quoted']} quoted mails kept as messages of their own")
    if counts["partial"]:
        parts.append(f"{counts['partial']} tickets are not whole in the export, and say so")
    if counts["again"]:
        parts.append(f"{counts['again']} tickets have an id that another one above has")
    if left_out.total():
        parts.append(f"left out: {', '.join(f'{count} {what}' for what, count in left_out.items() if count)}")
    if counts["failed"]:
        parts.append(f"{counts['failed']} not imported")
    return "; ".join(parts)
