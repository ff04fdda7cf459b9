"""The note for a team that an agent chose instead of the suggested one: from the same facts, with no reader asked."""

from typing import Annotated

from anyio import to_thread
from fastapi import Body, Request

from copilot.output.suggestion import ChosenNote
from copilot.pipeline import chosen_note
from copilot.service.desk import desk_of
from copilot.service.documents import EXAMPLES, problems_of
from copilot.service.guard import guarded
from copilot.service.record import note
from copilot.service.shapes import Chosen, SuggestionId
from copilot.store import Scope

router = guarded(Scope.TRIAGE, "suggestions")

_ASKED = ("bad_json", "slow_body", "body_too_large", "unsupported_media_type", "invalid", "not_found", "text_gone")


@router.post(
    "/suggestions/{id}/chosen-note",
    summary="Write the note for a team that an agent chose",
    responses=problems_of(*_ASKED, "overloaded", "store_unavailable"),
)
async def write(
    request: Request, id: SuggestionId, choice: Annotated[Chosen, Body(openapi_examples=EXAMPLES["chosen"])]
) -> ChosenNote:
    """Write the note and name the queue for a team that an agent sends the ticket to. Nothing is stored.

    The note says that an agent chose the team, and what was suggested. For what is no team, queue and note are null.
    """
    desk = desk_of(request)
    ticket, shown = await desk.ask(desk.store.suggestions.with_ticket, id)
    if choice.decision_id is not None:
        shown = await desk.ask(desk.store.decisions.get, choice.decision_id, id)
    note(request, suggestion=id, chosen=choice.chosen.route)
    return await to_thread.run_sync(chosen_note, ticket, shown, choice.chosen.route, choice.chosen.labels)
