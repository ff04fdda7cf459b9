"""Zendesk: tickets of its API, with their comments, and lines of its JSON export.

Taken: `{"ticket": …}`, `{"tickets": […]}`, `{"results": […]}`, `{"comments": […]}`, and a bare ticket, whose comments
stand in it or beside it. Users that stand beside the ticket give names and say who is an agent. A ticket without its comments
has its description alone, and is marked as not whole.
"""

from collections import Counter
from functools import partial
from pathlib import Path

from copilot.files.loading import Location
from copilot.importers.records import Misshapen, Record
from copilot.importers.shape import FURTHER_PAGES, ImportedConversation, ImportedMessage, OfARecord

NAME = "Zendesk ticket"
_STAFF = ("agent", "admin")


def conversations(record: Record, place: Location) -> OfARecord:
    """The tickets of one JSON object."""
    users = record.records("users")
    if "ticket" in record:
        yield partial(_ticket, record.record("ticket"), record, users, place)
    elif "tickets" in record or "results" in record:
        for ticket in record.records("tickets" if "tickets" in record else "results"):
            yield partial(_ticket, ticket, ticket, users, place)
        if "next_page" in record or record.record("meta").flag("has_more") or not record.flag("end_of_stream", default=True):
            yield Counter({FURTHER_PAGES: 1})
    elif "requester_id" in record or "requester" in record:
        yield partial(_ticket, record, record, users, place)
    elif "comments" in record:
        yield partial(_ticket, Record({"id": Path(place.name).stem}), record, users, place)
    else:
        raise Misshapen("has neither ticket, tickets, comments nor requester_id")


def _ticket(ticket: Record, beside: Record, users: list[Record], place: Location) -> ImportedConversation:
    comments = beside.records("comments") or ticket.records("comments")
    id = ticket.id("id")
    if id is None:
        raise Misshapen(f"{ticket.path or 'the ticket'}.id is missing")
    made = ImportedConversation(place, id, ticket.text("subject"), _person(ticket, "requester"))
    people = [*users, ticket.record("requester"), ticket.record("assignee"), *(one.record("author") for one in comments)]
    for user in people:
        known = user.id("id")
        if known is not None:
            made.names.setdefault(known, user.text("name"))
            made.agents |= {known} if user.text("role") in _STAFF else set()
    made.agents |= {_person(ticket, "assignee") or ""} - {made.reporter, ""}
    for comment in comments:
        entry = _entry(comment)
        if entry.is_private and entry.author:
            made.agents.add(entry.author)
        made.entries.append(entry)
    made.is_partial = not comments or "next_page" in beside or beside.record("meta").flag("has_more")
    if not comments:
        made.entries.append(ImportedMessage(ticket.text("description"), made.reporter, ticket.time("created_at")))
    return made


def _person(record: Record, kind: str) -> str | None:
    return record.id(f"{kind}_id") or (record.record(kind).id("id") if isinstance(record.held.get(kind), dict) else None)


def _entry(comment: Record) -> ImportedMessage:
    plain = comment.text("plain_body") or comment.text("body")
    return ImportedMessage(
        text=plain or comment.text("html_body"),
        author=_person(comment, "author"),
        sent_at=comment.time("created_at"),
        is_html=not plain,
        is_private=not comment.flag("public", default=True),
        is_mail=comment.record("via").text("channel") == "email",
        attachments=tuple(one.text("file_name") or "no name" for one in comment.records("attachments")),
    )
