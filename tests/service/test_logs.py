"""The log says who, what, how long and how it ended; never what a ticket says, a key, or what was put into an address."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator

import pytest
import structlog

from copilot.service import logs
from tests.builders import claim, extraction
from tests.service.called import TICKET, Called, Make, bearer

LINE = {"timestamp", "level", "logger", "event"}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log as a running service writes it."""
    root = logging.getLogger()
    before, level, ours = root.handlers, root.level, logging.getLogger("copilot").level
    stream = io.StringIO()
    logs.configure(stream)
    yield stream
    root.handlers = before
    root.setLevel(level)
    logging.getLogger("copilot").setLevel(ours)
    structlog.reset_defaults()


async def test_a_request_is_one_line_with_its_id_route_status_time_and_caller(service: Called, log: io.StringIO) -> None:
    headers = service.as_("triage")
    suggestion = await service.suggestion(headers)
    answer = await service.http.get(f"/v1/suggestions/{suggestion['id']}?token=CANARY", headers=headers)

    made, shown = map(json.loads, log.getvalue().splitlines())
    assert set(made) > LINE
    assert (made["route"], made["status"], made["suggestion"]) == ("/v1/suggestions", 201, suggestion["id"])
    assert (made["to"], made["outcome"]) == ("content_enforcement", "ok")
    assert made["principal"].startswith("key_")
    assert shown["request_id"] == answer.headers["x-request-id"]
    assert (shown["method"], shown["route"], shown["ms"] > 0) == ("GET", "/v1/suggestions/{id}", True)


async def test_nothing_that_a_caller_sent_is_logged_whatever_becomes_of_it(
    make: Make, log: io.StringIO, marked: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, unusable: Callable[..., object]
) -> None:
    """A mark in every place of every request, through success and every failure."""
    called = make(zendesk_subdomain=None)
    headers, session = called.as_("admin"), called.session(marked("agent"))
    ticket = {
        "id": marked("ticket"),
        "subject": marked("subject"),
        "reporter": marked("person"),
        "participants": [{"id": marked("person"), "role": "client", "name": marked("name")}],
        "messages": [{"id": marked("message"), "author": marked("person"), "text": f"He deleted my shop. {marked('text')}"}],
    }
    facts = extraction(claim()).model_dump(mode="json")
    facts["parties"][0]["name"] = marked("party")
    feedback = {"action": "dismissed", "reason": "other", "comment": marked("comment"), "note": marked("note")}
    keyed = headers | {"Idempotency-Key": marked("key"), "X-Request-ID": marked("request"), "User-Agent": marked("client")}

    async def everything() -> None:
        made = await called.http.post("/v1/suggestions", json=ticket, headers=keyed)
        id = made.json().get("id", "sug_" + "0" * 26)
        await called.http.post("/v1/suggestions", json=ticket | {"subject": "other"}, headers=keyed)
        await called.http.get(f"/v1/suggestions/{id}?{marked('query')}", headers=session)
        await called.http.get(f"/v1/suggestions/{marked('path')}", headers=session)
        await called.http.post(f"/v1/suggestions/{id}/decisions", json={"extraction": facts}, headers=headers)
        await called.http.post(f"/v1/suggestions/{id}/feedback", json=feedback, headers=session)
        await called.http.put(f"/v1/suggestions/{id}/outcome", json={"route": marked("route"), "labels": []}, headers=headers)
        await called.http.get(f"/v1/feedback?since={marked('since')}", headers=headers)
        await called.http.get("/v1/feedback?format=csv", headers=headers)
        await called.http.post("/v1/sessions", json={"agent": marked("agent")}, headers=headers)
        await called.http.post("/v1/suggestions", json=ticket | {marked("field"): 1}, headers=headers)
        await called.http.post("/v1/suggestions", content=f'{{"{marked("json")}": NaN', headers=headers)
        await called.http.get("/v1/feedback", headers=bearer(f"tck_{marked('secret')}"))
        await called.http.post(f"/zendesk/sidebar?{marked('query')}", data={"token": marked("token")})
        await called.http.request(marked("method").replace("-", ""), f"/{marked('path')}%0a%1b[31m")

    await everything()
    for name in ("get", "add"):
        monkeypatch.setattr(called.store.suggestions, name, unusable)
    await everything()

    def fails(*_: object, **__: object) -> object:
        raise RuntimeError(marked("exception"))

    monkeypatch.setattr(called.store.suggestions, "add", fails)
    monkeypatch.setattr(called.reader, "says", RuntimeError(marked("reader")))
    await everything()

    said = log.getvalue()
    assert said.count("\n") > 40
    assert "TAINT" not in said
    assert headers["Authorization"].partition(" ")[2] not in said
    assert session["Authorization"].partition(" ")[2] not in said
    for line in said.splitlines():
        assert set(json.loads(line)) >= LINE
        assert re.fullmatch(r"[\x20-\x7e]+", line)


def test_what_other_libraries_say_is_told_by_name_and_faults_by_class_and_place(log: io.StringIO) -> None:
    try:
        raise ValueError("CANARY")
    except ValueError:
        logging.getLogger("asyncio").exception("Task exception was never retrieved: %s", "CANARY")
        logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=True)

    library, server = map(json.loads, log.getvalue().splitlines())
    assert (library["event"], library["logger"], library["fault"]) == ("log of a library", "asyncio", "ValueError")
    assert (server["fault"], server["at"].partition(":")[0]) == ("ValueError", "test_logs.py")
    assert "CANARY" not in log.getvalue()


def test_no_control_character_can_stand_in_a_line(log: io.StringIO) -> None:
    logging.getLogger("copilot").warning("a\nb\x1b[31m\x7f\x00\u2028\u202eé")

    assert re.fullmatch(r"[\x20-\x7e]+\n", log.getvalue())
    assert json.loads(log.getvalue())["event"] == "a\nb\x1b[31m\x7f\x00\u2028\u202eé"


async def test_figures_are_labelled_by_templates_and_codes_and_by_nothing_that_was_sent(make: Make) -> None:
    called = make(auth=False)
    await called.suggestion({})
    await called.http.get("/v1/suggestions/CANARY?x=CANARY")
    await called.http.request("CANARY", "/CANARY")

    figures = (await called.http.get("/metrics")).text

    assert "CANARY" not in figures
    assert 'copilot_http_requests_total{method="POST",route="/v1/suggestions",status="201"} 1.0' in figures
    assert 'copilot_http_requests_total{method="other",route="none",status="404"} 1.0' in figures
    assert (
        'copilot_suggestions_total{degraded="false",extractor="openai",outcome="ok",route="content_enforcement"} 1.0' in figures
    )
    assert 'copilot_store_errors_total{kind="NotFound"} 1.0' in figures
    assert "copilot_http_requests_in_flight 1.0" in figures


async def test_a_ticket_sent_again_with_its_key_is_counted_once(service: Called) -> None:
    headers = service.as_("admin") | {"Idempotency-Key": "one"}
    for _ in range(2):
        await service.http.post("/v1/suggestions", json=TICKET, headers=headers)

    assert "copilot_reading_seconds_count" in (figures := (await service.http.get("/metrics", headers=headers)).text)
    assert 'copilot_reading_seconds_count{extractor="openai"} 1.0' in figures
