"""Files that people have at hand and that are no ticket, known by what is in them.

Comes in: the bytes of a file, or its beginning, and how its name ends. Goes out: what it is and what to do with it, or None
for anything that may be a ticket. It reads nothing out of such a file, and is careful the other way too: prose with commas
and colons, a pasted mail and a table among sentences are tickets.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import HeaderParser

from copilot.core.strict_json import JsonFault, parse

HEAD_CHARACTERS = 65_536
HEAD_BYTES = 4 * HEAD_CHARACTERS
"""So much of a file is looked at."""
MOST_RECORDS = 200
MOST_TEXT_A_ZERO = 50
"""A file with more zero bytes than one in so many is no text."""

_WORDS = "save its words as plain text (.txt), or as JSON in the shape that `copilot schema ticket` shows"
_IMPORT = "bring it in with `copilot import {} FILE --out tickets.jsonl`, and use `copilot batch`"
_ROWS = _IMPORT.format("csv") + "; `--column text=NAME` says which column the messages are in"


@dataclass(frozen=True, slots=True)
class Foreign:
    """What a file is, as in `is a CSV table`, and the next step."""

    name: str
    step: str

    def __str__(self) -> str:
        return f"is {self.name}; {self.step}"


JSON_LINES = Foreign("a JSONL file of many tickets", "use `copilot batch`")
JSON_ARRAY = Foreign("a JSON array", "write each of its tickets as a JSON object on a line of its own, and use `copilot batch`")
TABLE = Foreign("a table (CSV or alike), not one ticket", _ROWS)
EMAIL = Foreign("an e-mail as it was sent, with its headers and encodings", _IMPORT.format("eml"))
MAILBOX = Foreign("a mailbox of e-mails", _IMPORT.format("mbox"))
MARKUP = Foreign("an HTML or XML document", _WORDS)
YAML = Foreign("a YAML or TOML file", "write it as JSON in the shape that `copilot schema ticket` shows")
RTF = Foreign("an RTF document", _WORDS)
SLACK_EXPORT = Foreign("the export of a Slack workspace", _IMPORT.format("slack"))
BINARY = Foreign("a binary file", _WORDS)

_BY_SUFFIX = {
    ".jsonl": JSON_LINES,
    ".ndjson": JSON_LINES,
    ".csv": TABLE,
    ".tsv": TABLE,
    ".tab": TABLE,
    ".eml": EMAIL,
    ".emlx": EMAIL,
    ".mbox": MAILBOX,
    ".html": MARKUP,
    ".htm": MARKUP,
    ".xml": MARKUP,
    ".xhtml": MARKUP,
    ".mhtml": MARKUP,
    ".mht": MARKUP,
    ".svg": MARKUP,
    ".yaml": YAML,
    ".yml": YAML,
    ".toml": YAML,
    ".rtf": RTF,
}
_ARCHIVE, _PICTURE, _OFFICE = "a compressed archive", "a picture", "an Office document or a ZIP archive"
_BY_MARK = {
    b"PK\x03\x04": _OFFICE,
    b"PK\x05\x06": _OFFICE,
    b"\xd0\xcf\x11\xe0": _OFFICE,
    b"%PDF-": "a PDF document",
    b"%!PS-": "a PostScript document",
    b"!BDN": "an Outlook data file",
    b"\x1f\x8b": _ARCHIVE,
    b"7z\xbc\xaf": _ARCHIVE,
    b"Rar!\x1a": _ARCHIVE,
    b"\xfd7zXZ": _ARCHIVE,
    b"(\xb5/\xfd": _ARCHIVE,
    b"BZh9": _ARCHIVE,
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"SQLite format 3\0": "a database",
}


def foreign(raw: bytes, suffix: str = "") -> Foreign | None:
    """What a file is that is no ticket; None where it may be one. `suffix` is the end of its name, such as `.csv`."""
    if raw.startswith(b"PK") and (b"channels.json" in raw or b"users.json" in raw):
        return SLACK_EXPORT
    if marked := _marked(raw):
        return marked
    for export in _exports(raw[:HEAD_BYTES]).values():
        return export
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if _is_binary(raw[:HEAD_BYTES]):
        return BINARY
    head = raw[:HEAD_BYTES].decode("utf-8-sig", errors="replace")
    return _foreign_text(head[:HEAD_CHARACTERS], is_whole=len(raw) <= HEAD_BYTES and len(head) <= HEAD_CHARACTERS)


def not_of(format: str, raw: bytes) -> Foreign | None:
    """What a file is that is no export of a format; None where it may be one. A Slack export may be a zip."""
    exports = _exports(raw)
    if format in exports or (format == "slack" and raw.startswith(b"PK")):
        return None
    return next(iter(exports.values()), None) or _marked(raw)


def _marked(raw: bytes) -> Foreign | None:
    return next((Foreign(name, _WORDS) for sign, name in _BY_MARK.items() if raw[:64].lstrip().startswith(sign)), None)


_KEYS = {
    "zendesk": ("a Zendesk export", (("requester_id", "submitter_id"), ("html_body", "public"), ("plain_body", "public"))),
    "zammad": ("a Zammad export", (("TicketArticle",), ("ticket_id", "internal", "content_type"))),
    "chatwoot": ("a Chatwoot export", (("message_type", "private"), ("message_type", "conversation_id"))),
    "intercom": ("an Intercom export", (("conversation_parts",), ("source", "delivered_as"))),
    "slack": ("a day of a Slack export, which is imported as its whole folder or zip", (("ts", "type", "user"), ("thread_ts",))),
}
"""The keys by which an export of each desk is known; one set of them is enough. No ticket of ours has such keys."""
_KEY = re.compile(rb'(?<!\\)"(\w{2,30})"\s*:')


def _exports(raw: bytes) -> dict[str, Foreign]:
    """The exports that JSON may be, by format, known by its keys; it may be cut, over lines, or one value."""
    raw = raw.removeprefix(codecs.BOM_UTF8).lstrip()
    if not re.match(rb'\[?\s*\{\s*"', raw):
        return {}
    keys = {key.decode("ascii", "replace") for key in _KEY.findall(raw)}
    return {
        format: Foreign(name, _IMPORT.format(format))
        for format, (name, signs) in _KEYS.items()
        if any(keys.issuperset(sign) for sign in signs)
    }


def _is_binary(raw: bytes) -> bool:
    """True for bytes that are no text: neither UTF-8 with hardly a zero, nor UTF-16, which has one among its first letters."""
    if b"\0" not in raw or b"\0" in raw[:4] or raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    if raw.count(b"\0") * MOST_TEXT_A_ZERO > len(raw):
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError:
        return True
    return False


def _foreign_text(text: str, *, is_whole: bool) -> Foreign | None:
    kinds: dict[Foreign, Callable[[], bool]] = {
        JSON_ARRAY: lambda: is_json_array(text, is_whole=is_whole),
        JSON_LINES: lambda: _is_json_lines(text, is_whole=is_whole),
        RTF: lambda: text.startswith("{\\rtf"),
        MARKUP: lambda: _is_markup(text),
        YAML: lambda: _MESSAGES_IN_YAML.search(text) is not None,
        MAILBOX: lambda: bool(_MAILBOX.match(text)),
        EMAIL: lambda: _is_email(text),
        TABLE: lambda: _is_table(text, is_whole=is_whole),
    }
    return next((kind for kind, holds in kinds.items() if holds()), None)


_ARRAY = re.compile(r'\s*\[\s*\{\s*["}]')
_DOCUMENT = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s|html\b|head\b|body\b|\?xml\b)", re.I | re.S)
_ELEMENT = re.compile(
    r"\s*<(?:div|p|table|span|ul|ol|h[1-6]|section|article|blockquote|font|b|i|strong|em|a|main|header|nav|form|center|pre|svg"
    r"|meta|link|style|script)(?:\s[^<>]*)?>",
    re.I,
)
_ROOT = re.compile(r"\s*(?:<!--.*?-->\s*)*<([\w:.-]{1,64})(?:\s[^<>]*)?>", re.S)
_ELEMENT_END = re.compile(r"</?\w+\s*/?>\s*$")
_MESSAGES_IN_YAML = re.compile(r"^messages:[ \t]*\r?\n[ \t]*-[ \t]+\w+:", re.M)
_MAILBOX = re.compile(r"\s*From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} +\d[^\n]*\n[!-9;-~]+:")
_HEADER = re.compile(r"[!-9;-~]+:[ \t]")


def _is_markup(text: str) -> bool:
    """True for a document, for a part of a page, and for any one element that is closed at the end."""
    if _DOCUMENT.match(text) or (_ELEMENT.match(text) and _ELEMENT_END.search(text[-200:])):
        return True
    root = _ROOT.match(text)
    return root is not None and text.rstrip().endswith(f"</{root[1]}>")


def is_json_array(text: str, *, is_whole: bool) -> bool:
    """True for a list of objects, even one that is not quite JSON, and for any list that is."""
    if _ARRAY.match(text):
        return True
    return is_whole and text.strip()[:1] == "[" and isinstance(_parsed(text), list)


def _is_json_lines(text: str, *, is_whole: bool) -> bool:
    lines = [line.strip("\x1e") for line in text.split("\n") if line.strip()]
    lines = lines[:MOST_RECORDS] if is_whole else lines[: min(MOST_RECORDS, len(lines) - 1)]
    return len(lines) > 1 and all(line.lstrip().startswith("{") and isinstance(_parsed(line), dict) for line in lines)


def _parsed(text: str) -> object:
    try:
        return parse(text)
    except JsonFault:
        return None


_TRANSPORT = frozenset(
    {
        "message-id",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "received",
        "return-path",
        "delivered-to",
        "dkim-signature",
        "authentication-results",
        "x-mailer",
    }
)
"""Headers that only a mail's source has: who pastes a mail into a ticket pastes what a mail program shows."""
_SHOWN = frozenset({"from", "to", "subject", "date", "sender", "reply-to"})


