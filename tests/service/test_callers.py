"""Who may call: keys and sessions that hold, for what they are good for, and nobody else."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest

from copilot.store import Scope
from tests.builders import claim, extraction
from tests.service.called import TICKET, Called, Make, bearer, is_problem

SUGGESTION = f"/v1/suggestions/sug_{'0' * 26}"
ENDPOINTS = {
    "triage": [
        ("POST", "/v1/suggestions", TICKET),
        ("GET", SUGGESTION, None),
        ("GET", "/v1/suggestions", None),
        ("GET", "/v1/tickets/T-1/before", None),
        ("POST", f"{SUGGESTION}/first-choice", {"route": "no_escalation"}),
        ("POST", f"{SUGGESTION}/chosen-note", {"chosen": {"route": "no_escalation", "labels": []}}),
        ("POST", f"{SUGGESTION}/decisions", {"extraction": extraction(claim()).model_dump(mode="json")}),
    ],
    "feedback": [
        ("POST", f"{SUGGESTION}/feedback", {"action": "accepted"}),
        ("PUT", f"{SUGGESTION}/outcome", {"route": "no_escalation", "labels": []}),
    ],
    "export": [("GET", "/v1/feedback", None)],
    "insights": [
        ("GET", "/v1/insights", None),
        ("GET", "/v1/insights/tickets?figure=accepted", None),
        ("GET", "/v1/insights/shadow", None),
    ],
    "metrics": [("GET", "/v1/metrics/agents", None), ("GET", "/metrics", None)],
    "sessions": [("POST", "/v1/sessions", {"agent": "agent-1"}), ("POST", "/v1/sessions/end-all", {"agent": "agent-1"})],
}
ALL = [(scope, *one) for scope, some in ENDPOINTS.items() for one in some]


@pytest.mark.parametrize(("scope", "method", "path", "body"), ALL, ids=lambda one: one if isinstance(one, str) else "")
async def test_an_endpoint_is_for_its_own_scope_and_for_admin(
    service: Called, scope: str, method: str, path: str, body: object
) -> None:
    others = [one for one in Scope if one not in (scope, Scope.ADMIN)]

    for allowed in (scope, "admin"):
        answer = await service.http.request(method, path, json=body, headers=service.as_(allowed))
        assert answer.status_code in (200, 201, 404), answer.text
    is_problem(await service.http.request(method, path, json=body, headers=service.as_(*others)), 403, "forbidden")
    refused = await service.http.request(method, path, json=body)
    is_problem(refused, 401, "unauthorised")
    assert refused.headers["www-authenticate"] == 'Bearer realm="triage-copilot"'


def test_every_endpoint_under_v1_is_tried(service: Called) -> None:
    tried = {
        (method, path.replace(SUGGESTION, "/v1/suggestions/{id}").replace("/T-1/", "/{id}/").partition("?")[0])
        for _, method, path, _ in ALL
    }
    described = {
        (method.upper(), path)
        for path, some in service.app.openapi()["paths"].items()
        for method in some
        if path.startswith("/v1")
    }

    signed = {("POST", "/v1/hooks/zendesk"), ("POST", "/v1/hooks/ticket")}
    assert described - tried == signed | {("POST", "/v1/sessions/renew"), ("POST", "/v1/sessions/end")}


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Basic dXNlcjpwYXNz",
        "Bearer nonsense",
        "Bearer tck_aaaaaaaa_" + "A" * 43,
        "Bearer tcs_" + "A" * 43,
        "Bearer tcs_'; drop table sessions; --",
        "Bearer tck_aaaaaaaa_" + "A" * 2_000,
        "Bearer " + jwt.encode({"sub": "1", "scope": "admin"}, "k" * 32, algorithm="HS256"),
        "Bearer " + jwt.encode({"sub": "1"}, None, algorithm="none"),
    ],
    ids=lambda header: header[:24],
)
async def test_a_header_that_holds_no_good_key_is_refused_even_where_none_is_needed(make: Make, header: str) -> None:
    for auth in (True, False):
        called = make(auth=auth)
        answer = await called.http.get("/v1/feedback", headers={"Authorization": header})
        is_problem(answer, 401, "unauthorised")
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_two_authorization_headers_are_refused(service: Called) -> None:
    good = service.as_("export")["Authorization"]

    answer = await service.http.get("/v1/feedback", headers=[("Authorization", good), ("Authorization", good)])

    is_problem(answer, 401, "unauthorised")


async def test_a_key_with_one_character_changed_is_refused(service: Called) -> None:
    good = service.as_("export")["Authorization"]
    other = good[:-1] + ("A" if good[-1] != "A" else "B")

    assert (await service.http.get("/v1/feedback", headers={"Authorization": good})).status_code == 200
    is_problem(await service.http.get("/v1/feedback", headers={"Authorization": other}), 401, "unauthorised")


async def test_a_key_that_was_revoked_or_is_past_its_time_is_refused(service: Called) -> None:
    revoked, secret = service.store.keys.create("a", [Scope.EXPORT])
    service.store.keys.revoke(revoked.id)
    _, past = service.store.keys.create("b", [Scope.EXPORT], datetime.now(UTC) - timedelta(seconds=1))

    for text in (secret, past):
        is_problem(await service.http.get("/v1/feedback", headers=bearer(text)), 401, "unauthorised")


async def test_a_session_may_triage_and_give_feedback_and_nothing_else(service: Called) -> None:
    for scope, method, path, body in ALL:
        answer = await service.http.request(method, path, json=body, headers=service.session())
        assert (answer.status_code == 403) is (scope not in ("triage", "feedback")), (scope, path, answer.text)


async def test_a_session_that_ended_is_refused(service: Called) -> None:
    answer = await service.http.get(SUGGESTION, headers=service.session(minutes=-1))

    is_problem(answer, 401, "unauthorised")


async def test_an_integrator_opens_a_session_and_the_agents_name_is_the_sessions(service: Called) -> None:
    answer = await service.http.post("/v1/sessions", json={"agent": "agent-7"}, headers=service.as_("sessions"))
    session = bearer(answer.json()["token"])
    suggestion = await service.suggestion(session)

    given = await service.http.post(f"/v1/suggestions/{suggestion['id']}/feedback", json={"action": "accepted"}, headers=session)

    assert answer.status_code == 201
    assert given.json()["agent"] == "agent-7"


@pytest.mark.parametrize("agent", ["", " ", "a" * 201, None, 7])
async def test_a_session_without_a_usable_agent_is_refused(service: Called, agent: object) -> None:
    answer = await service.http.post("/v1/sessions", json={"agent": agent}, headers=service.as_("sessions"))

    is_problem(answer, 422, "invalid")


async def test_a_session_is_renewed_by_itself_and_by_no_key(service: Called) -> None:
    session = service.session()

    renewed = await service.http.post("/v1/sessions/renew", headers=session)

    assert renewed.status_code == 201
    assert (await service.http.get(SUGGESTION, headers=bearer(renewed.json()["token"]))).status_code == 404
    is_problem(await service.http.post("/v1/sessions/renew", headers=service.as_("admin")), 403, "forbidden")


async def test_an_agent_who_signs_out_is_out_with_every_token(service: Called) -> None:
    session = service.session()
    renewed = bearer((await service.http.post("/v1/sessions/renew", headers=session)).json()["token"])

    ended = await service.http.post("/v1/sessions/end", headers=renewed)

    assert (ended.status_code, ended.json()) == (200, {"sessions": 1})
    for token in (session, renewed):
        is_problem(await service.http.get(SUGGESTION, headers=token), 401, "unauthorised")
    is_problem(await service.http.post("/v1/sessions/end", headers=service.as_("admin")), 403, "forbidden")


async def test_an_integrator_signs_an_agent_out_and_nobody_else(service: Called) -> None:
    theirs, others = service.session("agent-1"), service.session("agent-2")

    ended = await service.http.post("/v1/sessions/end-all", json={"agent": "agent-1"}, headers=service.as_("sessions"))

    assert ended.json() == {"sessions": 1}
    is_problem(await service.http.get(SUGGESTION, headers=theirs), 401, "unauthorised")
    assert (await service.http.get(SUGGESTION, headers=others)).status_code == 404


@pytest.mark.parametrize("then", ["good", "revoked", "expired"])
async def test_from_the_first_key_on_a_running_service_asks_for_one_whatever_becomes_of_it(make: Make, then: str) -> None:
    local = make(auth=False, until_a_key=True)
    before = await local.http.get("/v1/feedback")
    opened = await local.http.post("/v1/sessions", json={"agent": "agent-1"})
    past = datetime.now(UTC) - timedelta(days=1) if then == "expired" else None
    key, _ = local.store.keys.create("first", [Scope.TRIAGE], past)
    if then == "revoked":
        local.store.keys.revoke(key.id)

    after = await local.http.get("/v1/feedback")

    assert before.status_code == 200
    is_problem(after, 401, "unauthorised")
    is_problem(await local.http.get(SUGGESTION, headers=bearer(opened.json()["token"])), 401, "unauthorised")


async def test_auth_that_is_off_by_name_stays_off(make: Make) -> None:
    local = make(auth=False, until_a_key=False)
    local.store.keys.create("first", [Scope.TRIAGE])

    assert (await local.http.get("/v1/feedback")).status_code == 200


async def test_health_is_told_to_everybody_and_figures_to_nobody_without_the_scope(make: Make) -> None:
    guarded, local = make(auth=True), make(auth=False)

    for path in ("/healthz", "/readyz"):
        assert (await guarded.http.get(path)).status_code == 200
    is_problem(await guarded.http.get("/metrics"), 401, "unauthorised")
    is_problem(await guarded.http.get("/metrics", headers=guarded.session()), 403, "forbidden")
    assert (await local.http.get("/metrics")).status_code == 200
