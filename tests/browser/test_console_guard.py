"""The note goes into an internal note or nowhere, and nothing is ever submitted for the agent."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.console_site import Site, open_page, probe, site, turns_back, until

__all__ = ["open_page", "site"]

NOTE = """Internal note for Account Security: the security of a marketplace account

  | [m1.1] quoted

Rule R1_account_security (S4)."""
CORRECTED = NOTE.replace("quoted", "quoted anew")
WORK = {"note": NOTE, "route": "account_security", "queue": None, "labels": []}
KEEP = """([work, ticket, age]) => {
  const kept = JSON.stringify({ ...work, ticket, at: Date.now() - age });
  sessionStorage.setItem("triage-copilot.pending-note", age < 0 ? "{" : kept);
}"""
USE = "(work) => window.host.useNote(work)"
FORM = "({ ...window.desk.form, submits: window.desk.submits })"
WRITING = {"set", "invoke"}

Open = Callable[[str], Any]


def _form(page: Any) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(FORM)
    return found


def _written(page: Any) -> list[str]:
    calls = page.evaluate("window.desk.calls")
    return [name for call in calls if call["request"] in WRITING for name in call["params"] if name != "resize"]


def _notices(page: Any) -> str:
    return str(page.inner_text("#notices"))


@pytest.fixture
def console(open_page: Open) -> Any:
    page = open_page("/console")
    probe(page)
    return page


def test_a_note_goes_into_an_empty_composer_as_an_internal_note_with_the_group(console: Any) -> None:
    answer = probe(console).evaluate(USE, WORK)

    before = {"group": 360001, "user": None, "set": 360002}
    assert answer == {"done": ["mode", "note", "group"], "refused": None, "before": before}
    assert _form(console) == {
        "mode": "internalNote",
        "text": NOTE,
        "group": 360002,
        "tags": ["web", "contract_ended"],
        "submits": 0,
    }


def test_a_public_reply_with_text_in_it_is_left_alone(console: Any) -> None:
    console.fill("#draft", "Dear customer, ")
    before = _form(console)

    answer = probe(console).evaluate(USE, WORK)

    assert answer == {"done": [], "refused": "draft_in_reply"}
    assert _form(console) == before
    assert _written(console) == []


@pytest.mark.parametrize("text", [" ", "\n\n", "\u00a0", "\u200b"])
def test_a_reply_of_blanks_is_an_empty_one(console: Any, text: str) -> None:
    console.evaluate("(text) => window.desk.edit({ text })", text)

    assert probe(console).evaluate(USE, WORK)["refused"] is None


def test_an_internal_note_under_way_is_kept_and_ours_stands_beneath_it(console: Any) -> None:
    console.click("#tab-note")
    console.fill("#draft", "Called the customer.")

    probe(console).evaluate(USE, WORK)

    assert _form(console)["text"] == f"Called the customer.\n\n{NOTE}"


def test_where_the_composer_stays_a_public_reply_nothing_is_inserted(open_page: Open) -> None:
    page = open_page("/console?stuck=1")

    answer = probe(page).evaluate(USE, WORK)

    assert answer == {"done": [], "refused": "public_reply"}
    assert _form(page)["text"] == ""
    assert _written(page) == ["comment.type"]
    assert probe(page).evaluate("sessionStorage.length") == 0


def test_a_composer_that_takes_its_time_is_waited_for(console: Any) -> None:
    console.evaluate("""() => {
      const edit = window.desk.edit.bind(window.desk);
      window.desk.edit = (change) => setTimeout(() => edit(change), change.mode ? 600 : 0);
    }""")

    assert probe(console).evaluate(USE, WORK)["done"] == ["mode", "note", "group"]


def test_a_composer_that_turns_back_at_the_last_moment_gets_nothing(console: Any) -> None:
    """The mode is read once more right before the note is written."""
    turns_back(console, "internalNote", "publicReply")

    answer = probe(console).evaluate(USE, WORK)

    assert answer == {"done": [], "refused": "public_reply"}
    assert "comment.appendText" not in _written(console)


def test_without_a_group_in_the_map_the_note_goes_in_and_a_notice_says_so(console: Any) -> None:
    answer = probe(console).evaluate(USE, {**WORK, "route": "content_enforcement", "queue": "<b>A queue</b>"})

    assert answer == {"done": ["mode", "note"], "refused": None}
    assert _form(console)["group"] == 360001
    assert "No group is set up for <b>A queue</b>" in _notices(console)


def test_the_queue_is_looked_up_before_the_route(console: Any) -> None:
    probe(console).evaluate(USE, {**WORK, "route": "account_security", "queue": "Content_Engagement_Tier_1_TS425"})

    assert _form(console)["group"] == 360004


@pytest.mark.parametrize(
    "groups",
    ["", "{", "[]", "null", '"x"', '{"account_security": "many"}', '{"account_security": -1}', '{"account_security": 1.5}'],
)
def test_a_map_that_cannot_be_read_sets_no_group_and_breaks_nothing(site: Site, open_page: Open, groups: str) -> None:
    site.metas["copilot-zendesk-groups"] = groups

    page = open_page("/console")

    assert probe(page).evaluate(USE, WORK) == {"done": ["mode", "note"], "refused": None}


@pytest.mark.parametrize("name", ["constructor", "__proto__", "toString"])
def test_a_queue_named_like_an_objects_own_parts_has_no_group(console: Any, name: str) -> None:
    assert probe(console).evaluate(USE, {**WORK, "route": name, "queue": name})["done"] == ["mode", "note"]


def test_a_group_that_the_console_refuses_is_told_and_the_note_stays(site: Site, open_page: Open) -> None:
    site.metas["copilot-zendesk-groups"] = '{"account_security": 999}'

    page = open_page("/console")

    assert probe(page).evaluate(USE, WORK) == {"done": ["mode", "note"], "refused": None}
    assert "The group could not be set" in _notices(page)


@pytest.mark.parametrize("route", ["no_escalation", "agent_review"])
def test_a_ticket_that_stays_with_the_agent_needs_no_group_and_no_notice(console: Any, route: str) -> None:
    assert probe(console).evaluate(USE, {**WORK, "route": route})["done"] == ["mode", "note"]
    assert _notices(console) == ""


def test_the_same_note_is_not_inserted_twice_and_a_corrected_one_takes_its_place(console: Any) -> None:
    for work in (WORK, WORK, {**WORK, "note": CORRECTED}):
        assert probe(console).evaluate(USE, work)["refused"] is None

    assert _form(console)["text"] == CORRECTED


def test_a_corrected_note_takes_the_place_of_ours_and_leaves_what_the_agent_wrote_around_it(console: Any) -> None:
    probe(console).evaluate(USE, WORK)
    console.fill("#draft", f"Called the customer.\n\n{NOTE}\n\nWill call again.")

    answer = probe(console).evaluate(USE, {**WORK, "note": CORRECTED})

    assert answer["refused"] is None
    assert _form(console)["text"] == f"Called the customer.\n\n{CORRECTED}\n\nWill call again."


def test_a_note_is_replaced_after_the_panel_was_drawn_anew_too(console: Any) -> None:
    probe(console).evaluate(USE, WORK)
    probe(console).evaluate("location.reload()")
    until(console, "window.frames['triage-copilot'].host?.resumed === null")

    probe(console).evaluate(USE, {**WORK, "note": CORRECTED, "replaces": NOTE})

    assert _form(console)["text"] == CORRECTED


def test_a_note_that_the_agent_changed_is_left_and_told(console: Any) -> None:
    probe(console).evaluate(USE, WORK)
    changed = NOTE.replace("quoted", "quoted, and I have seen it")
    console.fill("#draft", changed)

    answer = probe(console).evaluate(USE, {**WORK, "note": CORRECTED})

    assert answer == {"done": ["mode"], "refused": "note_changed"}
    assert _form(console)["text"] == changed


def test_a_note_in_the_middle_of_formatted_text_is_left_and_told(console: Any) -> None:
    """To write the composer anew would take the agent's formatting away."""
    probe(console).evaluate(USE, WORK)
    rich = f"<p><b>Called.</b></p><p>{NOTE.replace(chr(10), '<br>')}</p>"
    console.evaluate(
        """(rich) => {
          const get = JSON.stringify;
          window.addEventListener("message", () => {}, true);
          const frame = window.frames["triage-copilot"];
          const post = frame.postMessage.bind(frame);
          frame.postMessage = (text, ...more) => {
            const message = JSON.parse(text);
            if (message.result && "comment.text" in message.result) message.result["comment.text"] = rich;
            post(get(message), ...more);
          };
        }""",
        rich,
    )

    answer = probe(console).evaluate(USE, {**WORK, "note": CORRECTED})

    assert answer == {"done": ["mode"], "refused": "note_changed"}
    assert _form(console)["text"] == NOTE


