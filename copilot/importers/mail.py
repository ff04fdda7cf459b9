"""Mail: files as they were sent (`.eml`) and mailboxes (`.mbox`); mails that answer each other are one ticket.

Headers are read first, to know which mails belong together; then one thread is read at a time. The plain part is taken, or the
HTML where that says more than twice as much. A part that was cut off marks the ticket as not whole. Attachments are named,
not opened. Who is an agent is not in a mail: the caller names their addresses.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import (
    CloseBoundaryNotFoundDefect,
    InvalidBase64LengthDefect,
    NoBoundaryInMultipartDefect,
    StartBoundaryNotFoundDefect,
)
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from functools import partial
from io import SEEK_END
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from copilot.core.errors import TicketError
from copilot.files.loading import MAX_BYTES, Location
from copilot.importers.records import opened
from copilot.importers.shape import Conversations, ImportedConversation, ImportedMessage
from copilot.importers.words import letters, text_of_html

_PARSER_FAULTS = (LookupError, ValueError, AttributeError, TypeError, RecursionError)
"""What the standard library's parser raises on headers and parts that no mail program writes."""
_FROM = re.compile(rb"From .*\d\d:\d\d.*\d{4}\s*")
_HEADER = re.compile(rb">?[!-9;-~]+[: ]")
_MARKED = re.compile(rb"^>(>*From )", re.MULTILINE)
_SIGNS_OF_WINDOWS = re.compile(rb"[\x80-\x9f]")
_OF_WORDS = ("text", "multipart")
"""Kinds of parts that say something; a multipart that could not be taken apart is read as it stands."""
_CUT = (CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect, NoBoundaryInMultipartDefect, InvalidBase64LengthDefect)


@dataclass(frozen=True)
class _Mail:
    """A mail before it is read: how to get its bytes, its id, how a ticket of it is called, and which mails it answers."""

    place: Location
    raw: Callable[[], bytes]
    id: str
    called: str
    answers: tuple[str, ...]
    sent_at: datetime | None


def conversations(paths: list[str], *, are_mailboxes: bool) -> Conversations:
    """The threads of mails, over all files together."""
    mails: list[_Mail] = []
    with ExitStack() as boxes:
        for path in paths:
            try:
                found = list(_in_mailbox(path, boxes) if are_mailboxes else _in_file(path))
            except TicketError as fault:
                yield fault
                continue
            for place, called, raw in found:
                try:
                    mails.append(_headers(place, called, raw))
                except TicketError as fault:
                    yield fault
        for thread in _threads(mails):
            yield from _conversation(thread)


def _in_file(path: str) -> Iterator[tuple[Location, str, Callable[[], bytes]]]:
    yield Location(path), Path(path).stem, lambda: _read(path)


def _read(path: str) -> bytes:
    with opened(path) as file:
        return file.read(MAX_BYTES + 1)


def _in_mailbox(path: str, boxes: ExitStack) -> Iterator[tuple[Location, str, Callable[[], bytes]]]:
    file = boxes.enter_context(opened(path))
    if not file.read(5) == b"From ":
        raise TicketError(f"{Location(path).at()}: is no mailbox, for it does not begin with 'From '; for one mail, use eml")
    begins = [*_beginnings(file), file.seek(0, SEEK_END)]
    for position, (start, end) in enumerate(pairwise(begins), start=1):
        read = partial(_between, file, start, end)
        yield Location(f"{path}, mail {position}"), f"{Path(path).stem}-{position}", read


def _beginnings(file: BinaryIO) -> Iterator[int]:
    """Where the mails of a mailbox begin: at "From " with a time, above a header. Other such lines are somebody's words."""
    file.seek(0)
    at, known = 0, -1
    for line in file:
        if known >= 0 and (known == 0 or _HEADER.match(line)):
            yield known
        known = at if at == 0 or _FROM.fullmatch(line) else -1
        at += len(line)


def _between(file: BinaryIO, start: int, end: int) -> bytes:
    """A mail of a mailbox without its "From " line, and without the marks that tell the like in its words from one."""
    file.seek(start)
    raw = file.read(min(end - start, MAX_BYTES + 1000)).partition(b"\n")[2]
    return _MARKED.sub(rb"\1", raw)


def _headers(place: Location, called: str, raw: Callable[[], bytes]) -> _Mail:
    held = raw()
    if len(held) > MAX_BYTES:
        raise TicketError(f"{place.at()}: is over {MAX_BYTES // 1_000_000} MB; save it without its attachments")
    try:
        mail = BytesHeaderParser(policy=policy.compat32).parsebytes(held)
        known = {name: str(mail.get(name, "")) for name in ("From", "Date", "Subject", "Message-ID", "In-Reply-To", "References")}
    except _PARSER_FAULTS:
        raise TicketError(f"{place.at()}: its headers cannot be read; save it again from the mail program") from None
    if not known["From"].strip() or not (known["Date"] or known["Subject"] or known["Message-ID"]):
        raise TicketError(f"{place.at()}: is no e-mail with its headers; save it as .eml from the mail program")
    id = known["Message-ID"].strip()
    return _Mail(
        place,
        raw,
        id or place.name,
        id.strip("<>") or called,
        tuple(f"{known['In-Reply-To']} {known['References']}".split()),
        _date(known["Date"]),
    )


