"""A question goes into a public reply or nowhere; note and question never stand in one text, and nothing is submitted."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.console_site import Site, open_page, probe, site, turns_back, until

__all__ = ["open_page", "site"]

Open = Callable[[str], Any]
NOTE = "Internal note for Account Security: the security of a marketplace account\n\nRule R1_account_security (S4)."
QUESTION = "Hello, could you please tell us:\n\n- What exactly was asked for, if anything?\n\nThank you."
WORK = {"note": NOTE, "route": "account_security", "queue": None, "labels": []}
ASK = "(work) => window.host.useReply(work)"
USE = "(work) => window.host.useNote(work)"
REPLY = {"text": QUESTION, "note": None}
PUT_IN = {"done": ["mode", "reply"], "refused": None}
BOTH = pytest.mark.parametrize("host", ["zendesk", "frame"])


def _console(open_page: Open, host: str, **switches: str) -> Any:
    page = open_page("/console?" + "&".join(f"{name}={value}" for name, value in {"host": host, **switches}.items()))
    probe(page).evaluate("window.host.ticket()")
    return page


def _form(page: Any) -> list[Any]:
    found: list[Any] = page.evaluate("[window.desk.form.mode, window.desk.form.text, window.desk.submits]")
    return found


@BOTH
def test_a_question_goes_into_an_empty_reply(open_page: Open, host: str) -> None:
    page = _console(open_page, host)

    assert probe(page).evaluate(ASK, REPLY) == PUT_IN
    assert _form(page) == ["publicReply", QUESTION, 0]


@BOTH
def test_a_reply_under_way_is_kept_and_the_question_stands_beneath_it_once(open_page: Open, host: str) -> None:
    page = _console(open_page, host)
    page.fill("#draft", "Dear Nora,")

    answers = [probe(page).evaluate(ASK, REPLY) for _ in range(2)]

    assert answers == [PUT_IN, PUT_IN]
    assert _form(page) == ["publicReply", f"Dear Nora,\n\n{QUESTION}", 0]


@BOTH
def test_an_empty_internal_note_becomes_a_reply(open_page: Open, host: str) -> None:
    page = _console(open_page, host)
    page.click("#tab-note")

    assert probe(page).evaluate(ASK, REPLY) == PUT_IN
    assert _form(page) == ["publicReply", QUESTION, 0]


@BOTH
def test_an_internal_note_under_way_is_left_alone(open_page: Open, host: str) -> None:
    page = _console(open_page, host)
    page.click("#tab-note")
    page.fill("#draft", "Seen by me.")

    assert probe(page).evaluate(ASK, REPLY) == {"done": [], "refused": "draft_in_note"}
    assert _form(page) == ["internalNote", "Seen by me.", 0]


@BOTH
def test_the_internal_note_that_was_accepted_is_never_turned_into_a_reply(open_page: Open, host: str) -> None:
    page = _console(open_page, host)
    probe(page).evaluate(USE, WORK)

    assert probe(page).evaluate(ASK, {**REPLY, "note": NOTE})["refused"] == "draft_in_note"
    assert _form(page) == ["internalNote", NOTE, 0]


@BOTH
def test_beside_the_internal_note_in_a_public_reply_nothing_is_put(open_page: Open, host: str) -> None:
    page = _console(open_page, host)
    probe(page).evaluate(USE, WORK)
    page.click("#tab-reply")

    assert probe(page).evaluate(ASK, {**REPLY, "note": NOTE})["refused"] == "note_in_reply"
    assert _form(page) == ["publicReply", NOTE, 0]


@BOTH
def test_a_note_is_not_put_into_the_reply_that_holds_the_question(open_page: Open, host: str) -> None:
    page = _console(open_page, host)
    probe(page).evaluate(ASK, REPLY)

    assert probe(page).evaluate(USE, WORK)["refused"] == "draft_in_reply"
    assert _form(page) == ["publicReply", QUESTION, 0]


@BOTH
def test_a_note_is_not_put_beside_the_question_that_the_agent_turned_into_an_internal_note(open_page: Open, host: str) -> None:
    page = _console(open_page, host)
    probe(page).evaluate(ASK, REPLY)
    page.click("#tab-note")

    assert probe(page).evaluate(USE, WORK)["refused"] == "reply_in_note"
    assert _form(page) == ["internalNote", QUESTION, 0]


@BOTH
def test_the_question_of_another_ticket_is_refused(open_page: Open, host: str) -> None:
    page = _console(open_page, host)

    assert probe(page).evaluate(ASK, {**REPLY, "ticket": "40102"}) == {"done": [], "refused": "other_ticket"}
    assert _form(page) == ["publicReply", "", 0]


def test_where_the_composer_stays_an_internal_note_nothing_is_put_in(open_page: Open) -> None:
    page = _console(open_page, "zendesk")
    page.click("#tab-note")
    page.evaluate("window.desk.faults.stuck = true")

    assert probe(page).evaluate(ASK, REPLY) == {"done": [], "refused": "internal_note"}
    assert _form(page) == ["internalNote", "", 0]


def test_a_composer_that_turns_back_at_the_last_moment_gets_no_question(open_page: Open) -> None:
    """The mode is read once more right before the question is written."""
    page = _console(open_page, "zendesk")
    page.click("#tab-note")
    turns_back(page, "publicReply", "internalNote")

    assert probe(page).evaluate(ASK, REPLY) == {"done": [], "refused": "internal_note"}
    assert "comment.appendText" not in page.evaluate("JSON.stringify(window.desk.calls)")


def test_a_question_that_a_reload_interrupts_is_put_in_after_it_and_not_taken_for_a_note(open_page: Open) -> None:
    page = _console(open_page, "zendesk", reload="1")
    page.click("#tab-note")

    probe(page).evaluate("(work) => void window.host.useReply(work)", REPLY)
    until(page, "window.desk.form.text !== ''")

    assert _form(page) == ["publicReply", QUESTION, 0]
    assert probe(page).evaluate("window.host.resumed") is None


def test_an_agent_who_turns_the_question_into_an_internal_note_is_stopped_at_the_submit(open_page: Open) -> None:
    page = _console(open_page, "zendesk")
    probe(page).evaluate(ASK, REPLY)
    page.click("#tab-note")

    page.click("#submit")
    until(page, "document.querySelector('#notices').textContent.includes('question to the customer')")

    assert _form(page) == ["internalNote", QUESTION, 0]


def test_the_reply_with_the_question_is_the_agents_to_submit(open_page: Open) -> None:
    page = _console(open_page, "zendesk")
    probe(page).evaluate(ASK, REPLY)

    page.click("#submit")
    until(page, "window.desk.submits === 1")

    assert page.evaluate("window.desk.current.conversation.at(-1).message.content") == QUESTION


def test_chatwoot_takes_no_question_and_is_not_waited_for(open_page: Open, site: Site) -> None:
    page = _console(open_page, "chatwoot")

    assert probe(page).evaluate(ASK, REPLY) == {"done": [], "refused": "host_error"}
