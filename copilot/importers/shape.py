"""The one shape that every export is brought into, and the ticket that is made of it.

Comes in: an `ImportedConversation`, as an importer read it. Goes out: a checked `Ticket`, with what was counted on the way.
Message ids tell what a message is: `m1` was said in public, `n2` is an internal note, `q3` is mail that stands quoted in
the message before it. Attachments are named in a line below the message, and not opened. The copilot's own notes stay, for
reading leaves them out.
"""

from collections import Counter
from collections.abc import Callable, Iterator
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
WORDLESS = "messages without words"
FURTHER_PAGES = "further pages of tickets, which the file only names"
EVENTS = "events, such as an assignment or a deleted message"
_MOST_ATTACHMENTS = 50


@dataclass(frozen=True)
class ImportedMessage:
    """One message. `author` None is the reporter, or an agent where `is_private`; `sent_at` is ISO, seconds or None.

    `quoted` is what stands beside its text in the words of others, such as an attached mail.
    """

    text: str
    author: str | None = None
    sent_at: str | int | datetime | None = None
    is_html: bool = False
    is_private: bool = False
    is_mail: bool = False
    attachments: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()


@dataclass
class ImportedConversation:
    """One ticket of an export. `names` and `agents` are of people's ids; `reporter` None is the first who is no agent.

    `left_out` counts what of it comes into no ticket, by what that is.
    """

    place: Location
    id: str
    subject: str = ""
    reporter: str | None = None
    entries: list[ImportedMessage] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    agents: set[str] = field(default_factory=set)
    is_partial: bool = False
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Imported:
    """A ticket, how many of its messages are what, and what was left out."""

    ticket: Ticket
    private: int
    quoted: int
    left_out: Counter[str]


def ticket_of(conversation: ImportedConversation) -> Imported:
    """The ticket of a conversation. Raises `TicketError` that names the place and the field."""
    try:
        made = _Ticket(conversation)
        given = made.as_given()
    except (Misshapen, TicketError) as fault:
        raise TicketError(f"{conversation.place.at()}: {fault}") from None
    try:
        return Imported(Ticket.model_validate(given), made.count("n"), made.count("q"), conversation.left_out)
    except ValidationError as fault:
        problem = first_problem(fault, "the ticket")
    raise TicketError(f"{conversation.place.at()}: {problem}")


class _Ticket:
    """A ticket while it is put together."""

    def __init__(self, conversation: ImportedConversation) -> None:
        self._from = conversation
        self._messages: list[dict[str, Any]] = []
        self._earlier = ""
        self._public: list[str | None] = []
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
        if more := len(entry.attachments[_MOST_ATTACHMENTS:]):
            named += f"\n[attachments: {more} more]"
        author = entry.author or (SUPPORT if entry.is_private else None)
        sent_at = _time(entry.sent_at)
        if (own + named).strip():
            self._append("n" if entry.is_private else "m", author, sent_at, (own + named).lstrip("\n") if named else own)
        elif not (quoted or entry.quoted):
            self._from.left_out[WORDLESS] += 1
            return
        if not entry.is_private:
            self._public.append(author)
        for words in filter(str.strip, (quoted, *entry.quoted)):
            if repeats(words, self._earlier):
                self._from.left_out["quoted mails that stand further up"] += 1
            else:
                self._append("q", QUOTED, None, words)
        if self._has_mail:
            self._earlier += letters(text) + "\n"

    def _append(self, kind: str, author: str | None, sent_at: datetime | str | None, text: str) -> None:
        self._messages.append({"id": f"{kind}{len(self._messages) + 1}", "author": author, "sent_at": sent_at, "text": text})

    def _is_agent(self, person: str | None) -> bool:
        return person == SUPPORT or person in self._from.agents

    def _is_reported(self) -> bool:
        """Whether anybody but an agent says anything in public."""
        return not all(map(self._is_agent, self._public))

    def _reporter(self) -> str | None:
        if self._from.reporter is not None:
            return self._from.reporter
        return next((author for author in self._public if author and not self._is_agent(author)), None)

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


OfARecord = Iterator[Callable[[], ImportedConversation] | Counter[str]]
"""The conversations of a desk's record, each still to be read (it may raise `Misshapen`), and what was left out beside them."""
Conversations = Iterator[ImportedConversation | TicketError | Counter[str]]
"""What an importer yields: a conversation, what is wrong with one where the next may be good, or a count of what was left out."""
