"""Feedback: checked, stored under the caller's name, exported so that no spreadsheet runs it, and counted honestly."""

import csv
import io
import json
from typing import Any

import pytest

from copilot.service.exports import COLUMNS
from tests.service.called import Called, is_problem

GOOD: list[dict[str, Any]] = [
    {"action": "accepted"},
    {"action": "accepted", "note": "as sent"},
    {"action": "changed", "changed_to": {"route": "mediation_disputes", "labels": []}, "reason": "wrong_team"},
    {"action": "dismissed", "reason": "other", "comment": "a reason of its own"},
    {"action": "undone"},
    {"action": "dismissed", "reason": "too_slow", "comment": "c" * 2_000, "note": "n" * 100_000},
]
BAD: list[tuple[dict[str, Any], str]] = [
    ({}, "action"),
    ({"action": "liked"}, "action"),
    ({"action": "accepted", "reason": "too_slow"}, "reason"),
    ({"action": "undone", "reason": "too_slow"}, "reason"),
    ({"action": "accepted", "changed_to": {"route": "no_escalation", "labels": []}}, "changed_to"),
    ({"action": "changed", "reason": "wrong_team"}, "changed_to"),
    ({"action": "changed", "changed_to": {"route": "no_escalation", "labels": []}}, "reason"),
    ({"action": "dismissed"}, "reason"),
    ({"action": "dismissed", "reason": "other"}, "comment"),
    ({"action": "dismissed", "reason": "other", "comment": " "}, "comment"),
    ({"action": "dismissed", "reason": "bored"}, "reason"),
    ({"action": "dismissed", "reason": "too_slow", "comment": "c" * 2_001}, "comment"),
    ({"action": "accepted", "note": "n" * 100_001}, "note"),
    ({"action": "accepted", "agent": "somebody else"}, "the body"),
]


@pytest.mark.parametrize("feedback", GOOD, ids=lambda one: one["action"])
async def test_feedback_that_hangs_together_is_stored_under_the_callers_name(service: Called, feedback: dict[str, Any]) -> None:
    headers = service.session("agent-9")
    id = (await service.suggestion(headers))["id"]

    answer = await service.http.post(f"/v1/suggestions/{id}/feedback", json=feedback, headers=headers)

    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["suggestion_id"], body["agent"], body["action"]) == (id, "agent-9", feedback["action"])
    assert body["id"].startswith("fb_")


@pytest.mark.parametrize(("feedback", "field"), BAD, ids=lambda one: one if isinstance(one, str) else "")
async def test_feedback_that_does_not_hang_together_is_refused_by_the_field(
    service: Called, feedback: dict[str, Any], field: str
) -> None:
    answer = await service.http.post(f"/v1/suggestions/sug_{'0' * 26}/feedback", json=feedback, headers=service.as_("feedback"))

    assert field in [error["field"] for error in is_problem(answer, 422, "invalid")["errors"]]


async def test_feedback_on_what_is_not_there_is_not_found(service: Called) -> None:
    headers = service.as_("admin")
    id = (await service.suggestion(headers))["id"]

    for path, body in (
        (f"sug_{'0' * 26}", {"action": "accepted"}),
        (id, {"action": "accepted", "decision_id": f"dec_{'0' * 26}"}),
        (id, {"action": "accepted", "decision_id": "x"}),
    ):
        is_problem(await service.http.post(f"/v1/suggestions/{path}/feedback", json=body, headers=headers), 404, "not_found")


async def test_the_final_outcome_is_put_again_as_often_as_it_changes(service: Called) -> None:
    headers = service.as_("admin")
    id = (await service.suggestion(headers))["id"]
    outcomes = [{"route": "no_escalation", "labels": []}, {"route": "content_enforcement", "labels": ["retaliation"]}]

    for outcome in outcomes:
        answer = await service.http.put(f"/v1/suggestions/{id}/outcome", json=outcome, headers=headers)
        assert answer.status_code == 200
        assert {name: answer.json()[name] for name in outcome} == outcome
    missing = await service.http.put(f"/v1/suggestions/sug_{'0' * 26}/outcome", json=outcomes[0], headers=headers)
    is_problem(missing, 404, "not_found")


