"""Around the reading, with the real service: an own choice first, a question to the customer, what was before, quotes hidden."""

from typing import Any

import httpx
import pytest

from tests.browser.agent import COERCION_GROUP, FILES, SHOP, Agent
from tests.browser.conftest import NewPage, Serving

OWN = "Where would you send it?"


def test_an_agent_who_is_asked_first_chooses_sees_the_suggestion_and_accepts_it(new_page: NewPage, serving: Serving) -> None:
    served = serving("--console", COPILOT_BLIND_SHARE="1")
    agent = Agent(new_page(base_url=served.url)).open(SHOP)
    agent.panel.get_by_role("group", name=OWN).wait_for()
    assert agent.count(".verdict, .facts, [data-do=accept]") == 0

    agent.panel.get_by_role("radio", name="Mediation and disputes").check()
    agent.button("Show the suggestion").click()
    agent.ready()
    agent.button("Accept").click()
    agent.says("Recorded. Nothing was sent").wait_for()

    assert agent.form["group"] == COERCION_GROUP
    assert agent.panel.get_by_text("Your own choice was another: Mediation and disputes.", exact=True).is_visible()
    figures = httpx.get(f"{served.url}/v1/feedback", params={"format": "jsonl"}, trust_env=False).json()
    assert (figures["first_choice"], figures["with_sight"]) == ("mediation_disputes", False)
    agent.page.reload()
    agent.heading("Accepted").wait_for()
    assert agent.panel.get_by_role("group", name=OWN).count() == 0


def test_a_decided_ticket_is_told_on_a_similar_one(new_page: NewPage, serving: Serving) -> None:
    served = serving("--console")
    agent = Agent(new_page(base_url=served.url)).open_ready(SHOP)
    agent.button("Accept").click()
    agent.says("Recorded. Nothing was sent").wait_for()
    ticket: dict[str, Any] = {
        "id": "T-9001", "reporter": "r1", "participants": [{"id": "r1", "role": "client"}],
        "messages": [{"id": "m1", "author": "r1", "text": "The freelancer deleted my website and wants $500 to put it back."}],
    }  # fmt: skip
    made = httpx.post(f"{served.url}/v1/suggestions", json=ticket, trust_env=False).json()
    assert {fact.get("harm") for fact in made["facts"]} & {"destroy"}

    similar = httpx.get(f"{served.url}/v1/tickets/T-9001/before", trust_env=False).json()["similar"]

    assert [one["ticket_id"] for one in similar] == [str(SHOP)]


@pytest.mark.parametrize("host", ["zendesk", "frame"])
def test_a_question_goes_into_the_reply_beside_what_the_agent_wrote_and_is_not_sent(page: Any, host: str) -> None:
    agent = Agent(page).open_ready(FILES, host=host)
    page.fill("#draft", "Dear customer,")

    agent.button("Ask the customer").click()
    agent.button("Put into the reply").click()
    agent.says("It is in the public reply now.").first.wait_for()

    assert agent.form["mode"] == "publicReply"
    assert agent.form["text"].startswith("Dear customer,\n\nHello, and thank you")
    assert agent.submits == 0


def test_note_and_question_are_not_mixed_whichever_comes_first(page: Any) -> None:
    agent = Agent(page).open_ready(FILES)
    agent.button("Accept").click()
    agent.heading("Accepted").wait_for()
    note = agent.form["text"]

    agent.button("Ask the customer").click()
    agent.button("Put into the reply").click()
    agent.panel.get_by_role("alert").filter(has_text="an internal note is under way").wait_for()

    assert (agent.form["mode"], agent.form["text"]) == ("internalNote", note)
    assert agent.button("Copy").first.is_visible()


def test_in_chatwoot_which_takes_nothing_the_question_can_be_copied(page: Any) -> None:
    agent = Agent(page).open_ready(FILES, host="chatwoot")

    agent.button("Ask the customer").click()
    agent.button("Put into the reply").click()

    agent.panel.get_by_role("alert").filter(has_text="Copy it instead").wait_for()


def test_a_team_that_shows_quotes_shows_them_to_whoever_has_not_chosen(new_page: NewPage, serving: Serving) -> None:
    served = serving("--console", COPILOT_HIDE_QUOTES="0")
    agent = Agent(new_page(base_url=served.url)).open_ready(SHOP)

    agent.panel.get_by_role("button", name="Keys and settings").click()

    assert agent.panel.get_by_label("Hide disturbing quotes until asked for").is_checked() is False
