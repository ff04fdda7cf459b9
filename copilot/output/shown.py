"""Text on its way out: to a terminal, a log line or a JSON file, with nothing in it that a terminal would obey.

Control, format and bidirectional characters become visible escapes. JSON stays the same JSON: `\\u202e` and the
character itself are one string to every parser, and no line end hides inside a row.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel


def json_text(model: "BaseModel", indent: int | None = None) -> str:
    """A model as JSON text; other scripts stay readable, unprintable characters are escaped."""
    return _escaped(model.model_dump_json(indent=indent), _json_escape)


def printable(text: str) -> str:
    """Text of any number of lines as it may reach a terminal."""
    return _escaped(text, _mark)


def one_line(text: str) -> str:
    """Text as it may stand in a line on standard error."""
    return printable(" ".join(text.split()))


def write_out(text: str) -> None:
    """Write a line to standard output as UTF-8, whatever the locale says."""
    sys.stdout.flush()
    if buffer := getattr(sys.stdout, "buffer", None):
        buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
        buffer.flush()
    else:
        sys.stdout.write(text + "\n")


def _escaped(text: str, escape: Callable[[str], str]) -> str:
    hidden = {ord(one): escape(one) for one in set(text) if not one.isprintable() and one != "\n"}
    return text.translate(hidden) if hidden else text


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _mark(character: str) -> str:
    return f"‹U+{ord(character):04X}›"
