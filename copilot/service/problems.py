"""Errors as RFC 9457 problem documents: a code and plain words in, `application/problem+json` out.

Every error of the service takes this way, the framework's own included. A problem names fields and next steps; it never
repeats what was sent.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import Scope

from copilot.core.errors import KeyReused, NotFound, StillRunning, StoreError, StoreFull, StoreUnavailable, TextGone
from copilot.core.strict_json import show_path
from copilot.core.validation import problem_of

MEDIA_TYPE = "application/problem+json"
MAX_FIELDS = 20
"""A problem names at most so many fields."""


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One kind of problem: its status, its title, and what to do about it."""

    status: int
    title: str
    help: str


KINDS: Mapping[str, ProblemKind] = {
    "bad_request": ProblemKind(400, "The request cannot be understood", "Compare it with the description of the interface."),
    "bad_json": ProblemKind(400, "The body is not acceptable JSON", "Send UTF-8 JSON: no key twice, no NaN, not nested deeply."),
    "host_refused": ProblemKind(
        400, "The request comes from another machine", "Without auth, call as localhost and through no proxy."
    ),
    "unauthorised": ProblemKind(
        401, "Who is calling is not known", "Send Authorization: Bearer with a key or session that is valid."
    ),
    "forbidden": ProblemKind(403, "This caller may not do that", "Use a key that has the scope."),
    "origin_refused": ProblemKind(403, "This web page may not call the service", "Name its origin in COPILOT_CORS_ORIGINS."),
    "not_found": ProblemKind(404, "There is nothing here", "Check the address and the id."),
    "method_not_allowed": ProblemKind(405, "The method does not fit the address", "See the Allow header."),
    "slow_body": ProblemKind(408, "The body came too slowly", "Send it again, in one go."),
    "still_running": ProblemKind(409, "The first request with this key is still at work", "Ask again after Retry-After seconds."),
    "text_gone": ProblemKind(410, "Its text is no longer kept", "It was purged or erased. Triage the ticket again."),
    "body_too_large": ProblemKind(413, "The body is too large", "Split the ticket, or raise COPILOT_MAX_BODY_BYTES."),
    "unsupported_media_type": ProblemKind(415, "The body has another media type", "Send Content-Type: application/json."),
    "invalid": ProblemKind(422, "A value does not fit", "See errors: each names a field."),
    "key_reused": ProblemKind(422, "The idempotency key was used for another request", "Use a new key for each new request."),
    "rate_limited": ProblemKind(429, "Too many requests", "Ask again after Retry-After seconds."),
    "headers_too_large": ProblemKind(431, "The headers are too long", "Send fewer or shorter ones: 16 KB in all."),
    "internal": ProblemKind(500, "The service failed", "Report the request id; the log has the rest."),
    "overloaded": ProblemKind(503, "The service has as much to do as it can", "Ask again after Retry-After seconds."),
    "store_unavailable": ProblemKind(503, "The store cannot be used just now", "Ask again after Retry-After seconds."),
    "not_ready": ProblemKind(503, "The service is not ready", "See detail; `copilot store check` tells more."),
}


class FieldProblem(BaseModel):
    """One field and what is wrong with it."""

    field: str = Field(examples=["messages[0].author"])
    detail: str = Field(examples=["is not a participant; add it to participants, or leave author out"])


