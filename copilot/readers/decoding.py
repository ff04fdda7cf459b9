"""From the bytes of a 200 to an answer, checked in one fixed order and never repaired.

Order: JSON envelope, choices, refusal, finish reason, content, JSON, shape. A cut-off answer can be valid JSON, so
nothing is parsed before the finish reason was looked at. Duplicate keys, NaN, infinities and text around the JSON are
refused; one fence around the whole answer, or one leading think block, is let through.
"""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from copilot import strict_json
from copilot.extraction import (
    ExtractedDamageClaim,
    ExtractedDemand,
    ExtractedDispute,
    ExtractedParty,
    ExtractedThreat,
    Extraction,
)
from copilot.readers.base import ReadOutcome, Usage

MAX_ISSUES = 20
_FENCE = re.compile(r"```[a-zA-Z]*[ \t]*\r?\n(.*)\n?```", re.DOTALL)
_THINK = "<think>", "</think>"
_NO_FINISH = (None, "")
"""Some compatible servers send no finish reason: the JSON must then be whole by itself, which parsing shows."""


class BadEnvelope(ValueError):
    """A 200 whose body is no chat completion; `code` says why. `once` where a transport fault may be the cause."""

    def __init__(self, code: str, *, once: bool) -> None:
        super().__init__(code)
        self.code = code
        self.once = once


@dataclass(frozen=True, slots=True)
class Reply:
    """One chat completion, as far as it matters here. `content` None means there was none."""

    content: str | None
    finish_reason: str | None
    refused: bool
    model: str | None
    usage: Usage


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reply amounts to: an extraction, or an outcome with issues (codes and paths, never text)."""

    outcome: ReadOutcome
    extraction: Extraction | None = None
    issues: tuple[str, ...] = ()


def read_envelope(body: bytes, content_type: str | None) -> Reply:
    """The reply in a body of status 200. Raises `BadEnvelope`."""
    if content_type and "json" not in content_type.lower():
        raise BadEnvelope("content_type", once=True)
    try:
        given = strict_json.parse(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadEnvelope("bad_utf8", once=True) from None
    except strict_json.JsonFault:
        raise BadEnvelope("json", once=True) from None
    if not isinstance(given, dict):
        raise BadEnvelope("not_an_object", once=True)
    if "choices" not in given and ("error" in given or given.get("object") == "error"):
        raise BadEnvelope("error_object", once=True)
    return _reply(given)


def _reply(given: dict[str, Any]) -> Reply:
    choices = given.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise BadEnvelope("no_choices", once=False)
    message = choices[0].get("message")
    if not isinstance(message, dict):
        raise BadEnvelope("no_message", once=False)
    content, finish = message.get("content"), choices[0].get("finish_reason")
    if not isinstance(content, str | None) or not isinstance(finish, str | None):
        raise BadEnvelope("bad_content", once=False)
    return Reply(
        content=content,
        finish_reason=finish,
        refused=bool(message.get("refusal")),
        model=given["model"] if isinstance(given.get("model"), str) else None,
        usage=_usage(given.get("usage")),
    )


def _usage(given: object) -> Usage:
    """Tokens as the server counts them; what it does not count as whole numbers is 0."""
    if not isinstance(given, dict):
        return Usage()
    details = given.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else 0
    return Usage(_count(given.get("prompt_tokens")), _count(cached), _count(given.get("completion_tokens")))


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else 0


def read_answer(reply: Reply, fewest_prompt_tokens: int = 0) -> Answer:
    """What a reply amounts to. `fewest_prompt_tokens` is a lower bound for the prompt that was sent.

    A server that counts fewer tokens than that cut the prompt silently, so its answer is about another ticket.
    """
    outcome = _outcome_before_content(reply, fewest_prompt_tokens)
    if outcome is ReadOutcome.INVALID:
        return Answer(outcome, issues=("$: finish_reason_unknown",))
    return Answer(outcome) if outcome else _read_content(reply.content or "")


def _outcome_before_content(reply: Reply, fewest_prompt_tokens: int) -> ReadOutcome | None:
    """How a reply ended, where that shows before its content is parsed. The first that holds, in this order."""
    signs = {
        ReadOutcome.REFUSAL: reply.refused,
        ReadOutcome.TRUNCATED: reply.finish_reason == "length",
        ReadOutcome.OUTPUT_FILTERED: reply.finish_reason == "content_filter",
        ReadOutcome.PROMPT_TRUNCATED: 0 < reply.usage.prompt_tokens < fewest_prompt_tokens,
        ReadOutcome.INVALID: reply.finish_reason not in ("stop", *_NO_FINISH),
        ReadOutcome.EMPTY: not (reply.content or "").strip(),
    }
    return next((outcome for outcome, holds in signs.items() if holds), None)


def _read_content(content: str) -> Answer:
    text = unwrapped(content)
    if "{" not in text:
        # A plain sentence is how a model without a refusal field refuses; asking again would be shopping for a laxer one.
        return Answer(ReadOutcome.REFUSAL)
    try:
        return Answer(ReadOutcome.OK, Extraction.model_validate(strict_json.parse(text)))
    except strict_json.JsonFault:
        return Answer(ReadOutcome.INVALID, issues=("$: not_acceptable_json",))
    except ValidationError as fault:
        return Answer(ReadOutcome.INVALID, issues=_issues(fault))


def unwrapped(content: str) -> str:
    """The answer without one leading think block, and without one fence if it goes around all the rest."""
    text = content.strip(" \t\r\n")
    if text.startswith(_THINK[0]) and _THINK[1] in text:
        text = text.partition(_THINK[1])[2].strip(" \t\r\n")
    fenced = _FENCE.fullmatch(text)
    return fenced[1].strip(" \t\r\n") if fenced and "```" not in fenced[1] else text


def _issues(fault: ValidationError) -> tuple[str, ...]:
    """Paths and codes. A key that the model made up is model text, so only names of the contract are shown."""
    found = []
    for error in fault.errors(include_input=False, include_context=False, include_url=False)[:MAX_ISSUES]:
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step if step in _NAMES else '?'}" for step in error["loc"])
        found.append(f"{path.lstrip('.') or '$'}: {error['type']}")
    return tuple(found)


_NAMES = frozenset(
    field
    for model in (Extraction, ExtractedParty, ExtractedThreat, ExtractedDemand, ExtractedDamageClaim, ExtractedDispute)
    for field in model.model_fields
)
