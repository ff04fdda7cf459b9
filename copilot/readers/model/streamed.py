"""A streamed body made whole: events in, one chat completion out.

A server may stream without being asked to: server-sent events, or JSON objects line by line. They are put together as if
it had not. A stream that ends with neither a finish reason nor its end mark broke off, and is refused with `CutStream`; so
is, with `JsonFault`, an event that is no JSON.
"""

import re
from collections.abc import Sequence
from typing import Any

from copilot.core import strict_json
from copilot.readers.model.dialects import as_completion, said_in
from copilot.readers.model.server_errors import speaks_of_an_error

_FIRST_LINE = re.compile(r"\s*(?:data|event|id|retry)?:")
_LINE_END = re.compile(r"\r\n?|\n")
_END = "[DONE]"
_TEXTS = ("content", "reasoning_content", "reasoning", "thinking", "refusal")


class CutStream(ValueError):
    """A stream that broke off."""


def events_in(text: str) -> list[str]:
    """What the events of a streamed body carry; none where the body is no stream."""
    lines = _LINE_END.split(text)
    if _FIRST_LINE.match(text):
        return [event for event in _sent_events(lines) if event]
    said = [line.strip() for line in lines if line.strip()]
    is_lines = len(said) > 1 and all(_is_object(line) for line in said)
    return said if is_lines else []


def put_together(events: Sequence[str]) -> dict[str, Any]:
    """The chat completion that the events of a stream make; an error among them stands under `error`."""
    whole: dict[str, Any] = {}
    message: dict[str, Any] = {}
    choice: dict[str, Any] = {"message": message, "finish_reason": None}
    is_ended = False
    for data in events:
        if _is_end(data):
            is_ended = True
            continue
        event = strict_json.parse(data)
        if not isinstance(event, dict):
            raise CutStream
        event = as_completion(event)
        whole |= {name: value for name, value in event.items() if name in ("model", "usage", "error") and value}
        given = event.get("choices")
        if "choices" not in event and speaks_of_an_error(event):
            whole.setdefault("error", event)
        for one in given if isinstance(given, list) else ():
            if isinstance(one, dict) and one.get("index", 0) == 0:
                whole["choices"] = [choice]
                choice |= {name: one[name] for name in ("finish_reason", "error") if one.get(name)}
                if one.get("message"):
                    message.clear()
                _add(message, said_in(one))
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
    calls = piece.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        _add_call(message.setdefault("tool_calls", []), call)


def _add_call(calls: list[dict[str, Any]], piece: object) -> None:
    """The arguments of a call come in pieces, each under the number of its call."""
    function = piece.get("function") if isinstance(piece, dict) else None
    place = piece.get("index", 0) if isinstance(piece, dict) else None
    if not isinstance(function, dict) or not isinstance(place, int) or not 0 <= place <= len(calls):
        return
    if place == len(calls):
        calls.append({"function": {"arguments": ""}})
    if isinstance(function.get("arguments"), str):
        calls[place]["function"]["arguments"] += function["arguments"]


def _sent_events(lines: Sequence[str]) -> list[str]:
    """The data of server-sent events. Lines without a blank one between them are one event, or each of them is a whole one."""
    events: list[str] = []
    block: list[str] = []
    for line in (*lines, ""):
        if line.startswith("data:"):
            block.append(line.removeprefix("data:").strip())
        elif not line.strip():
            events += block if all(_is_object(one) or _is_end(one) for one in block) else ["\n".join(block)]
            block = []
    return events


def _is_object(text: str) -> bool:
    return text.startswith("{") and text.endswith("}")


def _is_end(data: str) -> bool:
    return data.strip('"').upper() == _END
