"""A service under test, and short ways to call it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from copilot.service.app import build, open_desk
from copilot.service.desk import AppState, Setup
from copilot.service.turns import ReadingsInTurn
from copilot.store import Scope, Store
from tests.builders import ticket

TICKET = ticket().model_dump(mode="json")
BASE = "http://127.0.0.1:8321"
Make = Callable[..., "Called"]


@dataclass
class Called:
    """The application, its parts, and a client that calls it without a network."""

    app: FastAPI
    desk: AppState
    store: Store
    reader: Any
    http: httpx.AsyncClient

    def as_(self, *scopes: str) -> dict[str, str]:
        """Headers of a caller with a new key of these scopes."""
        _, secret = self.store.keys.create("tests", [Scope(scope) for scope in scopes or ("admin",)])
        return bearer(secret)

    def session(self, agent: str = "agent-1", minutes: float = 30) -> dict[str, str]:
        """Headers of an agent's session."""
        return bearer(self.store.sessions.create(agent, minutes, 60)[0])

    async def suggestion(self, headers: dict[str, str] | None = None) -> dict[str, Any]:
        """A suggestion on the usual ticket."""
        answer = await self.http.post("/v1/suggestions", json=TICKET, headers=headers or self.as_("triage"))
        assert answer.status_code == 201, answer.text
        return answer.json()  # type: ignore[no-any-return]


def opened(setup: Setup, store: Store, reader: Any) -> Called:
    """The application on a store and a reader."""
    app = build(setup)
    desk = open_desk(app, store, reader, ReadingsInTurn(2).read)
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    return Called(app, desk, store, reader, httpx.AsyncClient(transport=transport, base_url=BASE))


def bearer(secret: str) -> dict[str, str]:
    """The header that carries a key or a session."""
    return {"Authorization": f"Bearer {secret}"}


def is_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Check that an answer is the problem it should be, and give it."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    problem: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "code", "request_id"} <= set(problem) <= {*ProblemKeys}
    assert (problem["code"], problem["status"], problem["type"]) == (code, status, f"/problems/{code}")
    assert problem["request_id"] == answer.headers["x-request-id"]
    return problem


ProblemKeys = ("type", "title", "status", "detail", "code", "request_id", "errors")
