"""A question to the customer: only where an answer changes something, in their language, into the reply, and never sent."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from copilot.core.extraction import Extraction
from copilot.output import wording
from tests.browser.panel.stage import ORIGIN, Open, Service, Stage
from tests.browser.panel.tickets import (
    ARABIC,
    CLIENT,
    FREELANCER,
    JUDGE,
    JUDGE_READ,
    NOTHING_READ,
    ORDINARY,
    RANSOM,
    RANSOM_READ,
)  # fmt: skip

OPEN = "Ask the customer"
PUT = "Put into the reply"
CASES = Path(__file__).parents[3] / "evals" / "cases"


def read(**more: Any) -> Extraction:
    none: dict[str, Any] = {"threats": [], "demands": [], "damage_claims": [], "disputes": []}
    return Extraction.model_validate({"parties": [CLIENT, FREELANCER], **none, **more})


VAGUE = RANSOM | {
    "id": "T-VAGUE",
    "messages": [
        {"id": "m1", "author": "nora", "text": "Tibor says that I will see what happens to my account if I do not do it."}
    ],
}
VAGUE_READ = read(
    threats=[{"by": "p2", "against": "p1", "harm": "unspecified", "asset": "not_stated", "evidence": ["m1.1"]}],
    demands=[{"by": "p2", "of": "p1", "kind": "not_stated", "evidence": ["m1.1"]}],
)


@pytest.fixture
def stage(panel: Open) -> Stage:
    return panel(VAGUE, Service(VAGUE_READ)).ready()


def opened(stage: Stage) -> str:
    stage.page.get_by_role("button", name=OPEN).click()
    stage.page.get_by_role("region", name="Question to the customer").wait_for()
    return str(stage.page.locator(".reply .whole-text").inner_text())


def test_the_questions_are_those_whose_answer_would_change_the_suggestion(stage: Stage) -> None:
    words = wording.table()["ask_customer"]

    draft = opened(stage)

    assert draft.startswith(words["hello"])
    assert words["threat"] in draft
    assert words["intent"] not in draft
    assert words["untold"] not in draft


def test_the_draft_names_nobody_and_quotes_nothing(stage: Stage) -> None:
    draft = opened(stage)

    assert [word for word in ("Tibor", "Nora", "freelancer", "threat", "account") if word in draft] == []


NOTICED: dict[str, Any] = VAGUE | {"origin": "agent_observation", "reporter": None}


@pytest.mark.parametrize(
    ("ticket", "extraction"),
    [(ORDINARY, NOTHING_READ), (RANSOM, RANSOM_READ), (NOTICED, VAGUE_READ)],
    ids=["ordinary", "told", "noticed"],
)
def test_where_no_answer_of_a_customer_changes_anything_or_none_wrote_in_there_is_nothing_to_ask(
    panel: Open, ticket: dict[str, Any], extraction: Extraction
) -> None:
    stage = panel(ticket, Service(extraction)).ready()

    assert stage.page.locator(".reply").count() == 0


def test_a_demand_that_is_not_clear_and_would_change_the_label_is_asked_about(panel: Open) -> None:
    unclear = RANSOM_READ.model_copy(
        update={"demands": tuple(one.model_copy(update={"kind": "other"}) for one in RANSOM_READ.demands)}
    )
    stage = panel(RANSOM, Service(unclear)).ready()

    draft = opened(stage)

    assert [line for line in draft.splitlines() if line.startswith("- ")] == [f"- {wording.table()['ask_customer']['demand']}"]


def test_a_ticket_that_a_person_must_judge_has_a_question(panel: Open) -> None:
    stage = panel(JUDGE, Service(JUDGE_READ)).ready()

    assert wording.table()["ask_customer"]["feedback"] in opened(stage)


def test_a_click_puts_it_into_the_reply_of_that_ticket_and_says_so(stage: Stage) -> None:
    draft = opened(stage)

    stage.page.get_by_role("button", name=PUT).click()
    stage.page.locator(".reply").get_by_text("It is in the public reply now. Nothing was sent.").wait_for()

    [call] = stage.calls("useReply")
    assert call == {"ticket": "T-VAGUE", "text": draft, "note": None}
    assert stage.calls("useNote") == stage.service.sent("feedback") == []


def test_the_note_that_stands_in_the_ticket_is_told_to_the_console_so_that_both_are_kept_apart(stage: Stage) -> None:
    note = stage.page.locator("#note").input_value()
    stage.page.keyboard.press("a")
    stage.page.get_by_text("In the ticket now").wait_for()
    opened(stage)

    stage.page.get_by_role("button", name=PUT).click()
    stage.page.locator(".reply").get_by_text("It is in the public reply now.").wait_for()

    assert [call["note"] for call in stage.calls("useReply")] == [note]


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        ("draft_in_note", "an internal note is under way"),
        ("internal_note", "stays an internal note"),
        ("note_in_reply", "the internal note stands in the public reply"),
        ("other_ticket", "another ticket is open"),
        ("host_error", "The console did not take the question"),
    ],
)
def test_a_console_that_refuses_is_told_and_the_question_can_be_copied(panel: Open, refused: str, words: str) -> None:
    stage = panel(VAGUE, Service(VAGUE_READ), useReply={"done": [], "refused": refused}).ready()
    opened(stage)

    stage.page.get_by_role("button", name=PUT).click()

    alert = stage.page.locator(".reply [role=alert]")
    alert.wait_for()
    assert words in alert.inner_text()
    assert stage.page.locator(".reply").get_by_role("button", name="Copy").is_visible()


def test_to_a_customer_who_writes_arabic_it_is_in_arabic_and_says_so(panel: Open) -> None:
    messages = [ARABIC["messages"][0] | {"text": "يقول المستقل إنني سأرى ما يحدث إذا لم أفعل ما يريد مني الآن."}]
    stage = panel(VAGUE | {"messages": messages}, Service(VAGUE_READ)).ready()

    draft = opened(stage)

    assert draft.startswith(wording.table("ar")["ask_customer"]["hello"])
    assert stage.page.locator(".reply .whole-text").get_attribute("dir") == "rtl"
    assert stage.page.get_by_text("In the customer’s language: Arabic.").is_visible()


def test_to_a_customer_of_another_language_it_is_in_english_and_says_so(panel: Open) -> None:
    messages = [
        {"id": "m1", "author": "nora", "text": "Tibor sagt, dass ich schon sehen werde, was passiert, wenn ich nicht nachgebe."}
    ]
    stage = panel(VAGUE | {"messages": messages}, Service(VAGUE_READ), query="?locale=ar").ready()

    stage.page.locator("[data-do=openReply]").click()
    draft = stage.page.locator(".reply .whole-text")
    draft.wait_for()

    assert draft.inner_text().startswith(wording.table()["ask_customer"]["hello"])
    assert draft.get_attribute("lang") == "en"
    assert wording.table("ar")["reply"]["in_english"] in stage.page.locator(".reply").inner_text()


def test_a_correction_that_answers_the_question_takes_it_away(stage: Stage) -> None:
    opened(stage)

    removals = stage.page.get_by_role("button", name="Remove: ")
    removals.first.click()
    stage.page.locator(".corrections [data-key=then] li").first.wait_for()

    assert wording.table()["ask_customer"]["threat"] not in stage.page.locator(".panel").inner_text()


def test_the_draft_is_accessible_and_by_keyboard_closes_to_where_it_was_opened(
    panel: Open, axe: Callable[[Any], list[str]]
) -> None:
    stage = panel(VAGUE, Service(VAGUE_READ), bypass_csp=True).ready()
    stage.page.locator("[data-do=openReply]").focus()
    stage.page.keyboard.press("Enter")
    stage.page.get_by_role("region", name="Question to the customer").wait_for()
    found = axe(stage.page)

    stage.page.locator("[data-do=closeReply]").focus()
    stage.page.keyboard.press("Enter")
    stage.page.locator("[data-do=openReply]").wait_for()

    assert found == []
    assert stage.page.evaluate("document.activeElement.shadowRoot.activeElement.dataset.do") == "openReply"


def test_the_customers_language_is_never_taken_for_another_on_the_labelled_cases(panel: Open) -> None:
    stage = panel(ORDINARY, Service(NOTHING_READ)).ready()
    lines = [line for file in sorted(CASES.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines() if line]
    cases = [json.loads(line) for line in lines]
    known = [
        {"lang": name, "letters": words["known_letters"], "words": words["known_words"]}
        for name in wording.LANGUAGES
        for words in [wording.table(name)["ask_customer"]]
    ]
    told = stage.page.evaluate(
        """async ([origin, tickets, known]) => {
          const { customerLanguage } = await import(`${origin}/sidebar/assets/panel/customer_language.js`);
          return tickets.map((ticket) => customerLanguage(ticket, known));
        }""",
        [ORIGIN, [case["ticket"] for case in cases], known],
    )

    tally = Counter(
        (next(tag[5:] for tag in case["tags"] if tag.startswith("lang:")), one) for case, one in zip(cases, told, strict=True)
    )

    assert {pair: n for pair, n in tally.items() if pair[1] not in (pair[0], None)} == {}
    assert tally["en", "en"] > 0.95 * (tally["en", "en"] + tally["en", None])
    assert tally["ar", "ar"] > 0.9 * (tally["ar", "ar"] + tally["ar", None])
