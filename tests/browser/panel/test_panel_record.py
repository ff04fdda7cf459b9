"""What an agent did belongs to the ticket it was done on, reaches the service once, and is not forgotten."""

import json
from typing import Any

import pytest

from tests.browser.panel.stage import Open, Service, Stage
from tests.browser.panel.tickets import NOTHING_READ, ORDINARY, RANSOM, RANSOM_READ
from tests.browser.watch import Watch, wait_until

REPORTS = """Object.keys(localStorage).filter((name) => name.startsWith("triage-copilot:report:")).length"""
DECIDED = {
    "id": "fb_9", "suggestion_id": "sug_" + "9" * 26, "created_at": "2026-03-02T10:00:00Z", "agent": "agent-2",
    "action": "accepted", "route": "content_enforcement", "labels": ["coercion_and_retaliation"], "is_of_this_text": True,
}  # fmt: skip


@pytest.fixture
def stage(panel: Open, panel_watch: Watch) -> Stage:
    panel_watch.allow("Failed to load resource")
    return panel(RANSOM, Service(RANSOM_READ)).ready()


def accept(stage: Stage) -> None:
    stage.page.keyboard.press("a")
    stage.page.get_by_role("heading", name="Accepted").wait_for()


def keys(service: Service) -> list[str]:
    return [call["headers"]["idempotency-key"] for call in service.asked if call["path"].endswith("/feedback")]


def taken(stage: Stage) -> None:
    """Wait until the browser keeps no report any more."""
    wait_until(stage.page, lambda: stage.page.evaluate(REPORTS) == 0)


def test_the_note_goes_to_the_console_before_the_service_has_taken_the_report(stage: Stage) -> None:
    stage.service.lost = "/feedback"

    accept(stage)

    assert [used["ticket"] for used in stage.calls("useNote")] == ["T-4821"]
    assert stage.page.get_by_text("In the ticket now").is_visible()


def test_what_was_accepted_on_one_ticket_is_not_shown_on_the_next(stage: Stage) -> None:
    stage.page.evaluate("void (window.stage.gate = new Promise((go) => (window.stage.go = go)))")
    stage.page.keyboard.press("a")
    stage.change_ticket(ORDINARY)
    stage.page.get_by_role("button", name="Change").and_(stage.page.locator(":not([aria-disabled=true])")).wait_for()

    stage.page.evaluate("window.stage.go()")
    stage.page.wait_for_timeout(200)

    assert [used["ticket"] for used in stage.calls("useNote")] == ["T-4821"]
    assert stage.page.get_by_role("heading", name="Accepted").count() == 0
    assert stage.page.locator("[data-do=accept]").get_attribute("aria-disabled") is None


def test_after_an_accept_the_keyboard_is_not_on_the_accept_of_the_next_ticket(stage: Stage) -> None:
    accept(stage)

    stage.change_ticket(ORDINARY)
    stage.page.get_by_text("T-4830").wait_for()
    stage.ready()

    assert stage.page.evaluate("document.activeElement.shadowRoot.activeElement?.dataset.do") != "accept"


def test_a_note_that_found_another_ticket_open_is_told_there(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ), useNote={"done": [], "refused": "other_ticket"}).ready()
    stage.page.evaluate("void (window.stage.gate = new Promise((go) => (window.stage.go = go)))")
    stage.page.keyboard.press("a")
    stage.change_ticket(ORDINARY)
    stage.page.evaluate("window.stage.go()")

    notice = stage.page.locator("[data-key=missed]")

    notice.wait_for()
    assert "T-4821" in notice.inner_text()
    assert "another ticket is open" in notice.inner_text()
    assert [kind for kind, _ in stage.calls("notify")] == ["alert"]


def test_a_report_that_could_not_be_sent_outlives_a_reload_and_goes_out_once(stage: Stage) -> None:
    stage.service.lost = "/feedback"
    accept(stage)
    stage.page.get_by_text("Not recorded yet.").wait_for()

    stage.page.reload()
    stage.page.get_by_text("Not recorded yet.").wait_for()
    stage.service.lost = ""
    stage.page.get_by_role("button", name="Send now").click()
    stage.page.get_by_text("Recorded. Nothing was sent").wait_for()

    assert stage.page.evaluate(REPORTS) == 0
    assert len(set(keys(stage.service))) == 1
    assert stage.service.sent("feedback")[-1]["action"] == "accepted"
    assert len(stage.calls("useNote")) == 0  # the reloaded page has put in nothing more


def test_a_report_that_could_not_be_sent_is_told_on_the_next_ticket_and_sent_by_itself(stage: Stage) -> None:
    stage.service.lost = "/feedback"
    accept(stage)
    stage.page.get_by_text("Not recorded yet.").wait_for()

    stage.change_ticket(ORDINARY)
    notice = stage.page.get_by_text("1 report is not recorded yet.")
    notice.wait_for()
    stage.service.lost = ""
    stage.page.evaluate("dispatchEvent(new Event('online'))")

    notice.wait_for(state="detached")
    stage.page.wait_for_function(f"() => {REPORTS} === 0")
    assert len(set(keys(stage.service))) == 1


