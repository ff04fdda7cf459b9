"""How fast the panel opens on a slow network, and how it scrolls and types with 2,000 sentences.

Run from the top of the repository: `python -m benchmarks.panel_opening [--rounds N]`. Needs the extra `browser` and a Chromium.
A page of another origin frames the panel, as a desk does. The network is Chromium's own simulation: 1.6 Mbit/s down, and for each
request a delay before the first byte: 150 ms, and 562.5 ms, which is what browsers call fast 3G. Each round has a browser profile
of its own: a first opening, then a second one on another ticket. Times count from the moment when the frame gets its address.
"""

import argparse
import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGUMENTS, PROGRAMS
from tests.served import serve

DELAYS_MS = (150.0, 562.5)
BYTES_PER_SECOND = 1_600_000 / 8
LIMITS = {"offline": False, "downloadThroughput": BYTES_PER_SECOND, "uploadThroughput": BYTES_PER_SECOND / 2}
DESK = """<!doctype html><meta charset="utf-8"><title>A desk</title>
<style>iframe { inline-size: 24rem; block-size: 46rem }</style>
<script>
const panel = new URLSearchParams(location.search).get("panel");
const sentence = (n) => `The parcel of order ${n} came late and the box was wet.`;
const now = () => performance.timeOrigin + performance.now();
const people = [{ id: "p1", role: "client" }, { id: "p2", role: "freelancer" }];
addEventListener("message", ({ data, source, origin }) => {
  if (origin !== panel || data.protocol !== "triage-copilot") return;
  const { ticket } = window;
  const known = { "ticket-wanted": { type: "ticket", ticket }, "session-wanted": { type: "session", token: null } };
  const answer = known[data.type];
  if (answer) source.postMessage({ protocol: "triage-copilot", version: 1, id: data.id, ...answer }, origin);
});
function show(id, sentences) {
  document.querySelector("iframe")?.remove();
  const text = (at) => Array.from({ length: Math.min(50, sentences) }, (_, n) => sentence(at * 50 + n)).join(" ");
  const messages = Array.from({ length: Math.ceil(sentences / 50) }, (_, at) => ({ id: `m${at}`, author: "p1", text: text(at) }));
  messages[0].text = "He deleted my website and wants 500 dollars to put it back. " + messages[0].text;
  window.ticket = { id, subject: "Late", origin: "customer_report", reporter: "p1", participants: people, messages };
  const frame = document.createElement("iframe");
  frame.name = "panel";
  frame.src = `${panel}/sidebar`;
  window.began = now();
  document.body.append(frame);
}
</script>"""
MARKS = """
window.marks = {};
const seen = { "first paint": ".skeleton", "messages": ".whole-text, .pick", "suggestion": ".verdict" };
const look = () => {
  const root = document.querySelector("triage-copilot")?.shadowRoot;
  for (const [name, what] of Object.entries(seen)) {
    if (!(name in marks) && root?.querySelector(what)) {
      marks[name] = 0;
      requestAnimationFrame(() => setTimeout(() => (marks[name] = performance.timeOrigin + performance.now())));
    }
  }
  if (!marks.suggestion) setTimeout(look, 4);
};
if (window !== top) look();
"""
TIMING = """
window.late = [];
window.frames_ms = [];
for (const kind of ["input", "change"]) addEventListener(kind, (event) => {
  requestAnimationFrame(() => setTimeout(() => late.push(performance.now() - event.timeStamp)));
}, true);
let before = 0;
const step = (at) => { if (before) frames_ms.push(at - before); before = at; requestAnimationFrame(step); };
requestAnimationFrame(step);
"""
UNFOLD = """() => new Promise((go) => {
  const began = performance.now();
  const root = document.querySelector("triage-copilot").shadowRoot;
  root.querySelector("details.note").open = root.querySelector("details.messages").open = true;
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => go(performance.now() - began))));
})"""
SHORT = 12


@contextmanager
def desk() -> Iterator[str]:
    """A page of another origin, at an address of its own."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(DESK.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def spread(values: Sequence[float]) -> str:
    """The median, and from the least to the most."""
    return f"{statistics.median(values):,.0f} [{min(values):,.0f}, {max(values):,.0f}]"


class Traffic:
    """What one opening fetched: requests that went out, and their bytes with headers, as they came over the wire."""

    def __init__(self, session: Any) -> None:
        self.requests, self.bytes, self._cached = 0, 0.0, set[str]()
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.requestServedFromCache", lambda event: self._cache(event["requestId"]))
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._finished)

    def _asked(self, _: dict[str, Any]) -> None:
        self.requests += 1

    def _answered(self, event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache"):
            self._cache(event["requestId"])

    def _cache(self, request: str) -> None:
        if request not in self._cached:
            self._cached.add(request)
            self.requests -= 1

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] not in self._cached:
            self.bytes += event["encodedDataLength"]


def panel_of(page: Any) -> Any:
    """The panel's frame, with the suggestion on the screen."""
    page.frame_locator("iframe[name=panel]").locator(".verdict").wait_for(timeout=120_000)
    page.wait_for_timeout(500)
    return page.frame(name="panel")


