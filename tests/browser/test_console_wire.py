"""Our own client of Zendesk's protocol: the handshake, calls, events, hooks, and whom it listens to."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from tests.browser import console_site
from tests.browser.console_site import SIDEBAR_NAME, Site, open_page, probe, site, until

__all__ = ["open_page", "site"]

Open = Callable[[str], Any]
REGISTERED = {"key": "zaf.app.registered", "message": {"metadata": {"settings": {}}, "context": {}}}
ALLOWED = """async ([given, own]) => (await import("/sidebar/assets/hosts/origins.js")).zendeskOrigin(given, own)"""
LISTED = """async (content) => {
  const { frameOrigins } = await import("/sidebar/assets/hosts/origins.js");
  const meta = Object.assign(document.createElement("meta"), { name: "copilot-frame-origins", content });
  document.head.append(meta);
  return [...frameOrigins(window)];
}"""
SIBLING = """() => {
  const frame = Object.assign(document.createElement("iframe"), { name: "sibling", src: "/embedder?src=about:blank" });
  document.body.append(frame);
}"""
SDK = """
window.ZAFClient = { init() {
  const handlers = {};
  setTimeout(() => handlers["app.registered"]?.({ metadata: { settings: {} }, context: {} }), 20);
  return {
    on: (name, handler) => (handlers[name] = handler),
    get: async (paths) => [paths].flat().includes("ticket.subject")
      ? new Promise(() => {})
      : { "ticket.id": 77, "comment.type": "internalNote", "comment.text": "", errors: {} },
    set: async () => ({ errors: {} }),
    invoke: async (...given) => { (window.invoked ??= []).push(given); return { errors: {} }; },
  };
} };
"""


def _embedded(site: Site, origin: str | None = None, at: str | None = None) -> str:
    """An embedding page's address; the panel is told that it is embedded by `origin`."""
    panel = f"{site.url}/zendesk/sidebar?origin={quote(origin or site.url, safe='')}&app_guid=guid-1"
    return f"{at or site.url}/embedder?src={quote(panel, safe='')}"


def _heard(page: Any) -> list[Any]:
    return [json.loads(one["data"]) if isinstance(one["data"], str) else one["data"] for one in page.evaluate("window.heard")]


def _tell(page: Any, message: object, raw: bool = False) -> None:
    data = json.dumps(message if raw else json.dumps(message))
    page.evaluate(f"window.frames['{SIDEBAR_NAME}'].postMessage({data}, '*')")


def _answers(page: Any, results: dict[str, Any]) -> None:
    """The embedding page answers every `get` with these values."""
    page.evaluate(
        """(results) => window.addEventListener("message", ({ data, source }) => {
          const { id, request } = JSON.parse(data);
          if (request) source.postMessage(JSON.stringify({ id, result: { errors: {}, ...results } }), location.origin);
        })""",
        results,
    )


@pytest.fixture
def embedding(open_page: Open, site: Site) -> Any:
    """A page that hears the panel, after the handshake."""
    page = open_page(_embedded(site))
    until(page, "window.heard.length")
    _tell(page, REGISTERED)
    probe(page)
    return page


def test_the_first_word_is_a_handshake_with_the_apps_id(open_page: Open, site: Site) -> None:
    page = open_page(_embedded(site))
    until(page, "window.heard.length")

    assert _heard(page) == [
        {"key": "iframe.handshake", "message": {"version": "2.0.0"}, "appGuid": "guid-1", "instanceGuid": "guid-1"}
    ]


def test_nothing_is_asked_before_the_console_has_answered_the_handshake(open_page: Open, site: Site) -> None:
    page = open_page(_embedded(site))
    until(page, "window.heard.length")
    page.wait_for_timeout(300)

    assert [one.get("key") for one in _heard(page)] == ["iframe.handshake"]


def test_every_event_is_subscribed_to_with_a_count(embedding: Any) -> None:
    subscribed = {one["key"]: one["message"] for one in _heard(embedding) if str(one.get("key")).startswith("iframe.on:")}

    assert subscribed["iframe.on:ticket.conversation.changed"] == {"subscriberCount": 1}
    assert subscribed["iframe.on:ticket.save"] == {"subscriberCount": 2}  # the note watches the save, and the question


def test_an_answer_goes_to_the_question_of_its_id(embedding: Any) -> None:
    _answers(embedding, {"ticket.id": 5, "ticket.conversation": [{"message": {"content": "Told.", "contentType": "text/plain"}}]})

    assert probe(embedding).evaluate("window.host.ticket()")["messages"][0]["text"] == "Told."


