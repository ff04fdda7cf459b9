"""Suggestions over HTTP: triage a ticket, look at what was suggested, decide again on corrected facts."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Body, Request, Response

from copilot.core.sentences import Sentences, cut
from copilot.core.ticket import Ticket
from copilot.output.suggestion import Suggestion
from copilot.pipeline import decide_again, read_first
from copilot.read_ahead import carried_over
from copilot.service.desk import AppState, desk_of
from copilot.service.documents import EXAMPLES, Responses, problems_of
from copilot.service.first_choice import as_seen, found
from copilot.service.guard import Caller, guarded
from copilot.service.once import IdempotencyKey, Once
from copilot.service.record import note
from copilot.service.shapes import Correction, SuggestionId
from copilot.store import Claim, Principal, Scope, StoredSuggestion

router = guarded(Scope.TRIAGE, "suggestions")

_LOCATION = {"Location": {"description": "Where the suggestion is.", "schema": {"type": "string"}}}
_ID = {"X-Request-ID": {"description": "The id of the request.", "schema": {"type": "string"}}}
_MADE: Responses = {201: {"description": "Made and stored.", "headers": _LOCATION | _ID}}
_POSTED = ("bad_json", "slow_body", "still_running", "body_too_large", "unsupported_media_type", "invalid", "key_reused")


@router.post(
    "/suggestions",
    status_code=201,
    summary="Triage a ticket",
    responses={**problems_of(*_POSTED, "text_gone", "overloaded", "store_unavailable"), **_MADE},
)
async def suggest(
    request: Request,
    response: Response,
    by: Caller,
    ticket: Annotated[Ticket, Body(openapi_examples=EXAMPLES["ticket"])],
    key: IdempotencyKey = None,
) -> StoredSuggestion:
    """Read a ticket, decide by the policy, and store the suggestion.

    Whatever fails on the way to the model, there is a suggestion: it is then marked as degraded, and says why. A ticket that was
    read when a hook told of it, and tells the same, is not read again: its facts are decided on at once.
    """
    desk = desk_of(request)
    stored = await Once(request, response, by, key).done(
        lambda claim: _triaged(desk, ticket, by, claim), lambda known: desk.ask(found, desk, known, by)
    )
    response.headers["Location"] = f"/v1/suggestions/{stored.id}"
    note(request, suggestion=stored.id, to=stored.route, outcome=stored.provenance.outcome)
    return stored


@router.get(
    "/suggestions/{id}",
    summary="Show a suggestion",
    responses=problems_of("not_found", "text_gone", "invalid", "overloaded", "store_unavailable"),
)
async def show(request: Request, by: Caller, id: SuggestionId) -> StoredSuggestion:
    """Show what was suggested, for as long as its text is kept, and what was decided last on the ticket.

    `blind`: the caller is to make a choice of their own before they see it (`/v1/suggestions/{id}/first-choice`).
    """
    desk = desk_of(request)
    return await desk.ask(found, desk, id, by)


@router.post(
    "/suggestions/{id}/decisions",
    status_code=201,
    summary="Decide again on corrected facts",
    responses={**problems_of(*_POSTED, "not_found", "text_gone", "overloaded", "store_unavailable"), **_MADE},
)
async def correct(  # noqa: PLR0913, PLR0917  FastAPI's way of asking for the parts of a request
    request: Request,
    response: Response,
    by: Caller,
    id: SuggestionId,
    correction: Annotated[Correction, Body(openapi_examples=EXAMPLES["correction"])],
    key: IdempotencyKey = None,
) -> StoredSuggestion:
    """Decide by the policy on the facts as an agent corrected them. No model is asked.

    Facts that cite what is not in the ticket are dropped and reported. `changed` tells what differs from the first
    suggestion.
    """
    desk = desk_of(request)
    stored = await Once(request, response, by, key).done(
        lambda claim: desk.ask(_corrected, desk, id, correction, by, claim),
        lambda known: desk.ask(_corrected_before, desk, known, by),
    )
    response.headers["Location"] = f"/v1/suggestions/{stored.id}"
    note(request, suggestion=stored.id, decision=stored.decision_id, to=stored.route)
    return stored


async def _triaged(desk: AppState, ticket: Ticket, by: Principal, claim: Claim | None) -> StoredSuggestion:
    sentences, suggestion = await desk.ask(_begun, desk, ticket)
    if suggestion is not None:
        return await desk.ask(_kept, desk, (ticket, suggestion), by, claim)
    decide = await read_first(ticket, sentences, desk.reader)
    return await desk.ask(_decided, desk, (ticket, decide), by, claim)


def _begun(desk: AppState, ticket: Ticket) -> tuple[Sentences, Suggestion | None]:
    """The ticket's sentences, and what came of a hook's word of the same ticket; None where it has to be read."""
    known = desk.store.suggestions.read_ahead(ticket.id)
    return cut(ticket), None if known is None else carried_over(ticket, *known)


def _decided(
    desk: AppState, read: tuple[Ticket, Callable[[], Suggestion]], by: Principal, claim: Claim | None
) -> StoredSuggestion:
    ticket, decide = read
    suggestion = decide()
    desk.figures.suggested(suggestion)
    return _kept(desk, (ticket, suggestion), by, claim)


def _kept(desk: AppState, made: tuple[Ticket, Suggestion], by: Principal, claim: Claim | None) -> StoredSuggestion:
    return desk.store.suggestions.add(*made, by.agent, claim, desk.look_of(by))


def _corrected(desk: AppState, id: str, correction: Correction, by: Principal, claim: Claim | None) -> StoredSuggestion:
    ticket, first = desk.store.suggestions.with_ticket(id)
    answered = correction.context is not None and correction.context != ticket.context
    if correction.context is not None:
        ticket = ticket.model_copy(update={"context": correction.context})
    suggestion = decide_again(ticket, correction.extraction, first.provenance, answered)
    return desk.store.decisions.add(
        id, correction.extraction, ticket.context, suggestion, by.agent, claim, first, desk.look_of(by)
    )


def _corrected_before(desk: AppState, id: str, by: Principal) -> StoredSuggestion:
    return as_seen(desk, desk.store.decisions.get(id), by)
