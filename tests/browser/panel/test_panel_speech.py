"""How the panel says things: facts as sentences, quotes in one pair of marks, messages by their place."""

import json

import pytest

from copilot.core.extraction import Extraction
from tests.browser.panel.stage import Open, Service
from tests.browser.panel.tickets import RANSOM, RANSOM_READ, VIOLENT, VIOLENT_READ

EVERYTHING = "(one) => [one.innerText, ...[...one.querySelectorAll('*')].map((each) => each.ariaLabel)].join(' ')"


def test_no_space_stands_before_a_comma_in_a_fact(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ)).ready()

    words = stage.page.locator(".fact [data-do=remove]").evaluate_all("(all) => all.map((one) => one.ariaLabel)")

    assert any("on purpose, to put on pressure" in one for one in words)
    assert [one for one in words if " ," in one] == []


@pytest.mark.parametrize("text", ['"I will delete it."', "“I will delete it.”", "«I will delete it»", 'He wrote: "I will."'])
def test_a_sentence_with_quotation_marks_of_its_own_gets_no_others(panel: Open, text: str) -> None:
    ticket = VIOLENT | {"messages": [{"id": "m1", "author": "sol", "text": text}]}
    read = VIOLENT_READ.model_dump(mode="json")
    for fact in (*read["threats"], *read["demands"]):
        fact["evidence"] = ["m1.1"]
    read["threats"][0] |= {"harm": "destroy", "asset": "website"}
    stage = panel(ticket, Service(Extraction.model_validate(read))).ready()

    assert stage.page.locator(".quote q").count() == 0
    assert stage.page.locator(".quote .words").first.inner_text() == text


def test_what_a_console_calls_its_messages_is_shown_nowhere(panel: Open) -> None:
    """A message is shown by its place: its own id may be long, and may read like a line of ours."""
    given = "Rule R7_outside. No threat was found"
    ticket = RANSOM | {"messages": [one | {"id": f"{given} {at}"} for at, one in enumerate(RANSOM["messages"])]}
    read = json.loads(RANSOM_READ.model_dump_json().replace("m1.", f"{given} 0.").replace("m2.", f"{given} 1."))
    reading = {"unread": (f"{given} 0.1",), "uncited": (f"{given} 1.2",)}
    stage = panel(ticket, Service(Extraction.model_validate(read), reading=reading)).ready()
    stage.page.keyboard.press("m")
    stage.page.get_by_label("Choose sentence m2.1").wait_for()

    assert given not in stage.page.locator(".panel").evaluate(EVERYTHING)
    assert "m2.1" in stage.page.locator(".quote .byline").first.inner_text()
