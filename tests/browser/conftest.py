"""A real browser, a real service, and pages that tell on themselves.

Fixtures: `chromium` (the system's Chromium), `server` (`copilot serve --console` with the embedded reader, one for this folder),
`serving` (starts further ones), `model_server` (parametrise indirectly with slow, dead, silent or good), `page`, `strict_page`,
`console_page`, `new_page` (for a context with options of its own), `watch` (what the pages did wrong so far) and `axe`.
Everything is Playwright's sync API: a test in this folder is never `async`. Chromium lives as long as this package runs, not as
long as the session, for while it lives this thread counts as having a running event loop.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import model_servers
from tests.browser.watch import WAIT_MS, Watch
from tests.fault_server import FaultServer
from tests.needed import missing
from tests.served import Served, serve

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)  # fmt: skip
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

NewPage = Callable[..., Any]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    """The system's Chromium, or a skip that says how to get it."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("browser", "Playwright for Python", "pip install '.[browser]'")
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        missing("browser", "Chromium in the path", "apt-get install chromium (Debian; other systems: their own package)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The service as `make demo` runs it, shared by the folder; it is asked for nothing if there is no browser."""
    served = serve(tmp_path_factory.mktemp("serve"), "--console")
    yield served
    served.stop()


class Serving:
    """Starts services: `serving("--console", COPILOT_AUTH="required")`, and `serving.again(served)` where one was stopped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[tuple[Served, tuple[str, ...], dict[str, str]]] = []

    def __call__(self, *arguments: str, **more: str) -> Served:
        folder = self._folder / f"serve-{len(self._started)}"
        folder.mkdir()
        self._started.append((serve(folder, *arguments, more=more), arguments, more))
        return self._started[-1][0]

    def again(self, served: Served) -> Served:
        """The same service on the same port and state."""
        _, arguments, more = next(one for one in self._started if one[0] is served)
        port = int(served.url.rpartition(":")[2])
        self._started.append((serve(served.state.parent, *arguments, more=more, port=port), arguments, more))
        return self._started[-1][0]

    def stop(self) -> None:
        for served, _, _ in self._started:
            served.stop()


@pytest.fixture
def serving(chromium: Any, tmp_path: Path) -> Iterator[Serving]:
    """Starts services that this test has for itself, and ends them after it."""
    starter = Serving(tmp_path)
    yield starter
    starter.stop()


@pytest.fixture
def model_server(request: pytest.FixtureRequest) -> Iterator[FaultServer]:
    """A model that is `good`, `slow`, `dead` or `silent`; `model_servers.settings(model_server)` points a service at it."""
    with model_servers.scripted(getattr(request, "param", "good")) as server:
        yield server


@pytest.fixture
def model_served(model_server: FaultServer, serving: Serving) -> Served:
    """The service with the console and that model."""
    return serving("--console", **model_servers.settings(model_server))


@pytest.fixture
def watch(server: Served) -> Watch:
    """What the pages of this test did that no page may do; `watch.allow(pattern)` excuses what the test provokes."""
    return Watch({server.url})


@pytest.fixture
def new_page(chromium: Any, server: Served, watch: Watch) -> Iterator[NewPage]:
    """Opens a page in a context of its own: `new_page(base_url=…, color_scheme="dark", …)`. The test fails if it misbehaves."""
    contexts = []

    def open_page(**options: Any) -> Any:
        given = {"base_url": server.url, "viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"} | options
        watch.origins.add(given["base_url"])
        context = chromium.new_context(**given)
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        watch.attach(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert watch.faults() == []


@pytest.fixture
def page(new_page: NewPage) -> Any:
    """A page that has opened nothing yet; `page.goto("/console")` is relative to the server."""
    return new_page()


@pytest.fixture
def strict_page(new_page: NewPage, watch: Watch) -> Any:
    """A page on which a console warning is a fault too."""
    watch.levels.add("warning")
    return new_page()


@pytest.fixture
def console_page(page: Any) -> Any:
    """The console simulator, opened."""
    page.goto("/console")
    return page


UNSTUCK = """() => {
  const root = document.querySelector("triage-copilot")?.shadowRoot;
  for (const bar of root?.querySelectorAll("section.bar, .verdict") ?? []) bar.style.position = "static";
}"""
"""What stays in view covers whatever is scrolled beneath it; axe would take that for a control too small to hit."""


@pytest.fixture
def axe(chromium: Any, watch: Watch) -> Callable[[Any], list[str]]:
    """`assert axe(page) == []`: what axe finds against WCAG 2.2 A and AA, in every frame of the page.

    Axe sets a style of its own while it looks, which the page's policy refuses; that breach is axe's and not the page's.
    """
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": {"type": "tag", "values": list(WCAG)}, "resultTypes": ["violations"], "iframes": False}

    def check(page: Any) -> list[str]:
        found, before = [], len(watch.seen)
        for frame in page.frames:
            frame.evaluate(UNSTUCK)
            for violation in Axe().run(frame, options=options).response["violations"]:
                places = "; ".join(" ".join(map(str, node["target"])) for node in violation["nodes"])
                found.append(f"{frame.url}: {violation['id']} ({violation['impact']}): {places}")
        page.wait_for_timeout(50)
        watch.seen[before:] = [
            line for line in watch.seen[before:] if "inline style" not in line and "style-src-elem" not in line
        ]
        return found

    return check
