"""Blind first: until an agent has chosen, the page holds the messages and nothing of the suggestion; the choice is never lost."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.panel.stage import Open, Service, Stage
from tests.browser.panel.tickets import ORDINARY, RANSOM, RANSOM_READ
from tests.browser.watch import Watch

WHOLE_PAGE = """() => {
  const root = document.querySelector("triage-copilot").shadowRoot;
  const told = (one) => [one.textContent, ...[...one.attributes].map(({ value }) => value)];
  return [...root.querySelectorAll("*")].flatMap(told).join(" ");
}"""
TOLD = ("verdict", "R3_", "threatens", "coercion", "Counts", "wants from", "mediation or dispute assistance", "Draft note")
SUBMIT = "Show the suggestion"


@pytest.fixture
def stage(panel: Open, panel_watch: Watch) -> Stage:
    panel_watch.allow("Failed to load resource")
    stage = panel(RANSOM, Service(RANSOM_READ, blind=True))
    stage.page.get_by_role("group", name="Where would you send it?").wait_for()
    return stage


def choose(stage: Stage, team: str) -> None:
    stage.page.get_by_role("radio", name=team).check()
    stage.page.get_by_role("button", name=SUBMIT).click()


def choices(service: Service) -> list[dict[str, Any]]:
    return [call for call in service.asked if call["path"].endswith("/first-choice")]


def test_before_the_choice_the_messages_are_there_and_nothing_of_the_suggestion_is(stage: Stage) -> None:
    page = stage.page.evaluate(WHOLE_PAGE)

    assert "put the site back if I pay him $600" in page
    assert [words for words in TOLD if words in page] == []
    assert stage.page.locator("[data-do=accept], .verdict, .facts, .note, .why, .notice").count() == 0


def test_after_the_choice_the_suggestion_is_shown_and_says_that_the_agent_had_chosen_otherwise(stage: Stage) -> None:
    choose(stage, "Mediation and disputes")
    stage.ready()

    assert stage.service.sent("first-choice") == [{"route": "mediation_disputes"}]
    assert stage.page.get_by_text("Your own choice was another: Mediation and disputes.", exact=True).is_visible()
    assert "Content enforcement" in stage.page.locator(".verdict .team").inner_text()
    assert stage.page.locator("[data-do=accept]").is_visible()


def test_an_equal_choice_is_told_as_equal(stage: Stage) -> None:
    choose(stage, "Content enforcement")
    stage.ready()

    assert stage.page.get_by_text("Your own choice was the same.", exact=True).is_visible()


def test_whoever_cannot_say_sees_the_suggestion_and_is_compared_with_nothing(stage: Stage) -> None:
    stage.page.get_by_role("button", name="Cannot say").click()
    stage.ready()

    assert stage.service.sent("first-choice") == [{"route": None}]
    assert stage.page.get_by_text("Your own choice").count() == 0


def test_without_a_team_the_form_says_what_is_missing_and_sends_nothing(stage: Stage) -> None:
    stage.page.get_by_role("button", name=SUBMIT).click()

    assert stage.page.get_by_role("alert").inner_text() == "Choose a team, or say that you cannot."
    assert choices(stage.service) == []
    assert stage.page.evaluate("document.activeElement.shadowRoot.activeElement.type") == "radio"


def test_a_page_that_is_loaded_anew_asks_again_without_a_new_reading_and_knows_what_was_picked(stage: Stage) -> None:
    stage.page.get_by_role("radio", name="Account security").check()

    stage.page.reload()
    stage.page.get_by_role("group", name="Where would you send it?").wait_for()

    assert stage.page.get_by_role("radio", name="Account security").is_checked()
    assert len(stage.service.sent("suggestions")) == 1
    assert stage.page.locator(".verdict").count() == 0


def test_a_page_that_is_loaded_anew_after_the_choice_shows_the_suggestion_with_it(stage: Stage) -> None:
    choose(stage, "Mediation and disputes")
    stage.ready()

    stage.page.reload()
    stage.ready()

    assert stage.page.get_by_text("Your own choice was another: Mediation and disputes.", exact=True).is_visible()


def test_a_second_agent_is_asked_on_a_ticket_that_the_first_has_chosen_on(stage: Stage) -> None:
    choose(stage, "Mediation and disputes")
    stage.ready()

    stage.service.blind, stage.service.first_choice = True, None
    stage.page.reload()
    stage.page.get_by_role("group", name="Where would you send it?").wait_for()

    assert stage.page.get_by_role("radio", checked=True).count() == 0
    assert stage.page.locator(".verdict").count() == 0


def test_without_a_connection_the_choice_waits_and_is_sent_once_under_one_key(stage: Stage) -> None:
    stage.service.lost = "/first-choice"
    choose(stage, "Account security")
    stage.page.get_by_text("No connection to the copilot.").wait_for()
    assert stage.page.locator(".verdict").count() == 0

    stage.service.lost = ""
    stage.page.get_by_role("button", name="Try now").click()
    stage.ready()

    assert len({call["headers"]["idempotency-key"] for call in choices(stage.service)}) == 1
    assert choices(stage.service)[-1]["body"] == {"route": "account_security"}


def _to_another_and_back(stage: Stage) -> None:
    stage.change_ticket(ORDINARY)
    stage.page.get_by_text("T-4830").wait_for()
    stage.change_ticket(RANSOM)
    stage.page.get_by_text("T-4821").wait_for()


@pytest.mark.parametrize("leave", [lambda stage: stage.page.reload(), _to_another_and_back])
def test_a_choice_that_was_on_its_way_goes_out_when_the_agent_is_back(stage: Stage, leave: Callable[[Stage], None]) -> None:
    stage.service.lost = "/first-choice"
    choose(stage, "Account security")
    stage.page.get_by_text("No connection to the copilot.").wait_for()

    stage.service.lost = ""
    leave(stage)
    stage.ready()

    assert stage.service.first_choice == "account_security"
    assert len({call["headers"]["idempotency-key"] for call in choices(stage.service)}) == 1


def test_a_choice_that_the_service_did_not_take_is_told_and_can_be_sent_again(stage: Stage) -> None:
    stage.service.then = [(500, {}, {})]
    choose(stage, "Account security")
    stage.page.get_by_role("alert").wait_for()
    assert "Your choice is not recorded yet" in stage.page.get_by_role("alert").inner_text()
    assert stage.page.get_by_role("radio", name="Account security").is_checked()

    stage.page.get_by_role("button", name=SUBMIT).click()
    stage.ready()

    assert stage.service.first_choice == "account_security"


def test_no_key_decides_before_the_choice(stage: Stage) -> None:
    for key in "acdnue":
        stage.page.keyboard.press(key)
    stage.page.wait_for_timeout(200)

    assert stage.service.sent("feedback") == stage.calls("useNote") == []
    assert stage.page.locator(".verdict, form.form").count() == 0


def test_the_choice_can_be_made_by_keys_and_the_keyboard_is_then_at_the_suggestion(stage: Stage) -> None:
    stage.page.keyboard.press("s")
    assert stage.page.evaluate("document.activeElement.shadowRoot.activeElement.id") == "decision-title"

    stage.page.keyboard.press("Tab")
    stage.page.keyboard.press("Space")
    stage.page.keyboard.press("ArrowDown")
    stage.page.keyboard.press("Enter")
    stage.ready()

    assert stage.service.sent("first-choice") == [{"route": "mediation_disputes"}]
    assert stage.page.evaluate("document.activeElement.shadowRoot.activeElement.id") == "decision-title"


def test_a_screen_reader_is_told_of_the_question_and_then_of_suggestion_and_choice(stage: Stage) -> None:
    live = stage.page.locator("[role=status][aria-live=polite]").first
    live.filter(has_text="Where would you send it? The suggestion is shown once you have chosen.").wait_for(state="attached")

    choose(stage, "Mediation and disputes")
    live.filter(has_text="Suggestion ready").wait_for(state="attached")

    assert live.inner_text() == "Suggestion ready: Content enforcement. Your own choice was another: Mediation and disputes."


def test_a_message_that_comes_before_the_choice_is_read_when_the_agent_asks_for_it(stage: Stage) -> None:
    longer = RANSOM | {"messages": [*RANSOM["messages"], {"id": "m3", "author": "nora", "text": "Now he wants $900."}]}
    stage.change_ticket(longer)

    stage.page.get_by_role("button", name="Read again").click()
    stage.page.get_by_text("Now he wants $900.").wait_for()

    assert len(stage.service.sent("suggestions")) == 2
    assert stage.page.locator(".verdict").count() == 0


@pytest.mark.parametrize("width", [320, 380])
def test_the_question_is_accessible_and_nothing_scrolls_sideways(
    panel: Open, axe: Callable[[Any], list[str]], width: int
) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ, blind=True), viewport={"width": width, "height": 800}, bypass_csp=True)
    stage.page.get_by_role("group", name="Where would you send it?").wait_for()

    assert stage.page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe(stage.page) == []