def test_a_report_that_met_an_ended_session_is_kept_and_goes_out_with_the_next(panel: Open, panel_watch: Watch) -> None:
    panel_watch.allow("Failed to load resource")
    stage = panel(RANSOM, Service(RANSOM_READ)).ready()
    stage.service.then = [(401, {}, {})]
    accept(stage)
    stage.page.get_by_text("The copilot does not know who you are.").wait_for()
    before = keys(stage.service)
    assert stage.page.evaluate(REPORTS) == 1

    stage.page.reload()
    taken(stage)

    assert keys(stage.service) == [*before, before[0]]


def test_a_report_that_the_service_refused_is_told_and_can_be_let_go(stage: Stage) -> None:
    stage.service.then = [(422, {"errors": [{"field": "note", "detail": "too long"}]}, {})]
    accept(stage)
    stage.page.get_by_text("Could not be recorded: too long").wait_for()

    stage.change_ticket(ORDINARY)
    stage.page.get_by_role("button", name="Let it go").click()

    assert stage.page.evaluate(REPORTS) == 0


def test_a_report_of_yesterday_is_sent_only_when_asked_because_the_service_may_have_forgotten_its_key(panel: Open) -> None:
    report = {"key": "k1", "at": 0, "suggestion": "sug_1", "ticket": "T-1", "body": {"action": "accepted"}, "state": "waiting"}
    script = f"""localStorage.setItem("triage-copilot:report:k1", JSON.stringify({{
      ...{json.dumps(report)}, at: Date.now() - 24 * 3600 * 1000 }}));"""

    stage = panel(RANSOM, Service(RANSOM_READ), script=script).ready()
    stage.page.wait_for_timeout(300)

    assert keys(stage.service) == []
    stage.page.get_by_role("button", name="Send now").click()
    taken(stage)
    assert keys(stage.service) == ["k1"]


def test_no_more_than_fifty_reports_are_kept_and_one_that_cannot_be_is_told(panel: Open, panel_watch: Watch) -> None:
    panel_watch.allow("Failed to load resource")
    report = {"suggestion": "sug_1", "ticket": "T-1", "body": {"action": "accepted"}, "state": "no"}
    script = f"""for (let at = 0; at < 50; at += 1) {{
      const report = {{ ...{json.dumps(report)}, key: `k${{at}}`, suggestion: `sug_${{at}}`, at: Date.now() }};
      localStorage.setItem(`triage-copilot:report:k${{at}}`, JSON.stringify(report));
    }}"""
    stage = panel(RANSOM, Service(RANSOM_READ, lost="/feedback"), script=script).ready()

    accept(stage)
    stage.page.get_by_text("leave this page open until it is").wait_for()

    assert stage.page.evaluate(REPORTS) == 50


def test_a_corrected_note_takes_the_place_of_the_one_that_was_put_in_before(stage: Stage) -> None:
    accept(stage)
    stage.page.get_by_role("button", name="Yes", exact=True).click()
    stage.page.locator(".corrections [data-key=then] li").first.wait_for()

    accept(stage)

    first, second = stage.calls("useNote")
    assert "replaces" not in first
    assert second["replaces"] == first["note"]
    assert second["note"].startswith("Internal note for Mediation and Disputes")


def test_a_note_that_the_agent_changed_in_the_composer_is_told(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ), useNote={"done": ["mode"], "refused": "note_changed"}).ready()

    accept(stage)

    assert stage.page.get_by_text("an earlier note from here stands in the composer").first.is_visible()
    assert stage.page.get_by_role("button", name="Copy the note instead").is_visible()


def test_a_ticket_that_somebody_decided_says_who_when_and_what(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ, decided=DECIDED)).ready()

    words = stage.page.locator(".bar .decided").inner_text()

    assert words.startswith("Accepted for Content enforcement by agent-2, Mar 2")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"action": "changed", "route": "mediation_disputes"}, "Changed to Mediation and disputes by agent-2"),
        ({"action": "dismissed"}, "Dismissed by agent-2"),
        ({"is_of_this_text": False}, "Before this ticket changed: Accepted for Content enforcement by agent-2"),
    ],
)
def test_a_decision_is_told_as_what_it_was(panel: Open, said: dict[str, Any], words: str) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ, decided=DECIDED | said)).ready()

    assert stage.page.locator(".bar .decided").inner_text().startswith(words)


def test_a_decision_of_somebody_else_is_told_when_the_agent_comes_back_to_the_tab(stage: Stage) -> None:
    stage.service.decided = DECIDED

    stage.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    stage.page.locator(".bar .decided").wait_for()


def test_back_on_a_decided_ticket_the_decision_is_shown(stage: Stage) -> None:
    accept(stage)
    taken(stage)
    stage.change_ticket(ORDINARY)
    stage.page.get_by_text("T-4830").wait_for()
    stage.service.decided = DECIDED | {"agent": "agent-1"}

    stage.change_ticket(RANSOM)

    stage.page.locator(".bar .decided").wait_for()
    assert "by agent-1" in stage.page.locator(".bar .decided").inner_text()


def test_a_conversation_that_was_handed_over_in_part_says_so(panel: Open) -> None:
    part: dict[str, Any] = ORDINARY | {"is_partial": True}
    stage = panel(part, Service(NOTHING_READ)).ready()

    assert stage.page.get_by_text("Only part of this conversation was read.").is_visible()
    assert "Your judgement" in stage.page.locator(".verdict .team").inner_text()
    assert stage.service.sent("suggestions")[0]["is_partial"] is True
