"""A streamed body made whole: server-sent events in, one chat completion out.

A server may stream without being asked to. Its events are put together as if it had not. A stream that ends with neither
a finish reason nor its end mark broke off, and is refused with `CutStream`; so is, with `JsonFault`, an event that is no JSON.
"""

import re
from typing import Any

from copilot import strict_json

_FIRST_LINE = re.compile(r"\s*(?:data|event|id|retry)?:")
_END = "[DONE]"
_TEXTS = ("content", "reasoning_content", "reasoning", "thinking", "refusal")


class CutStream(ValueError):
    """A stream that broke off."""


def is_streamed(text: str) -> bool:
    """Whether a body is made of server-sent events."""
    return _FIRST_LINE.match(text) is not None


def put_together(text: str) -> dict[str, Any]:
    """The chat completion that the events of a stream make; an error among them stands under `error`."""
    whole: dict[str, Any] = {}
    message: dict[str, Any] = {}
    choice: dict[str, Any] = {"message": message, "finish_reason": None}
    is_ended = False
    for data in _events(text):
        if data == _END:
            is_ended = True
            continue
        event = strict_json.parse(data)
        if not isinstance(event, dict):
            raise CutStream
        whole |= {name: value for name, value in event.items() if name in ("model", "usage", "error") and value}
        given = event.get("choices")
        for one in given if isinstance(given, list) else ():
            if isinstance(one, dict) and one.get("index", 0) == 0:
                whole["choices"] = [choice]
                choice |= {name: one[name] for name in ("finish_reason", "error") if one.get(name)}
                _add(message, one.get("delta") or one.get("message"))
    if not is_ended and not choice["finish_reason"] and "error" not in whole:
        raise CutStream
    return whole


def _add(message: dict[str, Any], piece: object) -> None:
    """Text is added to what came before; parts of a list are gathered."""
    if not isinstance(piece, dict):
        return
    for name in _TEXTS:
        value = piece.get(name)
        before = message.get(name)
        if isinstance(value, str) and value:
            message[name] = before + value if isinstance(before, str) else value
        elif isinstance(value, list) and value:
            message[name] = before + value if isinstance(before, list) else value


def _events(text: str) -> list[str]:
    """What the events carry; servers of this kind write each on one line."""
    return [line.removeprefix("data:").strip() for line in text.splitlines() if line.startswith("data:")]
