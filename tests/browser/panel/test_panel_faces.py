"""Each state of the panel has a face of its own, with its own words; none of them reads as an all-clear."""

import re
from typing import Any

import pytest

from copilot.core.extraction import Extraction
from copilot.core.reading import ReadOutcome
from tests.browser.panel.stage import Open, Service, Stage
from tests.browser.panel.tickets import JUDGE, JUDGE_READ, NOTHING_READ, ORDINARY, RANSOM, RANSOM_READ, VIOLENT, VIOLENT_READ
from tests.browser.watch import Watch

REASSURING = re.compile(r"\b(all clear|safe|no risk|nothing to worry|fine|ok(ay)?|no problem|resolved)\b", re.IGNORECASE)
GREEN = """() => [...document.querySelector("triage-copilot").shadowRoot.querySelectorAll("*")].flatMap((node) => {
  const style = getComputedStyle(node);
  const shades = [style.color, style.backgroundColor, style.borderInlineStartColor];
  return shades.map((shade) => shade.match(/\\d+/g)?.map(Number) ?? [0, 0, 0]);
}).filter(([red, green, blue]) => green > red + 24 && green > blue + 24)"""
LOADED = re.compile("Failed to load resource")


def text(stage: Stage) -> str:
    return str(stage.page.locator(".panel").inner_text())


def reads(extraction: Extraction = RANSOM_READ, **reading: Any) -> Service:
    return Service(extraction, reading=reading)


def test_the_messages_can_be_read_before_anything_is_suggested(panel: Open, panel_watch: Watch) -> None:
    panel_watch.allow(LOADED.pattern)
    stage = panel(RANSOM, Service(RANSOM_READ, then=[(503, {}, {"Retry-After": "60"})]))
    stage.panel_waits()

    assert "he deleted the whole shop" in text(stage)
    assert stage.page.locator(".skeleton").is_visible()
    assert stage.page.get_by_role("button", name="Accept").get_attribute("aria-disabled") == "true"


def test_a_slow_reading_says_how_long_it_has_taken(panel: Open) -> None:
    service = Service(RANSOM_READ, is_silent=True)
    stage = panel(RANSOM, service)

    stage.page.get_by_text(re.compile(r"Still reading: [45] s so far")).wait_for()


@pytest.mark.parametrize(("ticket", "extraction"), [(ORDINARY, NOTHING_READ), (JUDGE, JUDGE_READ)], ids=["outside", "judgement"])
def test_what_is_not_escalated_says_what_was_looked_for_and_what_is_unknown(panel: Open, ticket: Any, extraction: Any) -> None:
    stage = panel(ticket, Service(extraction)).ready()
    stage.unfold()

    shown = text(stage)
    assert "What was looked for" in shown
    assert "Ask next" in shown
    assert not REASSURING.search(shown.replace("Not an all-clear", ""))
    assert stage.page.evaluate(GREEN) == []
    assert not re.search("[✓✔✅☑]", shown)


def test_no_escalation_lists_what_is_not_known(panel: Open) -> None:
    stage = panel(ORDINARY, Service(NOTHING_READ)).ready()

    stage.unfold()

    card = text(stage)
    assert "Not an all-clear" in card
    assert "Whether the customer qualifies for mediation." in card
    assert "Attachments and links were not opened." in card


def test_your_judgement_says_why(panel: Open) -> None:
    stage = panel(JUDGE, Service(JUDGE_READ)).ready()

    card = stage.page.locator(".verdict.agent_review").inner_text()
    assert "Feedback is asked for, and no force or threat is told with it." in card
    assert "This reads like a dispute" in card


def test_a_degraded_reading_says_why_and_what_it_misses(panel: Open) -> None:
    stage = panel(RANSOM, reads(degraded=True, outcome=ReadOutcome.TIMEOUT, extractor="embedded")).ready()

    assert "Read by a simpler reader." in text(stage)
    assert "the model took too long" in text(stage)


def test_a_failed_reading_says_that_nothing_was_looked_for(panel: Open) -> None:
    stage = panel(RANSOM, reads(failed=True, outcome=ReadOutcome.REFUSAL, extractor="none")).ready()

    shown = text(stage)
    assert "The ticket could not be read." in shown
    assert "none found" not in shown.lower()
    assert stage.page.locator(".message").first.is_visible()