def _is_email(text: str) -> bool:
    text = text.lstrip()
    if not _HEADER.match(text):
        return False
    names = {name.lower() for name in HeaderParser().parsestr(text, headersonly=True)}
    return bool(names & _TRANSPORT) and len(names & (_TRANSPORT | _SHOWN)) > 1


_FIELD_NAMES = frozenset(
    re.findall(
        r"\w+",
        "id ticket number subject title summary description body message messages comment comments text content question details "
        "status state priority created updated date time requester email mail from to author sender customer client user name "
        "assignee agent group channel tags type category reporter role",
    )
)
_NAME = re.compile(r"[^\W\d][\w ./#()-]{0,39}")
_SEPARATOR_TOLD = re.compile(r"sep=[,;\t|]\r?\n")
_VALUE = re.compile(r"[#\d][\d\s.,:/+TZ-]*")


def _is_table(text: str, *, is_whole: bool) -> bool:
    if _SEPARATOR_TOLD.match(text):
        return True
    return any(_are_records(_records(text, delimiter, is_whole=is_whole), delimiter) for delimiter in ",;\t|")


def _records(text: str, delimiter: str, *, is_whole: bool) -> list[list[str]]:
    """The file's first records, if it is a table with that delimiter; the last may have been cut."""
    found: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if record:
                found.append(record)
            if len(found) > MOST_RECORDS:
                break
    except csv.Error:
        if is_whole:
            return []
    return found if is_whole else found[:-1]


