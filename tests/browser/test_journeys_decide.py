"""What an agent does with a suggestion, from the first look to the composer; the agent submits, nobody else."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.browser.agent import COERCION_GROUP, INVOICE, REVENGE, SHOP, STARS, WORK, Agent
from tests.browser.watch import Watch
from tests.served import Served


@pytest.fixture
def agent(page: Any) -> Agent:
    return Agent(page)


@pytest.fixture
def feedback(server: Served) -> Callable[[str], list[dict[str, Any]]]:
    """The feedback that the service keeps on a ticket."""

    def rows(note_or_comment: str) -> list[dict[str, Any]]:
        answer = httpx.get(f"{server.url}/v1/feedback", params={"format": "jsonl"}, trust_env=False)
        found = [json.loads(line) for line in answer.text.splitlines()]
        return [row for row in found if note_or_comment in (row["note"] or "") + (row["comment"] or "")]

    return rows


def test_the_verdict_stands_above_the_evidence_and_each_fact_has_its_sentence(agent: Agent) -> None:
    agent.open_ready(SHOP)

    evidence, verdict = agent.heading("Evidence"), agent.panel.locator(".verdict")
    assert verdict.bounding_box()["y"] < evidence.bounding_box()["y"]
    assert agent.fact("put the site back if I pay him $600").is_visible()
    assert "Content enforcement" in agent.team
    assert agent.says("coercion and retaliation").first.is_visible()


def test_a_click_on_a_quote_shows_it_in_its_message(agent: Agent) -> None:
    agent.open_ready(SHOP)

    quote = agent.panel.get_by_role("button", expanded=False).filter(has_text="he deleted the whole shop").first
    quote.click()

    whole = agent.panel.get_by_role("group", name="The whole message")
    assert "I hired Tibor" in whole.inner_text()
    assert "he deleted the whole shop" in whole.locator("mark").inner_text()


def test_a_corrected_fact_changes_the_suggestion_at_once_and_says_what_changed(agent: Agent) -> None:
    agent.open_ready(STARS)
    assert "Content enforcement" in agent.team

    removals = agent.panel.get_by_role("button", name="Remove: ")
    while removals.count():
        agent.decide(removals.first.click)

    assert "No escalation" in agent.team or "Your judgement" in agent.team
    corrections = agent.panel.locator(".corrections")
    assert "Content enforcement" in corrections.inner_text()
    agent.button("Start over").click()
    agent.settled()
    assert "Content enforcement" in agent.team


def test_a_menu_of_a_fact_changes_what_is_read_and_undo_brings_it_back(agent: Agent) -> None:
    agent.open_ready(SHOP)
    menu = agent.menu("About what", "wants")
    assert menu.input_value() == "money"

    agent.decide(lambda: menu.select_option("feedback"))

    assert agent.panel.get_by_text("Corrected by you").is_visible()
    agent.button("Undo").click()
    agent.settled()
    assert agent.menu("About what", "wants").input_value() == "money"


def test_a_fact_is_added_from_a_sentence(agent: Agent) -> None:
    agent.open_ready(INVOICE)
    assert "No escalation" in agent.team

    agent.panel.get_by_text("Messages", exact=True).click()
    agent.panel.get_by_role("checkbox", name="Choose sentence m1.1").check()
    agent.button("Add a fact from it").click()
    agent.panel.get_by_label("What is it?").select_option("threat")
    agent.panel.get_by_label("Which harm", exact=True).select_option("destroy")
    agent.panel.get_by_role("button", name="Add it").click()
    agent.settled()

    assert agent.panel.get_by_text("Added by you", exact=True).is_visible()
    assert "No escalation" not in agent.team


def test_accept_puts_the_note_into_the_internal_composer_and_submits_nothing(agent: Agent, feedback: Callable[..., Any]) -> None:
    agent.open_ready(SHOP)
    mark = "Seen by me, journey accept."
    agent.note.fill(f"{agent.note.input_value()}\n{mark}")

    agent.button("Accept").click()
    agent.heading("Accepted").wait_for()

    form = agent.form
    assert form["mode"] == "internalNote"
    assert mark in form["text"]
    assert form["group"] == COERCION_GROUP
    assert agent.submits == 0
    agent.says("Recorded. Nothing was sent").wait_for()
    [row] = feedback(mark)
    assert (row["action"], row["edited"]) == ("accepted", True)


@pytest.mark.parametrize("host", ["zendesk", "frame"])
def test_accept_correct_accept_leaves_one_note_in_the_composer(agent: Agent, host: str) -> None:
    agent.open_ready(SHOP, host=host)
    agent.button("Accept").click()
    agent.heading("Accepted").wait_for()
    agent.decide(agent.panel.get_by_role("button", name="Yes", exact=True).click)

    agent.button("Accept").click()
    agent.heading("Accepted").wait_for()
    agent.wait_until(lambda: "Mediation" in agent.form["text"])

    assert agent.form["text"].count("Internal note for") == 1
    assert "By an agent's answer" in agent.form["text"]
    assert "marketplace's records" not in agent.form["text"]


def test_a_second_agent_sees_that_the_ticket_is_decided(agent: Agent, new_page: Any) -> None:
    agent.open_ready(REVENGE)
    agent.button("Dismiss").click()
    agent.panel.get_by_label("Reason", exact=True).select_option("test_ticket")
    agent.button("Dismiss it").click()
    agent.says("Recorded. Nothing was sent").wait_for()

    second = Agent(new_page()).open_ready(REVENGE)

    assert second.says("Dismissed by local").is_visible()


def test_an_accepted_no_escalation_puts_nothing_into_the_ticket(agent: Agent) -> None:
    agent.open_ready(INVOICE)
    before = agent.form

    agent.button("Agree").click()
    agent.says("Nothing was put into the ticket.").wait_for()

    assert agent.form == before
    assert agent.submits == 0


SECURITY_GROUP = 360002


@pytest.mark.parametrize("host", ["zendesk", "frame"])
def test_a_change_puts_the_chosen_teams_note_and_group_in_and_undo_takes_them_back(
    agent: Agent, feedback: Callable[..., Any], host: str
) -> None:
    agent.open_ready(WORK, host=host)
    before = agent.form["group"]
    agent.button("Change").click()
    agent.panel.get_by_label("Where it should go").select_option("account_security")
    agent.panel.get_by_label("Note for Account security").wait_for()
    agent.panel.get_by_label("Comment").fill(f"journey change {host}")

    agent.button("Save the change").click()
    agent.says("Recorded. Nothing was sent").wait_for()

    assert agent.form["text"].startswith("Internal note for Account Security: chosen by an agent")
    assert (agent.form["mode"], agent.form["group"]) == ("internalNote", SECURITY_GROUP)
    agent.button("Undo").click()
    agent.panel.locator("[data-key=undone]", has_text="Taken back: the note, the group.").wait_for()
    assert (agent.form["text"], agent.form["group"], agent.submits) == ("", before, 0)
    agent.wait_until(lambda: bool(feedback(f"journey change {host}")) and feedback(f"journey change {host}")[0]["taken_back"])
    [row] = feedback(f"journey change {host}")
    assert (row["action"], row["changed_to"]["route"], row["reason"]) == ("changed", "account_security", "wrong_team")


def test_a_dismissal_for_another_reason_needs_a_comment_and_is_recorded(agent: Agent, feedback: Callable[..., Any]) -> None:
    agent.open_ready(SHOP)
    agent.button("Dismiss").click()
    agent.panel.get_by_label("Reason", exact=True).select_option("other")
    agent.button("Dismiss it").click()
    assert agent.panel.get_by_role("alert").inner_text() == "The reason “other” needs a comment."

    agent.panel.get_by_label("Comment").fill("journey dismiss")
    agent.button("Dismiss it").click()

    agent.says("Recorded. Nothing was sent").wait_for()
    [row] = feedback("journey dismiss")
    assert (row["action"], row["reason"]) == ("dismissed", "other")
    assert agent.form["text"] == ""


def test_a_public_reply_that_stays_one_gets_no_internal_note(agent: Agent) -> None:
    agent.open_ready(SHOP, stuck="1")

    agent.button("Accept").click()

    agent.says("The note was not put in").first.wait_for()
    assert agent.form["text"] == ""


def test_a_draft_in_the_public_reply_is_not_overwritten(agent: Agent) -> None:
    agent.open_ready(SHOP)
    agent.page.get_by_label("Message", exact=True).fill("Dear Nora, we are looking at it.")

    agent.button("Accept").click()

    agent.says("The note was not put in").or_(agent.says("In the ticket now")).first.wait_for()
    form = agent.form
    assert "Dear Nora" in form["text"]
    assert form["mode"] == "publicReply" or "Internal note" not in form["text"].split("Dear Nora")[0]


def test_the_note_is_there_once_where_the_app_reloads_when_the_mode_changes(agent: Agent, watch: Watch) -> None:
    watch.allow("status of 409")  # the report is sent again while the first is still being kept
    agent.open_ready(SHOP, reload="1")

    agent.button("Accept").click()
    agent.wait_until(lambda: "Internal note" in agent.form["text"])
    agent.page.wait_for_timeout(500)

    form = agent.form
    assert form["mode"] == "internalNote"
    assert form["text"].count("Internal note for") == 1
    assert agent.submits == 0


def test_everything_can_be_done_with_the_keyboard_alone(agent: Agent) -> None:
    agent.open_ready(SHOP)
    agent.frame.evaluate("document.activeElement?.blur(); window.focus()")
    agent.page.locator("iframe[name=triage-copilot]").focus()

    agent.page.keyboard.press("d")
    agent.panel.get_by_label("Reason", exact=True).wait_for()
    agent.page.keyboard.press("Escape")
    agent.panel.get_by_label("Reason", exact=True).wait_for(state="detached")
    agent.page.keyboard.press("n")
    assert agent.note.evaluate("(node) => node.getRootNode().activeElement === node")
    agent.page.keyboard.type("d")
    assert agent.panel.get_by_label("Reason", exact=True).count() == 0
    agent.page.keyboard.press("Escape")
    agent.page.keyboard.press("a")

    agent.says("In the ticket now").wait_for()
    assert agent.form["mode"] == "internalNote"
    assert agent.submits == 0


CONTROLS = """() => {
  const all = document.querySelector("triage-copilot").shadowRoot.querySelectorAll("button, select, textarea, summary, input");
  return [...all].filter((node) => node.checkVisibility({contentVisibilityAuto: true})).length;
}"""
FOCUSED = """() => {
  const node = document.querySelector("triage-copilot").shadowRoot.activeElement;
  if (!node) return null;
  const style = getComputedStyle(node);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  const place = [...node.getRootNode().querySelectorAll("*")].indexOf(node);
  return [place, outlined || style.boxShadow !== "none", node.outerHTML.slice(0, 120)];
}"""


def test_every_control_is_reached_by_tab_and_shows_its_focus(agent: Agent) -> None:
    agent.open_ready(SHOP)
    controls = agent.frame.evaluate(CONTROLS)
    agent.page.locator("iframe[name=triage-copilot]").focus()

    seen = []
    for _ in range(controls * 2):
        agent.page.keyboard.press("Tab")
        seen.append(agent.frame.evaluate(FOCUSED))

    reached = {focused[0] for focused in seen if focused}
    assert len(reached) >= controls
    assert [focused[2] for focused in seen if focused and not focused[1]] == []
