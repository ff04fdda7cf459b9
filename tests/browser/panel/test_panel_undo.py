"""What was decided looks decided, what failed can be mended, and all of it can be taken back."""

from typing import Any

import pytest

from tests.browser.panel.stage import Open, Service, Stage
from tests.browser.panel.test_panel_record import DECIDED
from tests.browser.panel.tickets import ORDINARY, RANSOM, RANSOM_READ

ACTIVE = "document.activeElement.shadowRoot?.activeElement"
REFUSED = {"done": [], "refused": "draft_in_reply"}
NO_GROUP = {"done": ["mode", "note"], "refused": None}
WHOLE = {"done": ["mode", "note", "group"], "refused": None, "before": {"group": 7}}


@pytest.fixture
def stage(panel: Open) -> Stage:
    return panel(RANSOM, Service(RANSOM_READ)).ready()


def accept(stage: Stage) -> None:
    stage.page.keyboard.press("a")
    stage.page.get_by_role("heading", name="Accepted").wait_for()
    stage.page.get_by_text("Recorded. Nothing was sent").wait_for()


def undo(stage: Stage) -> str:
    stage.page.keyboard.press("u")
    stage.page.locator("[data-key=undone]").wait_for()
    return str(stage.page.locator("[data-key=undone]").inner_text())


def test_after_accept_it_looks_accepted_and_says_by_whom_and_when(stage: Stage) -> None:
    accept(stage)

    assert stage.page.locator(".verdict.taken").is_visible()
    assert stage.page.locator("[data-key=who]").inner_text().startswith("By you, ")


def test_who_accepted_is_told_by_the_service_once_it_knows(stage: Stage) -> None:
    stage.service.decided = DECIDED | {"id": "fb_1", "agent": "agent-7"}

    accept(stage)

    stage.page.get_by_text("By agent-7, ").wait_for()


def test_an_accept_that_is_the_last_word_is_shown_with_its_undo_after_a_reload(stage: Stage) -> None:
    stage.service.decided = DECIDED | {"id": "fb_1", "agent": "agent-7"}
    accept(stage)
    stage.page.get_by_text("By agent-7, ").wait_for()
    stage.page.wait_for_timeout(600)

    stage.page.reload()
    stage.page.get_by_role("heading", name="Accepted").wait_for()

    assert undo(stage) == "Undone. Taken back: the note, the group."


def test_a_refused_note_is_said_to_be_recorded_and_can_be_put_in_now(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ), useNote=[REFUSED, WHOLE]).ready()
    accept(stage)
    assert stage.page.get_by_text("Recorded, note not inserted.").is_visible()

    stage.page.locator("section.bar").get_by_role("button", name="Insert now").click()
    stage.page.get_by_text("In the ticket now").wait_for()

    first, second = stage.calls("useNote")
    assert first["note"] == second["note"]
    assert len(stage.service.sent("feedback")) == 1
    assert stage.page.get_by_role("button", name="Insert now").count() == 0


def test_a_group_that_was_not_set_can_be_set_now(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ), useNote=NO_GROUP).ready()
    accept(stage)

    stage.page.get_by_role("button", name="Set the group now").click()
    stage.page.get_by_text("the note, the group").wait_for()

    asked = {"ticket": "T-4821", "route": "content_enforcement", "queue": "Content_Engagement_Tier_1_TS425"}
    assert stage.calls("setGroup") == [asked]


def test_undo_takes_note_and_group_back_and_tells_the_service(stage: Stage) -> None:
    accept(stage)

    assert undo(stage) == "Undone. Taken back: the note, the group."

    [taken] = stage.calls("takeBack")
    assert taken == {"ticket": "T-4821", "note": stage.calls("useNote")[0]["note"], "before": {"group": 1}}
    assert stage.service.sent("feedback")[1] == {"action": "undone"}
    assert stage.page.evaluate(f"{ACTIVE}.dataset.do") == "openChange"
    assert stage.page.get_by_role("button", name="Accept").get_attribute("aria-disabled") is None


def test_a_note_that_the_agent_changed_is_left_and_told(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ), takeBack={"done": ["group"], "refused": "note_changed"}).ready()
    accept(stage)

    assert undo(stage) == "Undone. Taken back: the group. You changed the note in the composer, so it is left there."


def test_a_console_that_cannot_take_back_is_told_and_the_record_is_undone_all_the_same(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ), takeBack={"done": [], "refused": "cannot"}).ready()
    accept(stage)

    words = undo(stage)

    assert "This console cannot take the note out: remove it yourself." in words
    assert "The group was not set back: choose it yourself." in words
    assert stage.service.sent("feedback")[1] == {"action": "undone"}


def test_nothing_is_undone_while_another_ticket_is_open_in_the_console(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ), takeBack={"done": [], "refused": "other_ticket"}).ready()
    accept(stage)

    stage.page.keyboard.press("u")
    stage.page.get_by_text("another ticket is open in the console").first.wait_for()

    assert len(stage.service.sent("feedback")) == 1
    assert stage.page.get_by_role("heading", name="Accepted").is_visible()


