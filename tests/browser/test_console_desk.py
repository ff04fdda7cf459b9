"""The simulator with the real panel and the real service: what `make demo` shows."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.console_site import SIDEBAR_NAME, until
from tests.browser.watch import Watch

GROUPS = '{"account_security": 360002, "mediation_disputes": 360003, "content_enforcement": 360004}'
FORM = "[window.desk.form.mode, window.desk.form.text.length > 0, window.desk.form.group, window.desk.submits]"

NewPage = Callable[..., Any]


def _panel(page: Any) -> Any:
    return page.frame_locator(f'iframe[name="{SIDEBAR_NAME}"]')


def _accept(page: Any) -> Any:
    return _panel(page).get_by_role("button", name=re.compile("^Accept"))


@pytest.fixture
def desk_url(serving: Callable[..., Any]) -> str:
    return str(serving("--console", "--extractor", "embedded", COPILOT_ZENDESK_GROUPS=GROUPS).url)


def test_accepting_puts_an_internal_note_in_sets_the_group_and_submits_nothing(new_page: NewPage, desk_url: str) -> None:
    page = new_page(base_url=desk_url)
    page.goto("/console")

    _accept(page).click()
    page.wait_for_selector('#composer[data-mode="internalNote"]')
    _panel(page).get_by_text("Accepted").first.wait_for()

    assert page.evaluate(FORM) == ["internalNote", True, 360004, 0]


@pytest.mark.parametrize("host", ["zendesk", "frame", "chatwoot"])
def test_the_panel_reads_the_ticket_whatever_embeds_it(console_page: Any, host: str) -> None:
    console_page.goto(f"/console?host={host}&ticket=40103")

    _panel(console_page).get_by_text("Account security").first.wait_for()


def test_the_queue_can_be_walked_by_arrow_keys(console_page: Any) -> None:
    until(console_page, "window.desk?.current")
    console_page.locator('#queue button[aria-current="true"]').focus()
    console_page.keyboard.press("ArrowDown")
    console_page.keyboard.press("Enter")

    assert console_page.inner_text("#subject") == "Five stars or else"
    assert console_page.locator('#queue button[aria-current="true"]').get_attribute("data-ticket") == "40102"


def test_the_tabs_of_the_composer_can_be_walked_by_arrow_keys(console_page: Any) -> None:
    until(console_page, "window.desk?.current")
    console_page.focus("#tab-reply")
    console_page.keyboard.press("ArrowRight")

    assert console_page.evaluate("[document.activeElement.id, window.desk.form.mode]") == ["tab-note", "internalNote"]


@pytest.mark.parametrize(
    ("network", "problem"), [("offline", "No connection"), ("expired", "who you are"), ("busy", "rying again|Try")]
)
def test_a_network_that_fails_is_seen_in_the_panel(console_page: Any, network: str, problem: str) -> None:
    console_page.goto(f"/console?network={network}")

    _panel(console_page).get_by_role("button", name="Try now").wait_for()
    _panel(console_page).get_by_text(re.compile(problem)).first.wait_for()


def test_a_network_that_comes_back_is_used(console_page: Any) -> None:
    console_page.goto("/console?network=offline")
    _panel(console_page).get_by_role("button", name="Try now").wait_for()

    console_page.locator("#bench summary").click()
    console_page.select_option("select[name=network]", "normal")

    _panel(console_page).get_by_text("Content enforcement").first.wait_for()


def test_hostile_tickets_run_nothing_in_the_console(page: Any) -> None:
    page.goto("/console?ticket=40112")
    _panel(page).get_by_text("Content enforcement").first.wait_for()
    page.click("#customer-writes")

    assert page.evaluate("[window.ran, window.frames['triage-copilot'].ran]") == [None, None]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("light", 320), ("dark", 900)])
def test_axe_finds_nothing_wrong_with_the_console(
    new_page: NewPage, axe: Callable[[Any], list[str]], scheme: str, width: int
) -> None:
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.goto("/console?ticket=40109")
    until(page, "window.desk?.current")
    page.locator("#bench summary").click()
    page.evaluate("window.desk.notice('alert', 'A notice.')")

    assert [line for line in axe(page) if "/console" in line.partition(": ")[0]] == []


@pytest.mark.parametrize("width", [320, 700, 1100])
def test_no_width_makes_the_console_scroll_sideways(console_page: Any, width: int) -> None:
    console_page.set_viewport_size({"width": width, "height": 800})
    until(console_page, "window.desk?.current")
    for ticket in (40101, 40112):
        console_page.evaluate("(id) => window.desk.open(id)", ticket)

        assert console_page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_watch_is_on(watch: Watch) -> None:
    """Every test here fails where the console or the panel reports an error."""
    assert watch.levels == {"error"}
