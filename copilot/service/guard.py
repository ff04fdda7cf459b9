"""The door of every endpoint under /v1: who calls, may they, how often. Only then is a body read, and only a whole one gets
a place.

`guarded(scope)` makes a router whose endpoints need that scope; they find the caller in `Caller`.
"""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from copilot.service.callers import counted_as, who_calls
from copilot.service.desk import desk_of
from copilot.service.documents import problems_of
from copilot.service.problems import Problem
from copilot.service.strict_request import StrictRequest, check_media_type
from copilot.service.turns import CALLER
from copilot.store import Principal, Scope

BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="bearer",
    description="An API key (`copilot keys create`) or a session. Where auth is off, on loopback only, it may be left out.",
)


class GuardedRoute(APIRoute):
    """A route that looks at the caller before it looks at the body."""

    needed: Scope

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The endpoint behind the door."""
        inner = super().get_route_handler()
        needed, takes_json = self.needed, self.body_field is not None

        async def handle(request: Request) -> Response:
            desk = desk_of(request)
            principal = await who_calls(request.headers, desk)
            request.state.principal = principal
            if not principal.may(needed):
                raise Problem("forbidden", f"this key or session does not have the scope {needed.value}")
            caller = counted_as(principal)
            CALLER.set(caller)
            await desk.limits.spend(caller)
            strict = StrictRequest(request.scope, request.receive, desk.parsing)
            async with desk.limits.held(caller) as taking:
                if takes_json:
                    check_media_type(request.headers.get("content-type"))
                    await strict.arrive(taking.bytes)
                await taking.place()
                return await inner(strict)

        return handle


def guarded(needed: Scope, tag: str) -> APIRouter:
    """A router whose endpoints are for callers with a scope."""
    kind = type(f"{needed.value.title()}Route", (GuardedRoute,), {"needed": needed})
    return APIRouter(
        prefix="/v1",
        tags=[tag],
        route_class=kind,
        dependencies=[Security(BEARER, scopes=[needed.value])],
        responses=problems_of("bad_request", "unauthorised", "forbidden", "rate_limited", "internal", "overloaded"),
    )


async def _caller(request: Request) -> Principal:
    principal: Principal = request.state.principal
    return principal


Caller = Annotated[Principal, Depends(_caller)]
"""The caller, as an endpoint asks for them."""
