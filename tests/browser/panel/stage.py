"""A stage for the panel alone: its real files and its real policy, with a console and a service that a test directs.

Comes in: tickets, and what the service should do next. Goes out: a page that shows the panel. Suggestions are made by the
pipeline itself with a scripted extraction, so nothing on the screen is a made-up decision.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment

from copilot.core.extraction import Extraction
from copilot.core.reading import Reading, ReadOutcome
from copilot.core.sentences import cut
from copilot.core.ticket import Context, Ticket
from copilot.output import wording
from copilot.output.suggestion import Suggestion
from copilot.pipeline import chosen_note, decide_again, suggest
from copilot.sidebar.bundling import ENTRIES
from copilot.store import Outcome

ORIGIN = "http://127.0.0.1:8999"
SIDEBAR = Path(__file__).parents[3] / "copilot" / "sidebar"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
HEADERS = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
TYPES = {".js": "text/javascript", ".json": "application/json", ".css": "text/css", ".html": "text/html; charset=utf-8"}
COMPARED = ("route", "queue", "labels", "rule", "statements", "cautions", "report_received", "note", "ask_next")

HOST = """
const next = (answer) => (Array.isArray(answer) && answer.length > 1 ? answer.shift() : [answer].flat()[0]);

export async function connect() {
  const given = window.stage;
  const call = (name, value) => { given.calls.push([name, value]); return next(given.answers[name]); };
  return {
    kind: "frame",
    ticket: async () => given.ticket ?? new Promise(() => {}),
    session: async () => call("session"),
    onChange: (callback) => (given.changed = callback),
    useNote: async (note) => {
      const answer = call("useNote", note);
      await given.gate;
      return answer;
    },
    setGroup: async (work) => call("setGroup", work),
    takeBack: async (work) => call("takeBack", work),
    useReply: async (reply) => call("useReply", reply),
    reveal: async (id) => call("reveal", id),
    resize: (px) => call("resize", px),
    notify: (kind, text) => call("notify", [kind, text]),
  };
}
"""
KNOWN = """
try {
  const name = "triage-copilot:preferences";
  if (localStorage.getItem(name) === null) localStorage.setItem(name, '{"hinted":true}');
} catch {}
"""
USED = {"done": ["mode", "note", "group"], "refused": None, "before": {"group": 1}}
GROUPED = {"done": ["group"], "refused": None, "before": {"group": 1}}
TAKEN = {"done": ["note", "group"], "refused": None}
REPLIED = {"done": ["mode", "reply"], "refused": None}


@dataclass
class Service:
    """What stands for the service. `then` holds answers to give before the real ones: status, problem, headers.

    What is asked of a path that ends in `lost` finds no connection. `decided` is the ticket's last decision. `blind`: a first
    choice is asked for, until one is made. `before` is what was before a ticket; `looked_up` holds for which it was asked.
    """

    extraction: Extraction
    reading: dict[str, Any] = field(default_factory=dict)
    then: list[tuple[int, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    pause_seconds: float = 0.0
    is_offline: bool = False
    is_silent: bool = False
    lost: str = ""
    decided: dict[str, Any] | None = None
    blind: bool = False
    first_choice: str | None = None
    before: dict[str, Any] = field(default_factory=lambda: {"ticket_id": "T-1", "same_people": [], "similar": []})
    looked_up: list[str] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    made: dict[str, tuple[Ticket, Suggestion]] = field(default_factory=dict)

    def answer(self, route: Any) -> None:
        request = route.request
        body = request.post_data_json if request.method == "POST" else None
        path = request.url.removeprefix(ORIGIN)
        if path.endswith("/before"):
            self.looked_up.append(path)
            route.fulfill(status=200, content_type="application/json", body=json.dumps(self.before))
            return
        self.asked.append({"method": request.method, "path": path, "body": body, "headers": dict(request.headers)})
        if self.is_silent:
            return
        if self.is_offline or (self.lost and path.endswith(self.lost)):
            route.abort("internetdisconnected")
        elif self.then:
            status, given, headers = self.then.pop(0)
            kind = "application/json" if status < 400 else "application/problem+json"
            route.fulfill(status=status, headers=headers | {"Content-Type": kind}, body=json.dumps(given))
        else:
            time.sleep(self.pause_seconds)
            answer = self._real(path, body)
            if "provenance" in answer:
                answer |= {"decided": self.decided, "blind": self.blind, "first_choice": self.first_choice}
            route.fulfill(status=201, content_type="application/json", body=json.dumps(answer))

    def sent(self, what: str) -> list[dict[str, Any]]:
        """The bodies of all posts whose path ends so."""
        return [call["body"] for call in self.asked if call["method"] == "POST" and call["path"].endswith(f"/{what}")]

    def _real(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        parts = path.strip("/").split("/")
        if parts[1:] == ["suggestions"] and body is not None:
            return self._first(Ticket.model_validate(body))
        if parts[-1] == "renew":
            return {"token": "tcs_renewed", "expires_at": "2099-01-01T00:00:00Z"}
        if parts[-1] == "decisions" and body is not None:
            return self._again(parts[2], body)
        if parts[-1] == "chosen-note" and body is not None:
            chosen = Outcome.model_validate(body["chosen"])
            return chosen_note(*self.made[parts[2]], chosen.route, chosen.labels).model_dump(mode="json")
        if parts[-1] == "first-choice" and body is not None:
            self.blind, self.first_choice = False, body["route"]
        if parts[-1] == "feedback":
            return {"id": "fb_1", "suggestion_id": parts[2]}
        return stored(parts[2], self.made[parts[2]][1])

    def _first(self, ticket: Ticket) -> dict[str, Any]:
        given: dict[str, Any] = {
            "outcome": ReadOutcome.OK,
            "extractor": "openai",
            "model": "model-1",
            "seconds": 1.84,
            "attempts": 1,
        }
        extraction = None if self.reading.get("failed") else self.extraction
        reading = Reading(extraction, **given | {name: value for name, value in self.reading.items() if name != "failed"})
        suggestion = suggest(ticket, cut(ticket), reading)
        id = f"sug_{len(self.made) + 1:026}"
        self.made[id] = (ticket, suggestion)
        return stored(id, suggestion)

    def _again(self, id: str, body: dict[str, Any]) -> dict[str, Any]:
        ticket, first = self.made[id]
        if "context" in body:
            ticket = ticket.model_copy(update={"context": Context(**body["context"])})
        again = decide_again(ticket, Extraction.model_validate(body["extraction"]), first.provenance)
        before, after = first.model_dump(mode="json"), again.model_dump(mode="json")
        changed = [
            {"field": name, "from": None if name == "note" else before[name], "to": None if name == "note" else after[name]}
            for name in COMPARED
            if before[name] != after[name]
        ]
        return stored(id, again) | {"decision_id": "dec_1", "changed": changed}


def stored(id: str, suggestion: Suggestion) -> dict[str, Any]:
    """A suggestion as the service gives it."""
    more = {
        "id": id,
        "created_at": "2026-03-02T09:30:00Z",
        "decision_id": None,
        "changed": [],
        "text_until": "2026-04-01T09:30:00Z",
    }
    return suggestion.model_dump(mode="json", by_alias=True) | more


@dataclass
class Stage:
    """The panel on a page, with the console's side of it in `window.stage`."""

    page: Any
    service: Service

    def calls(self, name: str) -> list[Any]:
        return [value for called, value in self.page.evaluate("window.stage.calls") if called == name]

    def change_ticket(self, ticket: dict[str, Any]) -> None:
        self.page.evaluate("(ticket) => { window.stage.ticket = ticket; window.stage.changed(); }", ticket)

    def panel_waits(self) -> None:
        self.page.locator(".notice").first.wait_for()

    def unfold(self) -> None:
        """Open everything that is folded."""
        self.page.evaluate(
            "document.querySelector('triage-copilot').shadowRoot.querySelectorAll('details').forEach((one) => (one.open = true))"
        )

    def ready(self) -> "Stage":
        self.page.locator(".verdict").wait_for()
        return self


