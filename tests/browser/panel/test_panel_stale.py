"""A reading that has grown old: what makes it one, what is read again by itself, and what becomes of an agent's work."""

from typing import Any

import pytest

from copilot.core.extraction import Extraction
from tests.browser.panel.stage import Open, Service, Stage
from tests.browser.panel.tickets import RANSOM, RANSOM_READ

SAM = {"id": "sam", "role": "support", "name": "Sam"}
STAFFED: dict[str, Any] = RANSOM | {"participants": [*RANSOM["participants"], SAM]}
LATER = {"id": "m3", "author": "nora", "text": "He wrote again. He wants five stars too."}
MORE: dict[str, Any] = RANSOM | {"messages": [*RANSOM["messages"], LATER]}
STARS = {"by": "p2", "of": "p1", "kind": "feedback", "evidence": ["m3.2"]}
MORE_READ = Extraction.model_validate(RANSOM_READ.model_dump() | {"demands": [*RANSOM_READ.model_dump()["demands"], STARS]})
NOTE = "Internal note for Content Enforcement.\n\nTriage Copilot wrote this.\nRule R3_coercion (S1), policy 2026.11.2."


@pytest.fixture
def stage(panel: Open) -> Stage:
    return panel(RANSOM, Service(RANSOM_READ)).ready()


def text(stage: Stage) -> str:
    return str(stage.page.locator("triage-copilot .panel").inner_text())


def told(stage: Stage) -> str:
    return str(stage.page.locator("[data-key=new-reading]").inner_text())


def asks(stage: Stage) -> int:
    return len(stage.service.sent("suggestions"))


def correct(stage: Stage) -> None:
    stage.page.get_by_role("combobox", name="Which harm").first.select_option("lock_out")
    stage.page.locator(".corrections [data-key=own] li").first.wait_for()
    stage.page.locator("[data-do=accept]:not([aria-disabled=true])").wait_for()


@pytest.mark.parametrize(
    ("author", "words"),
    [("sam", "We are looking into it."), ("sam", NOTE), ("nora", NOTE)],
    ids=["an answer or a note of an agent", "our note", "our note under another name"],
)
def test_what_support_writes_makes_no_reading_an_old_one(stage: Stage, author: str, words: str) -> None:
    written = {"id": "m3", "author": author, "text": words}
    stage.change_ticket(STAFFED | {"messages": [*RANSOM["messages"], written]})
    stage.page.keyboard.press("m")

    stage.page.get_by_text("not read yet").wait_for()
    stage.page.wait_for_timeout(2_000)

    assert asks(stage) == 1
    assert stage.page.get_by_role("button", name="Accept").get_attribute("aria-disabled") is None


def test_a_customers_new_message_is_read_by_itself_and_what_it_changed_is_told(stage: Stage) -> None:
    stage.service.extraction = MORE_READ

    stage.change_ticket(MORE)
    stage.page.locator("[data-key=new-reading]").wait_for()

    assert told(stage).startswith("Read again: label coercion and retaliation → coercion and retaliation, feedback building; ")
    assert told(stage).endswith("; 1 new fact.")
    assert len(stage.service.sent("suggestions")[-1]["messages"]) == 3
    assert stage.page.get_by_role("button", name="Accept").get_attribute("aria-disabled") is None


def test_a_new_reading_tells_of_another_team_and_of_facts_that_are_gone(stage: Stage) -> None:
    nothing = {"threats": [], "demands": [], "damage_claims": []}
    stage.service.extraction = RANSOM_READ.model_copy(update=nothing)

    stage.change_ticket(MORE)
    stage.page.locator("[data-key=new-reading]").wait_for()

    assert "team Content enforcement → " in told(stage)
    assert "3 facts are gone" in told(stage)


def test_a_new_reading_that_says_the_same_says_so(stage: Stage) -> None:
    stage.change_ticket(MORE)
    stage.page.locator("[data-key=new-reading]").wait_for()

    assert told(stage) == "Read again: nothing changed."


def test_the_suggestion_stays_on_the_screen_while_it_is_read_again_but_cannot_be_accepted(stage: Stage) -> None:
    stage.service.is_silent = True

    stage.change_ticket(MORE)
    stage.page.get_by_text("Something new came. Reading it").wait_for()
    stage.page.keyboard.press("a")

    assert "Content enforcement" in stage.page.locator(".verdict .team").inner_text()
    assert stage.service.sent("feedback") == []


def test_messages_in_quick_succession_are_read_once(stage: Stage) -> None:
    stage.change_ticket(RANSOM | {"messages": [*RANSOM["messages"], LATER | {"text": "He wrote"}]})
    stage.page.wait_for_timeout(300)
    stage.change_ticket(MORE)
    stage.page.locator("[data-key=new-reading]").wait_for()

    assert asks(stage) == 2


def test_nothing_is_exchanged_under_the_hands_of_somebody_who_types(stage: Stage) -> None:
    stage.page.locator("#note").focus()
    stage.change_ticket(MORE)
    stage.page.wait_for_timeout(2_500)
    assert asks(stage) == 1

    stage.page.keyboard.press("Escape")
    stage.page.locator("[data-key=new-reading]").wait_for()

    assert asks(stage) == 2


def test_nothing_is_read_by_itself_while_a_form_is_open(stage: Stage) -> None:
    stage.page.keyboard.press("d")
    stage.change_ticket(MORE)

    stage.page.wait_for_timeout(2_500)

    assert asks(stage) == 1
    assert stage.page.locator(".form").is_visible()


