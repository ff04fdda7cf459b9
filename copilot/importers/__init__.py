"""Exports of help desks, chats, tables and mail, brought into the contract's tickets.

Comes in: a format, the files and how to read them. Goes out: one checked ticket after the other, or the error that says why there
is none, with its place. Nothing of it decides or reads a model. A module for each format; `shape` is what they share.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import ModuleType

from copilot.core.errors import TicketError
from copilot.importers import chatwoot, intercom, mail, slack, table, zammad, zendesk
from copilot.importers.records import Misshapen, Record, as_records, json_values
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


def tickets(source: Source) -> Iterator[Imported | TicketError]:
    """The tickets of the files in their order; an error stands for what could not be brought into one."""
    for one in _conversations(source):
        if isinstance(one, TicketError):
            yield one
            continue
        one.agents |= source.agents | {known for known in one.names if known.casefold() in source.agents}
        if not source.with_private:
            one.entries = [entry for entry in one.entries if not entry.is_private]
        try:
            yield ticket_of(one)
        except TicketError as fault:
            yield fault


def _conversations(source: Source) -> Conversations:
    if source.format in ("eml", "mbox"):
        yield from _told(lambda: mail.conversations(list(source.paths), are_mailboxes=source.format == "mbox"))
        return
    for path in source.paths:
        if source.format == "slack":
            yield from _told(lambda path=path: slack.conversations(path))  # type: ignore[misc]
        elif source.format == "csv":
            yield from _told(lambda path=path: table.conversations(path, source.table))  # type: ignore[misc]
        else:
            yield from _told(lambda path=path: _of_desk(_DESKS[source.format], path))  # type: ignore[misc]


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
                yield from desk.conversations(record, place)
        except Misshapen as fault:
            yield TicketError(f"{place.at()}: is no {desk.NAME}: {fault}")


def _records(desk: ModuleType, value: object) -> list[Record]:
    if isinstance(value, dict):
        return [Record(value)]
    found = as_records(value, "")
    is_articles = desk is zammad and any("ticket_id" in one for one in found)
    return [Record({"items": value})] if is_articles else found