def _date(header: str) -> datetime | None:
    try:
        return parsedate_to_datetime(header).astimezone()
    except (*_PARSER_FAULTS, OverflowError):
        return None


def _threads(mails: list[_Mail]) -> Iterator[list[_Mail]]:
    """Mails that answer each other, also by way of a mail that is not there; each thread by time, as far as it is known."""
    leader: dict[str, str] = {}

    def first(id: str) -> str:
        while leader.setdefault(id, id) != id:
            leader[id] = leader[leader[id]]
            id = leader[id]
        return id

    for mail in mails:
        for other in mail.answers:
            leader[first(mail.id)] = first(other)
    threads: dict[str, list[_Mail]] = {}
    for mail in mails:
        threads.setdefault(first(mail.id), []).append(mail)
    for thread in threads.values():
        known = all(mail.sent_at for mail in thread)
        yield sorted(thread, key=lambda mail: mail.sent_at or datetime.min) if known else thread


def _conversation(thread: list[_Mail]) -> Conversations:
    """The ticket of a thread. A mail that cannot be read is told, and the others are marked as not whole."""
    made = ImportedConversation(thread[0].place, thread[0].called)
    seen: set[str] = set()
    for one in thread:
        if one.id in seen:
            made.left_out["mails that came before"] += 1
            continue
        seen.add(one.id)
        try:
            mail = BytesParser(policy=policy.default).parsebytes(one.raw())
            name, address = parseaddr(str(mail["From"]))
            author = address.casefold() or "sender"
            made.entries.append(_entry(mail, author, one.sent_at))
            made.names.setdefault(author, name)
            made.subject = made.subject or str(mail["Subject"] or "")
            made.is_partial = made.is_partial or _is_cut(mail)
        except (TicketError, *_PARSER_FAULTS) as fault:
            why = fault if isinstance(fault, TicketError) else "cannot be read as a mail; save it again from the mail program"
            yield TicketError(f"{one.place.at()}: {why}")
            made.is_partial = True
    if made.entries:
        yield made


def _entry(mail: EmailMessage, author: str, sent_at: datetime | None) -> ImportedMessage:
    others = (part for part in mail.walk() if not part.is_multipart() and _is_attached(part))
    names = tuple(part.get_filename() or part.get_content_type() for part in others)
    attached = tuple(_attached_mail(part) for part in mail.walk() if part.get_content_type() == "message/rfc822")
    return ImportedMessage(_said(mail), author, sent_at, is_mail=True, attachments=names, quoted=attached)


def _said(part: Message) -> str:
    """The words of a part and the parts in it, in their order; of alternatives the plain one, unless another says far more."""
    if part.get_content_type() == "message/rfc822" or _is_attached(part):
        return ""
    if not part.is_multipart():
        return text_of_html(_decoded(part)) if part.get_content_subtype() == "html" else _decoded(part)
    first, *others = [_said(one) for one in part.get_payload() if isinstance(one, Message)] or [""]
    if part.get_content_subtype() != "alternative":
        return "\n\n".join(filter(str.strip, (first, *others)))
    return max([other for other in others if len(letters(other)) > 2 * len(letters(first))] or [first], key=len)


def _attached_mail(part: Message) -> str:
    """A mail that is attached, below what tells where it is from."""
    _, mail, *_ = part.walk()
    headers = "".join(f"{name}: {mail[name]}\n" for name in ("From", "Date", "Subject") if mail[name])
    return f"{headers}\n{_said(mail)}".lstrip("\n")


def _is_attached(part: Message) -> bool:
    if part.is_multipart():
        return part.get_content_disposition() == "attachment"
    return (
        bool(part.get_filename())
        or part.get_content_disposition() == "attachment"
        or part.get_content_maintype() not in _OF_WORDS
    )


def _is_cut(mail: Message) -> bool:
    return any(isinstance(defect, _CUT) for part in mail.walk() for defect in part.defects)


def _decoded(part: Message) -> str:
    """A part's text. ASCII is taken as UTF-8 and Latin-1 as Windows-1252, for many programs say the one and send the other."""
    raw = part.get_payload(decode=True)
    raw = raw if isinstance(raw, bytes) else b""
    charset = part.get_content_charset("utf-8")
    try:
        if codecs.lookup(charset).name == "iso8859-1":
            return raw.decode("cp1252" if _SIGNS_OF_WINDOWS.search(raw) else charset)
        return raw.decode("utf-8" if charset == "us-ascii" else charset)
    except LookupError:
        raise TicketError("its text is in an encoding that is not known; save its words as plain text") from None
    except UnicodeError:
        raise TicketError("its text is not in the encoding that it names; save its words as plain text") from None
