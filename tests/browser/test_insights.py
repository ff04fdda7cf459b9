"""The supervisor's page: figures, plots and tickets; with a key where auth is on; light and dark, narrow, right to left."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from copilot.store import Store
from copilot.store.shadows import ShadowDecision, ShadowOutcome
from tests.browser.watch import Watch

TICKET = {"id": "T-1", "messages": [{"text": "He says he will delete my website unless I pay him $500."}]}
NewPage = Callable[..., Any]


@pytest.fixture
def url(serving: Callable[..., Any]) -> str:
    """A service with one ticket, accepted by one agent."""
    served = serving("--console", "--extractor", "embedded")
    with httpx.Client(base_url=served.url, trust_env=False, timeout=60) as client:
        made = client.post("/v1/suggestions", json=TICKET).raise_for_status().json()
        client.post(f"/v1/suggestions/{made['id']}/feedback", json={"action": "accepted"}).raise_for_status()
        client.put(f"/v1/suggestions/{made['id']}/outcome", json={"route": "no_escalation", "labels": []}).raise_for_status()
    return str(served.url)


def test_a_figure_leads_to_its_tickets_and_a_ticket_to_the_queue(new_page: NewPage, url: str) -> None:
    page = new_page(base_url=url)
    page.goto("/insights")
    page.locator("#all").get_by_role("button", name="Accepted though wrong").click()

    page.locator("#ticket-list a", has_text="T-1").wait_for()
    assert page.evaluate("document.activeElement.id") == "tickets"
    assert "1 of 1" in page.locator("#tickets-about").inner_text()
    assert page.locator("#ticket-list a").get_attribute("href") == "/console?find=T-1"


def test_the_tickets_are_those_of_the_figures_on_the_page_whatever_the_form_says_by_now(new_page: NewPage, url: str) -> None:
    page = new_page(base_url=url)
    page.goto("/insights")
    figure = page.locator("#groups").get_by_role("button", name="Accepted, ")
    figure.wait_for()
    page.select_option("select[name=by]", "agent")
    page.fill("input[name=to]", "2020-01-02")

    figure.click()

    page.locator("#ticket-list a", has_text="T-1").wait_for()
    page.fill("input[name=to]", datetime.now(UTC).date().isoformat())
    page.locator("#wanted button").click()
    page.locator("#groups th", has_text="local").wait_for()
    assert not page.locator("#tickets").is_visible()


def test_a_period_that_ends_before_it_begins_is_told_and_a_date_that_is_none_is_the_usual_one(
    new_page: NewPage, url: str
) -> None:
    page = new_page(base_url=url)
    page.goto("/insights?from=yesterday&to=2026-02-31")
    page.locator("#figures:not([hidden])").wait_for()
    assert page.locator("input[name=to]").input_value() == datetime.now(UTC).date().isoformat()

    page.fill("input[name=from]", "2099-01-01")
    page.locator("#wanted button").click()

    page.get_by_text("The first day is after the last one.").wait_for()
    assert not page.locator("#figures").is_visible()


@pytest.mark.parametrize("by", ["time", "route", "reason", "reader", "agent"])
def test_every_grouping_is_shown_and_stays_in_the_address(new_page: NewPage, url: str, by: str) -> None:
    page = new_page(base_url=url)
    page.goto("/insights")
    page.select_option("select[name=by]", by)
    page.locator("#wanted button").click()
    page.wait_for_url(f"**/insights?*by={by}")

    assert page.locator("#groups tbody tr").count() in ((0, 1) if by == "reason" else (1,))
    page.reload()
    page.locator("#figures:not([hidden])").wait_for()
    assert page.locator("select[name=by]").input_value() == by


@pytest.fixture
def compared(serving: Callable[..., Any]) -> str:
    """A service with one ticket, on which another policy decides otherwise."""
    served = serving("--console", "--extractor", "embedded")
    with httpx.Client(base_url=served.url, trust_env=False, timeout=60) as client:
        made = client.post("/v1/suggestions", json=TICKET).raise_for_status().json()
    store = Store.open(f"sqlite:///{served.state / 'copilot.db'}", 30)
    store.shadows.follow("policy:1a2b3c4d5e6f", datetime(2020, 1, 1, tzinfo=UTC))
    other = ShadowDecision(made["id"], ShadowOutcome.DECIDED, "agent_review", (), "R")
    store.shadows.put("policy:1a2b3c4d5e6f", [other])
    store.close()
    return str(served.url)


def test_what_another_policy_would_have_decided_leads_to_its_tickets(new_page: NewPage, compared: str) -> None:
    page = new_page(base_url=compared)
    page.goto("/insights")

    part = page.locator("#shadow")
    part.get_by_role("heading", name="policy:1a2b3c4d5e6f").wait_for()
    assert "0.0 % [0.0, 79.3], 0 of 1" in part.inner_text()
    assert part.locator("a").get_attribute("href") == "/console?find=T-1"


def test_where_nothing_else_decides_the_page_says_nothing_of_it(new_page: NewPage, url: str) -> None:
    page = new_page(base_url=url)
    page.goto("/insights")
    page.locator("#figures:not([hidden])").wait_for()

    assert page.locator("#shadow").is_hidden()


@pytest.mark.parametrize("look", [("light", 320, "ltr"), ("dark", 1280, "rtl")])
def test_axe_finds_nothing_in_the_comparison(
    new_page: NewPage, compared: str, axe: Callable[[Any], list[str]], look: tuple[str, int, str]
) -> None:
    scheme, width, direction = look
    page = new_page(base_url=compared, color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto("/insights")
    page.evaluate("(direction) => (document.documentElement.dir = direction)", direction)
    page.locator("#shadow a").wait_for()

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("look", [("light", 1280, "ltr"), ("dark", 1280, "ltr"), ("light", 320, "rtl"), ("dark", 640, "rtl")])
def test_axe_finds_nothing_and_no_width_scrolls_sideways(
    new_page: NewPage, url: str, axe: Callable[[Any], list[str]], look: tuple[str, int, str]
) -> None:
    scheme, width, direction = look
    page = new_page(base_url=url, color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto("/insights")
    page.evaluate("(direction) => (document.documentElement.dir = direction)", direction)
    page.locator("#all").get_by_role("button", name="Accepted though wrong").click()
    page.locator("#ticket-list a").wait_for()

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_where_auth_is_on_a_key_with_the_scope_opens_it_and_another_does_not(
    new_page: NewPage, serving: Callable[..., Any], watch: Watch
) -> None:
    served = serving("--extractor", "embedded", COPILOT_AUTH="required")
    store = Store.open(f"sqlite:///{served.state / 'copilot.db'}", 30)
    keys = {scope: store.keys.create(scope, [scope], None)[1] for scope in ("insights", "triage")}
    store.close()
    watch.allow("the server responded with a status of 40[13]")
    page = new_page(base_url=served.url)
    page.goto("/insights")

    page.fill("#key", keys["triage"])
    page.locator("#key-form button").click()
    page.get_by_text("This caller may not do that").wait_for()
    page.fill("#key", keys["insights"])
    page.locator("#key-form button").click()

    page.locator("#figures:not([hidden])").wait_for()
    assert page.locator("#key-form").is_hidden()
    assert "0 decisions" in page.locator("#status").inner_text()


BLACKEST = """() => [...document.querySelectorAll("#plots canvas")].map((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let [drawn, dark] = [0, 0];
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] < 200) continue;
    drawn += 1;
    if (data[at] + data[at + 1] + data[at + 2] < 120) dark += 1;
  }
  return { drawn, dark };
})"""


@pytest.fixture
def many_days(new_page: NewPage, url: str) -> Callable[..., Any]:
    """Opens the page as it is after sixty days of the same figures."""

    def open_page(**options: Any) -> Any:
        page = new_page(base_url=url, **options)

        def sixty(route: Any) -> None:
            answer = route.fetch()
            given = answer.json()
            days = [f"2026-0{month}-{day:02}" for month in (1, 3) for day in range(1, 31)]
            given["groups"] = [given["groups"][0] | {"key": day} for day in days]
            route.fulfill(response=answer, json=given)

        page.route("**/v1/insights?*", sixty)
        page.goto("/insights")
        page.locator("#plots canvas").nth(5).wait_for()
        return page

    return open_page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_sixty_days_are_drawn_and_print_in_ink_in_whichever_scheme(many_days: Callable[..., Any], scheme: str) -> None:
    page = many_days(color_scheme=scheme)
    on_screen = page.evaluate(BLACKEST)

    page.emulate_media(media="print", color_scheme=scheme)
    page.wait_for_timeout(200)
    printed = page.evaluate(BLACKEST)

    assert [one["drawn"] > 500 for one in on_screen] == [True] * 6
    assert [one["dark"] > 100 for one in printed] == [True] * 6
    assert scheme == "light" or [one["dark"] < 100 for one in on_screen] == [True] * 6


def test_the_table_of_sixty_days_is_there_for_whoever_cannot_see_the_plots(
    many_days: Callable[..., Any], axe: Callable[[Any], list[str]]
) -> None:
    page = many_days(viewport={"width": 320, "height": 800})

    assert page.locator("#groups tbody tr").count() == 60
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []
