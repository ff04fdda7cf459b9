"""What an agent sees once, and how they like the panel: the hint, and the compact setting."""

from typing import Any

import pytest

from tests.browser.panel.stage import Open, Service, Stage
from tests.browser.panel.test_panel_shape import SMALL
from tests.browser.panel.test_panel_size import VISIBLE_WORDS
from tests.browser.panel.tickets import NOTHING_READ, ORDINARY, RANSOM, RANSOM_READ

MOST_WORDS_OF_THE_HINT = 10
HEIGHT = "() => document.querySelector('triage-copilot').shadowRoot.querySelector('main').getBoundingClientRect().height"
COMPACT_AND_NEW = "localStorage.setItem('triage-copilot:preferences', '{\"hinted\":false,\"compact\":true}');"
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

LOOKS: list[dict[str, Any]] = [
    {},
    {"color_scheme": "dark"},
    {"forced_colors": "active"},
    {"query": "?locale=ar"},
    {"viewport": {"width": 320, "height": 700}},
]


def hints(stage: Stage) -> int:
    return int(stage.page.locator(".hint").count())


def kept(stage: Stage) -> None:
    """Load the panel anew, as the next ticket does."""
    stage.page.reload()
    stage.ready()


def compact(stage: Stage) -> None:
    stage.page.keyboard.press("?")
    stage.page.get_by_label("Compact", exact=True).check()


def test_the_hint_is_one_short_line_beside_the_words_of_the_panel(panel: Open) -> None:
    known, new = (panel(ORDINARY, Service(NOTHING_READ), is_new=is_new).ready() for is_new in (False, True))

    assert (hints(known), hints(new)) == (0, 1)
    assert new.page.evaluate(VISIBLE_WORDS) - known.page.evaluate(VISIBLE_WORDS) <= MOST_WORDS_OF_THE_HINT


@pytest.mark.parametrize("how", ["Got it", "the key for the keys", "a decision"])
def test_whoever_knows_the_panel_is_not_told_again(panel: Open, how: str) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ), is_new=True).ready()
    assert hints(stage) == 1

    if how == "Got it":
        stage.page.get_by_role("button", name="Got it").click()
    else:
        stage.page.keyboard.press("?" if how == "the key for the keys" else "a")
    stage.page.locator(".hint").wait_for(state="detached")
    kept(stage)

    assert hints(stage) == 0


def test_closing_the_hint_leaves_the_focus_in_the_panel(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ), is_new=True).ready()

    stage.page.get_by_role("button", name="Got it").focus()
    stage.page.keyboard.press("Enter")

    assert stage.page.evaluate("document.activeElement.shadowRoot.activeElement.id") == "decision-title"


def test_a_hint_that_cannot_be_remembered_is_not_given(panel: Open) -> None:
    refuse = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"

    stage = panel(RANSOM, Service(RANSOM_READ), is_new=True, script=refuse).ready()

    assert hints(stage) == 0


def test_the_compact_panel_is_lower_and_stays_so(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ)).ready()
    roomy = stage.page.evaluate(HEIGHT)

    compact(stage)
    kept(stage)

    assert stage.page.evaluate(HEIGHT) < roomy * 0.92


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_compact_panel_holds_its_targets_and_its_width(panel: Open, look: dict[str, Any]) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ), script=COMPACT_AND_NEW, **look).ready()

    stage.unfold()

    assert stage.page.locator(".panel.compact").count() == hints(stage) == 1
    assert stage.page.evaluate(SMALL, "button, select, summary, textarea, .pick, .check") == []
    assert stage.page.evaluate(SIDEWAYS) <= 0


def test_axe_finds_nothing_in_the_compact_panel_with_its_hint(panel: Open, axe: Any) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ), script=COMPACT_AND_NEW, bypass_csp=True).ready()

    stage.unfold()

    assert axe(stage.page) == []
