"""Chatwoot: conversations with their messages, as its API and its webhooks give them.

Taken: `{"meta": …, "payload": [messages]}`, `{"data": {"payload": [conversations]}}` and one conversation with its messages.
Activity, such as "assigned to", is left out. The desk gives no more than 20 messages at a time, and with a conversation the last
one alone: both are marked as not whole.
"""

from collections import Counter
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from copilot.files.loading import Location
from copilot.importers.records import Misshapen, Record
from copilot.importers.shape import EVENTS, FURTHER_PAGES, SUPPORT, ImportedConversation, ImportedMessage, OfARecord, in_order

NAME = "Chatwoot conversation"
_INCOMING, _ACTIVITY = (0, "incoming"), (2, "activity")
_PAGE = 20


def conversations(record: Record, place: Location) -> OfARecord:
    """The conversations of one JSON object."""
    if "data" in record:
        listed = record.record("data")
        for one in listed.records("payload"):
            yield partial(_conversation, one, one.records("messages"), place)
        if listed.record("meta").number("all_count") > len(listed.records("payload")):
            yield Counter({FURTHER_PAGES: 1})
    elif "payload" in record:
        yield partial(_conversation, record, record.records("payload"), place)
    elif "messages" in record:
        yield partial(_conversation, record, record.records("messages"), place)
    else:
        raise Misshapen("has neither payload nor messages")


def _conversation(record: Record, messages: list[Record], place: Location) -> ImportedConversation:
    if not messages:
        raise Misshapen(f"{record.path or 'the conversation'} has no messages")
    if any("message_type" not in one for one in messages):
        raise Misshapen(f"{messages[0].path} has no message_type")
    id = record.id("id") or messages[0].id("conversation_id") or Path(place.name).stem
    made = ImportedConversation(place, id, record.record("additional_attributes").text("mail_subject"))
    made.is_partial = ("payload" in record and len(messages) == _PAGE) or ("can_reply" in record and len(messages) == 1)
    for message in messages:
        kind = message.held["message_type"]
        if kind in _ACTIVITY:
            made.left_out[EVENTS] += 1
            continue
        sender = message.record("sender")
        known = sender.id("id") or message.id("sender_id")
        is_customer = kind in _INCOMING
        author = f"{'contact' if is_customer else 'agent'}-{known}" if known else ("contact" if is_customer else SUPPORT)
        made.names[author] = sender.text("name")
        made.agents |= set() if is_customer else {author}
        made.entries.append(_entry(message, author))
    made.entries = in_order(made.entries)
    return made


def _entry(message: Record, author: str) -> ImportedMessage:
    return ImportedMessage(
        text=message.text("content"),
        author=author,
        sent_at=message.time("created_at"),
        is_private=message.flag("private"),
        is_mail=message.text("content_type") == "incoming_email",
        attachments=tuple(_name(one) for one in message.records("attachments")),
    )


def _name(attachment: Record) -> str:
    """The last part of its address."""
    try:
        last = PurePosixPath(unquote(urlsplit(attachment.text("data_url")).path)).name
    except ValueError:
        last = ""
    return last or attachment.text("file_type") or "no name"
