"""When something is in the way: the same request is tried again under the same key, and a session is renewed."""

import re
from typing import Any

import pytest

from tests.browser.panel.stage import Open, Service
from tests.browser.panel.tickets import RANSOM, RANSOM_READ
from tests.browser.watch import Watch, wait_until


@pytest.fixture(autouse=True)
def _trouble_is_expected(panel_watch: Watch) -> None:
    panel_watch.allow("Failed to load resource")


def keys(service: Service) -> set[str]:
    return {call["headers"].get("idempotency-key", "") for call in service.asked if call["method"] == "POST"}


@pytest.mark.parametrize(("status", "title"), [(429, "Too many requests just now."), (503, "The copilot is busy.")])
def test_a_busy_service_is_asked_again_when_it_said_so(panel: Open, status: int, title: str) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ, then=[(status, {}, {"Retry-After": "3"})]))
    stage.page.get_by_text(title).wait_for()
    stage.page.get_by_text(re.compile("Trying again in [123] s")).wait_for()

    stage.ready()

    assert len(stage.service.asked) == 2
    assert len(keys(stage.service)) == 1


def test_a_lost_connection_is_tried_again_by_itself_and_at_once_if_asked(panel: Open) -> None:
    service = Service(RANSOM_READ, is_offline=True)
    stage = panel(RANSOM, service)
    stage.page.get_by_text("No connection to the copilot.").wait_for()
    assert "Still reading" not in stage.page.locator(".panel").inner_text()

    service.is_offline = False
    stage.page.get_by_role("button", name="Try now").click()

    stage.ready()
    assert len(keys(service)) == 1


def test_a_correction_made_offline_is_decided_once_there_is_a_connection(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ)).ready()
    stage.service.is_offline = True
    stage.page.get_by_role("button", name="Yes", exact=True).click()
    stage.page.get_by_text("No connection to the copilot.").wait_for()
    assert stage.page.get_by_role("button", name="Accept").get_attribute("aria-disabled") == "true"

    stage.service.is_offline = False
    stage.page.get_by_role("button", name="Try now").click()
    stage.page.locator(".corrections li").first.wait_for()

    assert "Mediation and disputes" in stage.page.locator(".verdict .team").inner_text()


def test_a_correction_that_was_refused_is_told_and_can_be_undone(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ)).ready()
    stage.service.then = [(410, {}, {})]
    stage.page.get_by_role("button", name="Yes", exact=True).click()
    stage.page.get_by_text("Your correction could not be decided.").wait_for()
    assert stage.page.get_by_role("button", name="Accept").get_attribute("aria-disabled") == "true"

    stage.page.locator(".notice").get_by_role("button", name="Undo").click()

    assert stage.page.get_by_role("button", name="Accept").get_attribute("aria-disabled") is None


def test_an_ended_session_is_asked_for_once_more_and_the_request_goes_on(panel: Open) -> None:
    stage = panel(RANSOM, Service(RANSOM_READ, then=[(401, {}, {})]), session=["tcs_first", "tcs_second"]).ready()

    assert [call["headers"]["authorization"] for call in stage.service.asked] == ["Bearer tcs_first", "Bearer tcs_second"]
    assert len(keys(stage.service)) == 1


def test_a_session_is_renewed_before_it_ends(panel: Open, chromium: Any) -> None:
    service = Service(RANSOM_READ)
    stage = panel(RANSOM, service, clock=True).ready()

    stage.page.clock.run_for(61_000)

    wait_until(stage.page, lambda: [one["path"] for one in service.asked if "sessions" in one["path"]] == ["/v1/sessions/renew"])
    stage.page.get_by_role("button", name="Yes", exact=True).click()
    stage.page.locator(".corrections").wait_for()
    assert service.asked[-1]["headers"]["authorization"] == "Bearer tcs_renewed"


def test_a_browser_without_storage_still_works(panel: Open) -> None:
    script = """for (const name of ["sessionStorage", "localStorage"]) {
      Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });
    }"""
    stage = panel(RANSOM, Service(RANSOM_READ), script=script).ready()

    stage.page.locator("#note").fill("Typed.")
    stage.page.get_by_role("button", name="Yes", exact=True).click()
    stage.page.locator(".corrections li").first.wait_for()

    assert stage.page.locator("#note").input_value() == "Typed."
