"""An agent who never touches the mouse: the panel has the keyboard when a ticket opens, and the decision is one Tab away."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.agent import INVOICE, SHOP, Agent
from tests.served import Served

FOCUSED = """() => {
  const root = document.querySelector("triage-copilot").shadowRoot;
  return root.activeElement?.dataset.do ?? root.activeElement?.id ?? "";
}"""
HAS_KEYS = "document.activeElement?.name === 'triage-copilot'"


@pytest.fixture
def agent(page: Any) -> Agent:
    return Agent(page)


def has_keys(agent: Agent) -> None:
    agent.wait_until(lambda: bool(agent.page.evaluate(HAS_KEYS)))


@pytest.mark.parametrize("host", ["zendesk", "frame"])
def test_a_key_accepts_on_a_ticket_that_was_only_opened(agent: Agent, host: str) -> None:
    agent.open_ready(SHOP, host=host)
    has_keys(agent)

    agent.page.keyboard.press("a")

    agent.heading("Accepted").wait_for()
    agent.wait_until(lambda: bool(agent.page.evaluate("window.desk.form.text")))


def test_one_tab_and_enter_lead_to_accept(agent: Agent) -> None:
    agent.open_ready(SHOP)
    has_keys(agent)

    agent.page.keyboard.press("Tab")
    assert agent.frame.evaluate(FOCUSED) == "toDecision"
    assert agent.button("Go to the decision").bounding_box()["height"] >= 24
    agent.page.keyboard.press("Enter")

    assert agent.frame.evaluate(FOCUSED) == "accept"
    assert agent.heading("Accepted").count() == 0


def test_the_way_to_the_decision_leads_to_the_form_where_one_is_open(agent: Agent) -> None:
    agent.open_ready(SHOP)
    agent.button("Dismiss").click()

    agent.button("Go to the decision").focus()
    agent.page.keyboard.press("Enter")

    assert agent.frame.evaluate(FOCUSED) == "form-title"


def test_after_a_decision_a_key_opens_the_next_ticket_and_the_panel_has_the_keyboard_again(
    serving: Callable[..., Served], new_page: Callable[..., Any]
) -> None:
    agent = Agent(new_page(base_url=serving("--console").url))
    agent.open_ready(SHOP)
    agent.open_ready(INVOICE)
    has_keys(agent)
    agent.page.keyboard.press("a")
    agent.heading("Recorded").or_(agent.heading("Accepted")).first.wait_for()

    agent.page.wait_for_selector(f"#triage-list button[data-triage='{SHOP}']")
    agent.page.keyboard.press("j")
    agent.wait_until(lambda: agent.page.evaluate("window.desk.current.id") != INVOICE)
    agent.ready()

    has_keys(agent)


def test_the_keyboard_is_not_taken_from_whoever_types_in_the_console(agent: Agent) -> None:
    agent.open_ready(SHOP)
    agent.page.locator("#triage-find").focus()

    agent.page.evaluate("(id) => window.desk.open(id)", INVOICE)
    agent.ready()
    agent.page.keyboard.type("jk")

    assert agent.page.locator("#triage-find").input_value() == "jk"
    assert agent.page.evaluate("window.desk.current.id") == INVOICE
