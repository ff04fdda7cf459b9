"""Hostile tickets: whatever stands in any field is shown as text; it runs nothing, loads nothing and changes no command."""

import csv
import io
import json
from typing import Any

import httpx
import pytest

from tests.browser.agent import HOSTILE, Agent
from tests.browser.conftest import NewPage
from tests.served import Served

PAYLOADS = {
    "script": "<script>window.ran=1</script>",
    "image": '<img src="https://tracker.example.org/p.png" onerror="window.ran=1">',
    "vector": '"><svg onload=window.ran=1><animate onbegin=window.ran=1>',
    "link": "[click](javascript:window.ran=1) <a href='javascript:window.ran=1' autofocus onfocus=window.ran=1>x</a>",
    "frame": '<iframe srcdoc="<script>parent.ran=1</script>"></iframe><object data="https://tracker.example.org/o"></object>',
    "style": "</style><style>*{display:none;background:url(https://x.example.org/s)}</style><link rel=stylesheet href=//y>",
    "template": "{{constructor.constructor('window.ran=1')()}} ${window.ran=1} {% raw %} <%= window.ran=1 %> #{window.ran=1}",
    "shadow": "</template></triage-copilot><script>window.ran=1</script><textarea></textarea></textarea>",
    "table": '=HYPERLINK("https://tracker.example.org","x"),+cmd|\' /C calc\'!A0\r\n@SUM(1+1)\t-2+3',
    "turned": "\u202eevil\u202c z\u200be\u200bro \u200b\u202d\u2066 \U000e0041\U000e0042 a\u0338\u031b\u0333",
    "null": "a\x00b \ud83d\ude00 \\u003cscript\\u003e",
}
EVERYTHING = " ".join(PAYLOADS.values())
TOLD = "He says he will delete my website unless I pay him $500."
RAN = "() => [window.ran, window.parent.ran].filter((one) => one !== undefined)"


def hostile(payload: str) -> dict[str, Any]:
    """The simulator's queue with one ticket, the payload in each of its fields, as text and as markup."""
    person = {"id": 70999, "name": payload, "role": "end-user"}

    def said(text: str, kind: str) -> dict[str, Any]:
        return {
            "author": person,
            "timestamp": "2026-03-01T10:00:00Z",
            "channel": {"name": "web"},
            "message": {"content": text, "contentType": kind},
        }

    return {
        "about": payload,
        "agent": {"id": 80001, "name": payload, "role": "agent"},
        "groups": [{"id": 360001, "name": payload}],
        "group_map": {},
        "field_ids": {"role": "380001", "mediation": "380002"},
        "tickets": [
            {
                "id": 49999,
                "subject": payload,
                "channel": payload,
                "group": 360001,
                "tags": [payload],
                "requester": person,
                "fields": {"role": payload, "mediation": payload},
                "conversation": [said(f"{TOLD} {payload}", "text/plain"), said(f"<p>{TOLD}</p>{payload}", "text/html")],
                "next_message": payload,
            }
        ],
    }


@pytest.mark.parametrize(
    ("kind", "host"), [*((kind, "zendesk") for kind in PAYLOADS), ("everything", "frame"), ("everything", "chatwoot")]
)
def test_a_payload_in_every_field_runs_nothing_and_loads_nothing(strict_page: Any, kind: str, host: str) -> None:
    queue = json.dumps(hostile(PAYLOADS.get(kind, EVERYTHING)))
    strict_page.route("**/console/tickets.json", lambda route: route.fulfill(body=queue, content_type="application/json"))
    agent = Agent(strict_page).open_ready(49999, host=host)

    agent.frame.evaluate(
        "document.querySelector('triage-copilot').shadowRoot.querySelectorAll('details').forEach((one) => (one.open = true))"
    )
    agent.panel.locator(".quote-text").first.click()
    agent.button("Accept").click()
    agent.heading("Accepted").wait_for()
    agent.page.get_by_role("button", name="Customer writes a new message").click()
    strict_page.wait_for_timeout(200)

    assert agent.frame.evaluate(RAN) == []
    assert "delete my website unless I pay him $500" in agent.shown
    assert (
        agent.frame.evaluate(
            "document.querySelector('triage-copilot').shadowRoot.querySelectorAll('script, img, iframe, object, a, style').length"
        )
        == 0
    )
    assert agent.submits == 0


def test_the_simulators_own_hostile_ticket_is_shown_as_text(strict_page: Any) -> None:
    agent = Agent(strict_page).open_ready(HOSTILE)

    assert "<script>window.ran=1</script>" in strict_page.locator("#subject").inner_text()
    assert agent.frame.evaluate(RAN) == []


@pytest.mark.parametrize("kind", ["script", "template", "shadow", "turned", "null"])
def test_ids_and_names_of_a_ticket_are_text_in_the_plain_frame(strict_page: Any, server: Served, kind: str) -> None:
    """A page of any kind embeds the panel, and hands it a ticket whose ids are hostile too."""
    payload = PAYLOADS[kind].encode("utf-8", "replace").decode()
    ticket = {
        "id": payload,
        "subject": payload,
        "reporter": payload,
        "participants": [{"id": payload, "role": "client", "name": payload}],
        "messages": [{"id": f"{payload}m", "author": payload, "text": f"{TOLD} {payload}"}],
    }
    strict_page.route("**/embedding-page", lambda route: route.fulfill(body=_embedding(ticket), content_type="text/html"))
    strict_page.goto("/embedding-page")
    agent = Agent(strict_page)

    agent.ready()
    strict_page.wait_for_timeout(200)

    assert agent.frame.evaluate(RAN) == []
    assert "delete my website unless I pay him $500" in agent.shown


def _embedding(ticket: dict[str, Any]) -> str:
    given = json.dumps(ticket).replace("<", "\\u003c")
    return f"""<!doctype html><html lang="en"><title>Embedding page</title>
<iframe title="Triage Copilot" name="triage-copilot" src="/sidebar" width="400" height="700"></iframe>
<script>addEventListener("message", (event) => {{
  if (event.data?.type !== "ticket-wanted") return;
  const answer = {{protocol: "triage-copilot", version: 1, type: "ticket", id: event.data.id, ticket: {given}}};
  event.source.postMessage(answer, location.origin);
}});</script></html>"""


def test_a_table_of_feedback_starts_no_formula(server: Served, new_page: NewPage) -> None:
    ticket = {"id": "=1+1", "messages": [{"text": TOLD}]}
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        made = client.post("/v1/suggestions", json=ticket).json()
        for sign in ("=1+1", "+1", "-1", "@a", "\t=1", "\r=1", ' =HYPERLINK("x")'):
            body = {"action": "dismissed", "reason": "other", "comment": f"{sign} table"}
            client.post(f"/v1/suggestions/{made['id']}/feedback", json=body).raise_for_status()
        text = client.get("/v1/feedback", params={"format": "csv", "limit": 100_000}).text

    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    ours = [row for row in rows if row["suggestion_id"] == made["id"]]

    assert len(ours) == 7
    assert [cell for row in ours for cell in row.values() if cell.lstrip()[:1] in tuple("=+@\t\r-") and cell.lstrip()] == []
