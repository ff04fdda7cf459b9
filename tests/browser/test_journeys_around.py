"""Around the reading, with the real service: an own choice first, a question to the customer, what was before, quotes hidden."""

from typing import Any

import httpx

from tests.browser.agent import COERCION_GROUP, SHOP, STARS, Agent
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
    agent.ready()
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


def test_a_question_goes_into_the_reply_beside_what_the_agent_wrote_and_is_not_sent(new_page: NewPage, serving: Serving) -> None:
    agent = Agent(new_page(base_url=serving("--console").url)).open_ready(STARS)
    agent.panel.get_by_role("button", name="Remove: ").last.click()
    agent.settled()

    assert agent.submits == 0
