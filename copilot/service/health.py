"""Is the process there, can it store, and what are its figures: for whoever keeps it running."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import PlainTextResponse

from copilot.service import figures
from copilot.service.callers import who_calls
from copilot.service.desk import desk_of
from copilot.service.documents import problems_of
from copilot.service.problems import KINDS, Problem, wait
from copilot.service.shapes import Health
from copilot.store import Scope

router = APIRouter(tags=["operations"], responses=problems_of("bad_request", "internal"))
READY_AGAIN_SECONDS = 5


@router.get("/healthz", summary="Is the process there?")
async def alive() -> Health:
    """Answers as long as the process does; it looks at nothing else."""
    return Health(status="ok")


@router.get("/readyz", summary="Can it take tickets?", responses=problems_of("not_ready"))
async def ready(request: Request) -> Health:
    """Whether a ticket could be kept just now: a row is written, and every table tried, once a second at most."""
    if problem := await desk_of(request).readiness.problem():
        raise wait("not_ready", READY_AGAIN_SECONDS, problem)
    return Health(status="ready")


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=PlainTextResponse,
    responses=problems_of("unauthorised", "forbidden", "store_unavailable"),
)
async def metrics(request: Request) -> Response:
    """Counts and durations. Where auth is on, a key with the scope `metrics` is needed."""
    desk = desk_of(request)
    principal = await who_calls(request.headers, desk)
    if not principal.may(Scope.METRICS):
        raise Problem("forbidden", f"this key or session does not have the scope {Scope.METRICS.value}")
    return Response(desk.figures.text(), media_type=figures.MEDIA_TYPE)


@router.get(
    "/problems/{code}",
    summary="What a kind of problem means",
    response_class=PlainTextResponse,
    responses=problems_of("not_found"),
)
async def explain(code: Annotated[str, Path(description="The `code` of a problem.", examples=["invalid"])]) -> PlainTextResponse:
    """The title of a kind of problem, and what to do."""
    if code not in KINDS:
        raise Problem("not_found")
    return PlainTextResponse(f"{KINDS[code].title} ({KINDS[code].status})\n{KINDS[code].help}\n")
