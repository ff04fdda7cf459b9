"""An undo in the console: our own note comes out and the group goes back; what the agent changed since is left."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.console_site import Site, open_page, probe, site

__all__ = ["open_page", "site"]

NOTE = """Internal note for Account Security: the security of a marketplace account

  | [m1.1] quoted from the ticket

Rule R1_account_security (S4)."""
WORK = {"note": NOTE, "route": "account_security", "queue": None, "labels": []}
FIRST, SECURITY, OTHER = 360001, 360002, 360004
USE = """async (work) => {
  const ticket = String((await host.ticket()).id);
  return host.useNote({ ticket, ...work });
}"""
TAKE_BACK = """async (work) => {
  const ticket = String((await host.ticket()).id);
  return host.takeBack({ ticket, ...work });
}"""
SET_GROUP = """async (work) => {
  const ticket = String((await host.ticket()).id);
  return host.setGroup({ ticket, ...work });
}"""

Open = Callable[[str], Any]


@pytest.fixture(params=["zendesk", "frame"])
def console(open_page: Open, site: Site, request: pytest.FixtureRequest) -> Any:
    site.metas["copilot-frame-origins"] = site.url
    page = open_page(f"/console?host={request.param}")
    probe(page)
    return page


def form(page: Any) -> tuple[str, int]:
    text, group = page.evaluate("[desk.form.text, desk.form.group]")
    return str(text), int(group)


def use(page: Any) -> dict[str, Any]:
    used: dict[str, Any] = probe(page).evaluate(USE, WORK)
    assert used["done"] == ["mode", "note", "group"]
    return used


def take_back(page: Any, **work: Any) -> dict[str, Any]:
    taken: dict[str, Any] = probe(page).evaluate(TAKE_BACK, {"note": NOTE} | work)
    return taken


def test_an_unchanged_note_comes_out_and_the_group_goes_back(console: Any) -> None:
    before = use(console)["before"]
    assert form(console) == (NOTE, SECURITY)

    taken = take_back(console, before=before)

    assert taken == {"done": ["note", "group"], "refused": None}
    assert form(console) == ("", FIRST)
    assert console.evaluate("desk.submits") == 0


def test_what_the_agent_wrote_around_the_note_stays(console: Any) -> None:
    before = use(console)["before"]
    console.fill("#draft", f"Called her back.\n\n{NOTE}\n\nMore to come.")

    take_back(console, before=before)

    assert form(console) == ("Called her back.\n\nMore to come.", FIRST)


def test_a_note_that_the_agent_changed_is_left_and_the_group_goes_back(console: Any) -> None:
    before = use(console)["before"]
    changed = NOTE.replace("quoted from", "I checked this in")
    console.fill("#draft", changed)

    taken = take_back(console, before=before)

    assert taken == {"done": ["group"], "refused": "note_changed"}
    assert form(console) == (changed, FIRST)


def test_a_note_that_is_not_there_any_more_is_told(console: Any) -> None:
    before = use(console)["before"]
    console.fill("#draft", "")

    assert take_back(console, before=before) == {"done": ["group"], "refused": "note_gone"}


def test_a_group_that_the_agent_chose_since_is_left(console: Any) -> None:
    before = use(console)["before"]
    console.select_option("#group", str(OTHER))

    taken = take_back(console, before=before)

    assert taken == {"done": ["note"], "refused": None}
    assert form(console) == ("", OTHER)


def test_nothing_of_another_ticket_is_touched(console: Any) -> None:
    before = use(console)["before"]

    taken = take_back(console, before=before, ticket="another")

    assert (taken["done"], taken["refused"]) == ([], "other_ticket")
    assert form(console) == (NOTE, SECURITY)


def test_the_group_alone_is_set_and_given_back(console: Any) -> None:
    used = probe(console).evaluate(SET_GROUP, {"route": "account_security", "queue": None})
    assert (used["done"], form(console)) == (["group"], ("", SECURITY))

    taken = take_back(console, note=None, before=used["before"])

    assert taken == {"done": ["group"], "refused": None}
    assert form(console) == ("", FIRST)


def test_a_group_that_no_map_names_is_not_set(console: Any) -> None:
    used = probe(console).evaluate(SET_GROUP, {"route": "no_such_team", "queue": None})

    assert (used["done"], used["refused"]) == ([], "no_group")


@pytest.mark.parametrize("call", [TAKE_BACK, SET_GROUP], ids=["take back", "set group"])
def test_a_console_of_an_older_protocol_is_told_as_one_that_cannot(open_page: Open, site: Site, call: str) -> None:
    site.metas["copilot-frame-origins"] = site.url
    page = open_page("/console?host=chatwoot")

    answer = probe(page).evaluate(call, {"note": NOTE, "before": None, "route": "account_security"})

    assert answer == {"done": [], "refused": "cannot"}