async def exported(service: Called, query: str = "") -> str:
    answer = await service.http.get(f"/v1/feedback{query}", headers=service.as_("export"))
    assert answer.status_code == 200, answer.text
    return answer.text


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "=cmd|' /C calc'!A0", '"=1"', "＝1", "\0=1"]
INVISIBLE = "\u200b\ufeff\u00a0\u2060\u200e\u202e\u00ad\u3000\u2028\u034f\u3164\U000e0041\x1f"
FORMULAS += [f"{blank}{sign}1" for blank in INVISIBLE for sign in "=+-@"] + ["\u200b \ufeff\u00a0=1", "\u00a0\t=1", "\u22121"]


async def test_no_cell_of_an_exported_table_can_be_run_by_a_spreadsheet(service: Called) -> None:
    headers = service.as_("admin")
    id = (await service.suggestion(headers))["id"]
    for text in FORMULAS:
        feedback = {"action": "dismissed", "reason": "other", "comment": f"{text} x", "note": text}
        await service.http.post(f"/v1/suggestions/{id}/feedback", json=feedback, headers=headers)

    rows = list(csv.DictReader(io.StringIO(await exported(service, "?format=csv"), newline="")))

    assert len(rows) == len(FORMULAS)
    for text, row in zip(FORMULAS, rows, strict=True):
        assert tuple(row) == COLUMNS
        assert row["note"] in (text, f"'{text}")
        assert row["note"].startswith("'") is not text.startswith('"')
        for cell in row.values():
            assert cell.lstrip(" ")[:1] not in tuple("=+-@\t\r\n\0＝")


async def test_rows_are_the_same_as_lines_of_json_and_as_a_table(service: Called) -> None:
    headers = service.as_("admin")
    id = (await service.suggestion(headers))["id"]
    for feedback in GOOD[:4]:
        await service.http.post(f"/v1/suggestions/{id}/feedback", json=feedback, headers=headers)

    lines = [json.loads(line) for line in (await exported(service)).splitlines()]
    table = list(csv.DictReader(io.StringIO(await exported(service, "?format=csv"))))

    assert [line["action"] for line in lines] == [row["action"] for row in table] == [one["action"] for one in GOOD[:4]]
    assert table[2]["changed_to_route"] == lines[2]["changed_to"]["route"] == "mediation_disputes"


async def test_an_export_begins_ends_and_stops_where_it_is_told_to(service: Called) -> None:
    headers = service.as_("admin")
    id = (await service.suggestion(headers))["id"]
    times = []
    for _ in range(3):
        answer = await service.http.post(f"/v1/suggestions/{id}/feedback", json={"action": "accepted"}, headers=headers)
        times.append(answer.json()["created_at"])

    assert len((await exported(service, "?limit=2")).splitlines()) == 2
    assert len((await exported(service, f"?since={times[1]}")).splitlines()) == 2
    assert len((await exported(service, f"?until={times[1]}")).splitlines()) == 1


@pytest.mark.parametrize(
    "query",
    [
        "format=xml",
        "limit=0",
        "limit=100001",
        "limit=x",
        "since=yesterday",
        "since=1700000000",
        "until=2026-01-01T00:00:00",
        "since=0001-01-01T00:00:00%2B14:00",
        "until=9999-12-31T23:59:59-14:00",
    ],
)
async def test_a_query_that_does_not_fit_is_refused_by_its_name(service: Called, query: str) -> None:
    answer = await service.http.get(f"/v1/feedback?{query}", headers=service.as_("export"))

    assert [one["field"] for one in is_problem(answer, 422, "invalid")["errors"]] == [query.partition("=")[0]]


async def test_figures_name_what_was_accepted_though_wrong_beside_what_was_accepted(service: Called) -> None:
    headers = service.session("agent-3")
    id = (await service.suggestion(headers))["id"]
    await service.http.post(f"/v1/suggestions/{id}/feedback", json={"action": "accepted"}, headers=headers)
    await service.http.put(f"/v1/suggestions/{id}/outcome", json={"route": "no_escalation", "labels": []}, headers=headers)

    [figures] = (await service.http.get("/v1/metrics/agents", headers=service.as_("metrics"))).json()

    assert (figures["agent"], figures["n"], figures["accepted"]["share"]) == ("agent-3", 1, 1.0)
    assert (figures["accepted_though_wrong"]["count"], figures["accepted_though_wrong"]["n"]) == (1, 1)
    assert 0 < figures["accepted"]["low"] < figures["accepted"]["high"] <= 1
