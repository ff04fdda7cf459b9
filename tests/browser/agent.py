"""An agent at the console simulator: opens tickets, uses the panel, looks at the open form. Everything by what a person sees.

Words are the panel's own, from `copilot/output/wording/en.json`; a changed string changes a test, as it changes a screen.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.browser.watch import wait_until

SHOP, STARS, ACCOUNT, WORK, REVENGE, SEEN, FILES, INVOICE = range(40101, 40109)
ARABIC, HINDI, GERMAN, HOSTILE, LONG, PHOTO = range(40109, 40115)
"""The tickets of the simulator, by what they are about."""

COERCION_GROUP = 360004
ENABLED_ACCEPT = "[data-do=accept]:not([aria-disabled=true])"


VISIBLE_WORDS = """() => {
  const root = document.querySelector("triage-copilot").shadowRoot;
  const skipped = "select, option, .sr, kbd, [aria-hidden=true], script, style";
  const texts = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) texts.push(node.data);
    else if (!node.matches?.(skipped) && (!node.checkVisibility || node.checkVisibility())) node.childNodes.forEach(walk);
    else if (node.matches?.("select")) texts.push(node.selectedOptions[0]?.text ?? "");
  };
  root.querySelector(".panel").childNodes.forEach(walk);
  return texts.join(" ").split(/\\s+/).filter((word) => /[\\p{L}\\p{N}]/u.test(word)).length;
}"""
"""How many words of the panel are seen at once. A closed menu counts as the value it shows; what is folded does not count."""
IN_PANEL = "((selector) => document.querySelector('triage-copilot').shadowRoot.querySelectorAll(selector))"


@dataclass
class Agent:
    """A page with the console on it."""

    page: Any

    def open(self, ticket: int = SHOP, **switches: str) -> "Agent":
        """Open the console on a ticket; switches are the console's: host, network, theme, reload, stuck."""
        self.page.goto(f"/console?{urlencode({'ticket': ticket} | switches)}")
        return self

    def open_ready(self, ticket: int = SHOP, **switches: str) -> "Agent":
        self.open(ticket, **switches).ready()
        return self

    @property
    def panel(self) -> Any:
        return self.page.frame_locator("iframe[name=triage-copilot]")

    @property
    def frame(self) -> Any:
        return self.page.frame(name="triage-copilot")

    def ready(self) -> None:
        """Wait until a suggestion is on the screen."""
        self.panel.locator(ENABLED_ACCEPT).wait_for()

    def settled(self) -> None:
        """Wait until the last correction is decided."""
        self.frame.evaluate("() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
        self.ready()

    def wait_until(self, true: Callable[[], bool]) -> None:
        wait_until(self.page, true)

    def decide(self, act: Callable[[], object]) -> None:
        """Correct something, and wait for the service's new decision on it."""
        with self.page.expect_response(lambda response: response.url.endswith("/decisions")):
            act()
        self.settled()

    def heading(self, name: str) -> Any:
        return self.panel.get_by_role("heading", name=name, exact=True)

    def button(self, name: str) -> Any:
        return self.panel.get_by_role("button", name=re.compile(rf"^{re.escape(name)}"))

    def says(self, text: str) -> Any:
        return self.panel.get_by_text(text)

    def fact(self, words: str) -> Any:
        """The card of the first sentence or fact that has these words."""
        return self.panel.locator(".card-of-one").filter(has_text=words).first

    def menu(self, field: str, words: str = "") -> Any:
        """A menu of a fact by its label: `menu("Which harm", "threatens")`."""
        return self.panel.get_by_role("combobox", name=re.compile(rf"^{field}, .*{words}")).first

    @property
    def team(self) -> str:
        return str(self.panel.locator(".verdict .team").inner_text())

    @property
    def note(self) -> Any:
        return self.panel.get_by_role("textbox", name=re.compile("^Draft of the internal note"))

    @property
    def form(self) -> dict[str, Any]:
        """The console's open form: mode, text, group, tags."""
        form: dict[str, Any] = self.page.evaluate("desk.form")
        return form

    @property
    def submits(self) -> int:
        return int(self.page.evaluate("desk.submits"))

    @property
    def shown(self) -> str:
        """All text of the panel, as it stands in its shadow tree."""
        return str(self.panel.locator("triage-copilot .panel").inner_text())

    def asks(self) -> list[str]:
        """What the panel asked of the console, as `request: path`."""
        calls = self.page.evaluate("desk.calls")
        return [f"{call['request']}: {' '.join(call['params'])}" for call in calls]

    def unfold(self) -> None:
        """Open everything in the panel that is folded."""
        self.frame.evaluate(f"{IN_PANEL}('details').forEach((one) => (one.open = true))")

    def count(self, selector: str) -> int:
        """How many elements of the panel's shadow tree a selector finds."""
        return int(self.frame.evaluate(f"{IN_PANEL}({selector!r}).length"))
