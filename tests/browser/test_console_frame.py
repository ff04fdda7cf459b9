"""The plain iframe protocol: exact origins, closed answers, bounded waits; and Chatwoot's event."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from copilot.core.ticket import Ticket
from tests.browser.console_site import SIDEBAR_NAME, Site, open_page, probe, site, until

__all__ = ["open_page", "site"]

Open = Callable[[str], Any]
TICKET = {"id": "T-1", "messages": [{"id": "m1", "text": "He wants $500."}]}
WORK = {"note": "A note.", "route": "account_security", "queue": None, "labels": []}
ASK_ALL = """async (work) => {
  const from = performance.now();
  const answers = [await window.host.useNote(work), await window.host.session(), await window.host.reveal("m1")];
  return [...answers, performance.now() - from < 3_000];
}"""
SIBLING = """() => {
  const frame = Object.assign(document.createElement("iframe"), { name: "sibling", src: "/embedder?src=about:blank" });
  document.body.append(frame);
}"""
HEAD = {"protocol": "triage-copilot", "version": 1}


def _embedded(site: Site, at: str) -> str:
    return f"{at}/embedder?src={quote(f'{site.url}/sidebar', safe='')}"


def _tell(page: Any, message: object) -> None:
    page.evaluate(f"(message) => window.frames['{SIDEBAR_NAME}'].postMessage(message, '*')", message)


def _answer(page: Any, kind: str, answer: dict[str, Any]) -> None:
    """From now on the embedding page answers questions of a kind."""
    page.evaluate(
        """([kind, answer]) => window.addEventListener("message", ({ data, source }) => {
          if (data.type === kind) source.postMessage({ protocol: "triage-copilot", version: 1, id: data.id, ...answer }, "*");
        })""",
        [kind, answer],
    )


def _heard(page: Any, kind: str) -> list[dict[str, Any]]:
    return [
        one["data"] for one in page.evaluate("window.heard") if isinstance(one["data"], dict) and one["data"].get("type") == kind
    ]


@pytest.fixture
def elsewhere(open_page: Open, site: Site) -> Any:
    """A page of another origin that the service allows."""
    site.metas["copilot-frame-origins"] = f"https://a.example.org {site.other}"
    page = open_page(_embedded(site, site.other))
    probe(page)
    return page


def test_a_page_of_an_allowed_origin_is_greeted_and_asked_for_the_ticket(elsewhere: Any, site: Site) -> None:
    _answer(elsewhere, "ticket-wanted", {"type": "ticket", "ticket": TICKET})

    assert probe(elsewhere).evaluate("window.host.ticket()") == TICKET
    assert _heard(elsewhere, "ready") == [{**HEAD, "type": "ready"}]
    assert {one["origin"] for one in elsewhere.evaluate("window.heard")} == {site.url}


def test_a_page_of_an_origin_that_is_not_listed_hears_nothing(open_page: Open, site: Site) -> None:
    page = open_page(_embedded(site, site.other))

    assert probe(page).evaluate("window.fault") == "origin"
    assert page.evaluate("window.heard") == []


def test_the_panels_own_origin_may_embed_it(open_page: Open, site: Site) -> None:
    page = open_page(_embedded(site, site.url))

    assert probe(page).evaluate("window.host.kind") == "frame"


def test_a_panel_that_nobody_embeds_says_so(open_page: Open) -> None:
    page = open_page("/sidebar")
    page.wait_for_selector('html[data-state="connected"]', state="attached")

    assert page.evaluate("window.fault") == "no_host"


def test_a_frame_beside_the_panel_is_not_believed(open_page: Open, site: Site) -> None:
    page = open_page(_embedded(site, site.url))
    probe(page)
    page.evaluate(SIBLING)
    page.wait_for_timeout(300)

    page.frame(name="sibling").evaluate(
        f"(message) => parent.frames['{SIDEBAR_NAME}'].postMessage(message, '*')", {**HEAD, "type": "ticket-changed"}
    )
    page.wait_for_timeout(300)

    assert probe(page).evaluate("window.changes") == 0


@pytest.mark.parametrize(
    "message",
    [
        {"type": "ticket-changed"},
        {"protocol": "other", "version": 1, "type": "ticket-changed"},
        {"protocol": "triage-copilot", "version": 2, "type": "ticket-changed"},
        {"protocol": "triage-copilot", "version": "1", "type": "ticket-changed"},
        "ticket-changed",
        None,
        [],
    ],
)
def test_what_is_not_of_this_protocol_and_version_is_ignored(elsewhere: Any, message: object) -> None:
    _tell(elsewhere, message)
    _tell(elsewhere, {**HEAD, "type": "ticket-changed"})
    until(probe(elsewhere), "window.changes")

    assert probe(elsewhere).evaluate("window.changes") == 1


def test_an_answer_with_another_questions_id_is_not_taken(elsewhere: Any) -> None:
    _answer(elsewhere, "reveal", {"type": "revealed", "id": "q99", "shown": True})

    assert probe(elsewhere).evaluate("window.host.reveal('m1')") is False


def test_an_answer_of_another_type_is_not_taken(elsewhere: Any) -> None:
    _answer(elsewhere, "reveal", {"type": "ticket", "ticket": TICKET})

    assert probe(elsewhere).evaluate("window.host.reveal('m1')") is False


@pytest.mark.parametrize("ticket", [None, "text", [], 5])
def test_a_ticket_that_is_none_is_a_fault(elsewhere: Any, ticket: object) -> None:
    _answer(elsewhere, "ticket-wanted", {"type": "ticket", "ticket": ticket})

    assert probe(elsewhere).evaluate("window.host.ticket().catch((fault) => fault.code)") == "host_error"


@pytest.mark.parametrize("ticket", [{}, {"messages": []}, {"messages": "none"}])
def test_a_ticket_without_messages_holds_no_text(elsewhere: Any, ticket: dict[str, object]) -> None:
    _answer(elsewhere, "ticket-wanted", {"type": "ticket", "ticket": ticket})

    assert probe(elsewhere).evaluate("window.host.ticket().catch((fault) => fault.code)") == "no_text"


def test_the_session_comes_from_the_page_and_is_null_where_it_gives_none(elsewhere: Any) -> None:
    frame = probe(elsewhere)

    assert frame.evaluate("window.host.session()") is None
    _answer(elsewhere, "session-wanted", {"type": "session", "token": "tcs_invented"})
    assert frame.evaluate("window.host.session()") == "tcs_invented"


def test_a_session_of_the_server_is_not_asked_for(open_page: Open, site: Site) -> None:
    site.metas["copilot-session"] = "tcs_served"
    page = open_page(_embedded(site, site.url))

    assert probe(page).evaluate("window.host.session()") == "tcs_served"
    assert _heard(page, "session-wanted") == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"done": ["mode", "note", "group"], "refused": None}, {"done": ["mode", "note", "group"], "refused": None}),
        ({"done": ["note", "submit", 5]}, {"done": ["note"], "refused": None}),
        ({"done": "note", "refused": "no_group"}, {"done": [], "refused": "no_group"}),
        ({"done": [], "refused": "draft_in_reply"}, {"done": [], "refused": "draft_in_reply"}),
        ({"done": [], "refused": "<b>because</b>"}, {"done": [], "refused": "host_error"}),
    ],
)
def test_what_the_page_did_with_the_note_is_told_in_known_words_only(
    elsewhere: Any, answer: dict[str, Any], expected: dict[str, Any]
) -> None:
    _answer(elsewhere, "use-note", {"type": "note-used", **answer})

    assert probe(elsewhere).evaluate("(work) => window.host.useNote(work)", WORK) == expected
    sent = _heard(elsewhere, "use-note")[0]
    assert {name: sent[name] for name in WORK} == WORK


def test_size_and_notices_are_told_without_waiting(elsewhere: Any) -> None:
    probe(elsewhere).evaluate("(window.host.resize(419.2), window.host.notify('alert', '<b>text</b>'))")

    assert [one["height"] for one in _heard(elsewhere, "resize")] == [420]
    assert [(one["kind"], one["text"]) for one in _heard(elsewhere, "notify")] == [("alert", "<b>text</b>")]


def test_the_simulator_speaks_the_protocol_with_what_the_records_say(open_page: Open) -> None:
    page = open_page("/console?host=frame&ticket=40104")
    frame = probe(page)

    ticket = Ticket.model_validate(frame.evaluate("window.host.ticket()"))
    answer = frame.evaluate("(work) => window.host.useNote(work)", {**WORK, "route": "mediation_disputes"})

    assert ticket.context.mediation_eligible is True
    assert answer == {"done": ["mode", "note", "group"], "refused": None, "before": {"was": 360001, "set": 360003}}
    assert page.evaluate("[window.desk.form.mode, window.desk.form.text, window.desk.form.group, window.desk.submits]") == [
        "internalNote", "A note.", 360003, 0,
    ]  # fmt: skip
    assert frame.evaluate("window.host.reveal('m1')") is True
    assert frame.evaluate("window.host.reveal('m99')") is False


def test_the_simulators_page_guards_its_composer_too(open_page: Open) -> None:
    page = open_page("/console?host=frame")
    frame = probe(page)
    page.fill("#draft", "Dear customer,")

    assert frame.evaluate("(work) => window.host.useNote(work)", WORK) == {"done": [], "refused": "draft_in_reply"}
    assert page.input_value("#draft") == "Dear customer,"


def test_a_note_goes_out_with_the_ticket_that_it_is_for(elsewhere: Any) -> None:
    _answer(elsewhere, "ticket-wanted", {"type": "ticket", "ticket": TICKET})
    _answer(elsewhere, "use-note", {"type": "note-used", "done": ["note"], "refused": None})
    probe(elsewhere).evaluate("window.host.ticket()")

    probe(elsewhere).evaluate("(work) => window.host.useNote(work)", {**WORK, "ticket": "T-1"})

    assert _heard(elsewhere, "use-note")[0]["ticket"] == "T-1"


def test_a_note_of_a_ticket_that_is_shown_no_more_is_not_even_offered_to_the_page(elsewhere: Any) -> None:
    _answer(elsewhere, "ticket-wanted", {"type": "ticket", "ticket": TICKET | {"id": "T-2"}})
    probe(elsewhere).evaluate("window.host.ticket()")

    answer = probe(elsewhere).evaluate("(work) => window.host.useNote(work)", {**WORK, "ticket": "T-1"})

    assert answer == {"done": [], "refused": "other_ticket"}
    assert _heard(elsewhere, "use-note") == []


@pytest.mark.parametrize("refused", ["other_ticket", "note_changed"])
def test_a_page_may_refuse_the_note_of_another_ticket_or_beside_a_changed_one(elsewhere: Any, refused: str) -> None:
    _answer(elsewhere, "use-note", {"type": "note-used", "done": [], "refused": refused})

    assert probe(elsewhere).evaluate("(work) => window.host.useNote(work)", WORK)["refused"] == refused


@pytest.mark.parametrize("call", ["takeBack", "setGroup"])
def test_a_page_that_knows_nothing_of_undo_is_told_as_one_that_cannot(elsewhere: Any, call: str) -> None:
    _answer(elsewhere, "ticket-wanted", {"type": "ticket", "ticket": TICKET})
    probe(elsewhere).evaluate("window.host.ticket()")

    answer = probe(elsewhere).evaluate(f"(work) => window.host.{call}(work)", WORK | {"ticket": TICKET["id"]})

    assert answer == {"done": [], "refused": "cannot"}


def test_the_simulators_page_takes_no_note_of_another_ticket(open_page: Open) -> None:
    page = open_page("/console?host=frame&ticket=40101")
    frame = probe(page)
    frame.evaluate("window.host.ticket()")
    page.evaluate("window.desk.current = window.desk.tickets[1]")

    answer = frame.evaluate("(work) => window.host.useNote(work)", {**WORK, "ticket": "40101"})

    assert answer == {"done": [], "refused": "other_ticket"}
    assert page.evaluate("window.desk.form.text") == ""


def test_the_simulators_page_puts_a_corrected_note_in_the_place_of_ours(open_page: Open) -> None:
    page = open_page("/console?host=frame&ticket=40101")
    frame = probe(page)
    frame.evaluate("(work) => window.host.useNote(work)", WORK)

    frame.evaluate("(work) => window.host.useNote(work)", {**WORK, "note": "Another note.", "replaces": "A note."})

    assert page.evaluate("window.desk.form.text") == "Another note."


@pytest.mark.parametrize(("loaded", "partial"), [(False, True), (True, None), (None, None)])
def test_a_conversation_that_chatwoot_has_not_loaded_in_full_is_partial(
    elsewhere: Any, loaded: bool | None, partial: bool | None
) -> None:
    conversation = {"id": 7, "messages": [{"id": 90, "content": "Hello", "message_type": 0}], "allMessagesLoaded": loaded}
    event = {"event": "appContext", "data": {"conversation": conversation, "contact": {"id": 5, "name": "Nora"}}}
    asked = probe(elsewhere).evaluate("void (window.asked = window.host.ticket())")
    _tell(elsewhere, json.dumps(event))

    ticket = probe(elsewhere).evaluate("window.asked")

    assert asked is None
    assert ticket.get("is_partial") is partial
    assert Ticket.model_validate(ticket).is_partial is bool(partial)


def test_chatwoot_is_asked_in_its_own_words_and_its_ticket_is_taken(open_page: Open) -> None:
    page = open_page("/console?host=chatwoot")

    ticket = Ticket.model_validate(probe(page).evaluate("window.host.ticket()"))

    assert (ticket.id, ticket.reporter, len(ticket.messages)) == ("40101", "contact-70101", 3)


def test_chatwoot_takes_no_note_and_gives_no_session_and_is_not_waited_for(open_page: Open) -> None:
    frame = probe(open_page("/console?host=chatwoot"))
    frame.evaluate("window.host.ticket()")

    found = frame.evaluate(ASK_ALL, WORK)

    assert found == [{"done": [], "refused": "host_error"}, None, False, True]


@pytest.mark.parametrize("host", ["zendesk", "frame", "chatwoot"])
def test_a_new_message_of_the_customer_is_told_by_every_host(open_page: Open, host: str) -> None:
    page = open_page(f"/console?host={host}")
    frame = probe(page)
    before = len(frame.evaluate("window.host.ticket()")["messages"])

    page.click("#customer-writes")
    until(frame, "window.changes")

    assert len(frame.evaluate("window.host.ticket()")["messages"]) == before + 1
