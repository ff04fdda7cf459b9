"""Mail: files as they were sent (`.eml`) and mailboxes (`.mbox`); mails that answer each other are one ticket.

Headers are read first, to know which mails belong together; then one thread is read at a time. The plain part is taken, or the
HTML where that says more than twice as much. A part that was cut off marks the ticket as not whole. Attachments are named,
not opened. Who is an agent is not in a mail: the caller names their addresses.
"""

import mailbox
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import CloseBoundaryNotFoundDefect, InvalidBase64LengthDefect, StartBoundaryNotFoundDefect
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

from copilot.core.errors import TicketError
from copilot.files.loading import MAX_BYTES, Location
from copilot.importers.records import opened
from copilot.importers.shape import Conversations, ImportedConversation, ImportedMessage
from copilot.importers.words import letters, text_of_html

_PARSER_FAULTS = (LookupError, ValueError, AttributeError, TypeError, RecursionError)
"""What the standard library's parser raises on headers and parts that no mail program writes."""
_CUT = (CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect, InvalidBase64LengthDefect)


@dataclass(frozen=True)
class _Mail:
    """A mail before it is read: how to get its bytes, what it is called, and which mails it answers."""

    place: Location
    raw: Callable[[], bytes]
    id: str
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
            for place, raw in found:
                try:
                    mails.append(_headers(place, raw))
                except TicketError as fault:
                    yield fault
        for thread in _threads(mails):
            try:
                yield _conversation(thread)
            except TicketError as fault:
                yield fault


def _in_file(path: str) -> Iterator[tuple[Location, Callable[[], bytes]]]:
    yield Location(path), lambda: _read(path)


def _read(path: str) -> bytes:
    with opened(path) as file:
        return file.read(MAX_BYTES + 1)


def _in_mailbox(path: str, boxes: ExitStack) -> Iterator[tuple[Location, Callable[[], bytes]]]:
    with opened(path) as file:
        if not file.read(5) == b"From ":
            raise TicketError(f"{Location(path).at()}: is no mailbox, for it does not begin with 'From '; for one mail, use eml")
    box = mailbox.mbox(path, create=False)
    boxes.callback(box.close)
    for position, key in enumerate(box.keys(), start=1):
        yield Location(f"{path}, mail {position}"), lambda key=key: _bounded(box, key)  # type: ignore[misc]


def _bounded(box: mailbox.mbox, key: str) -> bytes:
    with box.get_file(key) as file:
        return bytes(file.read(MAX_BYTES + 1))


def _headers(place: Location, raw: Callable[[], bytes]) -> _Mail:
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
    own = known["Message-ID"].strip() or place.name
    return _Mail(place, raw, own, tuple(f"{known['In-Reply-To']} {known['References']}".split()), _date(known["Date"]))


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


def _conversation(thread: list[_Mail]) -> ImportedConversation:
    stem = Path(thread[0].place.name).stem
    made = ImportedConversation(thread[0].place, thread[0].id.strip("<>") if thread[0].id != thread[0].place.name else stem)
    seen: set[str] = set()
    for one in thread:
        if one.id in seen:
            continue
        seen.add(one.id)
        try:
            mail = BytesParser(policy=policy.default).parsebytes(one.raw())
            name, address = parseaddr(str(mail["From"]))
            entry, is_cut = _entry(mail, address.casefold() or "sender", one.sent_at)
            made.subject = made.subject or str(mail["Subject"] or "")
        except TicketError as fault:
            raise TicketError(f"{one.place.at()}: {fault}") from None
        except _PARSER_FAULTS:
            raise TicketError(f"{one.place.at()}: cannot be read as a mail; save it again from the mail program") from None
        made.names.setdefault(entry.author or "", name)
        made.entries.append(entry)
        made.is_partial = made.is_partial or is_cut
    return made


def _entry(mail: EmailMessage, author: str, sent_at: datetime | None) -> tuple[ImportedMessage, bool]:
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    text, html = _decoded(plain), _decoded(page)
    if html:
        shown = text_of_html(html)
        text = shown if len(letters(shown)) > 2 * len(letters(text)) else text
    bodies = [part for part in (plain, page) if part is not None]
    others = [part for part in mail.walk() if not part.is_multipart() and part not in bodies]
    names = tuple(part.get_filename() or part.get_content_type() for part in others if _is_attached(part))
    is_cut = any(isinstance(defect, _CUT) for part in mail.walk() for defect in part.defects)
    return ImportedMessage(text, author, sent_at, is_mail=True, attachments=names), is_cut


def _is_attached(part: Message) -> bool:
    return bool(part.get_filename()) or part.get_content_disposition() == "attachment" or part.get_content_maintype() != "text"


def _decoded(part: Message | None) -> str:
    """A part's text. ASCII is taken as UTF-8, for many programs say the one and send the other."""
    if part is None:
        return ""
    raw = part.get_payload(decode=True)
    charset = part.get_content_charset("utf-8")
    try:
        return (raw if isinstance(raw, bytes) else b"").decode("utf-8" if charset == "us-ascii" else charset)
    except LookupError:
        raise TicketError("its text is in an encoding that is not known; save its words as plain text") from None
    except UnicodeError:
        raise TicketError("its text is not in the encoding that it names; save its words as plain text") from None
