"""The simulator's tickets are plainly invented, and of every kind that the panel has to stand."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from copilot.evaluation.cases import personal

CONSOLE = Path(__file__).parents[2] / "copilot" / "sidebar" / "console"
DATA: dict[str, Any] = json.loads((CONSOLE / "tickets.json").read_text(encoding="utf-8"))
TICKETS: list[dict[str, Any]] = DATA["tickets"]
INVENTED = ("(invented)", "(erfunden)")


def _texts(ticket: dict[str, Any]) -> str:
    return "\n".join(
        [ticket["subject"], ticket["next_message"], *(item["message"]["content"] for item in ticket["conversation"])]
    )


def _all_text() -> str:
    return "\n".join(map(_texts, TICKETS))


@pytest.mark.parametrize("ticket", TICKETS, ids=lambda ticket: str(ticket["id"]))
def test_a_ticket_holds_nothing_that_could_be_somebodys(ticket: dict[str, Any]) -> None:
    assert list(personal.find(_texts(ticket))) == []


def test_every_customer_is_named_as_invented_and_no_agent_has_a_name() -> None:
    people = {
        person["id"]: person
        for one in TICKETS
        for person in [one["requester"], *(item["author"] for item in one["conversation"])]
    }

    for person in people.values():
        assert person["name"].startswith("Agent") if person["role"] == "agent" else person["name"].endswith(INVENTED)


def test_ids_are_unique() -> None:
    ids = [one["id"] for one in TICKETS]

    assert len(set(ids)) == len(ids) >= 12


def test_messages_are_text_in_order_of_time() -> None:
    for one in TICKETS:
        times = [item["timestamp"] for item in one["conversation"]]
        assert times == sorted(times)
        assert {item["message"]["contentType"] for item in one["conversation"]} <= {"text/plain", "text/html"}


@pytest.mark.parametrize(
    "pattern",
    [r"[\u0600-\u06ff]", r"[\u0900-\u097f]", "löscht", "<script>", "onerror=", r"\{\{", "=HYPERLINK", "\u202e", "SYSTEM:"],
)
def test_scripts_and_hostile_texts_of_each_kind_are_among_them(pattern: str) -> None:
    assert re.search(pattern, _all_text())


def test_one_ticket_is_long_and_one_was_opened_by_an_agent() -> None:
    assert max(len(one["conversation"]) for one in TICKETS) >= 50
    assert any(one["requester"]["role"] == "agent" for one in TICKETS)


def test_the_map_of_groups_names_groups_that_there_are() -> None:
    assert set(DATA["group_map"].values()) <= {group["id"] for group in DATA["groups"]}
    assert {one["group"] for one in TICKETS} <= {group["id"] for group in DATA["groups"]}


def test_make_demo_hands_the_service_the_simulators_own_groups() -> None:
    makefile = (CONSOLE.parents[2] / "Makefile").read_text(encoding="utf-8")

    given = re.search(r"^DEMO_GROUPS := (.*)$", makefile, re.MULTILINE)

    assert given
    assert json.loads(given[1]).items() <= DATA["group_map"].items()


def test_no_page_of_the_simulator_takes_anything_from_elsewhere() -> None:
    for path in CONSOLE.iterdir():
        if path.suffix in (".html", ".css", ".js"):
            assert re.findall(r"(?:https?:)?//(?!localhost|127)[a-z][\w-]*\.[a-z]", path.read_text(encoding="utf-8")) == [], (
                path.name
            )
