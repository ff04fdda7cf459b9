"""Blind first: for a share of tickets, an agent makes a choice of their own before they see what was suggested.

The service says `blind` and sends the suggestion with it: it measures agents, and locks nothing up.
"""

from typing import Annotated

from fastapi import Body, Request, Response

from copilot.service.desk import AppState, desk_of
from copilot.service.documents import EXAMPLES, problems_of
from copilot.service.guard import Caller, guarded
from copilot.service.once import IdempotencyKey, Once
from copilot.service.record import note
from copilot.service.shapes import SuggestionId
from copilot.store import Claim, FirstChoice, Principal, Scope, StoredSuggestion

router = guarded(Scope.TRIAGE, "suggestions")

_POSTED = ("bad_json", "slow_body", "still_running", "body_too_large", "unsupported_media_type", "invalid", "key_reused")


@router.post(
    "/suggestions/{id}/first-choice",
    summary="Choose before seeing the suggestion",
    responses=problems_of(*_POSTED, "not_found", "text_gone", "overloaded", "store_unavailable"),
)
async def choose(  # noqa: PLR0913, PLR0917  FastAPI's way of asking for the parts of a request
    request: Request,
    response: Response,
    by: Caller,
    id: SuggestionId,
    choice: Annotated[FirstChoice, Body(openapi_examples=EXAMPLES["first choice"])],
    key: IdempotencyKey = None,
) -> StoredSuggestion:
    """Store where the agent would send the ticket, and show the suggestion with `blind` false.

    The first choice of an agent on a ticket counts; a later one changes nothing, and `first_choice` tells the one that counts.
    Where no choice was asked for (`blind` was false), none is stored.
    """
    desk = desk_of(request)
    stored = await Once(request, response, by, key).done(
        lambda claim: desk.ask(_chosen, desk, id, choice, by, claim), lambda known: desk.ask(found, desk, known, by)
    )
    note(request, suggestion=id, first_choice=choice.route)
    return stored


def found(desk: AppState, id: str, by: Principal) -> StoredSuggestion:
    """The suggestion of that id as a caller is shown it. Asks the store."""
    return as_seen(desk, desk.store.suggestions.get(id), by)


def as_seen(desk: AppState, stored: StoredSuggestion, by: Principal) -> StoredSuggestion:
    """The same of a suggestion at hand: with the ticket's last decision, and whether they are to choose first. Asks the store."""
    return desk.store.sights.of(stored, by.agent, desk.settings.blind_share)


def _chosen(desk: AppState, id: str, choice: FirstChoice, by: Principal, claim: Claim | None) -> StoredSuggestion:
    stored = desk.store.suggestions.get(id)
    desk.store.first_choices.add(id, choice, by.agent, desk.settings.blind_share, claim)
    return as_seen(desk, stored, by)
