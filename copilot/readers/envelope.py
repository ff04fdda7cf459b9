"""From the bytes of a 200 to a reply: whole or streamed, however it is labelled; an error inside it is told apart.

Comes in: a body that a server sent with status 200. Goes out: a `Reply`, or `BadEnvelope` with a code and, where the
body tells of one, the server's error in codes. The label is not looked at: a body is what it holds. Refused: keys given
twice, NaN, a stream that breaks off, and whatever is no chat completion.
"""

import json
from dataclasses import dataclass
from typing import Any

from copilot import strict_json
from copilot.readers.base import Usage
from copilot.readers.server_errors import ServerError, error_of
from copilot.readers.streamed import CutStream, is_streamed, put_together

REASONING_FIELDS = ("reasoning_content", "reasoning", "thinking")
"""Where servers that split off a model's reasoning put the whole of it, the answer too, if they see no end of it."""
_TEXT_PARTS = frozenset({"text", "output_text"})
_ERROR_FINISHES = frozenset({"error", "failed", "abort", "aborted", "cancelled", "network_error", "insufficient_system_resource"})


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
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadEnvelope("bad_utf8", once=True) from None
    try:
        given = put_together(text) if is_streamed(text) else strict_json.parse(text)
    except CutStream:
        raise BadEnvelope("stream_cut", once=True) from None
    except strict_json.JsonFault:
        raise BadEnvelope("json", once=True) from None
    if isinstance(given, list):
        given = next((one for one in given if isinstance(one, dict)), None) if len(given) == 1 else None
    if not isinstance(given, dict):
        raise BadEnvelope("not_an_object", once=True)
    return _reply(given)


def _reply(given: dict[str, Any]) -> Reply:
    choice = _first_choice(given)
    message = choice.get("message")
    if not isinstance(message, dict):
        raise BadEnvelope("no_message", once=False, error=_told_in(choice, given))
    content, finish, refused = _text_of(message.get("content")), choice.get("finish_reason"), bool(message.get("refusal"))
    if not isinstance(finish, str | None):
        raise BadEnvelope("bad_content", once=False)
    content = content if (content or "").strip() else _answer_elsewhere(message) or content
    error, is_error = _told_in(message, choice, given), (finish or "").lower() in _ERROR_FINISHES
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
    if error is None and "choices" not in given and not _speaks_of_an_error(given):
        raise BadEnvelope("no_choices", once=False)
    raise BadEnvelope("error_object", once=True, error=error or error_of(given))


def _told_in(*places: dict[str, Any]) -> ServerError | None:
    """The error that the first of these objects holds under `error` or `errors`."""
    found = (place.get(name) for place in places for name in ("error", "errors"))
    return next((error_of({"error": error}) for error in found if error), None)


def _speaks_of_an_error(given: dict[str, Any]) -> bool:
    return given.get("object") == "error" or given.get("type") == "error" or error_of(given).is_telling


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
    if not isinstance(part, dict) or part.get("type", "text") not in _TEXT_PARTS:
        return ""
    text = part.get("text")
    text = text.get("value") if isinstance(text, dict) else text
    return text if isinstance(text, str) else ""


def _refuses(content: object) -> bool:
    return isinstance(content, list) and any(isinstance(part, dict) and part.get("type") == "refusal" for part in content)


def _answer_elsewhere(message: dict[str, Any]) -> str | None:
    """The text of a field in which some servers leave the answer, where it can hold one: an object begins in it."""
    places = [message.get(name) for name in REASONING_FIELDS]
    details = message.get("reasoning_details")
    if isinstance(details, list):
        places.append("".join(one["text"] for one in details if isinstance(one, dict) and isinstance(one.get("text"), str)))
    calls = message.get("tool_calls")
    if isinstance(calls, list) and len(calls) == 1 and isinstance(calls[0], dict) and isinstance(calls[0].get("function"), dict):
        places.append(calls[0]["function"].get("arguments"))
    return next((place for place in places if isinstance(place, str) and "{" in place), None)


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
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None