class ProblemDocument(BaseModel):
    """What every error looks like."""

    type: str = Field(description="where this kind of problem is explained", examples=["/problems/invalid"])
    title: str = Field(examples=["A value does not fit"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["messages[0].author: is not a participant"])
    code: str = Field(description="the kind of problem, for programs", examples=["invalid"])
    request_id: str = Field(description="the same as in X-Request-ID, and in the log", examples=["req_0b1c2d3e4f5061728394a5b6"])
    errors: list[FieldProblem] | None = Field(default=None, description="the fields that do not fit, where there are any")


class Problem(HTTPException):
    """An error that a caller is told about. `detail` must never hold what was sent."""

    def __init__(
        self, code: str, detail: str | None = None, errors: Sequence[FieldProblem] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        kind = KINDS[code]
        super().__init__(kind.status, detail or kind.help, dict(headers or {}))
        self.code = code
        self.errors = list(errors)[:MAX_FIELDS]


def wait(code: str, seconds: float, detail: str | None = None) -> Problem:
    """A problem that passes: ask again after so many seconds."""
    return Problem(code, detail, headers={"Retry-After": str(max(1, int(seconds + 0.999)))})


def answer(scope: Scope, problem: Problem) -> JSONResponse:
    """The response that tells a problem."""
    document = ProblemDocument(
        type=f"/problems/{problem.code}",
        title=KINDS[problem.code].title,
        status=problem.status_code,
        detail=str(problem.detail),
        code=problem.code,
        request_id=request_id(scope),
        errors=problem.errors or None,
    )
    headers = {**(problem.headers or {})}
    if problem.status_code == HTTPStatus.UNAUTHORIZED:
        given = Headers(scope=scope).get("authorization") is not None
        headers["WWW-Authenticate"] = 'Bearer realm="triage-copilot"' + (', error="invalid_token"' if given else "")
    return JSONResponse(document.model_dump(exclude_none=True), problem.status_code, headers, media_type=MEDIA_TYPE)


def request_id(scope: Scope) -> str:
    """The id that the request got on its way in."""
    return str(scope.get("state", {}).get("request_id", "req_unknown"))


_PASSING = {StillRunning: "still_running", StoreFull: "overloaded", StoreUnavailable: "store_unavailable"}


def of_store(fault: StoreError) -> Problem:
    """What a caller is told of a fault of the store."""
    match fault:
        case NotFound():
            return Problem("not_found", "there is no such suggestion or decision")
        case TextGone():
            return Problem("text_gone")
        case KeyReused():
            return Problem("key_reused")
        case StillRunning() | StoreFull() | StoreUnavailable():
            return wait(_PASSING[type(fault)], fault.retry_after_seconds)
        case _:
            return Problem("internal")


def of_framework(fault: HTTPException) -> Problem:
    """The framework's own errors in our words."""
    if isinstance(fault, Problem):
        return fault
    codes = {
        400: "bad_request",
        404: "not_found",
        405: "method_not_allowed",
        413: "body_too_large",
        415: "unsupported_media_type",
    }
    code = codes.get(fault.status_code, "bad_request" if 400 <= fault.status_code < 500 else "internal")
    return Problem(code, headers=fault.headers)


def of_validation(faults: Sequence[Any]) -> Problem:
    """The fields that do not fit, without what stood in them."""
    fields = [_field_problem(fault) for fault in faults[:MAX_FIELDS]]
    first = fields[0]
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return Problem("invalid", f"{first.field}: {first.detail}{more}", errors=fields)


_QUOTED = re.compile(r"""\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
_LEADING_FIELD = re.compile(r"([a-z_]+(?:\[\d+\])?(?:\.[a-z_]+)?)(?::\s*|(?=\s+is ))")


def _field_problem(fault: Mapping[str, Any]) -> FieldProblem:
    place, *way = fault["loc"] or ("body",)
    if fault["type"] == "extra_forbidden":
        way, detail = way[:-1], "has a key that is not known"
    elif fault["type"] == "value_error":
        detail = _QUOTED.sub("", problem_of(fault))
        leading = _LEADING_FIELD.match(detail)
        if leading:
            return FieldProblem(field=_joined(way, leading[1]), detail=detail[leading.end() :].strip())
    else:
        detail = problem_of(fault)
    if place == "body":
        return FieldProblem(field=show_path(tuple(way)) or "the body", detail=detail)
    return FieldProblem(field=str(way[0]) if way else str(place), detail=detail)


def _joined(way: Sequence[str | int], field: str) -> str:
    return f"{show_path(tuple(way))}.{field}" if way else field
