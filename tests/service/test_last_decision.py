"""A ticket's last decision is told with each of its suggestions: by whom, when and what, whoever asks."""

from typing import Any

from tests.builders import claim, extraction
from tests.service.called import TICKET, Called

CHANGED = {"action": "changed", "changed_to": {"route": "account_security", "labels": []}, "reason": "wrong_team"}


async def _post(service: Called, ticket: dict[str, Any], agent: str = "agent-1") -> dict[str, Any]:
    answer = await service.http.post("/v1/suggestions", json=ticket, headers=service.session(agent))
    return answer.json()  # type: ignore[no-any-return]


async def _say(service: Called, id: str, body: dict[str, Any], agent: str) -> dict[str, Any]:
    answer = await service.http.post(f"/v1/suggestions/{id}/feedback", json=body, headers=service.session(agent))
    return answer.json()  # type: ignore[no-any-return]


async def test_a_ticket_that_nobody_decided_has_no_last_decision(service: Called) -> None:
    made = await _post(service, TICKET)

    assert made["decided"] is None


async def test_a_second_agent_is_told_who_decided_the_ticket_when_and_what(service: Called) -> None:
    first = await _post(service, TICKET)
    said = await _say(service, first["id"], {"action": "accepted"}, "agent-1")

    second = await _post(service, TICKET, "agent-2")

    assert second["id"] != first["id"]
    assert second["decided"] == {
        "id": said["id"],
        "suggestion_id": first["id"],
        "created_at": said["created_at"],
        "agent": "agent-1",
        "action": "accepted",
        "route": first["route"],
        "labels": first["labels"],
        "is_of_this_text": True,
    }


async def test_the_last_word_is_told_and_where_it_sent_the_ticket(service: Called) -> None:
    made = await _post(service, TICKET)
    await _say(service, made["id"], {"action": "accepted"}, "agent-1")
    await _say(service, made["id"], CHANGED, "agent-2")

    shown = (await service.http.get(f"/v1/suggestions/{made['id']}", headers=service.session("agent-1"))).json()

    decided = shown["decided"]
    assert (decided["agent"], decided["action"], decided["route"]) == ("agent-2", "changed", "account_security")


async def test_a_corrected_decision_tells_it_too(service: Called) -> None:
    made = await _post(service, TICKET)
    await _say(service, made["id"], {"action": "accepted"}, "agent-1")
    correction = {"extraction": extraction(claim()).model_dump(mode="json")}

    answer = await service.http.post(
        f"/v1/suggestions/{made['id']}/decisions", json=correction, headers=service.session("agent-2")
    )

    assert answer.json()["decided"]["agent"] == "agent-1"


async def test_a_decision_before_the_ticket_grew_is_told_as_one_about_another_text(service: Called) -> None:
    made = await _post(service, TICKET)
    await _say(service, made["id"], {"action": "accepted"}, "agent-1")

    grown = await _post(service, TICKET | {"messages": [*TICKET["messages"], {"id": "m99", "text": "He did it again."}]})

    assert (grown["decided"]["agent"], grown["decided"]["is_of_this_text"]) == ("agent-1", False)


async def test_tickets_without_an_id_of_their_own_share_no_decision(service: Called) -> None:
    for id in ("ticket", "new"):
        made = await _post(service, TICKET | {"id": id})
        await _say(service, made["id"], {"action": "accepted"}, "agent-1")

        assert (await _post(service, TICKET | {"id": id}))["decided"] is None


async def test_a_decision_on_an_erased_ticket_is_not_told(service: Called) -> None:
    made = await _post(service, TICKET)
    await _say(service, made["id"], {"action": "accepted"}, "agent-1")
    service.store.retention.erase("maria")

    assert (await _post(service, TICKET))["decided"] is None
