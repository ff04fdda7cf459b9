"""The panel in its shapes: right to left, narrow, in forced colours; and every question and condition in plain words."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from copilot.core.extraction import Extraction
from copilot.core.ticket import Ticket
from copilot.pipeline import decide
from tests.browser.panel.stage import Open, Service
from tests.browser.panel.tickets import ARABIC, ARABIC_READ, JUDGE, JUDGE_READ, NOTHING_READ, ORDINARY, RANSOM, RANSOM_READ

CASES = Path(__file__).parents[3] / "evals" / "cases"
Axe = Callable[[Any], list[str]]
IN_PANEL = "[...document.querySelector('triage-copilot').shadowRoot.querySelectorAll(selectors)]"
ENGLISH = f"""(selectors) => {IN_PANEL}.map((node) => node.innerText)
  .filter((text) => /[a-z]{{4,}}/i.test(text.replace(/[“«].*?[”»]/g, "").replace("model-1", "")))"""
SMALL = f"""(selectors) => {IN_PANEL}
  .filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < 23.5)
  .map((node) => node.outerHTML.slice(0, 80))"""
SHOWN = {
    "suggestion": (RANSOM, RANSOM_READ, ""),
    "judgement": (JUDGE, JUDGE_READ, ""),
    "outside": (ORDINARY, NOTHING_READ, ""),
    "arabic": (ARABIC, ARABIC_READ, "?locale=ar"),
}
TO_WORDS = """async ({ said, locale }) => {
  const words = await import("/sidebar/assets/panel/words.js");
  const phrases = await import("/sidebar/assets/panel/phrases.js");
  await words.useLocale([locale]);
  return said.flatMap((one) => [
    ...one.ask_next.map((each) => [each.text, phrases.question(each, one)]),
    ...one.would_change.map((each) => [each.text, phrases.condition(each, one)]),
  ]);
}"""


def _said_on_all_cases() -> list[dict[str, Any]]:
    """A suggestion for every different question and condition that the policy has for the labelled cases."""
    known: set[str] = set()
    found: list[dict[str, Any]] = []
    for path in sorted(CASES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            if "extraction" not in case["expect"]:
                continue
            suggestion = decide(Ticket.model_validate(case["ticket"]), Extraction.model_validate(case["expect"]["extraction"]))
            texts = {one.text for one in (*suggestion.ask_next, *suggestion.would_change)}
            if texts - known:
                found.append(suggestion.model_dump(mode="json"))
                known |= texts
    return found


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_every_question_and_condition_of_the_policy_is_put_into_the_locales_words(panel: Open, locale: str) -> None:
    stage = panel(ORDINARY, Service(NOTHING_READ)).ready()

    spoken = stage.page.evaluate(TO_WORDS, {"said": _said_on_all_cases(), "locale": locale})

    assert len(spoken) > 50
    paths = re.compile(r"ask\.|condition\.|.*(\{|undefined)")
    assert [english for english, words in spoken if paths.match(words)] == []


def test_the_panel_turns_with_its_language_and_the_note_stays_as_it_was_written(panel: Open) -> None:
    stage = panel(ARABIC, Service(ARABIC_READ), query="?locale=ar-EG").ready()

    assert stage.page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
    assert stage.page.locator(".verdict .team").inner_text().strip().startswith("تطبيق سياسة المحتوى")
    assert stage.page.locator("#note").evaluate("node => getComputedStyle(node).direction") == "ltr"
    english = stage.page.evaluate(ENGLISH, "button, h2, h3, dt, label, summary, .quiet, .weight")
    assert english == []


def test_a_language_that_nobody_translated_falls_back_to_english(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ), query="?locale=xx", locale="xx").ready()

    assert stage.page.get_by_role("heading", name="Evidence").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SHOWN)
def test_axe_finds_nothing(panel: Open, axe: Axe, name: str, scheme: str) -> None:
    ticket, extraction, query = SHOWN[name]
    stage = panel(ticket, Service(extraction), query=query, color_scheme=scheme, bypass_csp=True).ready()

    stage.unfold()

    assert axe(stage.page) == []


def test_every_control_is_at_least_24_pixels_high(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ)).ready()

    stage.unfold()

    assert stage.page.evaluate(SMALL, "button, select, summary, textarea, .pick, .check") == []


def test_forced_colours_keep_what_is_chosen_apart(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ), forced_colors="active").ready()
    stage.page.get_by_role("button", name="Yes", exact=True).click()
    stage.page.get_by_role("button", name="Yes", pressed=True).wait_for()

    chosen, other = (
        stage.page.get_by_role("button", name=name, exact=True).evaluate("node => getComputedStyle(node).backgroundColor")
        for name in ("Yes", "No")
    )

    assert chosen != other


def test_what_has_the_focus_is_never_under_the_bar(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ), viewport={"width": 320, "height": 560}).ready()
    hidden = []
    for _ in range(40):
        stage.page.keyboard.press("Tab")
        place = stage.page.evaluate(
            """() => { const root = document.activeElement?.shadowRoot; const node = root?.activeElement;
                if (!node || node.closest(".bar")) return null;
                const box = node.getBoundingClientRect(); const bar = root.querySelector("section.bar").getBoundingClientRect();
                return box.top >= bar.top ? node.outerHTML.slice(0, 80) : null; }"""
        )
        hidden += [place] if place else []

    assert hidden == []
