"""Sessions over HTTP: an integrator's server gets one for an agent, the agent's browser renews it, and either ends it."""

from typing import Annotated

from fastapi import Body, Request

from copilot.service.callers import bearer_token
from copilot.service.desk import AppState, desk_of
from copilot.service.documents import EXAMPLES, problems_of
from copilot.service.guard import Caller, guarded
from copilot.service.problems import Problem
from copilot.service.shapes import Ended, Session, SessionRequest
from copilot.store import Scope

LONGEST_MINUTES = 12 * 60
"""However often it is renewed, a session ends after so long."""

router = guarded(Scope.SESSIONS, "sessions")
renewals = guarded(Scope.TRIAGE, "sessions")
_ASKED = ("bad_json", "slow_body", "body_too_large", "unsupported_media_type", "invalid", "overloaded", "store_unavailable")


@router.post(
    "/sessions",
    status_code=201,
    summary="Open a session for an agent",
    responses=problems_of(*_ASKED),
)
async def open_session(
    request: Request, by: Caller, asked: Annotated[SessionRequest, Body(openapi_examples=EXAMPLES["agent"])]
) -> Session:
    """For an integrator's server, never for a browser: whoever has this scope says who the agent is."""
    return await new_session(desk_of(request), asked.agent, by.id)


@renewals.post("/sessions/renew", status_code=201, summary="Renew a session", responses=problems_of("store_unavailable"))
async def renew(request: Request, by: Caller) -> Session:
    """A new token for the agent of this session, until twelve hours after it was opened."""
    if by.kind != "session":
        raise Problem("forbidden", "only a session can be renewed; call with one")
    desk = desk_of(request)
    made = await desk.ask(desk.store.sessions.renew, bearer_token(request.headers.getlist("authorization")))
    if made is None:
        raise Problem("unauthorised", "the session has come to its end; sign in again")
    return Session(token=made[0], expires_at=made[1])


@renewals.post("/sessions/end", summary="End a session", responses=problems_of("store_unavailable"))
async def end(request: Request, by: Caller) -> Ended:
    """The session that calls is good for nothing from here on; what it was renewed from or to ends with it."""
    if by.kind != "session":
        raise Problem("forbidden", "only a session can be ended here; call with one, or see /v1/sessions/end-all")
    desk = desk_of(request)
    await desk.ask(desk.store.sessions.end, bearer_token(request.headers.getlist("authorization")))
    return Ended(sessions=1)


@router.post("/sessions/end-all", summary="End an agent's sessions", responses=problems_of(*_ASKED))
async def end_all(request: Request, asked: Annotated[SessionRequest, Body(openapi_examples=EXAMPLES["agent"])]) -> Ended:
    """For an integrator's server, when it signs an agent out: every session under that name, whoever opened it."""
    desk = desk_of(request)
    return Ended(sessions=await desk.ask(desk.store.sessions.end_all, asked.agent))


async def new_session(desk: AppState, agent: str, by: str | None = None) -> Session:
    """A session for an agent. Raises `StoreError`."""
    token, expires_at = await desk.ask(desk.store.sessions.create, agent, desk.settings.session_minutes, LONGEST_MINUTES, by)
    return Session(token=token, expires_at=expires_at)
