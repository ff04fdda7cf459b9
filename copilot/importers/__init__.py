"""Exports of help desks, chats, tables and mail, brought into the contract's tickets.

Comes in: a format, the files and how to read them. Goes out: one checked ticket after the other, or the error that says why there
is none, with its place. Nothing of it decides or reads a model. A module for each format; `shape` is what they share.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import ModuleType

from copilot.core.errors import TicketError
from copilot.files.foreign import HEAD_BYTES, not_of
from copilot.files.loading import Location
from copilot.importers import chatwoot, intercom, mail, slack, table, zammad, zendesk
from copilot.importers.records import Misshapen, Record, as_records, json_values, opened
from copilot.importers.shape import Conversations, Imported, ticket_of
from copilot.importers.table import Form

__all__ = ["Imported", "Source", "tickets"]

_DESKS: dict[str, ModuleType] = {"zendesk": zendesk, "zammad": zammad, "chatwoot": chatwoot, "intercom": intercom}


@dataclass(frozen=True)
class Source:
    """What to import, and what the files do not say: who is an agent, how a table is written, whether notes are wanted."""

    format: str
    paths: Sequence[str]
    agents: frozenset[str] = frozenset()
    table: Form = field(default_factory=Form)
    with_private: bool = True


def tickets(source: Source) -> Iterator[Imported | TicketError | Counter[str]]:
    """The tickets of the files in their order; an error stands for what could not be brought into one.

    A count tells what was left out beside the tickets; a ticket has its own.
    """
    for one in _conversations(source):
        if isinstance(one, TicketError | Counter):
            yield one
            continue
        one.agents |= source.agents | {known for known in one.names if known.casefold() in source.agents}
        if not source.with_private:
            public = [entry for entry in one.entries if not entry.is_private]
            one.left_out["internal notes"] += len(one.entries) - len(public)
            one.entries = public
        try:
            yield ticket_of(one)
        except TicketError as fault:
            yield fault


def _conversations(source: Source) -> Conversations:
    paths = []
    for path in source.paths:
        if kind := not_of(source.format, _beginning(path)):
            yield TicketError(f"{Location(path).at()}: {kind}")
        else:
            paths.append(path)
    if source.format in ("eml", "mbox"):
        yield from _told(lambda: mail.conversations(paths, are_mailboxes=source.format == "mbox"))
        return
    for path in paths:
        if source.format == "slack":
            yield from _told(lambda path=path: slack.conversations(path))  # type: ignore[misc]
        elif source.format == "csv":
            yield from _told(lambda path=path: table.conversations(path, source.table))  # type: ignore[misc]
        else:
            yield from _told(lambda path=path: _of_desk(_DESKS[source.format], path))  # type: ignore[misc]


def _beginning(path: str) -> bytes:
    """The first bytes of a file; none of one that cannot be read, for the importer tells why."""
    try:
        with opened(path) as file:
            return file.read(HEAD_BYTES)
    except TicketError:
        return b""


def _told(read: Callable[[], Conversations]) -> Conversations:
    """What is read; what ends the reading of a file comes as its last, and the next file is read."""
    try:
        yield from read()
    except TicketError as fault:
        yield fault


def _of_desk(desk: ModuleType, path: str) -> Conversations:
    for place, value in json_values(path):
        if isinstance(value, TicketError):
            yield value
            continue
        try:
            for record in _records(desk, value):
                yield from _read(desk, record, place)
        except Misshapen as fault:
            yield _no(desk, place, fault)


def _read(desk: ModuleType, record: Record, place: Location) -> Conversations:
    for one in desk.conversations(record, place):
        try:
            yield one if isinstance(one, Counter) else one()
        except Misshapen as fault:
            yield _no(desk, place, fault)


def _no(desk: ModuleType, place: Location, fault: Misshapen) -> TicketError:
    return TicketError(f"{place.at()}: is no {desk.NAME}: {fault}")


def _records(desk: ModuleType, value: object) -> list[Record]:
    if isinstance(value, dict):
        return [Record(value)]
    found = as_records(value, "")
    is_articles = desk is zammad and any("ticket_id" in one for one in found)
    return [Record({"items": value})] if is_articles else found
