"""What a failed call was, and whether calling again can help.

Comes in: a status, headers and a body of untrusted text. Goes out: a `ApiError` of codes. No word of a server's message
is kept: it may echo the ticket.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from copilot.core import strict_json
from copilot.readers.base import ReadOutcome
from copilot.readers.model.envelope import BadEnvelope
from copilot.readers.model.error_signs import FORMAT_FAILED, named_fault, status_that_counts
from copilot.readers.model.server_errors import ServerError, error_in_words, error_of


class Retry(StrEnum):
    """Whether the same call is worth repeating."""

    NEVER = "never"
    ONCE = "once"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class ApiError:
    """A call that brought no answer. `wait_seconds` is what the server asked for; `request_id` is its own."""

    outcome: ReadOutcome
    code: str
    retry: Retry = Retry.NEVER
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

_RETRIED = frozenset({408, 409, 424, 425, 429, 498})
_SIMPLE = {
    401: (ReadOutcome.AUTH, "unauthorized"),
    402: (ReadOutcome.QUOTA, "payment_required"),
    403: (ReadOutcome.AUTH, "forbidden"),
    404: (ReadOutcome.CONFIG_REJECTED, "not_found"),
    405: (ReadOutcome.CONFIG_REJECTED, "method_not_allowed"),
    410: (ReadOutcome.CONFIG_REJECTED, "not_found"),
    413: (ReadOutcome.TOO_LARGE, "body_too_large"),
}


def error_of_status(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> ApiError:
    """The fault of an answer whose status is not 200. `headers` must be looked up without regard to case."""
    if status < 200 or 300 <= status < 400:
        return ApiError(ReadOutcome.REDIRECTED, f"status_{status}", request_id=safe_id(headers.get("x-request-id")))
    return fault_of_error(status, headers, _error_in(body), now)


def fault_of_error(status: int, headers: Mapping[str, str], error: ServerError, now: datetime) -> ApiError:
    """The fault that a server tells of, in its status or in the body of a 200."""
    counts = status_that_counts(status, error)
    outcome, code = named_fault(counts, error) or _SIMPLE.get(counts) or _by_range(counts)
    code = "error_in_200" if status == 200 and code.startswith("status_") else code
    again = Retry.YES if counts in _RETRIED or counts >= 500 else Retry.NEVER
    asked = headers.get("x-should-retry", "").strip().lower()
    if outcome in STOPS or outcome in (ReadOutcome.PROMPT_FILTERED, ReadOutcome.TOO_LARGE):
        again = Retry.NEVER
    elif outcome is ReadOutcome.INVALID or code == FORMAT_FAILED:
        again = Retry.ONCE
    elif asked in ("true", "false"):
        again = Retry.YES if asked == "true" else Retry.NEVER
    wait = retry_after(headers, now)
    wait = error.wait_seconds if wait is None else wait
    return ApiError(outcome, code, again, wait if again is Retry.YES else None, safe_id(headers.get("x-request-id")))


def _by_range(status: int) -> tuple[ReadOutcome, str]:
    if status == 429:
        return ReadOutcome.RATE_LIMITED, "rate_limited"
    if status in _RETRIED or status >= 500:
        return ReadOutcome.UNAVAILABLE, f"status_{status}"
    if 400 <= status < 500:
        return ReadOutcome.INPUT_REJECTED, f"status_{status}"
    return ReadOutcome.MALFORMED_RESPONSE, f"status_{status}"


def _error_in(body: bytes) -> ServerError:
    """The error in a body, as JSON or in plain words."""
    text = body.decode("utf-8", "replace")
    try:
        return error_of(strict_json.parse(text))
    except strict_json.JsonFault:
        return error_in_words(text)


def error_of_envelope(bad: BadEnvelope, headers: Mapping[str, str], now: datetime) -> ApiError:
    """The fault of a 200 that is no chat completion; where it tells of an error, that one."""
    if bad.error is not None:
        return fault_of_error(200, headers, bad.error, now)
    return ApiError(ReadOutcome.MALFORMED_RESPONSE, bad.code, Retry.ONCE if bad.once else Retry.NEVER)


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
