"""What the agent sees when something is late, gone, refused or overtaken: never a blank panel, never an all-clear."""

from typing import Any

import pytest

from tests.browser.agent import INVOICE, SHOP, STARS, Agent
from tests.browser.conftest import NewPage, Serving
from tests.browser.watch import Watch
from tests.served import Served

REFUSED = r"Failed to load resource.*(401|403|429|503|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED)"
FIRST_PAINT = """async () => {
  const seen = performance.getEntriesByName("first-contentful-paint")[0];
  return seen ? seen.startTime : null;
}"""


@pytest.fixture
def agent(page: Any) -> Agent:
    return Agent(page)


@pytest.mark.parametrize("model_server", ["slow"], indirect=True)
def test_the_first_paint_does_not_wait_for_the_model_and_the_messages_can_be_read_meanwhile(
    model_served: Served, new_page: NewPage
) -> None:
    agent = Agent(new_page(base_url=model_served.url)).open(SHOP)

    agent.says("Reading the ticket …").first.wait_for()
    assert agent.panel.get_by_text("On Saturday morning").first.is_visible()
    assert agent.button("Accept").get_attribute("aria-disabled") == "true"
    assert agent.frame.evaluate(FIRST_PAINT) is not None
    assert agent.says("Reading the ticket …").first.is_visible()
    agent.ready()

    assert "Content enforcement" in agent.team
    agent.unfold()
    assert "Read by a model (stub-1)" in agent.shown


@pytest.mark.parametrize("model_server", ["dead", "silent"], indirect=True)
def test_a_dead_model_leaves_a_simpler_reading_that_says_so(model_served: Served, new_page: NewPage) -> None:
    agent = Agent(new_page(base_url=model_served.url)).open_ready(SHOP)

    assert agent.says("Read by a simpler reader.").is_visible()
    assert "Read the messages yourself" in agent.shown
    assert "Content enforcement" in agent.team


@pytest.mark.parametrize("model_server", ["dead"], indirect=True)
def test_no_escalation_of_a_simpler_reader_is_never_worded_as_all_clear(model_served: Served, new_page: NewPage) -> None:
    agent = Agent(new_page(base_url=model_served.url)).open_ready(INVOICE)

    assert agent.says("Read by a simpler reader.").is_visible()
    assert "Not an all-clear" in agent.shown or "Your judgement" in agent.team


def test_a_customers_new_message_is_read_by_itself_and_what_changed_is_told(agent: Agent) -> None:
    agent.open_ready(SHOP)

    agent.page.get_by_role("button", name="Customer writes a new message").click()
    agent.panel.locator("[data-key=new-reading]").wait_for()

    agent.ready()
    assert "he will delete the backup too" in agent.note.input_value()


def test_with_a_correction_a_new_message_holds_accept_back_until_it_is_read_again(agent: Agent) -> None:
    agent.open_ready(SHOP)
    agent.decide(lambda: agent.menu("About what", "wants").select_option("feedback"))

    agent.page.get_by_role("button", name="Customer writes a new message").click()
    agent.says("Something new is in this ticket.").wait_for()
    assert agent.button("Accept").get_attribute("aria-disabled") == "true"
    agent.button("Read again").click()
    agent.panel.locator("[data-key=new-reading]", has_text="Your correction was carried over.").wait_for()

    agent.ready()
    assert agent.panel.get_by_text("Corrected by you").is_visible()


@pytest.mark.parametrize("host", ["zendesk", "frame", "chatwoot"])
def test_the_agents_own_answer_makes_no_reading_an_old_one(agent: Agent, host: str) -> None:
    agent.open_ready(SHOP, host=host)
    agent.page.get_by_label("Message", exact=True).fill("We are looking into it.")

    agent.page.get_by_role("button", name="Submit").click()
    agent.wait_until(lambda: agent.submits == 1)
    agent.page.wait_for_timeout(300)

    assert "Something new is in" not in agent.shown


def test_an_agent_may_keep_the_earlier_reading_and_is_told_so(agent: Agent) -> None:
    agent.open_ready(SHOP)
    agent.page.get_by_role("button", name="Customer writes a new message").click()

    agent.button("Keep this reading").click()

    agent.says("You kept the earlier reading.").wait_for()
    agent.ready()


def test_a_lost_connection_loses_no_correction_and_no_word(agent: Agent, watch: Watch) -> None:
    watch.allow(REFUSED)
    agent.open_ready(SHOP)
    agent.note.fill("Typed before the connection went.")
    agent.page.context.set_offline(True)

    agent.menu("About what", "wants").select_option("feedback")
    agent.says("No connection to the copilot.").wait_for()
    assert agent.button("Accept").get_attribute("aria-disabled") == "true"
    agent.page.context.set_offline(False)
    agent.ready()

    assert agent.panel.get_by_text("Corrected by you").is_visible()
    assert agent.note.input_value() == "Typed before the connection went."


def test_feedback_given_offline_is_sent_once_when_the_connection_is_back(agent: Agent, watch: Watch) -> None:
    watch.allow(REFUSED)
    agent.open_ready(SHOP)
    agent.page.context.set_offline(True)

    agent.button("Accept").click()
    agent.says("Not recorded yet. It is tried again until it is.").wait_for()
    assert agent.form["mode"] == "internalNote"
    agent.page.context.set_offline(False)

    agent.says("Recorded. Nothing was sent").wait_for()
    assert agent.submits == 0


def test_a_ticket_opened_offline_shows_its_messages_and_goes_on_by_itself(agent: Agent) -> None:
    agent.open(STARS, network="offline")
    agent.says("No connection to the copilot.").first.wait_for()
    assert agent.panel.locator(".message").first.is_visible()

    agent.page.locator("#bench summary").click()
    agent.page.get_by_label("Network of the panel").select_option("normal")

    agent.ready()


def test_a_stranger_is_told_so_and_sees_no_suggestion(serving: Serving, new_page: NewPage, watch: Watch) -> None:
    watch.allow(REFUSED)
    served = serving("--console", COPILOT_AUTH="required")
    page = new_page(base_url=served.url)
    agent = Agent(page).open(SHOP)

    agent.says("The copilot does not know who you are.").wait_for()

    assert agent.panel.locator(".verdict").count() == 0
    assert agent.button("Accept").get_attribute("aria-disabled") == "true"


def test_a_session_that_ended_in_the_middle_says_what_to_do(agent: Agent) -> None:
    agent.open_ready(SHOP)
    agent.page.locator("#bench summary").click()
    agent.page.get_by_label("Network of the panel").select_option("expired")

    agent.menu("About what", "wants").select_option("feedback")

    agent.says("Your correction could not be decided.").wait_for()
    assert agent.button("Accept").get_attribute("aria-disabled") == "true"


def test_a_busy_service_is_waited_for(agent: Agent) -> None:
    agent.open(SHOP, network="busy")
    agent.says("The copilot is busy.").first.wait_for()

    agent.page.locator("#bench summary").click()
    agent.page.get_by_label("Network of the panel").select_option("normal")

    agent.ready()


def test_a_service_that_goes_away_and_comes_back_is_found_again(serving: Serving, new_page: NewPage, watch: Watch) -> None:
    watch.allow(REFUSED)
    served = serving("--console")
    agent = Agent(new_page(base_url=served.url)).open_ready(SHOP)
    served.stop()

    agent.menu("About what", "wants").select_option("feedback")
    agent.says("No connection to the copilot.").wait_for()
    serving.again(served)

    agent.ready()
    assert agent.panel.get_by_text("Corrected by you").is_visible()
