"""Every error is a problem document, and the OpenAPI document says which ones an endpoint can answer with."""

import json
from typing import Any

import pytest

from copilot.core.errors import StoreError
from copilot.service import page_files
from copilot.service.problems import KINDS, MEDIA_TYPE, answer, of_framework, of_store
from tests.service.called import TICKET, Called, Make, is_problem
from tests.service.test_feedback import BAD, GOOD


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "/v1/suggestions/", 404, "not_found"),
        ("GET", "/assets/nothing.js", 404, "not_found"),
        ("GET", "/assets/../__init__.py", 404, "not_found"),
        ("GET", "/assets/index.html", 404, "not_found"),
        ("GET", "/docs/assets/nothing", 404, "not_found"),
        ("GET", "/problems/nothing", 404, "not_found"),
        ("DELETE", "/v1/suggestions", 405, "method_not_allowed"),
        ("POST", "/healthz", 405, "method_not_allowed"),
        ("POST", page_files.address("panel.js"), 405, "method_not_allowed"),
        ("OPTIONS", "/v1/suggestions", 405, "method_not_allowed"),
        ("TRACE", "/v1/suggestions", 405, "method_not_allowed"),
        ("HEAD", "/v1/feedback", 405, None),
    ],
)
async def test_the_frameworks_own_errors_are_problems_too(
    service: Called, method: str, path: str, status: int, code: str | None
) -> None:
    came = await service.http.request(method, path)

    if code:
        is_problem(came, status, code)
    assert came.status_code == status
    if status == 405:
        assert came.headers["allow"]


async def test_a_method_that_does_not_fit_is_told_all_that_do(service: Called) -> None:
    for path, methods in (
        ("/zendesk/sidebar", "GET, POST"),
        ("/v1/suggestions", "GET, POST"),
        ("/v1/suggestions/x/outcome", "PUT"),
    ):
        assert (await service.http.request("DELETE", path)).headers["allow"] == methods


async def test_an_exception_that_nobody_foresaw_is_a_problem_without_its_message(
    service: Called, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> object:
        raise RuntimeError("CANARY")

    headers = service.as_("triage")
    monkeypatch.setattr(service.store.suggestions, "add", fails)

    came = await service.http.post("/v1/suggestions", json=TICKET, headers=headers)

    assert "CANARY" not in json.dumps(is_problem(came, 500, "internal"))


def test_an_error_of_the_store_or_the_framework_that_is_new_is_still_a_problem() -> None:
    from starlette.exceptions import HTTPException

    assert of_store(StoreError("new")).code == "internal"
    assert of_framework(HTTPException(418)).code == "bad_request"
    assert of_framework(HTTPException(501)).code == "internal"
    assert answer({"type": "http", "headers": []}, of_store(StoreError("new"))).status_code == 500


def test_every_error_that_the_document_names_is_a_problem_document_with_an_example(service: Called) -> None:
    document = service.app.openapi()

    described = [
        (f"{method} {path}", status, response)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        for status, response in operation["responses"].items()
        if int(status) >= 400
    ]
    assert len(described) > 60
    for _, status, response in described:
        assert list(response["content"]) == [MEDIA_TYPE]
        content = response["content"][MEDIA_TYPE]
        assert content["schema"] == {"$ref": "#/components/schemas/ProblemDocument"}
        assert all(str(example["value"]["status"]) == status for example in content["examples"].values())
        assert content["examples"]


@pytest.mark.parametrize("status", ["401", "403", "429", "500", "503"])
def test_every_endpoint_under_v1_says_who_may_call_and_what_can_stand_in_the_way(service: Called, status: str) -> None:
    document = service.app.openapi()

    for path, operations in document["paths"].items():
        for operation in operations.values() if path.startswith("/v1") and not path.startswith("/v1/hooks") else ():
            assert status in operation["responses"], path
            assert operation["security"]
            assert operation["summary"]
            assert operation["description"]


def test_every_body_of_the_interface_has_examples_that_its_schema_takes(service: Called) -> None:
    from copilot.core.ticket import Ticket
    from copilot.service.documents import EXAMPLES
    from copilot.service.hooks import NamedTicket
    from copilot.service.shapes import Chosen, Correction, SessionRequest
    from copilot.service.zendesk_ticket import ZendeskTicket
    from copilot.store import Feedback, Outcome
    from copilot.store.records import FirstChoice

    shapes = {"ticket": Ticket, "correction": Correction, "feedback": Feedback, "outcome": Outcome, "agent": SessionRequest}
    shapes |= {"chosen": Chosen, "first choice": FirstChoice, "named": NamedTicket, "zendesk": ZendeskTicket}

    assert set(shapes) == set(EXAMPLES)
    for name, examples in EXAMPLES.items():
        for example in examples.values():
            assert shapes[name].model_validate(example["value"])


async def test_a_kind_of_problem_is_explained_where_its_type_points(service: Called) -> None:
    for code, kind in KINDS.items():
        came = await service.http.get(f"/problems/{code}")
        assert (came.status_code, came.text.splitlines()[0]) == (200, f"{kind.title} ({kind.status})")


async def test_the_document_is_served_and_is_the_one_that_is_described(make: Make) -> None:
    called = make(auth=False)

    assert (await called.http.get("/openapi.json")).json() == json.loads(json.dumps(called.app.openapi()))


GOOD_AND_BAD = [
    *(("Feedback", body) for body in GOOD),
    *(("Feedback", body) for body, _ in BAD),
    ("Outcome", {"route": "content_enforcement", "labels": ["retaliation"]}),
    ("Outcome", {"route": "content_enforcement", "labels": ["retaliation", "retaliation"]}),
    ("Outcome", {"route": "content_enforcement", "labels": []}),
    ("Outcome", {"route": "no_escalation", "labels": []}),
    ("Outcome", {"route": "no_escalation", "labels": ["retaliation"]}),
]


@pytest.mark.parametrize(("name", "body"), GOOD_AND_BAD, ids=lambda one: one if isinstance(one, str) else "")
def test_what_the_document_says_of_a_body_is_what_its_model_takes(service: Called, name: str, body: dict[str, Any]) -> None:
    import jsonschema_rs
    from pydantic import ValidationError

    from copilot import store

    document = service.app.openapi()
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    try:
        getattr(store, name).model_validate(body)
        is_good = True
    except ValidationError:
        is_good = False

    assert jsonschema_rs.is_valid(schema, body) is is_good
