"""The queue over HTTP, and what was before a ticket; ids and codes only, no text."""

from typing import Annotated

from fastapi import Path, Query, Request

from copilot.core.vocabulary import Route
from copilot.output.urgency import Urgency
from copilot.service.desk import desk_of
from copilot.service.documents import problems_of
from copilot.service.guard import guarded
from copilot.store import Before, Queue, Scope, Wanted
from copilot.store.queue import CURSOR

router = guarded(Scope.TRIAGE, "queue")

MOST_TICKETS = 100
Agent = Annotated[str | None, Query(min_length=1, max_length=200, description="Decided by this agent.", examples=["agent-12"])]
TicketStart = Annotated[
    str | None, Query(min_length=1, max_length=200, description="How the ticket's id begins.", examples=["T-10"])
]
Cursor = Annotated[str | None, Query(pattern=CURSOR, description="`next` of the page before.")]


@router.get("/suggestions", summary="List tickets", responses=problems_of("invalid", "overloaded", "store_unavailable"))
async def listed(  # noqa: PLR0913, PLR0917  FastAPI's way of asking for the parts of a request
    request: Request,
    route: Annotated[Route | None, Query(description="Suggested for this team.")] = None,
    urgency: Annotated[Urgency | None, Query(description="Of this urgency.")] = None,
    open: Annotated[bool | None, Query(description="Whether nobody has decided on it as it stands.")] = None,
    decided_by: Agent = None,
    ticket_id: TicketStart = None,
    after: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=MOST_TICKETS, description="At most so many tickets.")] = 50,
) -> Queue:
    """Each ticket once, as its last suggestion has it: a safety risk first, then an account at risk, then escalations, judgements
    and the rest; among equals, whoever has waited longest.

    A ticket is decided once an agent gave feedback on what it tells; a new message opens it again.
    """
    desk = desk_of(request)
    wanted = Wanted(route, urgency, open, decided_by, ticket_id)
    return await desk.ask(desk.store.queue.page, wanted, after, limit)


@router.get(
    "/tickets/{id}/before",
    summary="What was before a ticket",
    responses=problems_of("not_found", "invalid", "overloaded", "store_unavailable"),
)
async def before(
    request: Request,
    id: Annotated[str, Path(description="The id of a ticket.", examples=["T-1001"], min_length=1, max_length=200)],
) -> Before:
    """Earlier tickets of the same reporter or counterpart, known by their ids, and decided tickets with the same facts.

    Both come with what was decided. Facts are the same where the closed vocabulary has the same words for them.
    """
    desk = desk_of(request)
    return await desk.ask(desk.store.earlier.than, id)
