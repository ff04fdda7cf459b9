"""Suggestions over HTTP: made, shown, decided again on corrected facts, and gone once their text is."""

from datetime import UTC, datetime, timedelta

from copilot.core.facts import Fact
from copilot.core.reading import Reading, ReadOutcome
from copilot.store import StoredSuggestion
from tests.builders import claim, demand, extraction, threat, ticket
from tests.scripted_reader import Scripted
from tests.service.called import TICKET, Called, Make, is_problem

FAR = datetime.now(UTC) + timedelta(days=400)


async def test_a_ticket_becomes_a_stored_suggestion_with_an_id_a_time_and_a_place(service: Called) -> None:
    answer = await service.http.post("/v1/suggestions", json=TICKET, headers=service.as_("triage"))

    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/suggestions/{body['id']}"
    assert set(body) == set(StoredSuggestion.model_fields)
    assert (body["ticket_id"], body["route"], body["decision_id"], body["changed"]) == ("T-1", "content_enforcement", None, [])
    assert body["text_until"] > body["created_at"]


async def test_a_stored_suggestion_is_shown_as_it_was_given(service: Called) -> None:
    headers = service.as_("triage")
    given = await service.suggestion(headers)

    assert (await service.http.get(f"/v1/suggestions/{given['id']}", headers=headers)).json() == given


async def test_an_id_that_is_none_or_is_nobodys_is_not_found(service: Called) -> None:
    headers = service.as_("triage")

    for id in ("x", "sug_" + "0" * 26, "sug_%00", "dec_" + "0" * 26, "'; drop table suggestions; --"):
        is_problem(await service.http.get(f"/v1/suggestions/{id}", headers=headers), 404, "not_found")


async def test_a_suggestion_whose_text_was_purged_is_gone_for_every_use_of_it(service: Called) -> None:
    headers = service.as_("admin")
    id = (await service.suggestion(headers))["id"]
    service.store.retention.purge(FAR)
    correction = {"extraction": extraction(claim()).model_dump(mode="json")}

    is_problem(await service.http.get(f"/v1/suggestions/{id}", headers=headers), 410, "text_gone")
    is_problem(await service.http.post(f"/v1/suggestions/{id}/decisions", json=correction, headers=headers), 410, "text_gone")


async def test_corrected_facts_are_decided_without_asking_any_reader(service: Called) -> None:
    headers = service.as_("triage")
    first = await service.suggestion(headers)
    asked = service.reader.asked
    correction = {"extraction": extraction(claim(asset="marketplace_account")).model_dump(mode="json")}

    answer = await service.http.post(f"/v1/suggestions/{first['id']}/decisions", json=correction, headers=headers)

    body = answer.json()
    assert (answer.status_code, body["route"], service.reader.asked) == (201, "account_security", asked)
    assert body["id"] == first["id"]
    assert body["decision_id"].startswith("dec_")
    assert {"field": "route", "from": "content_enforcement", "to": "account_security"} in body["changed"]
    assert (body["provenance"]["extractor"], body["provenance"]["model"]) == ("agent", "m")


async def test_the_same_facts_sent_back_keep_what_a_second_reader_saw_and_facts_that_cover_it_do_not(make: Make) -> None:
    missed = Reading(extraction(), ReadOutcome.OK, extractor="openai", second=extraction(threat(), demand()))
    service = make(reader=Scripted(missed))
    headers = service.as_("triage")
    first = await service.suggestion(headers)

    async def told(*facts: Fact) -> tuple[list[str], bool]:
        body = {"extraction": extraction(*facts).model_dump(mode="json")}
        answer = (await service.http.post(f"/v1/suggestions/{first['id']}/decisions", json=body, headers=headers)).json()
        return answer["provenance"]["disagreement"], "second_reader_disagrees" in answer["cautions"]

    assert first["provenance"]["disagreement"] == ["m1.1", "m1.2"]
    assert await told() == (["m1.1", "m1.2"], True)
    assert await told(threat(), demand()) == ([], False)


async def test_what_the_records_say_can_be_corrected_with_the_facts_and_the_ticket_stays_as_it_was(service: Called) -> None:
    headers = service.as_("triage")
    first = await service.suggestion(headers)
    facts = extraction(claim(motive="leverage")).model_dump(mode="json")

    async def routed(context: object) -> str:
        body = {"extraction": facts} | ({"context": context} if context else {})
        answer = await service.http.post(f"/v1/suggestions/{first['id']}/decisions", json=body, headers=headers)
        return str(answer.json()["route"])

    assert await routed({"mediation_eligible": True}) == "mediation_disputes"
    assert await routed(None) == "content_enforcement"
    assert service.store.suggestions.with_ticket(first["id"])[0] == ticket()


async def test_a_fact_that_cites_what_the_ticket_does_not_say_is_dropped_and_reported(service: Called) -> None:
    headers = service.as_("triage")
    first = await service.suggestion(headers)
    correction = {"extraction": extraction(claim(evidence="m9.9")).model_dump(mode="json")}

    answer = await service.http.post(f"/v1/suggestions/{first['id']}/decisions", json=correction, headers=headers)

    assert answer.status_code == 201
    assert [dropped["list"] for dropped in answer.json()["dropped"]] == ["damage_claims"]


async def test_a_correction_of_more_facts_than_a_person_would_write_is_refused(service: Called) -> None:
    headers = service.as_("triage")
    first = await service.suggestion(headers)
    facts = extraction(claim()).model_dump(mode="json")

    for times, status in ((500, 201), (501, 422)):
        given = facts | {"damage_claims": facts["damage_claims"] * times}
        answer = await service.http.post(f"/v1/suggestions/{first['id']}/decisions", json={"extraction": given}, headers=headers)
        assert answer.status_code == status


async def test_a_decision_on_a_suggestion_that_does_not_exist_is_not_found(service: Called) -> None:
    correction = {"extraction": extraction(claim()).model_dump(mode="json")}

    answer = await service.http.post(f"/v1/suggestions/sug_{'0' * 26}/decisions", json=correction, headers=service.as_("triage"))

    is_problem(answer, 404, "not_found")
