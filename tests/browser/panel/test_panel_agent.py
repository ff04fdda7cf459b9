"""What an agent does: correct facts, undo; accept, change, dismiss; all by keyboard. The service decides, never the panel."""

import pytest

from tests.browser.panel.stage import Open, Service, Stage
from tests.browser.panel.tickets import NOTHING_READ, ORDINARY, RANSOM, RANSOM_READ
from tests.browser.watch import Watch, wait_until

LOADED = "Failed to load resource"


@pytest.fixture
def stage(panel: Open) -> Stage:
    return panel(RANSOM, Service(RANSOM_READ)).ready()


def focused(stage: Stage) -> str:
    return str(stage.page.evaluate("document.activeElement.shadowRoot?.activeElement?.id || ''"))


def decided(stage: Stage) -> None:
    stage.page.locator(".corrections [data-key=then] li").first.wait_for()


def test_a_click_on_a_quote_asks_the_console_to_show_the_message(stage: Stage) -> None:
    stage.page.locator(".quote-text").first.click()

    assert stage.page.locator("mark").inner_text().strip() == "Now he writes that he will put the site back if I pay him $600."
    assert stage.calls("reveal") == ["m2"]


def test_whoever_is_put_on_the_side_of_the_other_changes_places_with_them(stage: Stage) -> None:
    stage.page.get_by_role("combobox", name="Who, freelancer").first.select_option("p1")
    stage.page.locator(".corrections").wait_for()

    [decision] = stage.service.sent("decisions")
    assert (decision["extraction"]["threats"][0]["by"], decision["extraction"]["threats"][0]["against"]) == ("p1", "p2")


def test_a_removed_fact_stays_in_sight_and_comes_back(stage: Stage) -> None:
    stage.page.get_by_role("button", name="Remove: freelancer").nth(1).click()
    stage.page.get_by_text("Removed", exact=True).wait_for()
    assert stage.service.sent("decisions")[0]["extraction"]["demands"] == []

    stage.page.get_by_role("button", name="Restore:").click()
    stage.page.get_by_text("Removed", exact=True).wait_for(state="detached")

    assert len(stage.service.sent("decisions")[1]["extraction"]["demands"]) == 1


def test_an_answer_to_the_mediation_question_is_decided_on(stage: Stage) -> None:
    stage.page.get_by_role("button", name="Yes", exact=True).click()
    decided(stage)

    assert stage.service.sent("decisions")[0]["context"] == {"mediation_eligible": True}
    assert "Mediation and disputes" in stage.page.locator(".verdict .team").inner_text()
    assert "Content enforcement" in stage.page.locator(".corrections [data-key=then] del").first.inner_text()
    assert stage.page.get_by_role("button", name="Yes", exact=True).get_attribute("aria-pressed") == "true"


def test_undo_of_the_only_correction_brings_back_the_first_suggestion_without_asking(stage: Stage) -> None:
    stage.page.get_by_role("button", name="Yes", exact=True).click()
    decided(stage)

    stage.page.keyboard.press("u")
    stage.page.locator(".corrections").wait_for(state="detached")

    assert "Content enforcement" in stage.page.locator(".verdict .team").inner_text()
    assert len(stage.service.sent("decisions")) == 1


def test_focus_stays_on_the_menu_that_was_changed(stage: Stage) -> None:
    menu = stage.page.get_by_role("combobox", name="Which harm").first
    menu.focus()
    menu.select_option("lock_out")
    decided(stage)

    assert stage.page.evaluate("document.activeElement.shadowRoot.activeElement.value") == "lock_out"


def test_a_first_fact_can_be_added_where_nobody_was_read(panel: Open) -> None:
    nobody = NOTHING_READ.model_copy(update={"parties": []})
    stage = panel(ORDINARY, Service(nobody)).ready()
    stage.page.keyboard.press("m")
    stage.page.get_by_label("Choose sentence m1.1").check()
    stage.page.get_by_role("button", name="Add a fact from it").click()

    stage.page.get_by_label("Which harm").select_option("destroy")
    stage.page.get_by_role("button", name="Add it").click()
    decided(stage)

    [decision] = stage.service.sent("decisions")
    assert [party["role"] for party in decision["extraction"]["parties"]] == ["client", "unknown"]
    assert decision["extraction"]["threats"][0]["evidence"] == ["m1.1"]


def test_an_edited_note_is_not_overwritten_by_a_new_decision(stage: Stage) -> None:
    stage.page.locator("#note").fill("My own words.")

    stage.page.get_by_role("button", name="Yes", exact=True).click()
    stage.page.get_by_text("The facts changed after you edited the note.").wait_for()
    assert stage.page.locator("#note").input_value() == "My own words."
    stage.page.get_by_role("button", name="Take the new note").click()

    assert stage.page.locator("#note").input_value().startswith("Internal note for Mediation and Disputes")


def test_accept_reports_the_note_and_hands_it_to_the_console(stage: Stage) -> None:
    stage.page.locator("#note").fill("Edited.")
    stage.page.locator("header").click()
    stage.page.keyboard.press("a")
    stage.page.get_by_role("heading", name="Accepted").wait_for()

    assert stage.service.sent("feedback") == [{"action": "accepted", "note": "Edited."}]
    [used] = stage.calls("useNote")
    assert used == {
        "ticket": "T-4821",
        "note": "Edited.",
        "route": "content_enforcement",
        "queue": "Content_Engagement_Tier_1_TS425",
        "labels": ["coercion_and_retaliation"],
    }
    assert focused(stage) == "outcome-title"


