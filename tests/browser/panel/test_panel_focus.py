"""The keyboard is never lost, what is open closes, and a closed menu decides nothing before it is left."""

import pytest

from tests.browser.panel.stage import Open, Service, Stage
from tests.browser.panel.tickets import RANSOM, RANSOM_READ, VIOLENT, VIOLENT_READ

ACTIVE = "document.activeElement.shadowRoot?.activeElement"


@pytest.fixture
def stage(panel: Open) -> Stage:
    return panel(RANSOM, Service(RANSOM_READ)).ready()


def focused(stage: Stage) -> str:
    """What has the focus, by its id or what it does; empty where nothing has."""
    return str(stage.page.evaluate(f"(() => {{ const one = {ACTIVE}; return one ? one.id || one.dataset.do : ''; }})()"))


def test_enter_on_a_hidden_quote_shows_it_and_leaves_the_focus_on_it(panel: Open) -> None:
    stage = panel(VIOLENT, Service(VIOLENT_READ)).ready()
    stage.page.get_by_role("button", name="Show the quote m1.1").first.focus()

    stage.page.keyboard.press("Enter")
    stage.page.locator(".quote-text").first.wait_for()

    assert focused(stage) == "openQuote"


def test_enter_on_the_hidden_note_shows_it_and_goes_to_it(panel: Open) -> None:
    stage = panel(VIOLENT, Service(VIOLENT_READ)).ready()
    stage.page.get_by_role("button", name="Show the note").focus()

    stage.page.keyboard.press("Enter")
    stage.page.locator("#note").wait_for()

    assert focused(stage) == "note"


def test_enter_on_an_answer_keeps_the_focus_on_it(stage: Stage) -> None:
    stage.page.get_by_role("button", name="Yes", exact=True).focus()

    stage.page.keyboard.press("Enter")
    stage.page.locator(".corrections li").first.wait_for()

    assert stage.page.evaluate(f"{ACTIVE}.textContent") == "Yes"


@pytest.mark.parametrize("name", ["Undo", "Start over"])
def test_a_button_that_goes_away_when_it_is_pressed_leaves_the_focus_in_the_panel(stage: Stage, name: str) -> None:
    stage.page.get_by_role("button", name="Yes", exact=True).click()
    stage.page.locator(".corrections li").first.wait_for()
    stage.page.get_by_role("button", name=name).focus()

    stage.page.keyboard.press("Enter")
    stage.page.locator(".corrections").wait_for(state="detached")

    assert stage.page.evaluate(f"Boolean({ACTIVE})")


def test_a_second_question_mark_closes_the_keys_and_goes_back(stage: Stage) -> None:
    stage.page.keyboard.press("s")

    stage.page.keyboard.press("?")
    assert stage.page.locator("details.keys[open]").count() == 1
    stage.page.keyboard.press("?")

    assert stage.page.locator("details.keys[open]").count() == 0
    assert focused(stage) == "decision-title"


@pytest.mark.parametrize("key", ["?", "m"])
def test_escape_closes_what_a_key_opened(stage: Stage, key: str) -> None:
    stage.page.keyboard.press(key)
    assert stage.page.locator("details.keys[open], details.messages[open]").count() == 1

    stage.page.keyboard.press("Escape")

    assert stage.page.locator("details.keys[open], details.messages[open]").count() == 0


def test_arrow_keys_on_a_closed_menu_are_one_correction_at_enter(stage: Stage) -> None:
    menu = stage.page.get_by_role("combobox", name="Which harm").first
    menu.focus()

    for _ in range(3):
        stage.page.keyboard.press("ArrowDown")
    stage.page.wait_for_timeout(200)
    assert stage.service.sent("decisions") == []
    chosen = menu.input_value()
    stage.page.keyboard.press("Enter")
    stage.page.locator(".corrections").wait_for()

    assert [decision["extraction"]["threats"][0]["harm"] for decision in stage.service.sent("decisions")] == [chosen]
    assert chosen != "destroy"


def test_arrow_keys_on_a_closed_menu_are_one_correction_when_it_is_left(stage: Stage) -> None:
    stage.page.get_by_role("combobox", name="Which harm").first.focus()
    stage.page.keyboard.press("ArrowDown")
    stage.page.keyboard.press("ArrowDown")

    stage.page.keyboard.press("Tab")
    stage.page.locator(".corrections").wait_for()

    assert len(stage.service.sent("decisions")) == 1


def test_escape_takes_back_what_arrow_keys_chose(stage: Stage) -> None:
    menu = stage.page.get_by_role("combobox", name="Which harm").first
    menu.focus()
    stage.page.keyboard.press("ArrowDown")

    stage.page.keyboard.press("Escape")
    stage.page.keyboard.press("Tab")
    stage.page.wait_for_timeout(200)

    assert menu.input_value() == "destroy"
    assert stage.service.sent("decisions") == []


def test_a_menu_that_ends_where_it_began_corrects_nothing(stage: Stage) -> None:
    stage.page.get_by_role("combobox", name="Which harm").first.focus()

    for key in ("ArrowDown", "ArrowUp", "Tab"):
        stage.page.keyboard.press(key)
    stage.page.wait_for_timeout(200)

    assert stage.service.sent("decisions") == []
    assert stage.page.locator(".corrections").count() == 0


def test_an_answer_that_is_pressed_again_is_not_known_again(stage: Stage) -> None:
    yes = stage.page.get_by_role("button", name="Yes", exact=True)
    for is_pressed in (True, False):
        yes.click()
        stage.page.get_by_role("button", name="Yes", exact=True, pressed=is_pressed).wait_for()

    answers = [sent["context"]["mediation_eligible"] for sent in stage.service.sent("decisions")]
    assert answers == [True, None]
    assert focused(stage) == "mediation"


def test_a_change_to_the_same_team_and_labels_is_no_change(stage: Stage) -> None:
    stage.page.keyboard.press("c")
    stage.page.get_by_label("Reason", exact=True).select_option("wrong_team")

    stage.page.get_by_role("button", name="Save the change").click()

    assert "Nothing is changed yet" in stage.page.get_by_role("alert").inner_text()
    assert focused(stage) == "change-route"
    assert stage.service.sent("feedback") == []
