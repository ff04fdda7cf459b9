"""What an export file holds, record by record: a path in, JSON objects with their places out.

A file of lines is read line by line, and is never held whole. A file that is one JSON value is read at once, up to the
size of `loading.MAX_BYTES`. A value of the wrong type is told by its field; nothing is repaired, and no message shows a text.
"""

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from copilot.core.errors import TicketError
from copilot.core.strict_json import JsonFault, parse
from copilot.files.loading import MAX_BYTES, Location, is_wide

LINE_BY_LINE = "write each of its tickets on a line of its own, such as with `jq -c '.[]'`, and import that"


class Misshapen(ValueError):
    """A field is missing or of the wrong type; the message names it, and holds nothing of it."""


@dataclass(frozen=True)
class Record:
    """A JSON object whose fields are asked for by type. Null is the same as left out. Raises `Misshapen`."""

    held: Mapping[str, Any]
    path: str = ""

    def __contains__(self, key: str) -> bool:
        return self.held.get(key) is not None

    def text(self, key: str) -> str:
        """A string, or "" where there is none."""
        return str(self._of_type(key, str, "a string", ""))

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false, also as a word."""
        value = self.held.get(key)
        word = value.casefold() if isinstance(value, str) else ""
        return word == "true" if word in ("true", "false") else bool(self._of_type(key, bool, "true or false", default))

    def number(self, key: str) -> int:
        """A whole number, or 0 where there is none."""
        return int(self._of_type(key, int, "a whole number", 0))

    def id(self, key: str) -> str | None:
        """A name or a number that stands for something, as text."""
        value = self._of_type(key, (str, int), "a string or a whole number", None)
        return None if value in (None, "") else str(value)

    def record(self, key: str) -> "Record":
        """An object; an empty one where there is none."""
        return Record(self._of_type(key, dict, "an object", {}), self._named(key))

    def records(self, key: str) -> "list[Record]":
        """A list of objects; an empty one where there is none."""
        return as_records(self._of_type(key, list, "a list", []), self._named(key))

    def time(self, key: str) -> int | str | None:
        """Seconds since 1970 or an ISO time, as it stands there."""
        value = self._of_type(key, (str, int, float), "a time", None)
        return int(value) if isinstance(value, float) else value

    def _named(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _of_type(self, key: str, types: type | tuple[type, ...], words: str, default: Any) -> Any:
        value = self.held.get(key)
        if value is None:
            return default
        allowed = types if isinstance(types, tuple) else (types,)
        if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
            raise Misshapen(f"{self._named(key)} must be {words}")
        return value


def as_records(value: object, path: str) -> list[Record]:
    """A list of objects as records."""
    if not isinstance(value, list):
        raise Misshapen(f"{path or 'the file'} must be a list")
    for position, one in enumerate(value):
        if not isinstance(one, dict):
            raise Misshapen(f"{path}[{position}] must be an object")
    return [Record(one, f"{path}[{position}]") for position, one in enumerate(value)]


def json_values(path: str) -> Iterator[tuple[Location, object | TicketError]]:
    """The values of a file of JSON lines, or the one value of a JSON file, each with its place.

    What cannot be parsed comes as the error that says so, for the next line may be good. Raises `TicketError` where the file
    cannot be read at all.
    """
    with opened(path) as file:
        begins, first = 1, file.readline(MAX_BYTES + 1)
        while first and not first.strip():
            begins, first = begins + 1, file.readline(MAX_BYTES + 1)
        if not first:
            raise TicketError(f"{path}: is empty")
        if is_wide(first):
            raise TicketError(f"{path}: looks like UTF-16 or UTF-32; save it as UTF-8")
        line = file.readline(MAX_BYTES + 1)
        if not _are_lines(first, line):
            whole = b"\n" * (begins - 1) + first + line
            yield Location(path), _value(whole + file.read(max(0, MAX_BYTES + 1 - len(whole))), Location(path))
            return
        yield Location(path, begins), _value(first, Location(path, begins))
        while line:
            begins += 1
            if line.strip():
                yield Location(path, begins), _value(line, Location(path, begins))
            if len(line) > MAX_BYTES:
                return
            line = file.readline(MAX_BYTES + 1)


def opened(path: str) -> BinaryIO:
    """A file to read bytes from. Raises `TicketError`."""
    try:
        return Path(path).open("rb")
    except FileNotFoundError:
        raise TicketError(f"{Location(path).at()}: there is no such file") from None
    except IsADirectoryError:
        raise TicketError(f"{Location(path).at()}: is a directory; name a file in it") from None
    except (OSError, ValueError) as fault:
        why = fault.strerror if isinstance(fault, OSError) and fault.strerror else type(fault).__name__
        raise TicketError(f"{Location(path).at()}: cannot be read ({why})") from None


def value_of(raw: bytes, place: Location) -> object:
    """The JSON value in bytes. Raises `TicketError` that names line and column."""
    if len(raw) > MAX_BYTES:
        raise TicketError(f"{place.at()}: is over {MAX_BYTES // 1_000_000} MB; {LINE_BY_LINE}")
    try:
        return parse(raw.removeprefix(codecs.BOM_UTF8).decode())
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise TicketError(f"{place.at(line)}: not UTF-8 at byte offset {fault.start}; save it as UTF-8") from None
    except JsonFault as fault:
        step = f"; {LINE_BY_LINE}" if "more than" in fault.problem else "; was it cut? Export it again"
        raise TicketError(f"{place.at(fault.line, fault.column)}: {fault.problem}{step}") from None


def _value(raw: bytes, place: Location) -> object | TicketError:
    try:
        return value_of(raw, place)
    except TicketError as fault:
        return fault


def _are_lines(first: bytes, second: bytes) -> bool:
    """Whether a file that begins so has a value a line: its first line is one, or is broken and an object stands below it."""
    if isinstance(_value(first, Location("")), TicketError):
        return not first.lstrip().startswith(b"[") and isinstance(_value(second, Location("")), dict)
    return bool(second)
