"""What disturbs is hidden wherever it stands, or nowhere: hidden in a card, it is not open in a message, a form or the note."""

from collections.abc import Callable
from typing import Any

import pytest

from copilot.core.extraction import Extraction
from tests.browser.panel.stage import Open, Service, Stage
from tests.browser.panel.tickets import CLIENT, FREELANCER, VIOLENT, VIOLENT_READ

SAID = "He wrote that he will come and break my arm unless I pay."
PAGE = """() => {
  const root = document.querySelector("triage-copilot").shadowRoot;
  return [...root.querySelectorAll("*")].map((one) => `${one.textContent} ${one.value ?? ""}`).join(" ");
}"""
SWITCH = "Hide disturbing quotes until asked for"
TWICE: dict[str, Any] = VIOLENT | {
    "messages": [*VIOLENT["messages"], {"id": "m2", "author": "sol", "text": f"I wrote to you: “{SAID}” What now?"}]
}


def unfolded(stage: Stage) -> str:
    """All that the page holds, everything opened."""
    stage.page.keyboard.press("m")
    stage.page.locator(".message").first.wait_for()
    stage.unfold()
    return str(stage.page.evaluate(PAGE))


def test_its_words_are_nowhere_on_the_page_also_where_they_stand_again(panel: Open) -> None:
    stage = panel(TWICE, Service(VIOLENT_READ)).ready()

    page = unfolded(stage)

    assert "break my arm" not in page
    assert "What now?" in page


def test_the_whole_message_around_another_quote_does_not_show_it(panel: Open) -> None:
    text = f"He deleted my shop. {SAID}"
    ticket = VIOLENT | {"messages": [{"id": "m1", "author": "sol", "text": text}]}
    read = VIOLENT_READ.model_dump(mode="json")
    read["threats"][0]["evidence"] = ["m1.2"]
    read["demands"][0]["evidence"] = ["m1.1"]
    stage = panel(ticket, Service(Extraction.model_validate(read))).ready()

    stage.page.locator(".quote-text").first.click()
    stage.page.locator(".whole").wait_for()

    assert "break my arm" not in stage.page.evaluate(PAGE)


def test_the_form_for_a_new_fact_does_not_show_it(panel: Open) -> None:
    stage = panel(TWICE, Service(VIOLENT_READ)).ready()
    stage.page.get_by_role("button", name="Add a fact").first.click()
    stage.page.locator("#add-title").wait_for()

    assert "break my arm" not in stage.page.evaluate(PAGE)


def test_what_only_a_second_reader_takes_for_violence_is_hidden_too(panel: Open) -> None:
    none: dict[str, Any] = {"parties": [CLIENT, FREELANCER], "threats": [], "demands": [], "damage_claims": [], "disputes": []}
    reading = {"uncited": ("m1.1",), "second": VIOLENT_READ}
    stage = panel(VIOLENT, Service(Extraction.model_validate(none), reading=reading)).ready()

    page = unfolded(stage)

    assert "break my arm" not in page
    assert "Hidden: violence or private matters." in page


def test_a_quote_that_was_asked_for_is_shown_in_the_card_and_in_its_message(panel: Open) -> None:
    stage = panel(VIOLENT, Service(VIOLENT_READ)).ready()
    stage.page.keyboard.press("m")

    stage.page.locator(".covered").get_by_role("button", name="Show the quote m1.1").first.click()

    assert stage.page.locator(".quote-text").first.inner_text().startswith(SAID)
    assert stage.page.locator(".message").get_by_text(SAID).is_visible()


@pytest.mark.parametrize(("query", "is_hidden"), [("", True), ("?quotes=shown", False)])
def test_the_teams_default_holds_for_whoever_has_not_chosen(panel: Open, query: str, is_hidden: bool) -> None:
    stage = panel(VIOLENT, Service(VIOLENT_READ), query=query).ready()

    assert (stage.page.locator(".masked").count() > 0) is is_hidden


def test_an_agents_own_choice_outlives_the_page_and_the_teams_default(panel: Open) -> None:
    stage = panel(VIOLENT, Service(VIOLENT_READ), query="?quotes=shown").ready()
    stage.page.keyboard.press("?")
    stage.page.get_by_label(SWITCH).check()
    stage.page.locator(".masked").first.wait_for()

    stage.page.reload()
    stage.ready()

    assert stage.page.locator(".masked").count() > 0


def test_another_setting_that_an_agent_chose_leaves_this_one_to_the_team(panel: Open) -> None:
    stage = panel(VIOLENT, Service(VIOLENT_READ)).ready()
    stage.page.keyboard.press("?")
    stage.page.get_by_label("Single keys").uncheck()

    kept = stage.page.evaluate("JSON.parse(localStorage.getItem('triage-copilot:preferences'))")

    assert (kept["keys"], "blur" in kept) == (False, False)


def test_what_is_hidden_is_accessible(panel: Open, axe: Callable[[Any], list[str]]) -> None:
    stage = panel(TWICE, Service(VIOLENT_READ), bypass_csp=True).ready()
    unfolded(stage)

    assert axe(stage.page) == []