def _are_records(records: list[list[str]], delimiter: str) -> bool:
    """Whether rows of cells are a table of records and no lines of prose."""
    records = [record[:-1] if record[-1] == "" and len(record) > 2 else record for record in records]
    if len(records) < 2 or len(records[0]) < 2:
        return False
    header, rows = records[0], records[1:]
    words = [set(re.split(r"[\W_]+", cell.lower())) for cell in header]
    known = sum(bool(word & _FIELD_NAMES) for word in words)
    has_names = all(_NAME.fullmatch(cell.strip()) and len(cell.split()) <= 4 for cell in header)
    is_named = has_names and len(set(header)) == len(header)
    is_even = all(len(record) == len(header) for record in records)
    if is_named and known >= 2 and (is_even or (known >= 3 and all(len(row) > 1 for row in rows))):
        return True
    if not is_even:
        return False
    is_tight = not any(cell[:1] == " " for record in records for cell in record[1:])
    if not is_tight or delimiter == "|":
        return False
    has_values = any(all(_VALUE.fullmatch(row[place].strip()) for row in rows) for place in range(len(header)))
    is_numbered = all(record[0].strip().isdigit() for record in records)
    return (
        (is_named and (known == 1 or (has_values and len(rows) > 1)))
        or (is_numbered and (len(header) > 2 or len(records) > 2))
        or (delimiter == ";" and len(rows) > 1 and all(all(record) for record in records))
    )
