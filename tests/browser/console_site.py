"""The console and the adapters on a server of their own, with a probe in the panel's place.

The probe connects as the panel does and keeps what it gets: `window.host`, or `window.fault` with the fault's code. So an adapter
is tried by itself. The same files are served under 127.0.0.1 and localhost, which are two origins to a browser.
"""

import mimetypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.panel.stage import filled
from tests.browser.watch import WAIT_MS, Watch, wait_until

SIDEBAR = Path(__file__).parents[2] / "copilot" / "sidebar"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
FRAMES = "frame-src http://127.0.0.1:* http://localhost:*"
PROBE = """<!doctype html><meta charset="utf-8"><title>probe</title>{metas}<script type="module" src="/probe.js"></script>"""
PROBE_SCRIPT = """
const name = new URLSearchParams(location.search).has("app_guid") ? "zendesk" : "frame";
const { connect } = await import(`/sidebar/assets/hosts/${name}.js`);
window.changes = 0;
try {
  window.host = await connect(window);
  window.host.onChange(() => (window.changes += 1));
} catch (fault) {
  window.fault = fault.code ?? String(fault);
}
document.documentElement.dataset.state = "connected";
"""
EMBEDDER = """<!doctype html><meta charset="utf-8"><title>embedder</title><script type="module" src="/embedder.js"></script>"""
EMBEDDER_SCRIPT = """
const query = new URLSearchParams(location.search);
window.heard = [];
window.addEventListener("message", (event) => window.heard.push({ data: event.data, origin: event.origin }));
const frame = document.createElement("iframe");
frame.name = "triage-copilot";
frame.src = query.get("src");
document.body.append(frame);
"""


@dataclass
class Site:
    """A running server. `metas` are written into the probe's page."""

    port: int
    metas: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def other(self) -> str:
        """The same server under another origin."""
        return f"http://localhost:{self.port}"

    def page(self, path: str) -> tuple[str, bytes] | None:
        """Media type and bytes for a path, or None."""
        if path == "/v1/suggestions":
            return "application/json", b'{"tickets": [], "next": null}'
        fixed = {"/probe.js": PROBE_SCRIPT, "/embedder.js": EMBEDDER_SCRIPT, "/embedder": EMBEDDER, "/favicon.ico": ""}
        if path in fixed:
            return ("text/javascript" if path.endswith(".js") else "text/html; charset=utf-8"), fixed[path].encode()
        if path in ("/sidebar", "/zendesk/sidebar"):
            metas = "".join(f'<meta name="{name}" content="{_attribute(content)}">' for name, content in self.metas.items())
            return "text/html; charset=utf-8", PROBE.format(metas=metas).encode()
        return _file(path)


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _file(path: str) -> tuple[str, bytes] | None:
    if path == "/console":
        return "text/html; charset=utf-8", filled("console").encode()
    path = path.replace("/console/tickets.json", "/sidebar/assets/console/tickets.json")
    found = (SIDEBAR / path.removeprefix("/sidebar/assets/")).resolve()
    if path.startswith("/sidebar/assets/") and found.is_file() and found.is_relative_to(SIDEBAR):
        media = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
        return (f"{media}; charset=utf-8" if media.startswith("text/") else media), found.read_bytes()
    return None


@contextmanager
def serving_console() -> Iterator[Site]:
    """Starts the server on a free port and ends it."""
    site = Site(0)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = site.page(urlsplit(self.path).path)
            self.send_response(200 if answer else 404)
            self.send_header("Content-Security-Policy", POLICY + FRAMES)
            self.send_header("Content-Type", answer[0] if answer else "text/plain")
            self.end_headers()
            self.wfile.write(answer[1] if answer else b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


GROUPS = '{"account_security": 360002, "mediation_disputes": 360003, "Content_Engagement_Tier_1_TS425": 360004}'
SIDEBAR_NAME = "triage-copilot"


@pytest.fixture
def site() -> Iterator[Site]:
    """The probe's server, with a map of groups."""
    with serving_console() as running:
        running.metas = {"copilot-zendesk-groups": GROUPS}
        yield running


@pytest.fixture
def open_page(chromium: Any, site: Site) -> Iterator[Callable[[str], Any]]:
    """Opens an address of the site in a context of its own; the test fails if the page did what no page may do."""
    watch = Watch({site.url, site.other})
    watch.allow("the target origin provided")  # the browser's word for a message that rightly did not arrive
    contexts = []

    def open_one(address: str) -> Any:
        context = chromium.new_context(reduced_motion="reduce", viewport={"width": 1280, "height": 900})
        context.set_default_timeout(WAIT_MS)
        watch.attach(context)
        contexts.append(context)
        page = context.new_page()
        page.goto(address if address.startswith("http") else site.url + address)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert watch.faults() == []


def until(page: Any, expression: str) -> Any:
    """The expression's value in the page once it is true."""
    return wait_until(page, lambda: page.evaluate(expression))


def probe(page: Any) -> Any:
    """The probe's frame, once it is connected or has failed."""
    page.wait_for_selector(f'iframe[name="{SIDEBAR_NAME}"]', state="attached")
    frame = page.frame(name=SIDEBAR_NAME)
    for _ in range(200):  # the element is there before its frame is known
        if frame is not None:
            break
        page.wait_for_timeout(50)
        frame = page.frame(name=SIDEBAR_NAME)
    frame.wait_for_selector('html[data-state="connected"]', state="attached")
    return frame


def turns_back(page: Any, mode: str, other: str) -> None:
    """A composer that is in the wanted mode when it is looked at first, and in the other one right after."""
    page.evaluate(
        """([mode, other]) => {
          let reads = 0;
          const real = window.desk.edit.bind(window.desk);
          window.desk.edit = (change) => {
            real(change);
            if (change.mode !== mode) return;
            const now = window.desk.form;
            const get = () => ({ ...now, mode: (reads += 1) > 2 ? other : mode });
            Object.defineProperty(window.desk, "form", { configurable: true, get, set: () => {} });
          };
        }""",
        [mode, other],
    )
