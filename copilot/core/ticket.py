"""A ticket as the console hands it over, checked on the way in.

Comes in: a dictionary or JSON in the contract's shape, or plain text. Goes out: a frozen `Ticket` whose
ids are unique, whose authors exist and whose text is within the limits. Null for a field that may be left out is the same as
leaving it out; an id is a string of at least one character. It never repairs a ticket.
"""

import re
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, StrictBool, model_validator

from copilot.core.bounds import MAX_MESSAGES
from copilot.core.closed import Given, WholeText
from copilot.core.vocabulary import Origin, Role

MAX_CHARACTERS = 1_000_000

_NUMBER = re.compile(r"\s*[-+]?[\d._]+\s*")
"""A count of seconds in quotes is no ISO time, although a parser would take it."""


def _iso_text(value: object) -> object:
    if value is None or isinstance(value, datetime) or (isinstance(value, str) and not _NUMBER.fullmatch(value)):
        return value
    raise ValueError("must be an ISO 8601 time such as 2026-03-01T10:00:00Z")


class Participant(Given):
    """Somebody on the ticket, as the marketplace's records name them."""

    id: WholeText = Field(min_length=1, max_length=200)
    role: Role = Role.UNKNOWN
    name: WholeText | None = None


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default")


class Message(Given):
    """One message. `author` null means the reporter wrote it; without an `id` it gets one by its place in the ticket."""

    id: WholeText = Field(default="", validate_default=True, min_length=1, max_length=200, json_schema_extra=_without_default)
    author: WholeText | None = Field(default=None, max_length=200)
    sent_at: Annotated[datetime | None, BeforeValidator(_iso_text)] = None
    text: WholeText


class Context(Given):
    """What the marketplace's records say. None means not known, never no."""

    mediation_eligible: StrictBool | None = None


class Ticket(Given):
    """A report or an observation, with its conversation. `is_partial`: there are more messages than were handed over.

    Raises `pydantic.ValidationError` naming the field: no text at all, an id used twice, an author or reporter
    who is no participant, over 2,000 messages, over 1,000,000 characters of message text.
    """

    id: WholeText = Field(default="ticket", min_length=1, max_length=200)
    subject: WholeText = Field(default="", max_length=10_000)
    origin: Origin = Origin.CUSTOMER_REPORT
    reporter: WholeText | None = Field(default=None, max_length=200)
    participants: tuple[Participant, ...] = ()
    messages: tuple[Message, ...]
    is_partial: StrictBool = False
    context: Context = Context()

    @model_validator(mode="before")
    @classmethod
    def _number_messages(cls, given: Any) -> Any:
        """Give messages without an id the ids m1, m2, … by their position."""
        if not isinstance(given, dict) or not isinstance(given.get("messages"), list | tuple):
            return given
        numbered = [
            {**message, "id": f"m{position}"} if isinstance(message, dict) and message.get("id") is None else message
            for position, message in enumerate(given["messages"], start=1)
        ]
        return {**given, "messages": numbered}

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        if len(self.messages) > MAX_MESSAGES:
            raise ValueError(f"messages: {len(self.messages)} are more than {MAX_MESSAGES}; split the ticket")
        characters = sum(len(message.text) for message in self.messages)
        if characters > MAX_CHARACTERS:
            raise ValueError(f"messages: {characters} characters are more than {MAX_CHARACTERS}; split the ticket")
        if not any(message.text.strip() for message in self.messages):
            raise ValueError("messages: the ticket is empty; give at least one message with text")
        self._check_unique("participants", [person.id for person in self.participants])
        self._check_unique("messages", [message.id for message in self.messages])
        self._check_people()
        return self

    @staticmethod
    def _check_unique(field: str, ids: list[str]) -> None:
        seen: set[str] = set()
        for position, one in enumerate(ids):
            if one in seen:
                raise ValueError(f"{field}[{position}].id {one!r} is used twice; ids must be unique")
            seen.add(one)

    def _check_people(self) -> None:
        known = {person.id for person in self.participants}
        if self.reporter is not None and self.reporter not in known:
            raise ValueError(f"reporter {self.reporter!r} is not a participant; add it to participants, or leave reporter out")
        for position, message in enumerate(self.messages):
            if message.author is not None and message.author not in known:
                raise ValueError(
                    f"messages[{position}].author {message.author!r} is not a participant; "
                    "add it to participants, or leave author out"
                )

    def participant(self, id: str | None) -> Participant | None:
        """The participant of that id, or None."""
        return next((person for person in self.participants if person.id == id), None)

    def author_of(self, message: Message) -> str | None:
        """Who wrote a message: its author, else the reporter, else None (not known)."""
        return message.author if message.author is not None else self.reporter
