"""A long ticket costs what is looked at: few quotes, nothing drawn while somebody types, little written."""

from typing import Any

import pytest

from copilot.core.extraction import Extraction
from copilot.core.sentences import cut
from copilot.core.ticket import Ticket
from tests.browser.agent import VISIBLE_WORDS
from tests.browser.panel.stage import Open, Service, Stage
from tests.browser.panel.tickets import CLIENT, FREELANCER, NOTHING_READ, ORDINARY, RANSOM, RANSOM_READ

SENTENCES = 1_500
COUNT = """() => {
  const root = document.querySelector("triage-copilot").shadowRoot;
  window.drawn = 0;
  window.written = 0;
  new MutationObserver((changes) => (window.drawn += changes.length))
    .observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
  const write = Storage.prototype.setItem;
  Storage.prototype.setItem = function (...given) { window.written += 1; return write.apply(this, given); };
}"""
ELEMENTS = "() => document.querySelector('triage-copilot').shadowRoot.querySelectorAll('*').length"

LONG: dict[str, Any] = RANSOM | {
    "id": "T-LONG",
    "messages": [{"id": "m1", "author": "nora", "text": "He said he would delete the shop unless I paid him now. " * SENTENCES}],
}
LONG_READ = Extraction.model_validate({
    "parties": [CLIENT, FREELANCER], "demands": [], "damage_claims": [], "disputes": [],
    "threats": [{
        "by": "p2", "against": "p1", "harm": "destroy", "asset": "website",
        "evidence": [sentence.id for sentence in cut(Ticket.model_validate(LONG))],
    }],
})  # fmt: skip


@pytest.fixture
def long(panel: Open) -> Stage:
    return panel(LONG, Service(LONG_READ)).ready()


def test_a_card_quotes_one_sentence_and_names_five_more_and_the_rest_when_asked(long: Stage) -> None:
    places = long.page.locator(".card-of-one").first.locator(".more > li")
    assert (long.page.locator(".card-of-one .quote").count(), places.count()) == (1, 5)

    long.page.get_by_role("button", name=f"Show all {SENTENCES - 1}").first.click()
    places.nth(SENTENCES - 2).wait_for(state="attached")

    assert places.count() == SENTENCES - 1


def test_a_further_sentence_opens_its_message_from_its_place(long: Stage) -> None:
    long.page.get_by_role("button", name="Show it in its message: m1.3", exact=True).first.click()

    assert long.page.locator(".card-of-one .whole mark").count() == 1


def test_a_long_ticket_is_no_longer_a_long_panel(long: Stage) -> None:
    short_of_it = long.page.evaluate(ELEMENTS)

    assert short_of_it < 400
    assert long.page.evaluate("() => document.querySelector('triage-copilot').scrollHeight") < 4_000


def test_the_messages_of_a_long_ticket_are_there_once_they_are_unfolded(long: Stage) -> None:
    long.page.keyboard.press("m")

    long.page.get_by_label(f"Choose sentence m1.{SENTENCES}", exact=True).wait_for(state="attached")


def test_typing_draws_once_to_say_that_the_note_is_edited_and_then_no_more(long: Stage) -> None:
    long.page.locator("#note").focus()
    long.page.keyboard.type("a")
    long.page.get_by_text("Edited by you").wait_for()
    long.page.wait_for_timeout(600)
    long.page.evaluate(COUNT)

    long.page.keyboard.type("bcdefghijklmnopqr")
    long.page.wait_for_timeout(600)

    assert long.page.evaluate("window.drawn") == 0
    assert 1 <= long.page.evaluate("window.written") <= 3


def test_what_was_typed_last_is_kept_although_the_page_is_left_at_once(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ)).ready()
    stage.page.locator("#note").fill("Typed and gone.")

    stage.page.reload()
    stage.ready()

    assert stage.page.locator("#note").input_value() == "Typed and gone."


def test_an_ordinary_ticket_takes_at_most_forty_words(panel: Open) -> None:
    stage = panel(ORDINARY, Service(NOTHING_READ)).ready()

    assert stage.page.evaluate(VISIBLE_WORDS) <= 40


def test_a_sentence_stands_in_one_card_with_all_that_rests_on_it(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ)).ready()

    quoted = stage.page.locator(".quote-text .words").all_inner_texts()

    assert len(quoted) == len(set(quoted))
    assert stage.page.locator(".fact").count() > len(quoted)
