"""Tickets and extractions out of files: a path or bytes in, a checked value out, or one error that says where.

A ticket is JSON in the contract's shape or plain text of one message; what is neither (a table, an e-mail, an archive) is
told by what it is. Whatever is wrong ends in a `TicketError` or an
`ExtractionError` of one line that names file, line and field as far as they are known. Nothing is repaired or guessed,
and no message shows a ticket's text.
"""

import codecs
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from copilot.core.bounds import too_much
from copilot.core.errors import ExtractionError, InputError, TicketError, reason
from copilot.core.extraction import Extraction
from copilot.core.strict_json import JsonFault, line_of, parse, show_path
from copilot.core.ticket import Ticket
from copilot.core.validation import problem_of
from copilot.files.foreign import SLACK_EXPORT, foreign

MAX_BYTES = 32_000_000
"""A file, or a line of a JSONL file, holds at most so much: twice what the largest ticket takes with every character escaped."""

_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_TEXT_SUFFIXES = (".txt", ".text", ".md", ".log")
_JSON_OPENING = re.compile(r"""\s*\{\s*(?:["}]|'?(?:id|subject|origin|reporter|participants|messages|context)'?\s*:)""")
_FIELD = re.compile(r"([a-z_]+)(?:\[(\d+)\])?(?:\.([a-z_]+))?[ :]")
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Location:
    """Where bytes came from. `line` is the line of a JSONL file that they are, or None for a whole file."""

    name: str
    line: int | None = None

    def at(self, line: int | None = None, column: int | None = None) -> str:
        """The place in words, such as `tickets.jsonl, line 7, column 3`."""
        shown = self.name if self.name.isprintable() else ascii(self.name)
        line = self.line if self.line is not None else line
        return shown + (f", line {line}" if line else "") + (f", column {column}" if column else "")


def load_ticket(path: str) -> Ticket:
    """The ticket in a file: JSON, or plain text; `-` is standard input.

    A name that ends in .json is JSON, one in .txt or .md is text unless it is JSON with messages, and anything else is JSON
    where it opens like an object. A text's id is the name of its file. Raises `TicketError`, also for a file of another
    kind or of many tickets.
    """
    place = Location("standard input" if path == "-" else path)
    raw, suffix = _read(path, place, TicketError), Path(path).suffix.lower()
    if other := foreign(raw, suffix):
        raise TicketError(f"{place.at()}: {other}")
    text = _decode(raw, place, TicketError)
    if suffix == ".json" or (_JSON_OPENING.match(text) and (suffix not in _TEXT_SUFFIXES or _is_ticket(text))):
        return _check(Ticket, text, place, TicketError)
    stem = "ticket" if path == "-" else Path(path).stem.encode(errors="replace").decode()[:200]
    return _validate(Ticket, {"id": stem, "messages": [{"text": text}]}, "", place, TicketError)


def _is_ticket(text: str) -> bool:
    """Whether a text is JSON with messages, whatever its file is called."""
    try:
        given = parse(text)
    except JsonFault:
        return False
    return isinstance(given, dict) and isinstance(given.get("messages"), list)


def ticket_in_line(raw: bytes, place: Location) -> Ticket:
    """The ticket in one line of a JSONL file; one without an id is called `line-7` after its line. Raises `TicketError`."""
    if len(raw) > MAX_BYTES:
        raise TicketError(f"{place.at()}: is over {MAX_BYTES // 1_000_000} MB")
    text = _decode(raw, place, TicketError)
    given = _parse(text, place, TicketError)
    if isinstance(given, dict) and given.get("id") is None:
        given = {**given, "id": f"line-{place.line}"}
    return _validate(Ticket, given, text, place, TicketError)


def load_extraction(path: str) -> Extraction:
    """The extraction in a JSON file; `-` is standard input. Raises `ExtractionError`."""
    place = Location("standard input" if path == "-" else path)
    return _check(Extraction, _decode(_read(path, place, ExtractionError), place, ExtractionError), place, ExtractionError)


def _read(path: str, place: Location, error: type[InputError]) -> bytes:
    try:
        if path == "-":
            raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise error(f"{place.at()}: there is no such file") from None
    except IsADirectoryError:
        is_slack = any((Path(path) / name).is_file() for name in ("users.json", "channels.json"))
        step = f"if it is {SLACK_EXPORT.name}, {SLACK_EXPORT.step}" if is_slack else "name a file in it"
        raise error(f"{place.at()}: is a directory; {step}") from None
    except (OSError, ValueError) as fault:
        raise error(f"{place.at()}: cannot be read ({reason(fault)})") from None
    if len(raw) > MAX_BYTES:
        raise error(f"{place.at()}: is over {MAX_BYTES // 1_000_000} MB; split it")
    return raw


def is_wide(raw: bytes) -> bool:
    """Whether bytes begin as UTF-16 or UTF-32 does."""
    return raw.startswith(_WIDE_MARKS) or b"\0" in raw[:4]


def _decode(raw: bytes, place: Location, error: type[InputError]) -> str:
    if is_wide(raw):
        raise error(f"{place.at()}: looks like UTF-16 or UTF-32; save it as UTF-8")
    try:
        text = raw.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as fault:
        offset = fault.start + (len(codecs.BOM_UTF8) if raw.startswith(codecs.BOM_UTF8) else 0)
        line = raw.count(b"\n", 0, offset) + 1
        raise error(f"{place.at(line)}: not UTF-8 at byte offset {offset}; save it as UTF-8") from None
    if not text.strip():
        raise error(f"{place.at()}: is empty")
    return text


def _check(model: type[Model], text: str, place: Location, error: type[InputError]) -> Model:
    return _validate(model, _parse(text, place, error), text, place, error)


def _parse(text: str, place: Location, error: type[InputError]) -> object:
    try:
        return parse(text)
    except JsonFault as fault:
        raise error(f"{place.at(fault.line, fault.column)}: {fault.problem}") from None


def _validate(model: type[Model], given: object, text: str, place: Location, error: type[InputError]) -> Model:
    """Check a value against its model; `text` is the JSON it came from, or "" where it came from none."""
    for fault in too_much(given):
        raise error(f"{place.at(line_of(text, fault.path) if text else None)}: {fault}")
    try:
        return model.model_validate(given)
    except ValidationError as fault:
        faults = fault.errors(include_url=False, include_input=False)
    first = faults[0]
    path = tuple(first["loc"])
    problem = problem_of(first)
    if first["type"] == "value_error":
        path = path or _field_in(problem)
        subject = "" if path and not first["loc"] else show_path(path)
    else:
        subject = show_path(path) or f"the {model.__name__.lower()}"
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    line = line_of(text, path) if text else None
    raise error(f"{place.at(line)}: {subject} {problem}".replace(":  ", ": ") + more)


def _field_in(problem: str) -> tuple[str | int, ...]:
    """The field that a message of a whole-value check begins with, such as `messages[0].author`."""
    match = _FIELD.match(problem)
    if not match:
        return ()
    name, index, inner = match.groups()
    return (name, *([int(index)] if index else []), *([inner] if inner else []))
