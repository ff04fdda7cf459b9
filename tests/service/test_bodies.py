"""Bodies: strict JSON of a bounded size and depth, or a problem that says where and shows nothing."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from copilot.service import body_limit
from copilot.service.strict_request import MAX_DEPTH
from tests.service.called import TICKET, Called, Make, is_problem

JSON = {"Content-Type": "application/json"}


def nested(levels: int) -> bytes:
    return b'{"messages":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b" \n", "empty"),
        (b"{", "line 1, column 2"),
        (b'{"messages":\n[}', "line 2, column 2"),
        (b'{"id": "a", "id": "b", "messages": [{"text": "x"}]}', "given twice"),
        (b'{"messages": [{"text": "x", "text": "y"}]}', "given twice"),
        (b'{"messages": [{"text": NaN}]}', "NaN"),
        (b'{"messages": -Infinity}', "Infinity"),
        (b'{"messages": [{"text": "\\ud800"}]}', "surrogate"),
        (b'{"messages": ' + b"1" * 5_000 + b"}", "digits"),
        (b'{"a": "\xff"}', "UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "UTF-8"),
        (b'\xef\xbb\xbf{"a": 1}', "line 1"),
        (nested(MAX_DEPTH + 1), "nested too deeply"),
        (nested(20_000), "nested too deeply"),
        (b'{"messages": ["a\x00b"]}', "line 1"),
    ],
    ids=lambda one: repr(one)[:40] if isinstance(one, bytes) else "",
)
async def test_what_is_not_acceptable_json_is_refused_with_the_place(service: Called, body: bytes, says: str) -> None:
    answer = await service.http.post("/v1/suggestions", content=body, headers=service.as_("triage") | JSON)

    assert says in is_problem(answer, 400, "bad_json")["detail"]


async def test_no_body_at_all_is_a_missing_one(service: Called) -> None:
    is_problem(await service.http.post("/v1/suggestions", headers=service.as_("triage") | JSON), 422, "invalid")


async def test_a_body_as_deep_as_allowed_is_read_and_judged_by_its_fields(service: Called) -> None:
    answer = await service.http.post("/v1/suggestions", content=nested(MAX_DEPTH), headers=service.as_("triage") | JSON)

    is_problem(answer, 422, "invalid")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 201),
        ("application/json; charset=utf-8", 201),
        ("Application/JSON; charset=UTF-8", 201),
        ("application/ticket+json", 201),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/json; charset=utf-16", 415),
        ("application/jsonp", 415),
        ("json", 415),
        ("", 415),
        (None, 415),
    ],
)
async def test_a_body_has_to_say_that_it_is_json(service: Called, kind: str | None, status: int) -> None:
    headers = service.as_("triage") | ({"Content-Type": kind} if kind is not None else {})

    answer = await service.http.post("/v1/suggestions", content=json.dumps(TICKET).encode(), headers=headers)

    assert answer.status_code == status


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_is_taken_up_to_the_limit_and_refused_beyond_whether_or_not_it_tells_its_length(
    make: Make, chunked: bool
) -> None:
    body = json.dumps(TICKET).encode()
    called = make(max_body_bytes=len(body))

    async def parts(whole: bytes) -> AsyncIterator[bytes]:
        for at in range(0, len(whole), 100):
            yield whole[at : at + 100]

    for more, status in ((b"", 201), (b" ", 413)):
        content = parts(body + more) if chunked else body + more
        answer = await called.http.post("/v1/suggestions", content=content, headers=called.as_("triage") | JSON)
        assert answer.status_code == status
    is_problem(answer, 413, "body_too_large")
    assert answer.headers["connection"] == "close"


async def test_a_length_that_is_a_lie_or_no_number_changes_nothing(service: Called) -> None:
    headers = service.as_("triage") | JSON

    for length in ("-1", "1e9", "\xb2", "9" * 400):
        answer = await service.http.post(
            "/v1/suggestions",
            content=b"{}",
            headers={name.encode(): value.encode("latin-1") for name, value in headers.items()}
            | {b"Content-Length": length.encode("latin-1")},
        )
        assert answer.status_code in (413, 422)


async def test_a_body_that_drips_is_given_up(service: Called, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_limit.BodyLimit.__init__, "__defaults__", (0.05,))
    service.app.middleware_stack = None

    async def dripping() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(5)
        yield b"}"

    answer = await service.http.post("/v1/suggestions", content=dripping(), headers=service.as_("triage") | JSON)

    is_problem(answer, 408, "slow_body")


async def test_a_body_is_not_looked_at_before_the_caller_is_known(service: Called) -> None:
    async def unread() -> AsyncIterator[bytes]:
        yield pytest.fail("the body was read")

    is_problem(await service.http.post("/v1/suggestions", content=unread(), headers=JSON), 401, "unauthorised")
    forbidden = await service.http.post("/v1/suggestions", content=unread(), headers=service.as_("export") | JSON)
    is_problem(forbidden, 403, "forbidden")


async def test_fields_that_do_not_fit_are_named_and_what_stood_in_them_is_not_shown(service: Called) -> None:
    ticket = {
        "id": "",
        "origin": "CANARY",
        "CANARY": 1,
        "participants": [{"id": "a", "role": "CANARY"}],
        "messages": [{"text": 7, "sent_at": "CANARY", "CANARY2": 1}],
    }

    problem = is_problem(await service.http.post("/v1/suggestions", json=ticket, headers=service.as_("triage")), 422, "invalid")

    fields = {error["field"] for error in problem["errors"]}
    assert {"id", "origin", "participants[0].role", "messages[0].text", "messages[0].sent_at", "messages[0]"} <= fields
    assert "CANARY" not in json.dumps(problem)


@pytest.mark.parametrize(
    ("ticket", "field"),
    [
        ({"reporter": "CANARY", "messages": [{"text": "x"}]}, "reporter"),
        ({"messages": [{"text": "x", "author": "CANARY's \"own\" \\' is "}]}, "messages[0].author"),
        ({"participants": [{"id": "CANARY"}] * 2, "messages": [{"text": "x"}]}, "participants[1].id"),
        ({"messages": [{"text": " "}]}, "messages"),
    ],
)
async def test_a_ticket_that_does_not_hang_together_is_refused_by_the_field(service: Called, ticket: object, field: str) -> None:
    problem = is_problem(await service.http.post("/v1/suggestions", json=ticket, headers=service.as_("triage")), 422, "invalid")

    assert [error["field"] for error in problem["errors"]] == [field]
    assert "CANARY" not in json.dumps(problem)
