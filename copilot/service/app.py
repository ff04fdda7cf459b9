"""The application: routers, middleware and errors put together. Settings in, an ASGI application out.

`build` needs no store and no reader, so that the interface can be described without either; `open_desk` brings them in.
"""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import compile_path

from copilot.core.errors import StoreError
from copilot.pipeline import COPILOT_VERSION
from copilot.readers.base import Reader
from copilot.readers.embedded.reader import Run
from copilot.service import chosen, feedback, first_choice, health, hooks, insights, queue, sessions, suggestions
from copilot.service.body_limit import BodyLimit
from copilot.service.deadline import in_time
from copilot.service.desk import AppState, Setup
from copilot.service.docs_page import add_docs, docs_policy
from copilot.service.documents import completed
from copilot.service.figures import Figures
from copilot.service.headers import ExactOrigins, LocalOnly, SafeHeaders, policies
from copilot.service.pages import add_pages
from copilot.service.problems import Problem, answer, of_framework, of_store, of_validation
from copilot.service.record import Recorded
from copilot.store import Store

DESCRIPTION = """Which team a support ticket goes to, why, and the internal note for it.
The model reads, the policy decides, a person acts.

Every error is a problem document (RFC 9457) with a `code` and the `request_id`. Send an `Idempotency-Key` with what must
not be done twice."""
_ROUTERS = (
    suggestions.router,
    first_choice.router,
    chosen.router,
    queue.router,
    hooks.zendesk,
    hooks.standard,
    feedback.router,
    feedback.exports,
    feedback.metrics,
    insights.router,
    sessions.router,
    sessions.renewals,
    health.router,
)


def build(setup: Setup) -> FastAPI:
    """The application, not yet open."""
    figures = Figures()
    app = FastAPI(
        title="Triage copilot",
        version=COPILOT_VERSION,
        summary="Suggestions for support tickets, decided by fixed policy",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=_middleware(setup, figures),
        exception_handlers={
            HTTPException: _framework_problem,
            RequestValidationError: _validation_problem,
            StoreError: _store_problem,
        },
    )
    app.state.setup, app.state.figures = setup, figures
    for router in _ROUTERS:
        app.include_router(router)
    add_pages(app, setup)
    add_docs(app)
    describe = app.openapi
    app.openapi = lambda: _document(setup.console, describe)  # type: ignore[method-assign]
    return app


def open_desk(app: FastAPI, store: Store, reader: Reader, run: Run | None = None) -> AppState:
    """Bring store and reader in, and how the embedded reader computes; from here on the application answers."""
    setup: Setup = app.state.setup
    app.openapi()  # takes a second: whoever asked for it first would hold up all others
    app.state.desk = AppState(setup, app.state.figures, store, in_time(reader, setup.settings.request_seconds, run))
    return app.state.desk  # type: ignore[no-any-return]


def _middleware(setup: Setup, figures: Figures) -> list[Middleware]:
    settings = setup.settings
    origins = list(settings.cors_origins)
    cross_origin = Middleware(
        ExactOrigins,
        allow_origins=origins,
        allow_methods=["GET", "POST", "PUT"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key"],
        expose_headers=["X-Request-ID", "Retry-After", "Location", "Idempotency-Replayed"],
    )
    return [
        Middleware(Recorded, figures=figures),
        Middleware(SafeHeaders, policies={**policies(setup), "/docs": docs_policy()}),
        *([] if setup.auth else [Middleware(LocalOnly, cors_origins=settings.cors_origins)]),
        *([cross_origin] if origins else []),
        Middleware(BodyLimit, most_bytes=settings.max_body_bytes),
    ]


async def _framework_problem(request: Request, fault: Exception) -> Response:
    problem = of_framework(fault) if isinstance(fault, HTTPException) else Problem("internal")
    if problem.code == "method_not_allowed":
        problem.headers = {**(problem.headers or {}), "Allow": ", ".join(_methods(request)) or "GET"}
    return answer(request.scope, problem)


def _methods(request: Request) -> list[str]:
    """Every method that the address takes; the framework names those of the first route only."""
    paths: dict[str, Any] = request.app.openapi()["paths"]
    described = [(compile_path(template)[0], operations) for template, operations in paths.items()]
    return sorted({method.upper() for regex, operations in described if regex.match(request.url.path) for method in operations})


async def _validation_problem(request: Request, fault: Exception) -> Response:
    return answer(
        request.scope, of_validation(fault.errors()) if isinstance(fault, RequestValidationError) else Problem("internal")
    )


async def _store_problem(request: Request, fault: Exception) -> Response:
    return answer(request.scope, of_store(fault) if isinstance(fault, StoreError) else Problem("internal"))


_documents: dict[bool, dict[str, Any]] = {}
"""The description of the interface, with the console's page and without: nothing else of the setup is in it."""


def _document(console: bool, describe: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    if console not in _documents:
        _documents[console] = completed(describe())
    return _documents[console]