def test_a_note_that_the_agent_took_out_is_not_looked_for(console: Any) -> None:
    probe(console).evaluate(USE, WORK)
    console.fill("#draft", "Something else.")

    probe(console).evaluate(USE, {**WORK, "note": CORRECTED})

    assert _form(console)["text"] == f"Something else.\n\n{CORRECTED}"


def test_the_note_of_another_ticket_is_refused_and_nothing_is_touched(console: Any) -> None:
    before = _form(console)

    answer = probe(console).evaluate(USE, {**WORK, "ticket": "40102"})

    assert answer == {"done": [], "refused": "other_ticket"}
    assert _form(console) == before
    assert _written(console) == []


def test_a_ticket_that_is_left_while_the_composer_turns_gets_nothing(console: Any) -> None:
    """The ticket is read once more right before the note is written."""
    console.evaluate("""() => {
      const edit = window.desk.edit.bind(window.desk);
      window.desk.edit = (change) => {
        edit(change);
        if (change.mode) window.desk.current = window.desk.tickets[1];
      };
    }""")

    answer = probe(console).evaluate(USE, {**WORK, "ticket": "40101"})

    assert answer == {"done": [], "refused": "other_ticket"}
    assert "comment.appendText" not in _written(console)
    assert "ticket.assignee" not in _written(console)