def test_unread_sentences_are_shown(panel: Open) -> None:
    stage = panel(RANSOM, reads(unread=("m1.1", "m2.2"))).ready()

    unread = stage.page.locator('[data-key="unread"]').inner_text()
    assert "2 sentences were not read." in unread
    assert "I hired Tibor" in unread


def test_what_a_second_reader_noticed_is_shown_and_can_be_made_a_fact(panel: Open) -> None:
    stage = panel(RANSOM, reads(uncited=("m2.2",))).ready()
    notice = stage.page.locator('[data-key="disagree"]')
    assert "I lose orders every hour" in notice.inner_text()

    notice.get_by_role("button", name="Add a fact").click()

    assert "I lose orders every hour" in stage.page.locator('[data-submit="add"]').inner_text()


def test_no_escalation_says_first_that_a_second_reader_saw_more(panel: Open) -> None:
    stage = panel(ORDINARY, reads(NOTHING_READ, uncited=("m1.1",))).ready()

    lines = stage.page.locator(".verdict.no_escalation").inner_text().splitlines()

    assert [line for line in lines if line][1] == "A second reader noticed 1 more sentence."


PAGE = """() => {
  const root = document.querySelector("triage-copilot").shadowRoot;
  return [...root.querySelectorAll("*")].map((one) => `${one.textContent} ${one.value ?? ""}`).join(" ");
}"""


def test_disturbing_quotes_are_hidden_until_asked_for_everywhere(panel: Open) -> None:
    stage = panel(VIOLENT, Service(VIOLENT_READ)).ready()
    stage.page.keyboard.press("m")
    stage.page.locator(".message").first.wait_for()
    assert stage.page.locator("#note").count() == 0
    assert stage.page.locator(".masked").count() > 1
    assert "break my arm" not in stage.page.evaluate(PAGE)

    stage.page.locator(".covered").get_by_role("button", name="Show the quote m1.1").first.click()

    assert stage.page.locator(".quote-text").first.inner_text().startswith("He wrote that he will come and break my arm")
    assert "break my arm" in stage.page.locator("#note").input_value()


def test_hiding_quotes_can_be_turned_off_and_stays_off(panel: Open) -> None:
    stage = panel(VIOLENT, Service(VIOLENT_READ)).ready()
    stage.page.keyboard.press("?")
    stage.page.get_by_label("Hide disturbing quotes until asked for").uncheck()
    assert stage.page.locator(".masked").count() == 0

    stage.page.reload()

    stage.ready()
    assert stage.page.locator(".masked").count() == 0


def test_another_ticket_in_the_same_frame_is_read_at_once(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ)).ready()

    stage.change_ticket(RANSOM | {"id": "T-9"})

    stage.page.locator(".ticket", has_text="T-9").wait_for()
    stage.ready()
    assert [ticket["id"] for ticket in stage.service.sent("suggestions")] == ["T-4821", "T-9"]


AUTHOR = {"field": "messages[0].author", "detail": "is not a participant"}


@pytest.mark.parametrize(
    ("status", "problem", "words"),
    [
        (401, {}, ["The copilot does not know who you are.", "Load the ticket page again"]),
        (403, {}, ["You may not use the copilot here.", "for access"]),
        (410, {}, ["The text of this suggestion is gone.", "or it was erased"]),
        (413, {"detail": "the body is over 4 MB"}, ["This ticket is too large for the copilot.", "the body is over 4 MB"]),
        (422, {"errors": [AUTHOR]}, ["The copilot could not take this ticket.", "messages[0].author", "is not a participant"]),
        (500, {"request_id": "req_7"}, ["Something went wrong in the copilot.", "Request req_7"]),
    ],
)
def test_each_refusal_has_a_face_and_leaves_the_messages_readable(
    panel: Open, panel_watch: Watch, status: int, problem: dict[str, Any], words: list[str]
) -> None:
    panel_watch.allow(LOADED.pattern)

    stage = panel(RANSOM, Service(RANSOM_READ, then=[(status, problem, {})] * 3), session=None)
    stage.page.get_by_role("alert").wait_for()

    assert [one for one in [*words, "he deleted the whole shop"] if one not in text(stage)] == []


