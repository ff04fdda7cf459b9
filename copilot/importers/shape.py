"""The one shape that every export is brought into, and the ticket that is made of it.

Comes in: an `ImportedConversation`, as an importer read it. Goes out: a checked `Ticket`, with what was counted on the way.
Message ids tell what a message is: `m1` was said in public, `n2` is an internal note, `q3` is mail that stands quoted in
the message before it. Attachments are named in a line below the message, and not opened. The copilot's own notes stay, for
reading leaves them out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from copilot.core.errors import TicketError
from copilot.core.ticket import Ticket
from copilot.core.validation import first_problem
from copilot.files.loading import Location
from copilot.importers.records import Misshapen
from copilot.importers.words import letters, repeats, reply_and_quoted, text_of_html

SUPPORT = "support"
QUOTED = "quoted"
_MOST_ATTACHMENTS = 50


@dataclass(frozen=True)
class ImportedMessage:
    """One message. `author` None is the reporter, or an agent where `is_private`; `sent_at` is ISO, seconds or None."""

    text: str
    author: str | None = None
    sent_at: str | int | datetime | None = None
    is_html: bool = False
    is_private: bool = False
    is_mail: bool = False
    attachments: tuple[str, ...] = ()


@dataclass
class ImportedConversation:
    """One ticket of an export. `names` and `agents` are of people's ids; `reporter` None is the first who is no agent."""

    place: Location
    id: str
    subject: str = ""
    reporter: str | None = None
    entries: list[ImportedMessage] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    agents: set[str] = field(default_factory=set)
    is_partial: bool = False


@dataclass(frozen=True)
class Imported:
    """A ticket, and how many of its messages are what."""

    ticket: Ticket
    private: int
    quoted: int


def ticket_of(conversation: ImportedConversation) -> Imported:
    """The ticket of a conversation. Raises `TicketError` that names the place and the field."""
    try:
        made = _Ticket(conversation)
        given = made.as_given()
    except (Misshapen, TicketError) as fault:
        raise TicketError(f"{conversation.place.at()}: {fault}") from None
    try:
        return Imported(Ticket.model_validate(given), made.count("n"), made.count("q"))
    except ValidationError as fault:
        problem = first_problem(fault, "the ticket")
    raise TicketError(f"{conversation.place.at()}: {problem}")


class _Ticket:
    """A ticket while it is put together."""

    def __init__(self, conversation: ImportedConversation) -> None:
        self._from = conversation
        self._messages: list[dict[str, Any]] = []
        self._earlier = ""
        self._has_mail = any(entry.is_mail for entry in conversation.entries)
        for entry in conversation.entries:
            self._add(entry)

    def count(self, kind: str) -> int:
        return sum(message["id"].startswith(kind) for message in self._messages)

    def as_given(self) -> dict[str, Any]:
        """The ticket as its model takes it."""
        reporter = self._reporter()
        people = dict.fromkeys(filter(None, [reporter, *(message["author"] for message in self._messages)]))
        return {
            "id": self._from.id[:200],
            "subject": " ".join(self._from.subject.split())[:10_000],
            "origin": "customer_report" if self._is_reported() else "agent_observation",
            "reporter": reporter,
            "participants": [self._participant(person) for person in people],
            "messages": self._messages,
            "is_partial": self._from.is_partial,
        }

    def _add(self, entry: ImportedMessage) -> None:
        text = text_of_html(entry.text) if entry.is_html else entry.text
        own, quoted = reply_and_quoted(text) if entry.is_mail else (text, "")
        named = "".join(f"\n[attachment: {' '.join(name.split())[:200]}]" for name in entry.attachments[:_MOST_ATTACHMENTS])
        author = entry.author or (SUPPORT if entry.is_private else None)
        sent_at = _time(entry.sent_at)
        if (own + named).strip():
            self._append("n" if entry.is_private else "m", author, sent_at, (own + named).lstrip("\n") if named else own)
        if quoted and not repeats(quoted, self._earlier):
            self._append("q", QUOTED, None, quoted)
        if self._has_mail:
            self._earlier += letters(text) + "\n"

    def _append(self, kind: str, author: str | None, sent_at: datetime | str | None, text: str) -> None:
        self._messages.append({"id": f"{kind}{len(self._messages) + 1}", "author": author, "sent_at": sent_at, "text": text})

    def _is_agent(self, person: str | None) -> bool:
        return person == SUPPORT or person in self._from.agents

    def _is_reported(self) -> bool:
        """Whether anybody but an agent says anything in public."""
        return any(message["id"][0] == "m" and not self._is_agent(message["author"]) for message in self._messages)

    def _reporter(self) -> str | None:
        if self._from.reporter is not None:
            return self._from.reporter
        writers = (message["author"] for message in self._messages if message["id"][0] == "m")
        return next((author for author in writers if author and not self._is_agent(author)), None)

    def _participant(self, person: str) -> dict[str, Any]:
        role = "support" if self._is_agent(person) else "unknown"
        return {"id": person, "role": role, "name": self._from.names.get(person) or None}


def _time(given: str | int | datetime | None) -> datetime | str | None:
    if not isinstance(given, int):
        return given or None
    try:
        return datetime.fromtimestamp(given, UTC)
    except (OverflowError, OSError, ValueError):
        raise Misshapen("a message's time is not within the years 1 to 9999") from None


def in_order(entries: list[ImportedMessage]) -> list[ImportedMessage]:
    """Entries by their time, where every one has a time of the same kind; else as they stand."""
    times = [entry.sent_at for entry in entries]
    for kind in (int, str, datetime):
        if all(isinstance(time, kind) for time in times):
            return sorted(entries, key=lambda entry: entry.sent_at)  # type: ignore[arg-type, return-value]
    return entries


Conversations = Iterator[ImportedConversation | TicketError]
"""What an importer yields: a conversation, or what is wrong with one where the next may be good."""