def test_accept_leaves_the_agent_where_they_had_scrolled_to(stage: Stage) -> None:
    stage.page.mouse.wheel(0, 120)
    stage.page.wait_for_function("() => scrollY === 120")

    stage.page.keyboard.press("a")
    stage.page.get_by_role("heading", name="Accepted").wait_for()

    assert stage.page.evaluate("() => scrollY") == 120


def test_feedback_on_a_corrected_suggestion_names_the_decision(stage: Stage) -> None:
    stage.page.get_by_role("button", name="Yes", exact=True).click()
    decided(stage)

    stage.page.keyboard.press("a")
    stage.page.get_by_role("heading", name="Accepted").wait_for()

    assert stage.service.sent("feedback")[0]["decision_id"] == "dec_1"


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        ("public_reply", "set to a public reply"),
        ("draft_in_reply", "there is a draft in the composer"),
        ("host_error", "did not take the note"),
    ],
)
def test_a_refusal_of_the_console_is_told_and_the_note_offered_to_copy(panel: Open, refused: str, words: str) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ), useNote={"done": [], "refused": refused}).ready()

    stage.page.keyboard.press("a")

    stage.page.get_by_text(words).first.wait_for()
    assert stage.page.get_by_role("button", name="Copy the note instead").is_visible()


def test_an_accepted_note_reaches_the_console_although_the_service_is_out_of_reach(stage: Stage, panel_watch: Watch) -> None:
    panel_watch.allow(LOADED)
    stage.service.is_offline = True
    stage.page.keyboard.press("a")
    stage.page.get_by_text("Not recorded yet.").wait_for()
    assert len(stage.calls("useNote")) == 1

    stage.service.is_offline = False
    stage.page.get_by_text("Recorded. Nothing was sent").wait_for()

    keys = {call["headers"]["idempotency-key"] for call in stage.service.asked if call["path"].endswith("/feedback")}
    assert len(keys) == 1


def test_everything_is_done_by_keyboard(stage: Stage) -> None:
    page = stage.page
    page.keyboard.press("e")
    assert focused(stage) == "evidence-title"
    page.keyboard.press("s")
    assert focused(stage) == "decision-title"
    page.keyboard.press("d")
    assert focused(stage) == "form-title"
    page.keyboard.press("Tab")
    page.keyboard.type("Te")
    page.keyboard.press("Tab")
    page.keyboard.type("a comment, with the letters a, c and d")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Dismissed").wait_for()

    assert stage.service.sent("feedback") == [
        {"action": "dismissed", "reason": "test_ticket", "comment": "a comment, with the letters a, c and d"}
    ]


def test_escape_closes_a_form_and_gives_the_focus_back(stage: Stage) -> None:
    stage.page.keyboard.press("c")
    stage.page.keyboard.press("Tab")

    stage.page.keyboard.press("Escape")

    assert stage.page.evaluate("document.activeElement.shadowRoot.activeElement.dataset.do") == "openChange"


def test_no_key_does_anything_while_somebody_types(stage: Stage) -> None:
    stage.page.keyboard.press("n")
    stage.page.keyboard.type("acdu?")

    assert stage.page.locator("#note").input_value().count("acdu?") == 1
    assert stage.service.sent("feedback") == []
    assert stage.page.locator(".form").count() == 0


@pytest.mark.parametrize("chord", ["Control+a", "Alt+d", "Meta+c"])
def test_keys_with_a_modifier_belong_to_the_browser(stage: Stage, chord: str) -> None:
    stage.page.keyboard.press(chord)
    stage.page.wait_for_timeout(100)

    assert stage.page.locator(".form").count() == 0
    assert stage.service.sent("feedback") == []


def test_single_keys_can_be_turned_off(stage: Stage) -> None:
    stage.page.keyboard.press("?")
    stage.page.get_by_label("Single keys").uncheck()
    stage.page.locator("header").click()

    stage.page.keyboard.press("a")
    stage.page.wait_for_timeout(100)

    assert stage.service.sent("feedback") == []


def test_a_key_on_another_keyboard_is_the_one_in_the_same_place(stage: Stage) -> None:
    event = {"key": "ش", "code": "KeyA", "bubbles": True}
    stage.page.evaluate("(event) => document.body.dispatchEvent(new KeyboardEvent('keydown', event))", event)

    stage.page.get_by_role("heading", name="Accepted").wait_for()


def test_changes_are_told_to_a_screen_reader(stage: Stage) -> None:
    live = stage.page.get_by_role("status")
    wait_until(stage.page, lambda: live.inner_text() == "Suggestion ready: Content enforcement. 5 facts found.")

    stage.page.get_by_role("button", name="Yes", exact=True).click()
    decided(stage)

    wait_until(stage.page, lambda: live.inner_text() == "Decided anew: Mediation and disputes.")


def test_what_was_typed_and_corrected_outlives_a_reload(stage: Stage) -> None:
    stage.page.locator("#note").fill("Typed before the reload.")
    stage.page.get_by_role("button", name="Yes", exact=True).click()
    decided(stage)

    stage.page.reload()
    stage.ready()
    decided(stage)

    assert stage.page.locator("#note").input_value() == "Typed before the reload."
    assert "Mediation and disputes" in stage.page.locator(".verdict .team").inner_text()
    assert len(stage.service.sent("suggestions")) == 1
