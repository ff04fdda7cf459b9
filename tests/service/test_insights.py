"""Insights over HTTP: for those with the scope, over the period asked for, and no text in them; the page shows none by itself."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from copilot.store.shadows import ShadowDecision, ShadowOutcome
from tests.service.called import TICKET, Called, Make, is_problem

UPLOT = Path(__file__).parents[2] / "copilot" / "sidebar" / "insights" / "uplot"


@pytest.mark.parametrize("path", ["/v1/insights", "/v1/insights/tickets?figure=accepted", "/v1/insights/shadow"])
async def test_only_the_scope_opens_insights(service: Called, path: str) -> None:
    allowed = [(await service.http.get(path, headers=service.as_(scope))).status_code for scope in ("insights", "admin")]

    assert allowed == [200, 200]
    is_problem(await service.http.get(path), 401, "unauthorised")
    is_problem(await service.http.get(path, headers=service.session("agent-1")), 403, "forbidden")
    for scope in ("triage", "feedback", "export", "metrics", "sessions"):
        is_problem(await service.http.get(path, headers=service.as_(scope)), 403, "forbidden")


async def test_figures_and_their_tickets_tell_ids_and_no_text(service: Called) -> None:
    headers = service.as_("admin")
    made = await service.suggestion(headers)
    await service.http.post(f"/v1/suggestions/{made['id']}/feedback", json={"action": "accepted"}, headers=headers)

    found = await service.http.get("/v1/insights", headers=headers)
    listed = await service.http.get("/v1/insights/tickets", params={"figure": "accepted"}, headers=headers)

    assert found.json()["all"]["accepted"] == {
        "count": 1,
        "n": 1,
        "share": 1.0,
        "low": pytest.approx(0.2065, abs=1e-3),
        "high": 1.0,
    }
    assert [(one["ticket_id"], one["suggestion_id"]) for one in listed.json()["tickets"]] == [("T-1", made["id"])]
    for text in [message["text"] for message in TICKET["messages"]]:
        assert text not in found.text + listed.text


@pytest.mark.parametrize(
    "query", ["from=2026-03-01T00:00:00Z&to=2026-02-01T00:00:00Z", "to=0001-01-01T00:00:00Z", "from=9999-12-31T23:59:59Z"]
)
async def test_a_period_without_time_in_it_is_empty(service: Called, query: str) -> None:
    headers = service.as_("admin")
    await service.suggestion(headers)

    answer = await service.http.get(f"/v1/insights?{query}", headers=headers)

    assert (answer.status_code, answer.json()["all"]["readings"], answer.json()["groups"]) == (200, 0, [])


@pytest.mark.parametrize("query", ["by=mood", "from=yesterday", "from=1", "to=2026-03-01"])
async def test_what_is_no_period_or_group_is_refused_by_the_field(service: Called, query: str) -> None:
    answer = await service.http.get(f"/v1/insights?{query}", headers=service.as_("insights"))

    assert is_problem(answer, 422, "invalid")["errors"][0]["field"] == query.partition("=")[0]


async def test_the_page_holds_no_figure_and_loads_nothing_from_elsewhere(make: Make) -> None:
    page = await make().http.get("/insights")

    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "http" not in page.text.replace('charset="utf-8"', "")


def test_the_plots_library_is_the_one_that_its_origin_names() -> None:
    named = [line.split() for line in (UPLOT / "ORIGIN.txt").read_text(encoding="utf-8").splitlines() if "sha256" in line]

    found = {name: hashlib.sha256((UPLOT / name).read_bytes()).hexdigest() for name, *_ in named}

    assert found == {name: digest for name, *_, digest in named}
    assert set(found) == {"uplot.js", "uplot.css"}
    assert "MIT License" in (UPLOT / "LICENSE").read_text(encoding="utf-8")


async def test_what_others_would_have_decided_is_told_by_contender_over_the_period(service: Called) -> None:
    headers = service.as_("admin")
    made = await service.suggestion(headers)
    service.store.shadows.follow("policy:1a2b3c4d5e6f", datetime(2020, 1, 1, tzinfo=UTC))
    other = ShadowDecision(made["id"], ShadowOutcome.DECIDED, "agent_review", (), "R")
    service.store.shadows.put("policy:1a2b3c4d5e6f", [other])

    found = (await service.http.get("/v1/insights/shadow", headers=headers)).json()["contenders"]
    none = await service.http.get("/v1/insights/shadow?to=2021-01-01T00:00:00Z", headers=headers)

    assert [(one["contender"], one["agreed"]["count"], one["agreed"]["n"]) for one in found] == [("policy:1a2b3c4d5e6f", 0, 1)]
    assert [(one["ticket_id"], one["suggested"], one["contender"]) for one in found[0]["differing"]] == [
        ("T-1", made["route"], "agent_review")
    ]
    assert none.json()["contenders"] == []
    for text in [message["text"] for message in TICKET["messages"]]:
        assert text not in json.dumps(found)


@pytest.mark.parametrize("query", ["from=yesterday", "to=1"])
async def test_what_is_no_period_of_a_comparison_is_refused_by_the_field(service: Called, query: str) -> None:
    answer = await service.http.get(f"/v1/insights/shadow?{query}", headers=service.as_("insights"))

    assert is_problem(answer, 422, "invalid")["errors"][0]["field"] == query.partition("=")[0]
