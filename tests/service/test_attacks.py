"""Bodies within the limit of bytes that hold more than any ticket: each is one fault and not a million.

How long they hold the service up, and how much memory they take, `benchmarks/service_attacks.py` measures.
"""

import json
from collections.abc import Callable

import pytest

from benchmarks.service_attacks import bodies, corrections
from copilot.readers.in_time import InTimeReader
from copilot.service import strict_request
from copilot.service.strict_request import Refused, parsed
from copilot.service.workers import Workers
from tests.making import embedded_reader
from tests.service.called import Called, Make, is_problem
from tests.service.test_bodies import JSON

REFUSED = {name: body for name, body in bodies().items() if not name.startswith(("a ticket of", "2,000 messages of 500"))}
REFUSED_LATER = ("a key of 4 MB", "4 MB of escapes")


@pytest.mark.parametrize("name", [name for name in REFUSED if name not in REFUSED_LATER])
def test_a_body_of_more_than_a_ticket_holds_is_refused_before_a_model_sees_it(name: str) -> None:
    came = parsed(REFUSED[name]())

    assert isinstance(came, Refused)
    assert len(came.fields) <= 20


@pytest.mark.parametrize("name", ["600,000 empty messages, 1.8 MB", *REFUSED_LATER])
async def test_a_hostile_body_is_answered_with_a_short_problem(service: Called, name: str) -> None:
    answer = await service.http.post("/v1/suggestions", content=REFUSED[name](), headers=service.as_("triage") | JSON)

    assert answer.status_code in (400, 422)
    assert len(answer.content) < 5_000


@pytest.mark.parametrize("body", [body for name, body in corrections().items() if name != "500 facts of 10 pieces"])
async def test_a_hostile_correction_is_answered_with_a_short_problem(service: Called, body: Callable[[], bytes]) -> None:
    headers = service.as_("triage")
    first = await service.suggestion(headers)

    answer = await service.http.post(f"/v1/suggestions/{first['id']}/decisions", content=body(), headers=headers | JSON)

    assert answer.status_code in (400, 422)
    assert len(answer.content) < 5_000


async def test_fields_that_hold_too_much_are_named(service: Called) -> None:
    ticket = {"participants": [{"id": "a", "name": "CANARY" * 1_000}], "messages": [{"text": "x"}] * 2_001}

    problem = is_problem(await service.http.post("/v1/suggestions", json=ticket, headers=service.as_("triage")), 422, "invalid")

    assert [error["field"] for error in problem["errors"]] == ["participants[0].name", "messages"]
    assert "CANARY" not in json.dumps(problem)


async def test_a_long_body_is_read_in_another_process_and_comes_back_whole(
    service: Called, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strict_request, "LONG_BYTES", 10)

    assert (await service.suggestion())["ticket_id"] == "T-1"
    problem = is_problem(
        await service.http.post("/v1/suggestions", content=b'{"a": 1, "a": 2}', headers=service.as_("triage") | JSON),
        400,
        "bad_json",
    )
    assert "given twice" in problem["detail"]


async def test_the_embedded_reader_keeps_the_deadline_and_says_what_it_did_not_read(make: Make) -> None:
    workers = Workers(1)
    reader = InTimeReader(embedded_reader(), 60.0, workers.read)
    called = make(reader=reader, request_seconds=8)
    body = {"messages": [{"text": "I want a refund, he wants a tip. " * 24_000}]}

    answer = await called.http.post("/v1/suggestions", json=body, headers=called.as_("triage"), timeout=300)

    told = answer.json()
    assert told["provenance"]["outcome"] in ("ok", "timeout")
    assert 0 < len(told["provenance"]["unread"]) <= len(told["sentences"])
    assert "truncated_ticket" in told["cautions"]
    assert told["route"] == "agent_review"
