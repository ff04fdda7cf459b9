"""The triage queue beside the simulator's tickets: what was suggested, who decided, filters, and the next ticket by key."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.browser.console_site import until
from tests.browser.watch import Watch

LISTED = "[...document.querySelectorAll('#triage-list button')].map((one) => one.dataset.triage)"
THREAT = "He says he will delete my website unless I pay him $500."


@pytest.fixture
def client(serving: Callable[..., Any]) -> Any:
    """A service with two urgent tickets of the simulator, and one of another console."""
    served = serving("--console", "--extractor", "embedded")
    with httpx.Client(base_url=served.url, trust_env=False, timeout=60) as client:
        for id, text in (("40101", THREAT), ("40103", THREAT), ("elsewhere-1", "Where do I find my invoice?")):
            client.post("/v1/suggestions", json={"id": id, "messages": [{"text": text}]}).raise_for_status()
        yield client


def _opened(new_page: Callable[..., Any], client: httpx.Client, query: str = "") -> Any:
    page = new_page(base_url=str(client.base_url))
    page.goto(f"/console?ticket=40108{query}")
    until(page, f"({LISTED}).length > 0")
    return page


def test_what_another_agent_decides_is_seen_without_reloading(client: httpx.Client, new_page: Callable[..., Any]) -> None:
    page = _opened(new_page, client)
    row = page.locator("#triage-list button[data-triage='40101']")
    assert "open" in row.inner_text()

    id = next(one for one in client.get("/v1/suggestions").json()["tickets"] if one["ticket_id"] == "40101")["suggestion_id"]
    client.post(f"/v1/suggestions/{id}/feedback", json={"action": "accepted"}).raise_for_status()

    row.get_by_text("accepted by local").wait_for()


def test_filters_and_search_narrow_the_list_and_the_address_may_search(
    client: httpx.Client, new_page: Callable[..., Any]
) -> None:
    page = _opened(new_page, client, "&find=elsewhere")
    assert page.evaluate(LISTED) == ["elsewhere-1"]

    page.fill("#triage-find", "")
    page.select_option("#triage-filters select[name=route]", "content_enforcement")
    until(page, f"({LISTED}).includes('40101') && !({LISTED}).includes('elsewhere-1')")


def test_the_next_open_ticket_is_opened_by_button_and_by_key(client: httpx.Client, new_page: Callable[..., Any]) -> None:
    page = _opened(new_page, client, "&find=401")
    until(page, f"({LISTED}).includes('40108')")

    page.locator("#triage-next").click()
    until(page, "window.desk.current.id !== 40108")
    first = page.evaluate("window.desk.current.id")
    page.keyboard.press("j")
    second = until(page, f"window.desk.current.id !== {first} && window.desk.current.id")
    page.keyboard.press("k")
    until(page, f"window.desk.current.id === {first}")

    assert {first, second} <= {40101, 40103, 40108}


def test_a_ticket_of_another_console_is_told_of_and_not_opened(client: httpx.Client, new_page: Callable[..., Any]) -> None:
    page = _opened(new_page, client)
    page.locator("#triage-list button[data-triage='elsewhere-1']").click()

    page.get_by_text("Ticket elsewhere-1 is in another console.").wait_for()
    assert page.evaluate("window.desk.current.id") == 40108


def test_a_queue_that_answers_again_as_it_was_is_no_longer_said_to_be_out_of_reach(
    client: httpx.Client, new_page: Callable[..., Any], watch: Watch
) -> None:
    watch.allow("Failed to load resource")
    page = _opened(new_page, client)
    status = page.locator("#triage-status", has_text="4 tickets")
    status.wait_for()
    page.route("**/v1/suggestions?*", lambda route: route.abort())
    page.fill("#triage-find", " ")
    page.get_by_text("The queue cannot be reached.").wait_for()

    page.unroute("**/v1/suggestions?*")
    page.fill("#triage-find", "")

    status.wait_for()


def test_blanks_around_what_is_searched_for_hide_nothing(client: httpx.Client, new_page: Callable[..., Any]) -> None:
    page = _opened(new_page, client)

    page.fill("#triage-find", " elsewhere-1 ")

    until(page, f"({LISTED}).join() === 'elsewhere-1'")
