"""Around every request: an id, a place in the log and in the figures, and an end to every exception.

A log line holds codes, ids, a route's template, a status and milliseconds. It holds no text of a body, no key, no query
string and no message of an unforeseen exception.
"""

import re
import secrets
import time
from typing import Any

import structlog
from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from copilot.service.figures import Figures
from copilot.service.logs import place_of
from copilot.service.problems import Problem, answer

_GIVEN_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_log = structlog.stdlib.get_logger("copilot.service")


def note(request: Request, **facts: Any) -> None:
    """Add codes and ids to the request's line in the log."""
    request.state.noted.update(facts)


class Recorded:
    """ASGI middleware: the outermost of ours."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and write it down."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["request_id"] = f"req_{secrets.token_hex(12)}"
        state["noted"] = {}
        status = 0

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = state["request_id"]
            await send(message)

        started = time.monotonic()
        self._figures.began()
        try:
            await self._app(scope, receive, sent)
        except Exception as fault:
            _log.error("failed", request_id=state["request_id"], fault=type(fault).__name__, at=place_of(fault))
            if status:
                raise ConnectionAbortedError("the answer could not be finished") from None
            await answer(scope, Problem("internal"))(scope, receive, sent)
        finally:
            self._write(scope, status, time.monotonic() - started)

    def _write(self, scope: Scope, status: int, seconds: float) -> None:
        state = scope["state"]
        route = _template(scope)
        self._figures.ended(scope["method"], route, status, seconds)
        principal = state.get("principal")
        _log.info(
            "request",
            request_id=state["request_id"],
            method=scope["method"] if len(scope["method"]) < 10 else "other",
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            principal=principal.id if principal else None,
            **state["noted"],
        )


def _template(scope: Scope) -> str:
    """The route's template: what the address looks like without what was put into it."""
    template = getattr(scope.get("route"), "path", None)
    if isinstance(template, str) and template:
        return template
    mount = scope.get("root_path", "")
    return "/assets" if mount and "app" in scope and scope.get("endpoint") is not None else "none"