def filled(folder: str, **given: str) -> str:
    """A page as the service fills it, but with the sources in place of what is made of them."""
    page = (SIDEBAR / folder / "index.html").read_text(encoding="utf-8")
    words = {language: f"/sidebar/assets/words/{language}.json" for language in wording.LANGUAGES}
    usual = {"session": "", "frame_origins": "", "zendesk_groups": "{}", "likely_words": words["en"], "words": json.dumps(words)}
    sources = {"address": lambda name: f"/sidebar/assets/{ENTRIES[name]}"}
    return Environment(autoescape=True).from_string(page).render(usual | given, **sources)


def served(route: Any) -> None:
    """A file of the panel, or the stand-in for the host adapter."""
    path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
    if path == "/sidebar":
        body = filled("panel", session="tcs_first", hide_quotes="0" if "quotes=shown" in route.request.url else "1")
        route.fulfill(status=200, headers=HEADERS | {"Content-Type": TYPES[".html"]}, body=body)
        return
    if path.startswith("/sidebar/assets/hosts/"):
        route.fulfill(status=200, headers=HEADERS | {"Content-Type": TYPES[".js"]}, body=HOST)
        return
    folder, _, name = path.removeprefix("/sidebar/assets/").partition("/")
    file = (wording.FOLDER if folder == "words" else SIDEBAR / folder) / name
    if not file.is_file():
        route.fulfill(status=404, body="")
        return
    route.fulfill(status=200, headers=HEADERS | {"Content-Type": TYPES[file.suffix]}, body=file.read_text(encoding="utf-8"))


Open = Callable[..., Stage]


def open_panel(page: Any, ticket: dict[str, Any] | None, service: Service, query: str = "", **answers: Any) -> Stage:
    """Show the panel for a ticket. `answers` are what the console says to each call, in turn if it is a list.

    `script` runs before; the hint for newcomers is shown only if it is `is_new`.
    """
    script = answers.pop("script", "")
    if not answers.pop("is_new", False):
        script += KNOWN
    given = {"useNote": USED, "useReply": REPLIED, "setGroup": GROUPED, "takeBack": TAKEN, "reveal": True}
    given |= {"session": "tcs_first"} | answers
    script += f"window.stage = {json.dumps({'ticket': ticket, 'answers': given, 'calls': []})};"
    page.add_init_script(script)
    page.route(f"{ORIGIN}/**", served)
    page.route(f"{ORIGIN}/v1/**", service.answer)
    page.goto(f"{ORIGIN}/sidebar{query}")
    return Stage(page, service)
