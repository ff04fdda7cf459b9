"""What a failed call was, and whether calling again can help.

Comes in: a status, headers and a body of untrusted text. Goes out: a `Fault` of codes. No word of a server's message
is kept: it may echo the ticket.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from copilot import strict_json
from copilot.readers.base import ReadOutcome


class Again(StrEnum):
    """Whether the same call is worth repeating."""

    NEVER = "never"
    ONCE = "once"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Fault:
    """A call that brought no answer. `wait_seconds` is what the server asked for; `request_id` is its own."""

    outcome: ReadOutcome
    code: str
    again: Again = Again.NEVER
    wait_seconds: float | None = None
    request_id: str | None = None


STOPS = frozenset(
    {
        ReadOutcome.AUTH,
        ReadOutcome.QUOTA,
        ReadOutcome.CERTIFICATE,
        ReadOutcome.REDIRECTED,
        ReadOutcome.CONFIG_REJECTED,
    }
)
"""Outcomes that an operator has to mend: another ticket would end the same."""

FORMAT_REJECTED = "response_format_rejected"
"""The code of a 400 that refuses the structured-output mode, so that another mode may be tried."""

_QUOTA_CODES = frozenset(
    {
        "insufficient_quota",
        "credit_balance_exhausted",
        "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
        "enforced_spend_limit_reached",
        "billing_hard_limit_reached",
        "billing_not_active",
    }
)
_FILTER_CODES = frozenset({"content_filter", "content_policy_violation", "responsibleaipolicyviolation"})
_LENGTH_CODES = frozenset({"context_length_exceeded", "string_above_max_length", "exceed_context_size_error"})
_CONFIG_CODES = frozenset(
    {"unsupported_parameter", "unsupported_value", "unknown_parameter", "model_not_found", "invalid_model", "deploymentnotfound"}
)
_CONFIG_PARAMETERS = frozenset(
    {"model", "temperature", "seed", "max_tokens", "max_completion_tokens", "reasoning_effort", "store", "service_tier"}
)
_LENGTH_WORDS = re.compile(r"context (?:length|window|size)|too many tokens|prompt is too long|maximum.{0,20}tokens", re.I)
_FORMAT_WORDS = re.compile(r"response_format|json_schema|json schema|json_object|structured.?output|guided|grammar", re.I)
_BILLING_WORDS = re.compile(r"credit balance|spend limit", re.I)
_RETRIED = frozenset({408, 409, 425, 429})
_SIMPLE = {
    401: (ReadOutcome.AUTH, "unauthorized"),
    402: (ReadOutcome.QUOTA, "payment_required"),
    403: (ReadOutcome.AUTH, "forbidden"),
    404: (ReadOutcome.CONFIG_REJECTED, "not_found"),
    405: (ReadOutcome.CONFIG_REJECTED, "method_not_allowed"),
    413: (ReadOutcome.TOO_LARGE, "body_too_large"),
}


def fault_of_status(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Fault:
    """The fault of an answer whose status is not 200. `headers` must be looked up without regard to case."""
    request_id = safe_id(headers.get("x-request-id"))
    if status < 200 or 300 <= status < 400:
        return Fault(ReadOutcome.REDIRECTED, f"status_{status}", request_id=request_id)
    outcome, code = _named_fault(status, _error_of(body)) or _SIMPLE.get(status) or _by_range(status)
    again = Again.YES if status in _RETRIED or status >= 500 else Again.NEVER
    if outcome in STOPS or outcome in (ReadOutcome.PROMPT_FILTERED, ReadOutcome.TOO_LARGE):
        again = Again.NEVER
    elif headers.get("x-should-retry", "").strip().lower() in ("true", "false"):
        again = Again.YES if headers["x-should-retry"].strip().lower() == "true" else Again.NEVER
    return Fault(outcome, code, again, retry_after(headers, now) if again is Again.YES else None, request_id)


def _by_range(status: int) -> tuple[ReadOutcome, str]:
    if status == 429:
        return ReadOutcome.RATE_LIMITED, "rate_limited"
    if status in _RETRIED or status >= 500:
        return ReadOutcome.UNAVAILABLE, f"status_{status}"
    if 400 <= status < 500:
        return ReadOutcome.INPUT_REJECTED, f"status_{status}"
    return ReadOutcome.MALFORMED_RESPONSE, f"status_{status}"


@dataclass(frozen=True, slots=True)
class _ServerError:
    codes: frozenset[str] = frozenset()
    parameter: str = ""
    message: str = ""


def _named_fault(status: int, error: _ServerError) -> tuple[ReadOutcome, str] | None:
    """The fault that a server's own error code, parameter or wording names. The first that holds, in this order."""
    speaks_of_request = status in (400, 404, 422, 500, 501)
    words = error.message if speaks_of_request and status != 404 else ""
    names_setting = bool(error.codes & _CONFIG_CODES) or error.parameter in _CONFIG_PARAMETERS
    setting = error.parameter if error.parameter in _CONFIG_PARAMETERS else "model" if status == 404 else "parameter"
    rejects_format = error.parameter.startswith("response_format") or bool(_FORMAT_WORDS.search(words))
    is_unpaid = bool(error.codes & _QUOTA_CODES) or (status < 500 and bool(_BILLING_WORDS.search(error.message)))
    signs = {
        (ReadOutcome.QUOTA, "quota"): is_unpaid,
        (ReadOutcome.PROMPT_FILTERED, "prompt_filtered"): bool(error.codes & _FILTER_CODES),
        (ReadOutcome.TOO_LARGE, "context_length"): bool(error.codes & _LENGTH_CODES or _LENGTH_WORDS.search(words)),
        (ReadOutcome.CONFIG_REJECTED, FORMAT_REJECTED): speaks_of_request and rejects_format,
        (ReadOutcome.CONFIG_REJECTED, f"{setting}_rejected"): speaks_of_request and status < 500 and names_setting,
    }
    return next((fault for fault, holds in signs.items() if holds), None)


