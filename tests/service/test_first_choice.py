"""Blind first: on a share of tickets an agent is asked once for a choice of their own; feedback knows whether it had sight."""

import json
from typing import Any

import httpx
import pytest

from tests.service.called import TICKET, Called, Make, is_problem

OWN = {"route": "mediation_disputes"}
LOOKED: dict[str, Any] = {"route": None}


@pytest.fixture
def blind(make: Make) -> Called:
    """A service that asks on every ticket."""
    return make(blind_share=1.0)


async def _post(service: Called, agent: str, **more: Any) -> dict[str, Any]:
    answer = await service.http.post("/v1/suggestions", json=TICKET | more, headers=service.session(agent))
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


async def _choose(service: Called, id: str, body: Any, agent: str, **headers: str) -> httpx.Response:
    return await service.http.post(f"/v1/suggestions/{id}/first-choice", json=body, headers=service.session(agent) | headers)


async def _exported(service: Called) -> list[dict[str, Any]]:
    answer = await service.http.get("/v1/feedback", headers=service.as_("export"))
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_nobody_is_asked_where_no_share_is_set(service: Called) -> None:
    made = await _post(service, "agent-1")

    answer = await _choose(service, made["id"], OWN, "agent-1")

    assert (made["blind"], made["first_choice"]) == (False, None)
    assert (answer.status_code, answer.json()["blind"], answer.json()["first_choice"]) == (200, False, None)


async def test_an_agent_is_asked_until_they_have_chosen_and_the_answer_shows_the_suggestion(blind: Called) -> None:
    made = await _post(blind, "agent-1")
    shown = await blind.http.get(f"/v1/suggestions/{made['id']}", headers=blind.session("agent-1"))

    answer = await _choose(blind, made["id"], OWN, "agent-1")

    assert made["blind"] is shown.json()["blind"] is True
    assert answer.status_code == 200, answer.text
    assert answer.json() == made | {"blind": False, "first_choice": "mediation_disputes"}
    again = await blind.http.get(f"/v1/suggestions/{made['id']}", headers=blind.session("agent-1"))
    assert again.json() == answer.json()


async def test_whoever_opens_the_ticket_again_is_not_asked_again_and_another_agent_is(blind: Called) -> None:
    made = await _post(blind, "agent-1")
    await _choose(blind, made["id"], OWN, "agent-1")

    reopened, longer, other = (
        await _post(blind, "agent-1"),
        await _post(blind, "agent-1", messages=[*TICKET["messages"], {"text": "And now he wants more."}]),
        await _post(blind, "agent-2"),
    )

    assert (reopened["blind"], reopened["first_choice"]) == (False, "mediation_disputes")
    assert (longer["blind"], longer["first_choice"]) == (False, "mediation_disputes")
    assert (other["blind"], other["first_choice"]) == (True, None)


async def test_the_first_choice_counts_whatever_comes_after_it(blind: Called) -> None:
    made = await _post(blind, "agent-1")
    await _choose(blind, made["id"], OWN, "agent-1")

    second = await _choose(blind, made["id"], {"route": "account_security"}, "agent-1")

    assert (second.status_code, second.json()["first_choice"]) == (200, "mediation_disputes")


async def test_whoever_looked_without_choosing_has_seen_it(blind: Called) -> None:
    made = await _post(blind, "agent-1")

    looked = await _choose(blind, made["id"], LOOKED, "agent-1")
    later = await _choose(blind, made["id"], OWN, "agent-1")

    for answer in (looked, later):
        assert (answer.json()["blind"], answer.json()["first_choice"]) == (False, None)


async def test_whoever_decided_on_a_ticket_has_seen_it(blind: Called) -> None:
    made = await _post(blind, "agent-1")
    headers = blind.session("agent-1")
    await blind.http.post(f"/v1/suggestions/{made['id']}/feedback", json={"action": "accepted"}, headers=headers)

    late = await _choose(blind, made["id"], OWN, "agent-1")

    assert (late.json()["blind"], late.json()["first_choice"]) == (False, None)