def test_a_composer_that_cannot_be_read_is_not_written_to(console: Any) -> None:
    console.evaluate("Object.defineProperty(window.desk, 'form', { get() { throw new Error('gone'); } })")

    assert probe(console).evaluate(USE, WORK) == {"done": [], "refused": "host_error"}
    assert _written(console) == []


def test_what_a_reload_interrupts_is_finished_once_and_then_forgotten(open_page: Open) -> None:
    page = open_page("/console?reload=1")
    frame = probe(page)

    frame.evaluate("(work) => void window.host.useNote(work)", WORK)
    until(page, "window.desk.form.group === 360002")
    again = probe(page)

    assert again.evaluate("window.host.resumed") == {
        "route": "account_security",
        "queue": None,
        "done": ["mode", "note", "group"],
        "refused": None,
        "before": {"group": 360001, "user": None, "set": 360002},
    }
    assert _form(page) | {"tags": []} == {"mode": "internalNote", "text": NOTE, "group": 360002, "tags": [], "submits": 0}
    assert again.evaluate("sessionStorage.length") == 0


def test_a_reload_into_a_public_reply_inserts_nothing(open_page: Open) -> None:
    page = open_page("/console")
    frame = probe(page)
    frame.evaluate(KEEP, [WORK, "40101", 0])

    frame.evaluate("location.reload()")
    until(page, "window.frames['triage-copilot'].host?.resumed?.refused === 'public_reply'")

    assert _form(page)["text"] == ""
    assert "was not inserted" in _notices(page)


@pytest.mark.parametrize(("ticket", "age"), [("40102", 0), ("40101", 61_000), ("40101", -1)])
def test_work_of_another_ticket_or_of_long_ago_is_not_finished(open_page: Open, ticket: str, age: int) -> None:
    page = open_page("/console")
    page.click("#tab-note")
    frame = probe(page)
    frame.evaluate(KEEP, [WORK, ticket, age])

    frame.evaluate("location.reload()")
    until(page, "window.frames['triage-copilot'].host?.resumed === null")

    assert _form(page)["text"] == ""


def test_a_browser_without_storage_for_us_still_takes_the_note(console: Any) -> None:
    frame = probe(console)
    frame.evaluate(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )

    assert frame.evaluate(USE, WORK)["done"] == ["mode", "note", "group"]


def test_an_agent_who_turns_the_note_into_a_reply_is_stopped_at_the_submit(console: Any) -> None:
    probe(console).evaluate(USE, WORK)

    console.click("#tab-reply")
    console.click("#submit")
    console.wait_for_selector(".notice")

    assert "internal note of Triage Copilot is in a public reply" in _notices(console)
    assert _form(console)["submits"] == 0


def test_an_agent_who_changed_part_of_it_is_stopped_too(console: Any) -> None:
    probe(console).evaluate(USE, WORK)

    console.click("#tab-reply")
    console.fill("#draft", f"Hello! {NOTE.splitlines()[0]}")
    console.click("#submit")
    console.wait_for_selector(".notice")

    assert _form(console)["submits"] == 0


@pytest.mark.parametrize(("tab", "text"), [("#tab-note", NOTE), ("#tab-reply", "Thank you, we look into it.")])
def test_any_other_submit_is_the_agents_own_affair(console: Any, tab: str, text: str) -> None:
    probe(console).evaluate(USE, WORK)

    console.click(tab)
    console.fill("#draft", text)
    console.click("#submit")
    until(console, "window.desk.submits === 1")

    assert _notices(console) == ""


def test_a_panel_that_does_not_answer_stops_no_submit(console: Any) -> None:
    console.evaluate("document.querySelector('iframe').src = 'about:blank'")

    console.click("#submit")

    until(console, "window.desk.submits === 1")


def test_nothing_that_the_panel_asked_for_was_a_submit(console: Any) -> None:
    frame = probe(console)
    for route in ("account_security", "content_enforcement", "no_escalation"):
        frame.evaluate(USE, {**WORK, "route": route})
    frame.evaluate("window.host.notify('notice', 'x'); window.host.resize(300); window.host.reveal('m1')")
    console.wait_for_timeout(200)

    assert _form(console)["submits"] == 0
    assert set(_written(console)) <= {"comment.type", "comment.appendText", "ticket.assignee", "notify"}
