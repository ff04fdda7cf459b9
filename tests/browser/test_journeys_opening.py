"""What opening the panel costs: three files once, and nothing but the page and the suggestion from then on."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.agent import INVOICE, SHOP, Agent

KINDS = {
    "GET /assets/panel": "file",
    "GET /assets/words": "file",
    "GET /sidebar": "page",
    "GET /zendesk/sidebar": "page",
    "POST /v1/suggestions": "suggestion",
}


class Fetched:
    """The paths that a page's frames fetched over the network, in order; what the browser still had is not among them."""

    def __init__(self, page: Any) -> None:
        self._sent: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.requestServedFromCache", self._had)
        session.on("Network.responseReceived", lambda event: event["response"]["fromDiskCache"] and self._had(event))
        session.send("Network.enable")

    def _asked(self, event: dict[str, Any]) -> None:
        self._sent[event["requestId"]] = f"{event['request']['method']} {urlsplit(event['request']['url']).path}"

    def _had(self, event: dict[str, Any]) -> None:
        self._sent.pop(event["requestId"], None)

    def of_the_panel(self) -> list[str]:
        """Those that the panel needed, by what they are."""
        return sorted(kind for path in self._sent.values() for start, kind in KINDS.items() if path.startswith(start))


@pytest.mark.parametrize("host", ["zendesk", "frame"])
def test_the_first_opening_fetches_three_files_and_the_next_none(page: Any, host: str) -> None:
    agent, first = Agent(page), Fetched(page)
    agent.open_ready(INVOICE, host=host)
    seen = first.of_the_panel()

    second = Fetched(page)
    page.locator(f"#queue button[data-ticket='{SHOP}']").click()
    agent.fact("put the site back").wait_for()

    assert seen == ["file", "file", "file", "page", "suggestion"]
    assert second.of_the_panel() == ["page", "suggestion"]
