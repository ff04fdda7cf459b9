"""What was before a ticket: one folded line with ids and decisions, and none where there is nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.panel.stage import Open, Service, Stage
from tests.browser.panel.tickets import ORDINARY, RANSOM, RANSOM_READ
from tests.browser.watch import Watch, wait_until


def earlier(number: int, **more: Any) -> dict[str, Any]:
    return {
        "suggestion_id": f"sug_e{number}", "ticket_id": f"T-{number}", "created_at": "2026-02-01T08:00:00Z",
        "route": "no_escalation", "labels": [], "decided": None,
    } | more  # fmt: skip


def decided(action: str, route: str, number: int = 9) -> dict[str, Any]:
    return {
        "id": f"fb_{number}", "suggestion_id": "sug_x", "created_at": "2026-02-02T10:00:00Z", "agent": "agent-2",
        "action": action, "route": route, "labels": [], "is_of_this_text": True,
    }  # fmt: skip


SAME = [
    earlier(1, decided=decided("accepted", "content_enforcement"), people=[{"here": "reporter", "there": "reporter"}]),
    earlier(2, people=[{"here": "counterpart", "there": "reporter"}]),
    earlier(3, decided=decided("dismissed", "content_enforcement"), people=[{"here": "counterpart", "there": "counterpart"}]),
]
SIMILAR = [
    earlier(
        4, decided=decided("changed", "mediation_disputes"),
        shared=[{"kind": "harm", "value": "destroy"}, {"kind": "demand", "value": "money"}],
    )
]  # fmt: skip


def shown(panel: Open, same: list[Any], similar: list[Any], **more: Any) -> Stage:
    before = {"ticket_id": "T-4821", "same_people": same, "similar": similar}
    return panel(RANSOM, Service(RANSOM_READ, before=before), **more).ready()


def test_one_folded_line_counts_the_tickets_and_those_that_were_escalated(panel: Open) -> None:
    part = shown(panel, SAME, SIMILAR).page.locator("details.before")

    part.wait_for()
    assert part.locator("summary").inner_text() == "Before: 3 tickets of these people, 1 escalated, 1 similar decided"
    assert part.evaluate("(one) => one.open") is False


def test_unfolded_each_ticket_has_its_id_its_decision_and_what_it_has_to_do_with_this_one(panel: Open) -> None:
    page = shown(panel, SAME, SIMILAR).page

    page.locator("details.before summary").click()

    lines = page.locator("details.before li").all_inner_texts()
    assert "T-1 · Feb 1" in lines[0]
    assert "Accepted for Content enforcement by agent-2" in lines[0]
    assert "reported by the same person" in lines[0]
    assert "Suggested: No escalation suggested. Open." in lines[1]
    assert "the other side here reported there" in lines[1]
    assert "Dismissed by agent-2" in lines[2]
    assert "Changed to Mediation and disputes by agent-2" in lines[3]
    assert "In common: deleting or changing property, money" in lines[3]


def test_where_there_was_nothing_before_there_is_no_line(panel: Open) -> None:
    stage = shown(panel, [], [])
    wait_until(stage.page, lambda: stage.service.looked_up)
    stage.page.wait_for_timeout(200)

    assert stage.service.looked_up == ["/v1/tickets/T-4821/before"]
    assert stage.page.locator(".before").count() == 0


@pytest.mark.parametrize("id", ["new", "ticket", "a/b", ".."])
def test_a_ticket_whose_id_is_not_its_own_or_fits_no_address_is_not_asked_about(panel: Open, id: str) -> None:
    stage = panel(ORDINARY | {"id": id}, Service(RANSOM_READ.model_copy(update=dict.fromkeys(
        ("threats", "demands", "damage_claims", "disputes"), ()
    )))).ready()  # fmt: skip
    stage.page.wait_for_timeout(200)

    assert stage.service.looked_up == []


def test_what_was_before_one_ticket_is_not_shown_on_the_next(panel: Open) -> None:
    stage = shown(panel, SAME, [])
    stage.page.locator("details.before").wait_for()
    stage.service.before = {"ticket_id": "T-4830", "same_people": [], "similar": []}

    stage.change_ticket(RANSOM | {"id": "T-4830"})
    stage.page.get_by_text("T-4830").wait_for()
    stage.ready()

    assert stage.page.locator(".before").count() == 0


def test_it_is_not_asked_for_before_an_agent_has_made_their_own_choice(panel: Open) -> None:
    service = Service(RANSOM_READ, blind=True, before={"ticket_id": "T-4821", "same_people": SAME, "similar": SIMILAR})
    stage = panel(RANSOM, service)
    stage.page.get_by_role("button", name="Cannot say").wait_for()
    stage.page.wait_for_timeout(200)
    assert service.looked_up == []

    stage.page.get_by_role("button", name="Cannot say").click()

    stage.page.locator("details.before").wait_for()


def test_a_long_history_shows_five_and_says_that_there_are_twenty_or_more(panel: Open) -> None:
    same = [SAME[1] | {"suggestion_id": f"sug_{n}", "ticket_id": f"T-1{n:02}"} for n in range(20)]
    page = shown(panel, same, []).page
    page.locator("details.before summary").click()
    assert page.locator("details.before summary").inner_text() == "Before: 20+ tickets of these people"
    assert page.locator("details.before li").count() == 5

    page.get_by_role("button", name="Show all 20").click()

    assert page.locator("details.before li").count() == 20


@pytest.mark.parametrize("query", ["", "?locale=ar"])
def test_it_is_accessible_unfolded(panel: Open, panel_watch: Watch, axe: Callable[[Any], list[str]], query: str) -> None:
    stage = shown(panel, SAME, SIMILAR, query=query, bypass_csp=True)
    stage.page.locator("details.before").wait_for()
    stage.unfold()

    assert axe(stage.page) == []
