"""Intercom: conversations with their parts, as its API gives them.

Taken: one conversation, and a list under `conversations`. Parts without words, such as an assignment, are left out; a part of
type `note` is an internal note. A conversation that has more parts than are in the file is marked as not whole.
"""

import re
from collections import Counter
from functools import partial

from copilot.files.loading import Location
from copilot.importers.records import Misshapen, Record
from copilot.importers.shape import EVENTS, FURTHER_PAGES, ImportedConversation, ImportedMessage, OfARecord

NAME = "Intercom conversation"
_STAFF = ("admin", "bot", "team")
_ELEMENT = re.compile(r"\s*<[a-zA-Z!]")
"""How a body begins unless it was asked for as plain text."""


def conversations(record: Record, place: Location) -> OfARecord:
    """The conversations of one JSON object."""
    for one in record.records("conversations") if "conversations" in record else [record]:
        yield partial(_conversation, one, place)
    if "next" in record.record("pages"):
        yield Counter({FURTHER_PAGES: 1})


def _conversation(record: Record, place: Location) -> ImportedConversation:
    if "source" not in record and "conversation_parts" not in record:
        raise Misshapen(f"{record.path or 'the object'} has neither source nor conversation_parts")
    id = record.id("id")
    if id is None:
        raise Misshapen(f"{record.path or 'the conversation'}.id is missing")
    source, listed = record.record("source"), record.record("conversation_parts")
    parts = listed.records("conversation_parts")
    made = ImportedConversation(place, id, "")
    made.subject = record.text("title") or _plain(source.text("subject"))
    is_mail = source.text("type") == "email"
    for part in [source, *parts]:
        if not part.text("body").strip() and not part.records("attachments"):
            made.left_out[EVENTS] += part is not source
            continue
        author = part.record("author")
        writer = "-".join(filter(None, (author.text("type"), author.id("id")))) or None
        if writer:
            made.names[writer] = author.text("name")
            made.agents |= {writer} if author.text("type") in _STAFF else set()
        sent_at = part.time("created_at") if part is not source else record.time("created_at")
        made.entries.append(_entry(part, writer, sent_at, is_mail))
    made.is_partial = listed.number("total_count") > len(parts) or "conversation_parts" not in record
    return made


def _plain(text: str) -> str:
    from copilot.importers.words import text_of_html  # noqa: PLC0415 - HTML is an extra's

    return text_of_html(text)


def _entry(part: Record, author: str | None, sent_at: int | str | None, is_mail: bool) -> ImportedMessage:
    text = part.text("body")
    return ImportedMessage(
        text=text,
        author=author,
        sent_at=sent_at,
        is_html=_ELEMENT.match(text) is not None,
        is_private=part.text("part_type").startswith("note"),
        is_mail=is_mail,
        attachments=tuple(one.text("name") or "no name" for one in part.records("attachments")),
    )