def _error_of(body: bytes) -> _ServerError:
    """The codes, parameter and message of an error body, in whichever of the common shapes it has."""
    try:
        given = strict_json.parse(body.decode("utf-8", "replace"))
    except strict_json.JsonFault:
        return _ServerError()
    error = given.get("error", given) if isinstance(given, dict) else None
    if isinstance(error, str):
        return _ServerError(message=error)
    if not isinstance(error, dict):
        return _ServerError()
    inner = error.get("innererror")
    codes = [error.get("code"), error.get("type"), inner.get("code") if isinstance(inner, dict) else None]
    return _ServerError(
        frozenset(code.lower() for code in codes if isinstance(code, str)),
        _text(error.get("param")),
        _text(error.get("message")),
    )


def fault_of_envelope(code: str, body: bytes, *, once: bool) -> Fault:
    """The fault of a 200 that is no chat completion; an error object may name itself, as some routers do."""
    named = _named_fault(400, _error_of(body)) if code == "error_object" else None
    return Fault(*named) if named else Fault(ReadOutcome.MALFORMED_RESPONSE, code, Again.ONCE if once else Again.NEVER)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds a server asks to wait, or None where it asks nothing that can be understood.

    Takes `retry-after-ms`, then `retry-after` in seconds or as an HTTP date. Negative, infinite and other rubbish is None.
    """
    for name, unit in (("retry-after-ms", 1_000), ("retry-after", 1)):
        try:
            seconds = float(headers.get(name, "")) / unit
        except ValueError:
            continue
        return seconds if math.isfinite(seconds) and seconds >= 0 else None
    try:
        moment = parsedate_to_datetime(headers.get("retry-after", ""))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    seconds = (moment - now).total_seconds()
    return seconds if seconds >= 0 else None


def safe_id(value: str | None) -> str | None:
    """A server's request id, if it looks like one; it is the only text of a server that is logged."""
    return value if value and re.fullmatch(r"[\w.:-]{1,80}", value, re.ASCII) else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
