"""The note for a team that an agent chose: from the same facts, said to be the agent's choice, with no reader asked."""

from typing import Any

import pytest

from tests.builders import claim, extraction
from tests.service.called import TICKET, Called, is_problem

TEAMS = {
    "account_security": "Account Security",
    "mediation_disputes": "Mediation and Disputes",
    "content_enforcement": "Content Enforcement",
}


async def _ask(service: Called, id: str, route: str, *labels: str, **more: Any) -> Any:
    body = {"chosen": {"route": route, "labels": list(labels)}} | more
    return await service.http.post(f"/v1/suggestions/{id}/chosen-note", json=body, headers=service.as_("triage"))


@pytest.mark.parametrize("route", TEAMS)
async def test_each_team_gets_a_note_that_says_who_chose_it(service: Called, route: str) -> None:
    made = await service.suggestion(service.as_("admin"))

    answer = (await _ask(service, made["id"], route)).json()

    lines = answer["note"].splitlines()
    assert lines[0] == f"Internal note for {TEAMS[route]}: chosen by an agent"
    assert lines[1].startswith("An agent chose this team. Triage Copilot itself suggested ")
    assert "records, the customer qualifies" not in answer["note"]
    assert answer["queue"] == ("Content_Engagement_Tier_1_TS425" if route == "content_enforcement" else None)


async def test_labels_that_the_agent_chose_stand_in_the_note(service: Called) -> None:
    made = await service.suggestion(service.as_("admin"))

    answer = (await _ask(service, made["id"], "content_enforcement", "retaliation")).json()

    assert "Filed by the agent under: “retaliation”." in answer["note"].splitlines()
    assert answer["labels"] == ["retaliation"]


@pytest.mark.parametrize("route", ["agent_review", "no_escalation"])
async def test_what_is_no_team_gets_no_note(service: Called, route: str) -> None:
    made = await service.suggestion(service.as_("admin"))

    answer = await _ask(service, made["id"], route)

    assert answer.json() == {"route": route, "labels": [], "queue": None, "note": None}


async def test_the_note_is_written_from_the_facts_as_they_were_corrected(service: Called) -> None:
    headers = service.as_("admin")
    made = await service.suggestion(headers)
    correction = {"extraction": extraction(claim()).model_dump(mode="json")}
    decided = (await service.http.post(f"/v1/suggestions/{made['id']}/decisions", json=correction, headers=headers)).json()

    answer = (await _ask(service, made["id"], "account_security", decision_id=decided["decision_id"])).json()

    assert "reportedly did this to" in answer["note"]
    assert answer["note"] != (await _ask(service, made["id"], "account_security")).json()["note"]


async def test_a_decision_of_another_suggestion_and_labels_that_do_not_fit_are_refused(service: Called) -> None:
    made = await service.suggestion(service.as_("admin"))

    is_problem(await _ask(service, made["id"], "account_security", decision_id=f"dec_{'0' * 26}"), 404, "not_found")
    is_problem(await _ask(service, f"sug_{'0' * 26}", "account_security"), 404, "not_found")
    is_problem(await _ask(service, made["id"], "account_security", "retaliation"), 422, "invalid")


async def test_a_note_that_comes_back_in_the_ticket_is_known_as_our_own(service: Called) -> None:
    headers = service.as_("admin")
    made = await service.suggestion(headers)
    note = (await _ask(service, made["id"], "content_enforcement", "retaliation")).json()["note"]

    grown = TICKET | {"messages": [*TICKET["messages"], {"text": note}]}
    again = (await service.http.post("/v1/suggestions", json=grown, headers=headers)).json()

    last = again["sentences"][-1]["message"]
    own = set(again["provenance"]["own_notes"])
    assert [one["text"] for one in again["sentences"] if one["message"] == last and one["id"] not in own] == []