def test_with_corrections_the_bar_asks_and_what_still_stands_is_carried_over(stage: Stage) -> None:
    correct(stage)
    stage.change_ticket(MORE)
    stage.page.wait_for_timeout(2_500)
    assert asks(stage) == 1

    stage.page.locator("section.bar").get_by_role("button", name="Read again").click()
    stage.page.locator("[data-key=new-reading]").wait_for()

    assert "Your correction was carried over." in told(stage)
    assert stage.service.sent("decisions")[-1]["extraction"]["threats"][0]["harm"] == "lock_out"
    assert stage.page.locator(".corrections [data-key=own] li").count() == 1


def test_a_correction_whose_sentence_changed_is_named_and_not_carried_over(stage: Stage) -> None:
    correct(stage)
    second = RANSOM["messages"][1] | {"text": "Now he writes that he wants $600 for the site. Please help."}
    stage.service.extraction = RANSOM_READ.model_copy(update={"threats": []})

    stage.change_ticket(RANSOM | {"messages": [RANSOM["messages"][0], second]})
    stage.page.get_by_role("button", name="Read again").click()
    stage.page.locator("[data-key=new-reading]").wait_for()

    assert "Not carried over, because what it is about changed:" in told(stage)
    assert "freelancer" in stage.page.locator("[data-key=new-reading] li").inner_text().lower()
    assert stage.page.locator(".corrections").count() == 0


def test_added_and_removed_facts_and_an_answer_are_carried_over_among_people_who_are_called_otherwise(stage: Stage) -> None:
    stage.page.get_by_role("button", name="Remove: freelancer").nth(1).click()
    stage.page.get_by_text("Removed", exact=True).wait_for()
    stage.page.get_by_role("button", name="Yes", exact=True).click()
    stage.page.locator("[data-do=accept]:not([aria-disabled=true])").wait_for()
    renamed = RANSOM_READ.model_dump_json().replace('"p1"', '"p3"').replace('"p2"', '"p1"').replace('"p3"', '"p2"')
    again = Extraction.model_validate_json(renamed)
    stage.service.extraction = again.model_copy(update={"parties": again.parties[::-1]})

    stage.change_ticket(MORE)
    stage.page.get_by_role("button", name="Read again").click()
    stage.page.locator("[data-key=new-reading]").wait_for()

    decision = stage.service.sent("decisions")[-1]
    assert decision["extraction"]["demands"] == []
    assert decision["extraction"]["threats"][0]["by"] == "p1"
    assert decision["context"] == {"mediation_eligible": True}


def test_an_earlier_reading_can_be_kept_knowingly_and_is_not_read_again_by_itself(stage: Stage) -> None:
    stage.change_ticket(MORE)

    stage.page.get_by_role("button", name="Keep this reading").click()
    stage.page.wait_for_timeout(2_500)

    assert "Newer messages are not in it." in text(stage)
    assert stage.page.get_by_role("button", name="Accept").get_attribute("aria-disabled") is None
    assert asks(stage) == 1


def test_a_kept_reading_stays_kept_when_support_answers(stage: Stage) -> None:
    stage.change_ticket(MORE)
    stage.page.get_by_role("button", name="Keep this reading").click()

    stage.change_ticket(STAFFED | {"messages": [*MORE["messages"], {"id": "m4", "author": "sam", "text": "Thank you."}]})
    stage.page.wait_for_timeout(300)

    assert stage.page.get_by_role("button", name="Accept").get_attribute("aria-disabled") is None


def test_a_change_that_leaves_the_text_alone_is_not_stale(stage: Stage) -> None:
    stage.change_ticket(RANSOM)
    stage.page.wait_for_timeout(200)

    assert "Something new" not in text(stage)


def test_a_new_reading_that_fails_leaves_the_earlier_one_and_says_so(stage: Stage, panel_watch: Any) -> None:
    panel_watch.allow("Failed to load resource")
    stage.service.then.append((403, {"title": "no"}, {}))

    stage.change_ticket(MORE)
    stage.page.get_by_text("You may not use the copilot here.").wait_for()

    assert "Content enforcement" in stage.page.locator(".verdict .team").inner_text()
    assert stage.page.locator("section.bar").get_by_role("button", name="Read again").is_visible()


def test_an_edited_note_outlives_a_reading_that_writes_the_same_note(stage: Stage) -> None:
    stage.page.locator("#note").fill("My own words.")
    stage.page.keyboard.press("Escape")

    stage.change_ticket(MORE)
    stage.page.locator("[data-key=new-reading]").wait_for()

    assert stage.page.locator("#note").input_value() == "My own words."


def test_an_edited_note_can_be_brought_back_where_another_was_written(stage: Stage) -> None:
    stage.page.locator("#note").fill("Typed before the new message.")
    stage.page.keyboard.press("Escape")
    stage.service.extraction = MORE_READ
    stage.change_ticket(MORE)

    stage.page.get_by_role("button", name="Bring my text back").click()

    assert stage.page.locator("#note").input_value() == "Typed before the new message."


def test_a_console_that_hands_no_ticket_over_any_more_is_told_and_the_reading_stays(stage: Stage) -> None:
    correct(stage)
    stage.change_ticket(MORE)
    stage.page.get_by_role("button", name="Read again").wait_for()
    stage.page.evaluate("window.stage.ticket = { id: 'T-4821', messages: [] }")

    stage.page.get_by_role("button", name="Read again").click()
    stage.page.get_by_text("The console has not handed over a ticket.").wait_for()

    assert "Content enforcement" in stage.page.locator(".verdict .team").inner_text()
    assert stage.page.locator(".corrections").is_visible()
