"""Zendesk's values, and Chatwoot's event, as the contract's Ticket."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from copilot.core.ticket import Ticket
from copilot.core.vocabulary import Origin, Role, Route
from copilot.pipeline import triage
from tests.browser.console_site import SIDEBAR, Site, open_page, site
from tests.making import embedded_reader

__all__ = ["open_page", "site"]

TICKETS = json.loads((SIDEBAR / "console" / "tickets.json").read_text(encoding="utf-8"))
CUSTOMER = {"id": 7, "name": "Ada (invented)", "role": "end-user"}
AGENT = {"id": 8, "name": "Agent", "role": "agent"}
NOTE = """Internal note for Account Security: the security of a marketplace account

Evidence

Rule R1_account_security (S4), policy 1."""
MAP = """async ([values, fields]) => {
  const { toTicket } = await import("/sidebar/assets/hosts/conversation.js");
  try { return toTicket(values, window, fields); } catch (fault) { return { fault: fault.code }; }
}"""
READ = """async (html) => (await import("/sidebar/assets/hosts/html_text.js")).htmlToText(html, window)"""
CHATWOOT = """async (text) => {
  const { appContext, contextToTicket } = await import("/sidebar/assets/hosts/chatwoot.js");
  const context = appContext(text);
  return context && contextToTicket(context);
}"""

Mapped = Callable[..., dict[str, Any]]


@pytest.fixture
def blank(open_page: Callable[[str], Any]) -> Any:
    return open_page("/sidebar")


@pytest.fixture
def mapped(blank: Any) -> Mapped:
    """`mapped(conversation, **values)` is the Ticket that they give."""

    def map_values(conversation: object, fields: dict[str, str] | None = None, **values: object) -> dict[str, Any]:
        given = {"ticket.id": 5, "ticket.subject": "s", "ticket.requester": CUSTOMER, "ticket.conversation": conversation}
        given |= {name.replace("__", "."): value for name, value in values.items()}
        found: dict[str, Any] = blank.evaluate(MAP, [given, fields or {}])
        return found

    return map_values


def _said(text: object, author: object = CUSTOMER, at: str = "2026-01-01T00:00:00Z", kind: str = "text/plain") -> dict[str, Any]:
    return {"author": author, "timestamp": at, "channel": {"name": "web"}, "message": {"content": text, "contentType": kind}}


def test_a_conversation_becomes_a_ticket_with_its_ids_times_and_roles(mapped: Mapped) -> None:
    ticket = Ticket.model_validate(mapped([_said("One."), _said("Two.", AGENT, "2026-01-01T00:05:00Z")]))

    assert (ticket.id, ticket.subject, ticket.origin, ticket.reporter) == ("5", "s", Origin.CUSTOMER_REPORT, "7")
    assert [(one.id, one.author, one.text) for one in ticket.messages] == [("m1", "7", "One."), ("m2", "8", "Two.")]
    assert [str(one.sent_at) for one in ticket.messages] == ["2026-01-01 00:00:00+00:00", "2026-01-01 00:05:00+00:00"]
    assert [(one.id, one.role) for one in ticket.participants] == [("7", Role.UNKNOWN), ("8", Role.SUPPORT)]
    assert ticket.context.mediation_eligible is None


def test_messages_keep_their_ids_when_a_new_one_comes_and_when_one_holds_no_text(mapped: Mapped) -> None:
    before = [_said("One."), _said("photo.png", kind="image/png"), _said("  "), _said("Two.", at="2026-01-02T00:00:00Z")]
    after = [*before, _said("Three.", at="2026-01-03T00:00:00Z")]

    first, second = mapped(before)["messages"], mapped(after)["messages"]

    assert [one["id"] for one in first] == ["m1", "m4"]
    assert second[:2] == first
    assert second[2]["id"] == "m5"


def test_the_oldest_message_comes_first_however_the_console_orders_them(mapped: Mapped) -> None:
    newest_first = [_said("New.", at="2026-01-02T00:00:00Z"), _said("Old.", at="2026-01-01T00:00:00Z")]

    assert [(one["id"], one["text"]) for one in mapped(newest_first)["messages"]] == [("m1", "Old."), ("m2", "New.")]


def test_an_id_that_the_console_gives_is_kept(mapped: Mapped) -> None:
    assert mapped([{**_said("One."), "id": 991}])["messages"][0]["id"] == "c991"


def test_a_ticket_opened_by_an_agent_is_an_observation_that_nobody_reported(mapped: Mapped) -> None:
    ticket = mapped([_said("Seen in a chat.", AGENT)], ticket__requester=AGENT)

    assert (ticket["origin"], ticket["reporter"]) == ("agent_observation", None)
    assert Ticket.model_validate(ticket).participants[0].role is Role.SUPPORT


def test_our_own_note_is_not_read_again_and_what_the_agent_wrote_beneath_it_is(mapped: Mapped) -> None:
    remark = "He called again."

    ticket = mapped([_said("One."), _said(NOTE, AGENT), _said(f"{NOTE}\n\n{remark}", AGENT)])

    assert [one["text"].strip() for one in ticket["messages"]] == ["One.", remark]


def test_a_customer_cannot_hide_a_message_by_the_wording_of_our_note(mapped: Mapped) -> None:
    assert mapped([_said(NOTE)])["messages"][0]["text"] == NOTE


@pytest.mark.parametrize(
    ("role", "mediation", "expected"),
    [
        ("marketplace_client", "mediation_yes", ("client", True)),
        ("freelancer", "no", ("freelancer", False)),
        ("Role_Agency", "NOT_ELIGIBLE", ("agency", False)),
        ("eligible", "eligible", ("unknown", True)),
        ("staff", "maybe", ("unknown", None)),
        (None, True, ("unknown", True)),
        ("", False, ("unknown", None)),
        (5, "", ("unknown", None)),
    ],
)
def test_the_marketplaces_records_are_read_from_the_fields_that_an_admin_named(
    mapped: Mapped, role: object, mediation: object, expected: tuple[str, bool | None]
) -> None:
    """A box that is not ticked tells nothing: not known is not no."""
    values = {"ticket__customField:custom_field_1": role, "ticket__customField:custom_field_2": mediation}

    ticket = mapped([_said("One.")], {"role": "1", "mediation": "2"}, **values)

    assert (ticket["participants"][0]["role"], ticket["context"]["mediation_eligible"]) == expected


def test_fields_that_nobody_named_are_not_read(mapped: Mapped) -> None:
    values = {"ticket__customField:custom_field_1": "client"}

    assert mapped([_said("One.")], {"role": "x1", "mediation": ""}, **values)["participants"][0]["role"] == "unknown"


@pytest.mark.parametrize("conversation", [None, "none", [], [None, 5], [_said(None)], [{"message": None}]])
def test_without_a_conversation_the_description_is_read(mapped: Mapped, conversation: object) -> None:
    ticket = Ticket.model_validate(mapped(conversation, ticket__description="<p>Told once.</p>"))

    assert [(one.id, one.author, one.text) for one in ticket.messages] == [("m1", "7", "Told once.")]


def test_a_ticket_without_any_text_is_told_as_such(mapped: Mapped) -> None:
    assert mapped([]) == {"fault": "no_text"}


def test_a_ticket_without_requester_or_times_is_still_a_ticket(mapped: Mapped) -> None:
    item = {"message": {"content": "One."}, "timestamp": "yesterday"}

    ticket = Ticket.model_validate(mapped([item], ticket__requester=None, ticket__id=None, ticket__subject=None))

    assert (ticket.id, ticket.subject, ticket.reporter) == ("new", "", None)
    assert (ticket.messages[0].author, ticket.messages[0].sent_at) == (None, None)


def test_half_a_character_is_made_whole_before_it_is_sent(blank: Any) -> None:
    script = MAP.replace("toTicket(values", 'toTicket({ ...values, "ticket.subject": "a\\ud83d" }')

    assert blank.evaluate(script, [{"ticket.conversation": [_said("One.")]}, {}])["subject"] == "a�"


HTML = [
    ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
    ("<div>One.</div><div>Two.<br>Three.</div>", "One.\n\nTwo.\nThree."),
    ("a<br>b", "a\nb"),
    ("  much \n  space &nbsp; here ", "much space   here"),
    ("<ul><li>a</li><li>b</li></ul>", "- a\n\n- b"),
    (
        "before<blockquote>one<br>two<blockquote>older</blockquote></blockquote>after",
        "before\n\n> one\n> two\n>\n> > older\n\nafter",
    ),
    ("<pre>a\n  b</pre>", "a\nb"),
    ("<table><tr><td>a</td><td>b</td></tr></table>", "a  b"),
    ("a &lt;b&gt; &amp; c", "a <b> & c"),
    ("<b>bold</b><script>window.ran = 1</script><style>p{}</style><template>t</template>", "bold"),
    ("<img src=https://elsewhere.example.org/x.png onerror=window.ran=1>x", "x"),
    ('<a title="x > y" href="https://elsewhere.example.org">link</a>', "link"),
    ("<p onclick='window.ran=1' style=\"color:red\">a</p>", "a"),
    ("<svg onload=window.ran=1><text>drawn</text></svg>", "drawn"),
    ("<noscript>seen</noscript><textarea>typed</textarea>", "seentyped"),
    ("<iframe src=javascript:parent.ran=1>inner</iframe>", "inner"),
    ("<x-style>kept</x-style>", "kept"),
    ("<style>a{}", ""),
    ("a < b and b > c", "a < b and b > c"),
    ("<!-- <p>no</p> -->yes", "yes"),
    ("", ""),
]


def test_html_is_read_as_text_and_nothing_in_it_runs_or_loads(blank: Any) -> None:
    """The page's watch fails the test where a request, an error or a breach of the policy is seen."""
    found = [(html, blank.evaluate(READ, html)) for html, _ in HTML]

    assert found == HTML
    assert blank.evaluate("window.ran") is None