def test_questions_are_json_with_a_number_the_paths_and_the_apps_id(embedding: Any) -> None:
    _answers(embedding, {"ticket.description": "x"})
    probe(embedding).evaluate("window.host.ticket()")

    asked = [one for one in _heard(embedding) if one.get("request")][-1]
    assert asked["request"] == "get"
    assert {"ticket.id", "ticket.conversation", "ticket.requester"} <= set(asked["params"])
    assert isinstance(asked["id"], int)
    assert asked["appGuid"] == "guid-1"


@pytest.mark.parametrize("answer", [{"error": {"name": "Error", "message": "x"}}, {"error": "x"}])
def test_an_error_of_the_console_is_a_fault_without_its_text(embedding: Any, answer: dict[str, Any]) -> None:
    embedding.evaluate(
        """(answer) => window.addEventListener("message", ({ data, source }) => {
          const { id, request } = JSON.parse(data);
          if (request) source.postMessage(JSON.stringify({ id, ...answer }), location.origin);
        })""",
        answer,
    )

    found = probe(embedding).evaluate("window.host.ticket().catch((fault) => [fault.code, fault.message])")

    assert found == ["host_error", "the console answered with an error"]


def test_a_console_that_never_answers_is_told_in_seconds(embedding: Any) -> None:
    took, code = probe(embedding).evaluate(
        "(async () => { const from = performance.now(); const code = await window.host.ticket().catch((fault) => fault.code);"
        " return [performance.now() - from, code]; })()"
    )

    assert code == "no_answer"
    assert took < 14_000


def test_a_change_is_told(embedding: Any) -> None:
    _tell(embedding, {"key": "zaf.ticket.conversation.changed", "message": {}})

    until(probe(embedding), "window.changes === 1")


def test_an_event_may_come_as_an_object(embedding: Any) -> None:
    _tell(embedding, {"key": "zaf.ticket.conversation.changed", "message": {}}, raw=True)

    until(probe(embedding), "window.changes === 1")


@pytest.mark.parametrize(
    "message", ["{", "null", "5", "[]", '"text"', '{"key": 5}', '{"key": "iframe.x"}', '{"id": 99, "result": {}}']
)
def test_what_is_no_message_of_the_protocol_is_ignored(embedding: Any, message: str) -> None:
    embedding.evaluate(f"(text) => window.frames['{SIDEBAR_NAME}'].postMessage(text, '*')", message)
    _tell(embedding, {"key": "zaf.ticket.conversation.changed"})

    until(probe(embedding), "window.changes === 1")


def test_a_save_is_let_pass_by_a_reply_that_is_an_object(embedding: Any) -> None:
    _tell(embedding, {"key": "zaf.ticket.save", "message": {}, "needsReply": True})
    until(embedding, "window.heard.some((one) => one.data?.key === 'iframe.reply:ticket.save')")

    replies = [one for one in embedding.evaluate("window.heard") if isinstance(one["data"], dict)]
    assert [reply["data"] for reply in replies] == [
        {"key": "iframe.reply:ticket.save", "appGuid": "guid-1", "instanceGuid": "guid-1"}
    ]


def test_a_hook_that_nobody_listens_to_is_answered_too(embedding: Any) -> None:
    _tell(embedding, {"key": "zaf.ticket.other", "needsReply": True})

    until(embedding, "window.heard.some((one) => one.data?.key === 'iframe.reply:ticket.other')")


def test_a_page_of_another_origin_gets_nothing_and_is_not_believed(open_page: Open, site: Site) -> None:
    """The embedding page is at one origin, the address names another: neither hears or is heard."""
    page = open_page(_embedded(site, origin=site.url, at=site.other))
    page.wait_for_selector("iframe")
    page.wait_for_timeout(500)
    _tell(page, REGISTERED)
    page.wait_for_timeout(500)

    frame = page.frame(name=SIDEBAR_NAME)
    assert frame.url.startswith(site.url)
    assert page.evaluate("window.heard") == []
    assert frame.evaluate("[window.host, window.fault]") == [None, None]


def test_a_frame_beside_the_panel_is_not_believed(embedding: Any) -> None:
    """Same origin, but not the window that embeds the panel."""
    embedding.evaluate(SIBLING)
    embedding.wait_for_timeout(300)
    sibling = embedding.frame(name="sibling")
    message = json.dumps(json.dumps({"key": "zaf.ticket.conversation.changed"}))

    sibling.evaluate(f"parent.frames['{SIDEBAR_NAME}'].postMessage({message}, '*')")
    embedding.wait_for_timeout(300)

    assert probe(embedding).evaluate("window.changes") == 0


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example.org", "https://zendesk.com.example.org", "null", "javascript:1", ""]
)
def test_an_origin_that_is_no_zendesk_account_is_a_fault(open_page: Open, site: Site, origin: str) -> None:
    page = open_page(f"{site.url}/embedder?src={quote(f'/zendesk/sidebar?origin={quote(origin)}&app_guid=g', safe='')}")

    assert probe(page).evaluate("window.fault") == "origin"
    assert page.evaluate("window.heard") == []


