"""What a server says went wrong, in whichever of the many shapes: an error body in, codes out.

Comes in: parsed JSON of untrusted text. Goes out: a `ServerError` of codes, field names, a status, a wait and a little
wording. The wording is only ever searched for known words and never kept: it may echo the ticket. Fields that repeat the
request are not looked at.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from copilot.core import strict_json

MOST_NODES = 300
MOST_CHARACTERS = 600
"""How much of an error body is looked at."""

_CODES = frozenset({"code", "type", "status", "reason", "error", "error_code", "error_type", "errorcode", "err_code", "__type"})
_STATUSES = frozenset({"code", "status", "status_code", "statuscode", "http_status", "http_code", "error_code", "errorcode"})
_PARAMETERS = frozenset({"param", "parameter", "loc", "field"})
_WORDS = frozenset(
    {"message", "msg", "detail", "description", "error", "error_message", "errormessage", "error_msg", "errormsg"}
    | {"status_msg", "faultstring", "raw", "title"}
)
_WAITS = frozenset({"retry_after", "retry-after", "retry_after_seconds", "retryafter", "retrydelay", "retry_delay"})
_ALL_WELL = frozenset({"ok", "success", "true", "200"})
_ECHOES = frozenset({"input", "ctx", "failed_generation", "messages", "prompt", "body", "request", "choices"})
_NOT_IN_A_PARAMETER = ("body", "query")


@dataclass(frozen=True, slots=True)
class ServerError:
    """One error. `status` is a number from 400 to 599 that the body itself tells; `wait_seconds` likewise."""

    codes: frozenset[str] = frozenset()
    parameters: tuple[str, ...] = ()
    words: str = ""
    status: int | None = None
    wait_seconds: float | None = None

    @property
    def is_telling(self) -> bool:
        """Whether the body says that something went wrong."""
        return bool(self.status or (self.words and not self.codes & _ALL_WELL))

    @property
    def field(self) -> str:
        """The first field of a request that it names, or nothing."""
        return self.parameters[0] if self.parameters else ""


def speaks_of_an_error(given: dict[str, Any]) -> bool:
    """Whether an object that is no answer tells of an error."""
    return given.get("object") == "error" or given.get("type") == "error" or error_of(given).is_telling


def error_in_words(text: str) -> ServerError:
    """The error in plain text; a page of markup tells nothing, nor does JSON that breaks off."""
    return ServerError(words="" if text.lstrip()[:1] in ("<", "{", "[") else text.strip()[:MOST_CHARACTERS])


def error_of(given: object) -> ServerError:
    """The error in a parsed body, however it is nested: an object, a list, an object in a text."""
    codes: list[str] = []
    parameters: list[str] = []
    words: list[str] = []
    statuses: list[int] = []
    waits: list[float] = []
    for name, value in _leaves(given):
        text = value.strip() if isinstance(value, str) else ""
        status, wait = _status(value), _seconds(value)
        if name in _STATUSES and status:
            statuses.append(status)
        elif name in _CODES and text and not re.search(r"\s", text):
            codes += _code(text)
        elif name in _PARAMETERS and text:
            parameters.append(text)
        elif name in _WORDS and text:
            words.append(text)
        elif name in _WAITS and wait is not None:
            waits.append(wait)
    told = " ".join(words)[:MOST_CHARACTERS]
    return ServerError(frozenset(codes), tuple(parameters), told, _first(statuses), _first(waits))


def _leaves(top: object) -> Iterator[tuple[str, object]]:
    """Names and plain values, breadth first, so that what stands outermost comes first."""
    waiting: list[tuple[str, object]] = [("error", top)]
    for name, value in waiting:
        if len(waiting) > MOST_NODES:
            return
        inner = _parsed(value) if name in _WORDS else value
        if isinstance(inner, dict):
            waiting += [(key.lower(), one) for key, one in inner.items() if isinstance(key, str) and key.lower() not in _ECHOES]
        elif isinstance(inner, list) and name == "loc":
            yield name, ".".join(str(step) for step in inner if step not in _NOT_IN_A_PARAMETER)
        elif isinstance(inner, list):
            waiting += [(name, one) for one in inner]
        else:
            yield name, inner


def _code(text: str) -> list[str]:
    """A code in small letters, and its last part where it stands behind a name: `com.amazon.coral#ThrottlingException`."""
    code = text.lower()[:80]
    return [code, re.split(r"[#.]", code)[-1]]


def _parsed(value: object) -> object:
    """The object in a text, as servers that stand before others hand on what those said; else the value itself."""
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return value
    try:
        return strict_json.parse(value)
    except strict_json.JsonFault:
        return value


def _status(value: object) -> int | None:
    number = int(value) if isinstance(value, str) and re.fullmatch("[45][0-9]{2}", value.strip(), re.ASCII) else value
    return number if isinstance(number, int) and not isinstance(number, bool) and 400 <= number < 600 else None


def _seconds(value: object) -> float | None:
    """Seconds as a number, or as text such as `21s`."""
    text = value.strip().removesuffix("s") if isinstance(value, str) else value
    try:
        seconds = float(text) if isinstance(text, str | int | float) and not isinstance(text, bool) else math.nan
    except (ValueError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _first(values: list[Any]) -> Any:
    return values[0] if values else None
