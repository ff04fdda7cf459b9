"""The panel alone on its stage: real files and real policy, a console and a service that the test directs."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.panel.stage import ORIGIN, Open, Service, Stage, open_panel
from tests.browser.watch import WAIT_MS, Watch


@pytest.fixture
def panel_watch() -> Watch:
    """What the panel's pages did that no page may do; `allow(pattern)` excuses what a test provokes."""
    return Watch({ORIGIN})


@pytest.fixture
def panel(chromium: Any, panel_watch: Watch) -> Iterator[Open]:
    """Opens the panel: `panel(ticket, service, query="?locale=ar", color_scheme="dark", useNote={…})`. It has to behave."""
    contexts = []

    def open_on(ticket: dict[str, Any] | None, service: Service, query: str = "", **given: Any) -> Stage:
        hosts = ("useNote", "useReply", "setGroup", "takeBack", "reveal", "session", "script", "is_new")
        answers = {name: given.pop(name) for name in hosts if name in given}
        is_clocked = given.pop("clock", False)
        context = chromium.new_context(**({"viewport": {"width": 380, "height": 800}, "reduced_motion": "reduce"} | given))
        context.set_default_timeout(WAIT_MS)
        if is_clocked:
            context.clock.install()
        contexts.append(context)
        panel_watch.attach(context)
        return open_panel(context.new_page(), ticket, service, query, **answers)

    yield open_on
    for context in contexts:
        context.close()
    assert panel_watch.faults() == []