def test_a_dismissal_is_undone_without_asking_the_console(stage: Stage) -> None:
    stage.page.keyboard.press("d")
    stage.page.get_by_label("Reason", exact=True).select_option("test_ticket")
    stage.page.get_by_role("button", name="Dismiss it").click()
    stage.page.get_by_text("Recorded. Nothing was sent").wait_for()

    assert undo(stage) == "Undone."
    assert stage.calls("takeBack") == []


def test_after_accept_correct_accept_undo_goes_back_to_what_stood_there_first(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ), useNote=[WHOLE, WHOLE | {"before": {"group": 8}}]).ready()
    accept(stage)
    stage.page.get_by_role("button", name="Yes", exact=True).click()
    stage.page.locator(".corrections [data-key=then] li").first.wait_for()
    accept(stage)

    undo(stage)

    assert stage.calls("takeBack")[0]["before"] == {"group": 7}


def test_the_bar_carries_undo_for_the_last_correction(stage: Stage) -> None:
    stage.page.get_by_role("button", name="Yes", exact=True).click()
    stage.page.locator(".corrections [data-key=then] li").first.wait_for()

    stage.page.locator("section.bar").get_by_role("button", name="Undo").click()

    stage.page.locator(".corrections").wait_for(state="detached")


def open_change(stage: Stage, route: str) -> Any:
    stage.page.keyboard.press("c")
    stage.page.get_by_label("Where it should go").select_option(route)
    return stage.page.locator("#offer")


def test_another_team_is_offered_a_note_and_gets_it_with_its_group(stage: Stage) -> None:
    field = open_change(stage, "account_security")
    field.wait_for()
    assert field.input_value().startswith("Internal note for Account Security: chosen by an agent\nAn agent chose this team.")
    field.fill("My own words to them.")

    stage.page.get_by_role("button", name="Save the change").click()
    stage.page.get_by_text("In the ticket now").wait_for()

    [used] = stage.calls("useNote")
    assert used == {"ticket": "T-4821", "note": "My own words to them.", "route": "account_security", "queue": None, "labels": []}
    [report] = stage.service.sent("feedback")
    assert (report["action"], report["reason"], report["note"]) == ("changed", "wrong_team", "My own words to them.")
    assert report["changed_to"] == {"route": "account_security", "labels": []}


def test_an_emptied_note_sets_the_group_alone(stage: Stage) -> None:
    field = open_change(stage, "mediation_disputes")
    field.fill("")

    stage.page.get_by_role("button", name="Save the change").click()
    stage.page.get_by_text("In the ticket now: the group.").wait_for()

    assert stage.calls("useNote") == []
    assert stage.calls("setGroup") == [{"ticket": "T-4821", "route": "mediation_disputes", "queue": None}]


def test_what_is_no_team_is_recorded_and_puts_nothing_in(stage: Stage) -> None:
    open_change(stage, "no_escalation")

    stage.page.get_by_role("button", name="Save the change").click()
    stage.page.get_by_text("Nothing was put into the ticket.").wait_for()

    assert stage.calls("useNote") == stage.calls("setGroup") == []


def test_a_change_is_taken_back_as_an_accept_is(stage: Stage) -> None:
    open_change(stage, "account_security").wait_for()
    stage.page.get_by_role("button", name="Save the change").click()
    stage.page.get_by_text("Recorded. Nothing was sent").wait_for()

    assert undo(stage) == "Undone. Taken back: the note, the group."
    assert stage.service.sent("feedback")[1] == {"action": "undone"}


def test_no_note_for_the_chosen_team_is_told_and_the_group_is_set_all_the_same(panel: Open, panel_watch: Any) -> None:
    panel_watch.allow("Failed to load resource")
    stage = panel(RANSOM, Service(RANSOM_READ)).ready()
    stage.service.then.append((410, {"title": "gone"}, {}))
    open_change(stage, "account_security")
    stage.page.get_by_text("No note could be had for this team").wait_for()

    stage.page.get_by_role("button", name="Save the change").click()
    stage.page.get_by_text("In the ticket now: the group.").wait_for()

    assert len(stage.calls("setGroup")) == 1


def test_after_a_decision_a_new_message_is_told_in_the_bar_and_not_read_by_itself(stage: Stage) -> None:
    accept(stage)

    more = RANSOM | {"messages": [*RANSOM["messages"], {"id": "m3", "author": "nora", "text": "He wrote again."}]}
    stage.change_ticket(more)
    stage.page.wait_for_timeout(2_500)

    assert len(stage.service.sent("suggestions")) == 1
    assert stage.page.locator("section.bar").get_by_role("button", name="Read again").is_visible()
    assert stage.page.get_by_role("heading", name="Accepted").is_visible()


def test_an_undone_decision_of_one_ticket_is_not_told_on_the_next(stage: Stage) -> None:
    accept(stage)
    undo(stage)

    stage.change_ticket(ORDINARY)
    stage.page.get_by_text("T-4830").wait_for()

    assert stage.page.locator("[data-key=undone]").count() == 0
