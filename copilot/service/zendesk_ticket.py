"""A ticket as a Zendesk trigger's webhook tells of it: the JSON of docs/zendesk.md in, the contract's ticket out.

Placeholders fill every value as text, so ids and yes or no come as text. Roles and origin are made out as the panel makes them
out (`hosts/conversation.js`), so that both hand over the same ticket. What is empty is left out; one without any text is None.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from copilot.core.closed import Given, WholeText
from copilot.core.ticket import MAX_CHARACTERS, Ticket
from copilot.core.vocabulary import Origin, Role

_STAFF = frozenset({"agent", "admin", "owner", "system", "bot", "light agent", "team lead"})
_ROLE = re.compile(r"(?:^|_)(client|freelancer|agency)$")
_YES = re.compile(r"(?:^|_)(?:yes|true|eligible)$")
_NO = re.compile(r"(?:^|_)(?:no|false|ineligible|not_eligible)$")


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_TEXT_OR_NUMBER = {"type": ["string", "integer"]}
Id = Annotated[WholeText, BeforeValidator(_as_text), Field(max_length=200, json_schema_extra=_TEXT_OR_NUMBER)]


class ZendeskPerson(Given):
    """Somebody, as the placeholders of a user give them."""

    id: Id = ""
    name: WholeText = Field(default="", max_length=1_000)
    role: WholeText = Field(default="", max_length=200)


class ZendeskComment(Given):
    """One comment. `created_at` is ISO 8601; where each has one, they are put in order."""

    author: ZendeskPerson = ZendeskPerson()
    created_at: WholeText = Field(default="", max_length=100)
    text: WholeText = Field(max_length=MAX_CHARACTERS)


class ZendeskTicket(Given):
    """The body of the trigger's webhook. `marketplace_role` and `mediation` are values of your own ticket fields."""

    id: Annotated[WholeText, BeforeValidator(_as_text), Field(min_length=1, max_length=200, json_schema_extra=_TEXT_OR_NUMBER)]
    subject: WholeText = Field(default="", max_length=10_000)
    requester: ZendeskPerson = ZendeskPerson()
    marketplace_role: WholeText = Field(default="", max_length=200)
    mediation: WholeText = Field(default="", max_length=200)
    comments: tuple[ZendeskComment, ...] = Field(default=(), max_length=2_000)
    description: WholeText = Field(default="", max_length=MAX_CHARACTERS)


def ticket_of(given: ZendeskTicket) -> Ticket | None:
    """The ticket; None where it holds no text. Raises `pydantic.ValidationError` for one that is too large."""
    people: dict[str, dict[str, Any]] = {}
    found = _ROLE.search(given.marketplace_role.strip().lower())
    reporter = _add(people, given.requester, found[1] if found else Role.UNKNOWN.value)
    messages = [
        {"id": f"m{place}", "author": _add(people, one.author), "sent_at": _time(one.created_at), "text": one.text}
        for place, one in enumerate(_in_order(given.comments), start=1)
        if one.text.strip()
    ]
    if not messages and given.description.strip():
        messages = [{"id": "m1", "author": reporter, "text": given.description}]
    if not messages:
        return None
    noticed = reporter is not None and people[reporter]["role"] == Role.SUPPORT.value
    return Ticket.model_validate(
        {
            "id": given.id,
            "subject": given.subject,
            "origin": (Origin.AGENT_OBSERVATION if noticed else Origin.CUSTOMER_REPORT).value,
            "reporter": None if noticed else reporter,
            "participants": list(people.values()),
            "messages": messages,
            "context": {"mediation_eligible": _eligible(given.mediation.strip().lower())},
        }
    )


def _add(people: dict[str, dict[str, Any]], person: ZendeskPerson, role: str = Role.UNKNOWN.value) -> str | None:
    """Somebody once, by Zendesk's own id; a role that is known stays. None where nobody is named."""
    id = (person.id or person.name[:200]).strip()
    if not id:
        return None
    is_staff = person.role.strip().lower() in _STAFF
    before = people.setdefault(id, {"id": id, "role": Role.UNKNOWN.value, "name": person.name or None})
    if before["role"] == Role.UNKNOWN.value:
        before["role"] = Role.SUPPORT.value if is_staff else role
    before["name"] = before["name"] or person.name or None
    return id


def _in_order(comments: tuple[ZendeskComment, ...]) -> list[ZendeskComment]:
    """Oldest first, where every time can be read; a placeholder may list the newest first."""
    times = [_time(one.created_at) for one in comments]
    known = [time for time in times if time is not None]
    if len(known) != len(comments):
        return list(comments)
    if known == sorted(known, reverse=True) and len(set(known)) > 1:
        comments, known = comments[::-1], known[::-1]
    return [comment for _, comment in sorted(zip(known, comments, strict=True), key=lambda pair: pair[0])]


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text.strip())
        return time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _eligible(value: str) -> bool | None:
    if _NO.search(value):
        return False
    return True if _YES.search(value) else None