def test_a_ticket_without_text_says_so_and_can_be_asked_for_again(panel: Open) -> None:
    stage = panel(RANSOM | {"messages": [{"id": "m1", "text": "  "}]}, Service(RANSOM_READ))
    stage.page.get_by_text("The text of this ticket is not there yet.").wait_for()

    stage.page.evaluate("(ticket) => { window.stage.ticket = ticket; }", RANSOM)
    stage.page.get_by_role("button", name="Ask again").click()

    stage.ready()


def test_hidden_characters_are_marked_and_counted(panel: Open) -> None:
    said = "He said pay\u202e me\u200b now\U000e0041\U000e0042."
    ticket = ORDINARY | {"messages": [{"id": "m1", "author": "sol", "text": said}]}
    stage = panel(ticket, Service(NOTHING_READ)).ready()

    stage.page.keyboard.press("m")

    stage.page.locator(".message").first.wait_for()
    shown = stage.page.locator(".messages").inner_text()
    assert "‹U+202E›" in shown
    assert "‹U+200B›" in shown
    assert "‹2 hidden›" in shown
    assert "4 hidden characters" in shown


def test_letters_that_join_are_spelling_and_no_hidden_characters(panel: Open) -> None:
    ticket = ORDINARY | {
        "messages": [{"id": "m1", "author": "sol", "text": "می\u200cخواهم قرارداد را ببندم. 👩\u200d💻 ❤\ufe0f"}]
    }
    stage = panel(ticket, Service(NOTHING_READ)).ready()

    stage.page.keyboard.press("m")

    assert "hidden" not in stage.page.locator(".messages").inner_text()


def test_a_card_in_which_nothing_counts_says_so_once_with_each_reason(panel: Open) -> None:
    same = {"evidence": ["m1.1"]}
    demands = [demand.model_dump() | same for demand in JUDGE_READ.demands]
    disputes = [dispute.model_dump() | same for dispute in JUDGE_READ.disputes]
    read = Extraction.model_validate(JUDGE_READ.model_dump() | {"demands": demands, "disputes": disputes})
    stage = panel(JUDGE | {"context": {"mediation_eligible": True}}, Service(read)).ready()

    card = stage.page.locator(".card-of-one")
    card.get_by_text("Does not count").click()

    assert card.locator(".fact").count() == 2
    assert card.get_by_text("Does not count").count() == 1
    assert card.locator(".weight p").all_inner_texts() == [
        "no threat or damage by the same party counts, so nothing forces it",
        "a disagreement is no harm; it matters for mediation",
    ]


def test_the_one_person_of_unknown_role_is_somebody_and_of_two_each_has_an_id(panel: Open) -> None:
    stranger = {"id": "p2", "role": "unknown", "is_reporter": False, "name": None}
    given = RANSOM_READ.model_dump()
    one = given | {"parties": [given["parties"][0], stranger]}
    two = one | {"parties": [*one["parties"], stranger | {"id": "p3"}]}
    shown = []
    for number, read in enumerate((one, two)):
        stage = panel(RANSOM | {"id": f"T-{number}"}, Service(Extraction.model_validate(read))).ready()
        stage.page.locator("details.why").evaluate("(one) => (one.open = true)")
        menu = stage.page.get_by_role("combobox", name="Who, ").first
        shown.append([menu.evaluate("(one) => one.selectedOptions[0].text"), stage.page.locator(".would-change").inner_text()])
        stage.page.unroute_all()

    assert [who for who, _ in shown] == ["somebody", "somebody p2"]
    assert "If what somebody wants" in shown[0][1]
    assert "If what somebody p2 wants" in shown[1][1]


def test_that_nobody_reported_it_is_said_once(panel: Open) -> None:
    stage = panel(RANSOM | {"origin": "agent_observation", "reporter": None}, Service(RANSOM_READ)).ready()

    assert "Noticed by an agent. Nobody reported it." in text(stage)
    assert "No other customer reported this." not in text(stage)
