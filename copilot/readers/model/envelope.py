"""From the bytes of a 200 to a reply: whole or streamed, however it is labelled; an error inside it is told apart.

Comes in: a body that a server sent with status 200. Goes out: a `Reply`, or `BadEnvelope` with a code and, where the
body tells of one, the server's error in codes. The label is not looked at: a body is what it holds. Refused: keys given
twice, NaN, a stream that breaks off, and whatever is no chat completion.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from copilot.core import strict_json
from copilot.readers.base import Usage
from copilot.readers.model.dialects import as_completion, said_in
from copilot.readers.model.endings import Ending, ending_of
from copilot.readers.model.error_signs import named_in
from copilot.readers.model.server_errors import ServerError, error_of, speaks_of_an_error
from copilot.readers.model.streamed import CutStream, events_in, put_together

REASONING_FIELDS = ("reasoning_content", "reasoning", "thinking")
"""Where servers that split off a model's reasoning put the whole of it, the answer too, if they see no end of it."""
_NOT_SAID = re.compile("think|thought|reason|redact|refus|tool|summary|citation|reference|annotation|image|audio", re.I)
"""In the type of a part of a message: it is no part of the answer."""
_TEXTS_OF_A_PART = ("text", "content", "value", "json", "output_json")


class BadEnvelope(ValueError):
    """A 200 whose body is no chat completion; `code` says why. `once` where a transport fault may be the cause."""

    def __init__(self, code: str, *, once: bool, error: ServerError | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.once = once
        self.error = error


@dataclass(frozen=True, slots=True)
class Reply:
    """One chat completion, as far as it matters here. `content` None means there was none."""

    content: str | None
    finish_reason: str | None
    refused: bool
    model: str | None
    usage: Usage


def read_envelope(body: bytes) -> Reply:
    """The reply in a body of status 200. Raises `BadEnvelope`."""
    try:
        text = body.decode(json.detect_encoding(body)).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise BadEnvelope("bad_utf8", once=True) from None
    try:
        events = events_in(text)
        given = put_together(events) if events else strict_json.parse(text)
    except CutStream:
        raise BadEnvelope("stream_cut", once=True) from None
    except strict_json.JsonFault:
        raise BadEnvelope("json", once=True, error=named_in(text)) from None
    if isinstance(given, list):
        given = next((one for one in given if isinstance(one, dict)), None) if len(given) == 1 else None
    if not isinstance(given, dict):
        raise BadEnvelope("not_an_object", once=True)
    return _reply(as_completion(given))


def _reply(given: dict[str, Any]) -> Reply:
    choice = _first_choice(given)
    message = said_in(choice)
    if not isinstance(message, dict):
        raise BadEnvelope("no_message", once=False, error=_told_in(choice, given))
    content, finish, refused = _text_of(message.get("content")), choice.get("finish_reason"), bool(message.get("refusal"))
    if not isinstance(finish, str | None):
        raise BadEnvelope("bad_content", once=False)
    content = content if "{" in (content or "") else _answer_elsewhere(message, content) or content
    error, is_error = _told_in(message, choice, given), ending_of(finish) is Ending.BROKEN
    if is_error or (error and (not finish or not (content or "").strip())):
        raise BadEnvelope("error_object", once=True, error=error or ServerError())
    return Reply(
        content=content,
        finish_reason=finish,
        refused=refused or _refuses(message.get("content")),
        model=given["model"] if isinstance(given.get("model"), str) else None,
        usage=_usage(given.get("usage")),
    )


def _first_choice(given: dict[str, Any]) -> dict[str, Any]:
    choices = given.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], dict):
        return choices[0]
    if choices:
        raise BadEnvelope("no_choices", once=False)
    error = _told_in(given)
    if error is None and "choices" not in given and not speaks_of_an_error(given):
        raise BadEnvelope("no_choices", once=False)
    raise BadEnvelope("error_object", once=True, error=error or error_of(given))


def _told_in(*places: dict[str, Any]) -> ServerError | None:
    """The error that the first of these objects holds under `error` or `errors`."""
    found = (place.get(name) for place in places for name in ("error", "errors"))
    return next((error_of({"error": error}) for error in found if error), None)


def _text_of(content: object) -> str | None:
    """Text, or the text parts of a list of parts; thinking parts are no answer."""
    if isinstance(content, dict):
        return json.dumps(content, ensure_ascii=False)
    if isinstance(content, list):
        return "".join(_text_of_part(part) for part in content)
    if not isinstance(content, str | None):
        raise BadEnvelope("bad_content", once=False)
    return content


def _text_of_part(part: object) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, dict) or _NOT_SAID.search(str(part.get("type"))):
        return ""
    for name in _TEXTS_OF_A_PART:
        said = part.get(name)
        said = said["value"] if isinstance(said, dict) and isinstance(said.get("value"), str) else said
        if isinstance(said, str | dict):
            return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    return ""


def _refuses(content: object) -> bool:
    return isinstance(content, list) and any(isinstance(part, dict) and part.get("type") == "refusal" for part in content)


def _answer_elsewhere(message: dict[str, Any], content: str | None) -> str | None:
    """The answer where some servers leave it, if it can be one: an object begins in it.

    It is the one call of a function; and, where nothing at all was said, the reasoning that did not end.
    """
    places = [_arguments_of_the_call(message)]
    if not (content or "").strip():
        places += [message.get(name) for name in REASONING_FIELDS]
        places += [_texts(message.get(name)) for name in ("reasoning_details", "content")]
    return next((place for place in places if isinstance(place, str) and "{" in place), None)


def _arguments_of_the_call(message: dict[str, Any]) -> str | None:
    calls = message.get("tool_calls")
    call = calls[0] if isinstance(calls, list) and len(calls) == 1 and isinstance(calls[0], dict) else {}
    function = call.get("function") or message.get("function_call")
    arguments = function.get("arguments") if isinstance(function, dict) else None
    return json.dumps(arguments, ensure_ascii=False) if isinstance(arguments, dict) else arguments


def _texts(parts: object) -> str:
    """The texts in a list of parts of whatever type; a thinking part may hold such a list itself."""
    found = ""
    for part in (part for part in (parts if isinstance(parts, list) else ()) if isinstance(part, dict)):
        inner = part.get("thinking")
        told = [part, *inner] if isinstance(inner, list) else [part]
        texts = [one.get(name) for one in told if isinstance(one, dict) for name in ("text", "thinking")]
        found += "".join(text for text in texts if isinstance(text, str))
    return found


def _usage(given: object) -> Usage:
    """Tokens as the server counts them. What it does not tell in whole numbers is 0, and the usage then not known.

    Some servers count as prompt only what was not in their cache. A prompt that is shorter than its cached part shows
    that: the two are then added, so that the cached part is always one of the whole.
    """
    told = given if isinstance(given, dict) else {}
    prompt, completion = (_count(told.get(name)) for name in ("prompt_tokens", "completion_tokens"))
    details = told.get("prompt_tokens_details")
    cached = _count(details.get("cached_tokens") if isinstance(details, dict) else None) or 0
    whole = (prompt or 0) + cached if cached > (prompt or 0) else prompt or 0
    return Usage(whole, cached, completion or 0, known=prompt is not None and completion is not None)


def _count(value: object) -> int | None:
    value = int(value) if isinstance(value, float) and value.is_integer() else value
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None