@pytest.mark.parametrize("id", ["ticket", "new"])
async def test_a_ticket_without_an_id_of_its_own_is_never_asked_on(blind: Called, id: str) -> None:
    made = await _post(blind, "agent-1", id=id)

    assert made["blind"] is False


async def test_the_share_of_tickets_is_the_one_that_is_set_and_a_larger_share_holds_the_smaller(make: Make) -> None:
    asked = {}
    for share in (0.2, 0.5):
        service = make(blind_share=share, rate_per_minute=1_000_000)
        asked[share] = {number for number in range(300) if (await _post(service, f"a{number}", id=f"T-{number}"))["blind"]}

    assert 40 <= len(asked[0.2]) <= 80
    assert 125 <= len(asked[0.5]) <= 175
    assert asked[0.2] < asked[0.5]


@pytest.mark.parametrize(("choice", "first", "with_sight"), [(OWN, "mediation_disputes", False), (LOOKED, None, True)])
async def test_feedback_says_whether_it_was_given_with_sight(
    blind: Called, choice: dict[str, Any], first: str | None, with_sight: bool
) -> None:
    made = await _post(blind, "agent-1")
    await _choose(blind, made["id"], choice, "agent-1")
    path = f"/v1/suggestions/{made['id']}/feedback"

    own = await blind.http.post(path, json={"action": "accepted"}, headers=blind.session("agent-1"))
    others = await blind.http.post(path, json={"action": "accepted"}, headers=blind.session("agent-2"))

    assert (own.json()["first_choice"], own.json()["with_sight"]) == (first, with_sight)
    assert (others.json()["first_choice"], others.json()["with_sight"]) == (None, True)
    assert [(row["first_choice"], row["with_sight"]) for row in await _exported(blind)] == [(first, with_sight), (None, True)]


async def test_the_same_key_is_answered_with_the_first_answer_and_another_body_under_it_is_refused(blind: Called) -> None:
    made = await _post(blind, "agent-1")
    key = {"Idempotency-Key": "choice-1"}

    first = await _choose(blind, made["id"], OWN, "agent-1", **key)
    again = await _choose(blind, made["id"], OWN, "agent-1", **key)
    other = await _choose(blind, made["id"], LOOKED, "agent-1", **key)

    assert (first.json(), again.headers["idempotency-replayed"]) == (again.json(), "true")
    is_problem(other, 422, "key_reused")


@pytest.mark.parametrize("body", [{}, {"route": "nowhere"}, {"route": ""}, {"route": 1}, {"route": None, "why": "x"}, [], "x"])
async def test_what_is_no_choice_is_refused(blind: Called, body: Any) -> None:
    made = await _post(blind, "agent-1")

    answer = await _choose(blind, made["id"], body, "agent-1")

    is_problem(answer, 422, "invalid")
    shown = await blind.http.get(f"/v1/suggestions/{made['id']}", headers=blind.session("agent-1"))
    assert shown.json()["blind"] is True


async def test_a_caller_without_the_scope_and_a_suggestion_that_is_not_there_are_refused(blind: Called) -> None:
    made = await _post(blind, "agent-1")
    path = "/v1/suggestions/{}/first-choice"

    for scope in ("feedback", "export", "metrics", "insights", "sessions"):
        is_problem(await blind.http.post(path.format(made["id"]), json=OWN, headers=blind.as_(scope)), 403, "forbidden")
    is_problem(await blind.http.post(path.format(made["id"]), json=OWN), 401, "unauthorised")
    is_problem(await _choose(blind, f"sug_{'0' * 26}", OWN, "agent-1"), 404, "not_found")
    is_problem(await _choose(blind, "x", OWN, "agent-1"), 404, "not_found")


async def test_no_choice_is_taken_on_a_suggestion_whose_text_is_gone(blind: Called) -> None:
    made = await _post(blind, "agent-1")
    blind.store.retention.erase(TICKET["reporter"])

    is_problem(await _choose(blind, made["id"], OWN, "agent-1"), 410, "text_gone")
