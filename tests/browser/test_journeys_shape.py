"""The panel in every shape it is looked at in: narrow, zoomed, dark, right to left, still; and axe on its main states."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.agent import ARABIC, FILES, INVOICE, LONG, SHOP, STARS, Agent
from tests.browser.conftest import NewPage
from tests.served import Served

SHIFTS = """
window.__shifts = [];
new PerformanceObserver((list) => {
  const named = (source) => source.node?.className || source.node?.nodeName;
  for (const entry of list.getEntries()) {
    if (!entry.hadRecentInput) window.__shifts.push([entry.value, entry.sources.map(named).join(" ")]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
MOST_SHIFT = 0.02
SIDEWAYS = """() => {
  const root = document.scrollingElement;
  const wide = [...document.querySelector("triage-copilot").shadowRoot.querySelectorAll("*")]
    .filter((node) => node.checkVisibility() && node.getBoundingClientRect().right > root.clientWidth + 1)
    .map((node) => node.className || node.nodeName);
  return root.scrollWidth > root.clientWidth ? ["the page scrolls sideways", ...wide] : wide;
}"""
Axe = Callable[[Any], list[str]]


def alone(page: Any, width: int, height: int = 700) -> Agent:
    """The console's page with nothing but the panel on it, so wide: as an embedding console makes it."""
    page.set_viewport_size({"width": width, "height": height})
    page.add_style_tag(
        content=f".queue, .work, .top {{ display: none !important }} .side, iframe {{ width: {width}px !important }}"
    )
    return Agent(page)


def _opened_alone(new_page: NewPage, ticket: int, width: int, **options: Any) -> Agent:
    page = new_page(bypass_csp=True, **options)
    Agent(page).open(ticket)
    agent = alone(page, width)
    agent.ready()
    return agent


@pytest.mark.parametrize("ticket", [SHOP, INVOICE, ARABIC, LONG])
def test_at_320_pixels_nothing_is_cut_off_and_nothing_scrolls_sideways(new_page: NewPage, ticket: int) -> None:
    agent = _opened_alone(new_page, ticket, 320)

    agent.unfold()

    assert agent.frame.evaluate(SIDEWAYS) == []


def test_at_200_per_cent_zoom_nothing_scrolls_sideways_and_everything_is_still_there(new_page: NewPage) -> None:
    """A window of 1280 by 800, zoomed: half as many pixels of style, each twice as large."""
    page = new_page(viewport={"width": 640, "height": 400}, device_scale_factor=2)
    agent = Agent(page).open_ready(SHOP)

    agent.unfold()

    assert agent.frame.evaluate(SIDEWAYS) == []
    assert page.evaluate("document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth")
    agent.button("Accept").scroll_into_view_if_needed()
    assert agent.button("Accept").is_visible()


def test_an_arabic_ticket_is_set_right_to_left_within_an_english_panel(page: Any) -> None:
    agent = Agent(page).open_ready(ARABIC)
    agent.button("Show the quote").first.click()
    agent.panel.locator(".quote .said").first.wait_for()

    directions = agent.frame.evaluate(
        """() => [...document.querySelector("triage-copilot").shadowRoot.querySelectorAll(".quote .said")]
            .map((node) => getComputedStyle(node).direction)"""
    )

    assert directions
    assert set(directions) == {"rtl"}
    assert agent.frame.evaluate("getComputedStyle(document.querySelector('triage-copilot')).direction") == "ltr"


@pytest.mark.parametrize("ticket", [SHOP, STARS, INVOICE, LONG])
def test_nothing_jumps_while_a_suggestion_comes(new_page: NewPage, ticket: int) -> None:
    page = new_page()
    page.context.add_init_script(SHIFTS)
    agent = Agent(page).open_ready(ticket)
    page.wait_for_timeout(300)

    shifts = agent.frame.evaluate("window.__shifts")

    assert sum(value for value, _ in shifts) <= MOST_SHIFT, shifts


@pytest.mark.parametrize("model_server", ["slow"], indirect=True)
def test_nothing_jumps_when_a_slow_model_answers(model_served: Served, new_page: NewPage) -> None:
    page = new_page(base_url=model_served.url)
    page.context.add_init_script(SHIFTS)
    agent = Agent(page).open_ready(SHOP)
    page.wait_for_timeout(300)

    shifts = agent.frame.evaluate("window.__shifts")

    assert sum(value for value, _ in shifts) <= MOST_SHIFT, shifts


def _change(agent: Agent) -> None:
    agent.button("Change").click()


def _dismiss_without_a_reason(agent: Agent) -> None:
    agent.button("Dismiss").click()
    agent.button("Dismiss it").click()


def _corrected(agent: Agent) -> None:
    agent.decide(lambda: agent.menu("About what", "wants").select_option("feedback"))


def _add(agent: Agent) -> None:
    agent.unfold()
    agent.panel.get_by_role("checkbox", name="Choose sentence m1.1").check()
    agent.button("Add a fact from it").click()


def _stale(agent: Agent) -> None:
    agent.decide(lambda: agent.menu("About what", "wants").select_option("feedback"))
    agent.page.get_by_role("button", name="Customer writes a new message").click()
    agent.says("Something new is in this ticket.").wait_for()


def _accepted(agent: Agent) -> None:
    agent.button("Accept").click()
    agent.heading("Accepted").wait_for()


STATES: dict[str, tuple[int, Callable[[Agent], None]]] = {
    "a suggestion": (SHOP, lambda agent: None),
    "everything unfolded": (SHOP, Agent.unfold),
    "no escalation": (INVOICE, Agent.unfold),
    "your judgement": (FILES, Agent.unfold),
    "arabic": (ARABIC, Agent.unfold),
    "a long ticket": (LONG, Agent.unfold),
    "corrected": (SHOP, _corrected),
    "a fact being added": (SHOP, _add),
    "the change form": (SHOP, _change),
    "the dismiss form with a fault": (SHOP, _dismiss_without_a_reason),
    "stale": (SHOP, _stale),
    "accepted": (SHOP, _accepted),
}


def by_day_and_by_night(page: Any, axe: Axe) -> list[str]:
    """What axe finds in the light, and then in the dark."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {line}" for line in axe(page)]
    return found


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_by_day_or_by_night(page: Any, axe: Axe, state: str) -> None:
    ticket, reach = STATES[state]
    agent = Agent(page).open_ready(ticket)

    reach(agent)

    assert by_day_and_by_night(page, axe) == []


@pytest.mark.parametrize(
    ("network", "words"),
    [
        ("slow", "Reading the ticket …"),
        ("offline", "No connection to the copilot."),
        ("expired", "The copilot does not know who you are."),
        ("busy", "The copilot is busy."),
    ],
)
def test_axe_finds_nothing_where_no_suggestion_could_be_had(page: Any, axe: Axe, network: str, words: str) -> None:
    agent = Agent(page).open(SHOP, network=network)

    agent.says(words).first.wait_for()

    assert by_day_and_by_night(page, axe) == []


@pytest.mark.parametrize("model_server", ["dead"], indirect=True)
def test_axe_finds_nothing_on_a_degraded_suggestion(model_served: Served, new_page: NewPage, axe: Axe) -> None:
    agent = Agent(new_page(base_url=model_served.url)).open_ready(SHOP)

    agent.unfold()

    assert by_day_and_by_night(agent.page, axe) == []


def test_dark_is_dark(new_page: NewPage) -> None:
    agent = Agent(new_page(color_scheme="dark")).open_ready(SHOP)

    shade = agent.frame.evaluate(
        """() => { const canvas = document.createElement("canvas").getContext("2d");
            const panel = document.querySelector("triage-copilot").shadowRoot.querySelector(".panel");
            canvas.fillStyle = getComputedStyle(panel).backgroundColor; canvas.fillRect(0, 0, 1, 1);
            return [...canvas.getImageData(0, 0, 1, 1).data]; }"""
    )

    assert sum(shade[:3]) < 200