def test_a_panel_that_nobody_embeds_says_so(open_page: Open, site: Site) -> None:
    page = open_page(f"/zendesk/sidebar?origin={quote(site.url)}&app_guid=g")
    page.wait_for_selector('html[data-state="connected"]', state="attached")

    assert page.evaluate("window.fault") == "no_host"


SERVICE = "https://copilot.example.org"
HERE = "http://127.0.0.1:8321"


ORIGINS = [
    ("https://acme.zendesk.com", SERVICE, True),
    ("https://a-b-1.zendesk.com", SERVICE, True),
    ("https://ACME.zendesk.com", SERVICE, True),
    ("https://acme.zendesk.com/", SERVICE, True),
    (SERVICE, SERVICE, True),
    (HERE, HERE, True),
    ("http://localhost:4567", HERE, True),
    ("http://127.0.0.1:9000", "http://localhost:8321", True),
    ("http://localhost:4567", SERVICE, False),
    ("http://127.0.0.1", SERVICE, False),
    ("http://acme.zendesk.com", SERVICE, False),
    ("https://acme.zendesk.com:8443", SERVICE, False),
    ("https://zendesk.com", SERVICE, False),
    ("https://.zendesk.com", SERVICE, False),
    ("https://a.b.zendesk.com", SERVICE, False),
    ("https://-a.zendesk.com", SERVICE, False),
    ("https://acmezendesk.com", SERVICE, False),
    ("https://acme.zendesk.com.example.org", SERVICE, False),
    ("https://example.org/acme.zendesk.com", SERVICE, False),
    ("https://acme.zendesk.com@example.org", SERVICE, False),
    ("https://user@acme.zendesk.com", SERVICE, False),
    ("https://acme.zendesk.com/path", SERVICE, False),
    ("https://acme.zendesk.com?x", SERVICE, False),
    ("https://*.zendesk.com", SERVICE, False),
    ("*", SERVICE, False),
    ("null", SERVICE, False),
    ("", SERVICE, False),
    (None, SERVICE, False),
    ("https://acme.zendesk.com https://example.org", SERVICE, False),
    ("https://acme.zendesk.com\n", SERVICE, False),
    ("data:text/html,x", SERVICE, False),
    ("http://localhost.example.org", HERE, False),
]
"""What the address names, where the panel is served from, and whether it is believed."""


def test_only_an_account_of_zendesk_or_the_panels_own_origin_is_believed(open_page: Open) -> None:
    page = open_page("/sidebar")

    found = [(given, own, page.evaluate(ALLOWED, [given, own]) is not None) for given, own, _ in ORIGINS]

    assert found == ORIGINS


@pytest.mark.parametrize(
    ("content", "more"),
    [
        ("", []),
        ("https://a.example.org", ["https://a.example.org"]),
        (" https://a.example.org , https://b.example.org:8443\n", ["https://a.example.org", "https://b.example.org:8443"]),
        ("* https://*.example.org 'self' null https://a.example.org/path", []),
        ("{{ frame_origins }}", []),
    ],
)
def test_only_exact_origins_of_the_list_count(open_page: Open, site: Site, content: str, more: list[str]) -> None:
    page = open_page("/sidebar")

    assert page.evaluate(LISTED, content) == [site.url, *more]


@pytest.fixture
def official(open_page: Open, site: Site, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The panel on a page that has loaded an SDK of its own."""
    monkeypatch.setattr(console_site, "PROBE_SCRIPT", SDK + console_site.PROBE_SCRIPT)
    return open_page(_embedded(site))


def test_where_the_page_has_the_official_sdk_it_is_used(official: Any) -> None:
    frame = probe(official)

    answer = frame.evaluate("window.host.useNote({ note: 'x', route: 'no_escalation', queue: null, labels: [] })")

    assert answer == {"done": ["mode", "note"], "refused": None}
    assert frame.evaluate("window.invoked[0]") == ["comment.appendText", "x"]
    assert official.evaluate("window.heard") == []


def test_a_call_of_the_official_sdk_is_bounded_too(official: Any) -> None:
    """By itself it would wait for minutes."""
    assert probe(official).evaluate("window.host.ticket().catch((fault) => fault.code)") == "no_answer"