def openings(browser: Any, service: str, outside: str, rounds: int, delay_ms: float) -> None:
    """The table of one delay: first and second openings."""
    found: dict[str, dict[str, list[float]]] = {"first": {}, "second": {}}
    for turn in range(rounds):
        context = browser.new_context(viewport={"width": 900, "height": 800})
        context.add_init_script(MARKS)
        page = context.new_page()
        page.goto(f"{outside}/?panel={service}")
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", LIMITS | {"latency": delay_ms})
        for which, rows in found.items():
            traffic = Traffic(session)
            page.evaluate("([id]) => show(id, 12)", [f"{delay_ms}-{turn}-{which}"])
            marks = panel_of(page).evaluate("marks")
            began = page.evaluate("began")
            row = {f"{name}, ms": at - began for name, at in marks.items()}
            for name, value in {**row, "requests": traffic.requests, "bytes": traffic.bytes}.items():
                rows.setdefault(name, []).append(value)
        context.close()
    print(f"\nopening, {delay_ms:g} ms a request, 1.6 Mbit/s; median [least, most] of {rounds} profiles")
    for name in found["first"]:
        print(f"  {name:<18}{spread(found['first'][name]):<28}{spread(found['second'][name])}")


def long_ticket(browser: Any, service: str, outside: str, rounds: int, sentences: int) -> None:
    """Scrolls through, types and chooses in a ticket of so many sentences, and for comparison in a short one."""
    found: dict[int, dict[str, list[float]]] = {SHORT: {}, sentences: {}}
    for turn in range(rounds):
        for count, rows in found.items():
            page = browser.new_context(viewport={"width": 900, "height": 800}).new_page()
            page.goto(f"{outside}/?panel={service}")
            page.evaluate("([id, n]) => show(id, n)", [f"of-{count}-{turn}", count])
            frame = panel_of(page)
            frame.evaluate(TIMING)
            for name, value in worked(page, frame).items():
                rows.setdefault(name, []).append(value)
            page.context.close()
    print(f"\nms in tickets of {SHORT} and of {sentences:,} sentences; median [least, most] of {rounds} profiles")
    for name in found[sentences]:
        print(f"  {name:<50}{spread(found[SHORT][name]):<22}{spread(found[sentences][name])}")


def worked(page: Any, frame: Any) -> dict[str, float]:
    """One agent's work in the panel, and how long it kept them waiting, in milliseconds."""
    result = {"unfolding the messages": frame.evaluate(UNFOLD)}
    frame.locator("#note").focus()
    for mark in "A note that the agent types by hand, with care.":
        page.keyboard.press(mark if mark != " " else "Space")
    result |= taken(frame, "typing a letter into the note")
    for number in range(8):
        frame.locator(".pick input").nth(number).click()
        page.wait_for_timeout(100)
    result |= taken(frame, "choosing a sentence")
    frame.evaluate("frames_ms.length = 0")
    page.mouse.move(150, 400)
    for _ in range(80):
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(16)
    gaps = sorted(frame.evaluate("frames_ms"))
    result["scrolling, between two frames: 95th percentile"] = gaps[int(len(gaps) * 0.95)]
    result["scrolling, between two frames: longest"] = gaps[-1]
    return result


def taken(frame: Any, what: str) -> dict[str, float]:
    """From each input to the frame that shows it, since the last time that this was asked."""
    frame.page.wait_for_timeout(300)
    late = sorted(frame.evaluate("late.splice(0)"))
    return {f"{what}: median": statistics.median(late), f"{what}: longest": late[-1]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sentences", type=int, default=2_000)
    parser.add_argument("--skip-openings", action="store_true")
    given = parser.parse_args()
    program = next(found for name in PROGRAMS if (found := shutil.which(name)))
    with tempfile.TemporaryDirectory() as folder, desk() as outside, sync_playwright() as playwright:
        served = serve(Path(folder), "--extractor", "embedded", more={"COPILOT_FRAME_ORIGINS": outside})
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        try:
            print(f"load average {os.getloadavg()[0]:.1f}; columns: first opening, second opening")
            for delay_ms in () if given.skip_openings else DELAYS_MS:
                openings(browser, served.url, outside, given.rounds, delay_ms)
            long_ticket(browser, served.url, outside, max(3, given.rounds // 2), given.sentences)
        finally:
            browser.close()
            served.stop()


if __name__ == "__main__":
    main()
