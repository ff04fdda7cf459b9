"""Watches a browser context for what must never happen, and remembers it.

That is: an error on the console, an exception that nobody caught, a breach of the content security policy, a request to another
origin, a dialog, a window of its own. A test that provokes one on purpose says so beforehand with `allow`.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

TELL_BREACHES = """
addEventListener("securitypolicyviolation", (event) => {
  window.__breach(`${event.effectiveDirective} ${event.blockedURI} ${event.sample || ""}`);
}, true);
"""
NO_NETWORK = {"data", "blob", "about"}
WAIT_MS = 30_000
"""How long a page may take for anything: no measure of speed, but the end of hope, on a machine that is very busy."""


def wait_until(page: Any, true: Callable[[], Any]) -> Any:
    """What it gives, once that is true. The policy of the pages forbids the way that Playwright has for it."""
    end = time.monotonic() + WAIT_MS / 1000
    while time.monotonic() < end:
        if value := true():
            return value
        page.wait_for_timeout(20)
    raise AssertionError("it never came to be")


@dataclass
class Watch:
    """What was seen in one context. `origins` may be asked; `levels` are the kinds of console line that are faults."""

    origins: set[str]
    levels: set[str] = field(default_factory=lambda: {"error"})
    seen: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        """Take what matches this regular expression for expected, whether it was seen already or comes yet."""
        self.allowed.append(pattern)

    def faults(self) -> list[str]:
        return [line for line in self.seen if not any(re.search(pattern, line) for pattern in self.allowed)]

    def attach(self, context: Any) -> None:
        """Listen to every page and frame of a context from now on."""
        context.expose_binding("__breach", lambda source, text: self.seen.append(f"policy breach: {text}"))
        context.add_init_script(TELL_BREACHES)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.seen.append(f"uncaught: {error.error}"))
        context.on("request", self._request)
        context.on("dialog", self._dialog)

    def _console(self, message: Any) -> None:
        if message.type in self.levels:
            self.seen.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in NO_NETWORK and f"{parts.scheme}://{parts.netloc}" not in self.origins:
            self.seen.append(f"request to another origin: {request.url}")

    def _dialog(self, dialog: Any) -> None:
        self.seen.append(f"dialog: {dialog.message}")
        dialog.dismiss()
