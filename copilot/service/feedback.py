"""What agents said about suggestions, what tickets came to, and figures about both."""

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Literal

from fastapi import Body, Query, Request, Response
from fastapi.responses import StreamingResponse

from copilot.service.desk import desk_of
from copilot.service.documents import EXAMPLES, problems_of
from copilot.service.exports import CSV_TYPE, JSONL_TYPE, as_csv, as_jsonl
from copilot.service.guard import Caller, guarded
from copilot.service.once import IdempotencyKey, Once
from copilot.service.record import note
from copilot.service.shapes import IsoTime, SuggestionId
from copilot.store import AgentMetrics, Feedback, Outcome, Scope, StoredFeedback, StoredOutcome

router = guarded(Scope.FEEDBACK, "feedback")
exports = guarded(Scope.EXPORT, "feedback")
metrics = guarded(Scope.METRICS, "metrics")

MOST_ROWS = 100_000
Since = Annotated[IsoTime | None, Query(description="From this time on.", examples=["2026-03-01T00:00:00Z"])]
Until = Annotated[IsoTime | None, Query(description="Up to and without this time.", examples=["2026-04-01T00:00:00Z"])]
_PUT = (
    "bad_json",
    "slow_body",
    "body_too_large",
    "unsupported_media_type",
    "invalid",
    "not_found",
    "overloaded",
    "store_unavailable",
)


@router.post(
    "/suggestions/{id}/feedback",
    status_code=201,
    summary="Say what became of a suggestion",
    responses=problems_of(*_PUT, "still_running", "text_gone", "key_reused"),
)
async def give(  # noqa: PLR0913, PLR0917  FastAPI's way of asking for the parts of a request
    request: Request,
    response: Response,
    by: Caller,
    id: SuggestionId,
    feedback: Annotated[Feedback, Body(openapi_examples=EXAMPLES["feedback"])],
    key: IdempotencyKey = None,
) -> StoredFeedback:
    """Store that an agent took a suggestion, changed it, or put it aside, and why; or that they take back what they said of it.

    Who the agent is, the caller's key or session says.
    """
    desk = desk_of(request)
    store = desk.store.feedback
    stored = await Once(request, response, by, key).done(
        lambda claim: desk.ask(store.add, id, feedback, by.agent, claim), lambda known: desk.ask(store.get, known)
    )
    note(request, suggestion=id, feedback=stored.id, action=stored.action)
    return stored


@router.put("/suggestions/{id}/outcome", summary="Say where the ticket ended", responses=problems_of(*_PUT))
async def conclude(
    request: Request, by: Caller, id: SuggestionId, outcome: Annotated[Outcome, Body(openapi_examples=EXAMPLES["outcome"])]
) -> StoredOutcome:
    """Store the final team and labels of a ticket, once they are known. The last word counts."""
    desk = desk_of(request)
    return await desk.ask(desk.store.outcomes.put, id, outcome, by.agent)


@exports.get(
    "/feedback",
    summary="Export feedback",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "One row for each feedback, oldest first.",
            "content": {JSONL_TYPE: {"schema": {"type": "string"}}, CSV_TYPE: {"schema": {"type": "string"}}},
        },
        **problems_of("invalid", "overloaded", "store_unavailable"),
    },
)
async def export(
    request: Request,
    format: Annotated[Literal["jsonl", "csv"], Query(description="One JSON object a line, or CSV by RFC 4180.")] = "jsonl",
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS, description="At most so many rows.")] = 10_000,
) -> StreamingResponse:
    """Stream feedback. In CSV no cell can be taken for a formula by a spreadsheet."""
    desk = desk_of(request)
    rows = desk.store.feedback.rows(since, until, limit)
    first = await desk.ask(_first, rows)
    all_rows = chain(first, rows)
    if format == "csv":
        headers = {"Content-Disposition": 'attachment; filename="feedback.csv"'}
        return StreamingResponse(as_csv(all_rows), media_type=CSV_TYPE, headers=headers)
    return StreamingResponse(as_jsonl(all_rows), media_type=JSONL_TYPE)


@metrics.get(
    "/metrics/agents", summary="How agents used suggestions", responses=problems_of("invalid", "overloaded", "store_unavailable")
)
async def agents(request: Request, since: Since = None, until: Until = None) -> list[AgentMetrics]:
    """Figures for each agent, with n and 95% intervals. An accept rate never stands without what was accepted though wrong."""
    desk = desk_of(request)
    return await desk.ask(desk.store.agents.metrics, since, until)


def _first(rows: Iterator[StoredFeedback]) -> list[StoredFeedback]:
    """The first row, so that a store out of order is told as a problem and not in the middle of a file."""
    row = next(rows, None)
    return [] if row is None else [row]
