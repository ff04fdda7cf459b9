"""Hooks: a console tells of a ticket that is new or has a new message, so that it is read before an agent opens it.

Comes in: a signed message. Goes out: 202, once the ticket is on the disk; it is read afterwards (`reading_ahead.py`). What is
told twice is done once. Nothing is sent, assigned or submitted by it.
"""

from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from fastapi.routing import APIRoute
from pydantic import Field, ValidationError, field_validator

from copilot.core.closed import WholeText
from copilot.core.ticket import Ticket
from copilot.service.desk import desk_of
from copilot.service.documents import EXAMPLES, problems_of
from copilot.service.problems import Problem, of_validation
from copilot.service.record import note
from copilot.service.shapes import Received
from copilot.service.signatures import STANDARD, ZENDESK, SignedWord
from copilot.service.strict_request import StrictRequest, check_media_type
from copilot.service.turns import CALLER
from copilot.service.zendesk_ticket import ZendeskTicket, ticket_of
from copilot.store import Told
from copilot.store.ids import NO_NAMES
from copilot.store.principal import Principal

_VARIABLES: Mapping[str, str] = {ZENDESK: "COPILOT_ZENDESK_HOOK_SECRET", STANDARD: "COPILOT_HOOK_SECRET"}
_PROBLEMS = (
    *("bad_request", "bad_json", "unauthorised", "not_found", "slow_body", "body_too_large", "unsupported_media_type", "invalid"),
    *("rate_limited", "internal", "overloaded", "store_unavailable"),
)


class HookRoute(APIRoute):
    """A route that looks at the signature before it looks into the body."""

    hook: str

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The endpoint behind the signature."""
        inner, hook = super().get_route_handler(), self.hook

        async def handle(request: Request) -> Response:
            desk = desk_of(request)
            signature = desk.hooks.get(hook)
            if signature is None:
                raise Problem("not_found", f"this hook is closed: {_VARIABLES[hook]} is not set")
            signature.look(request.headers)
            CALLER.set(hook)
            strict = StrictRequest(request.scope, request.receive, desk.parsing)
            async with desk.limits.held(hook) as taking:
                check_media_type(request.headers.get("content-type"))
                await strict.arrive(taking.bytes)
                strict.state.signed = signature.check(request.headers, await strict.body())
                strict.state.principal = Principal(id=hook, kind="hook", agent=hook, scopes=frozenset())
                await desk.limits.spend(hook)
                await taking.place()
                return await inner(strict)

        return handle


def _hooked(hook: str) -> APIRouter:
    kind = type("Route", (HookRoute,), {"hook": hook})
    return APIRouter(prefix="/v1", tags=["hooks"], route_class=kind, responses=problems_of(*_PROBLEMS))


zendesk = _hooked(ZENDESK)
standard = _hooked(STANDARD)


_NAMED: dict[str, Any] = {"not": {"enum": sorted(NO_NAMES)}}


class NamedTicket(Ticket):
    """A ticket with an id of its own, by which it is found again."""

    id: WholeText = Field(min_length=1, max_length=200, examples=["T-1001"], json_schema_extra=_NAMED)

    @field_validator("id")
    @classmethod
    def _is_a_name(cls, id: str) -> str:
        if id in NO_NAMES:
            raise ValueError("must be the ticket's own id, by which the panel will ask for it")
        return id


@zendesk.post("/hooks/zendesk", status_code=202, summary="Zendesk tells of a ticket")
async def from_zendesk(request: Request, given: Annotated[ZendeskTicket, Body(openapi_examples=EXAMPLES["zendesk"])]) -> Received:
    """For the webhook of a Zendesk trigger, whose body docs/zendesk.md gives.

    The headers `X-Zendesk-Webhook-Signature` and `X-Zendesk-Webhook-Signature-Timestamp` sign it: HMAC-SHA256 over timestamp and
    body, in base64, with the webhook's secret. A signature over five minutes old is refused.
    """
    try:
        ticket = ticket_of(given)
    except ValidationError as fault:
        raise of_validation([one | {"loc": ("body", *one["loc"])} for one in fault.errors()]) from None
    return await _received(request, ticket, given.id)


@standard.post("/hooks/ticket", status_code=202, summary="A console tells of a ticket")
async def from_a_console(request: Request, ticket: Annotated[NamedTicket, Body(openapi_examples=EXAMPLES["named"])]) -> Received:
    """For any console or relay. The body is a ticket, whole, with the id by which the panel will ask for it.

    The headers `webhook-id`, `webhook-timestamp` and `webhook-signature` sign it as Standard Webhooks does.
    """
    return await _received(request, Ticket.model_validate(ticket.model_dump()), ticket.id)


async def _received(request: Request, ticket: Ticket | None, id: str) -> Received:
    """Keep what is to be read, then say so."""
    desk = desk_of(request)
    if ticket is None or ticket.id in NO_NAMES:
        note(request, arrival="nothing_to_read")
        return Received(ticket_id=id, status="nothing_to_read")
    word: SignedWord = request.state.signed
    arrival = await desk.ask(desk.store.arrivals.put, Told(ticket, request.state.principal.agent, word.mark, word.sent_at))
    desk.arrived.set()
    note(request, arrival=arrival.value)
    return Received(ticket_id=id, status=arrival.value)