@pytest.mark.parametrize(
    "html", ["<div>" * 3_000 + "deep", "<a " * 100_000, '<a "' * 50_000, "<pre>" + " " * 400_000, "<" * 300_000]
)
def test_html_made_to_be_slow_is_read_in_time(blank: Any, html: str) -> None:
    took = blank.evaluate(
        READ.replace("(html) => (", "(html) => { const from = performance.now(); (") + "; return performance.now() - from; }",
        html,
    )

    assert took < 15_000  # what is read in squares takes minutes


def test_chatwoots_event_becomes_a_ticket(blank: Any) -> None:
    messages = [
        {
            "id": 11,
            "content": "He wants $500.",
            "message_type": 0,
            "created_at": 1767225600,
            "sender": {"id": 7, "type": "contact"},
        },
        {"id": 12, "content": "Thanks.", "message_type": 1, "created_at": 1767225660, "sender": {"id": 7, "name": "Agent"}},
        {"id": 13, "content": "Assigned.", "message_type": 2, "created_at": 1767225661},
        {"id": 14, "content": None, "message_type": 0, "created_at": 1767225662},
        {"id": 15, "content": "Looks odd.", "message_type": 0, "private": True, "created_at": 1767225663, "sender": {"id": 9}},
    ]
    event = {
        "event": "appContext",
        "data": {"conversation": {"id": 42, "messages": messages}, "contact": {"id": 7, "name": "Ada"}},
    }

    ticket = Ticket.model_validate(blank.evaluate(CHATWOOT, json.dumps(event)))

    assert (ticket.id, ticket.reporter) == ("42", "contact-7")
    assert [(one.id, one.author) for one in ticket.messages] == [("m11", "contact-7"), ("m12", "agent-7"), ("m15", "agent-9")]
    assert {one.id: one.role for one in ticket.participants}["agent-7"] is Role.SUPPORT
    assert str(ticket.messages[0].sent_at) == "2026-01-01 00:00:00+00:00"


@pytest.mark.parametrize(
    "text", ["", "appContext", '{"event": "other", "data": {}}', '["appContext"]', '{"event":"appContext","data":1}', None]
)
def test_what_is_no_such_event_is_ignored(blank: Any, text: object) -> None:
    assert blank.evaluate(CHATWOOT, text) is None


def test_every_ticket_of_the_simulator_is_a_ticket_and_every_route_is_among_them(mapped: Mapped) -> None:
    reader, routes = embedded_reader(), {}
    fields = TICKETS["field_ids"]

    for one in TICKETS["tickets"]:
        values = {
            "ticket__id": one["id"], "ticket__subject": one["subject"], "ticket__requester": one["requester"],
            f"ticket__customField:custom_field_{fields['role']}": one["fields"]["role"],
            f"ticket__customField:custom_field_{fields['mediation']}": one["fields"]["mediation"],
        }  # fmt: skip
        routes[one["id"]] = triage(Ticket.model_validate(mapped(one["conversation"], fields, **values)), reader).route

    assert set(routes.values()) == set(Route)


def test_the_site_serves_two_origins(site: Site) -> None:
    """Or the tests of origins would try nothing."""
    assert site.url != site.other
