"""Suggestions that version 0.1 kept are read in today's shape, word for word."""

import json
from pathlib import Path
from typing import Any

import pytest

from copilot.core.ticket import Ticket
from copilot.output.suggestion import Suggestion
from copilot.store.kept import kept, whole

FOLDER = Path(__file__).parent / "kept_by_01"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


def old(name: str) -> tuple[dict[str, Any], Ticket]:
    given = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return given["suggestion"], Ticket.model_validate(given["ticket"])


def read(name: str) -> Suggestion:
    given, ticket = old(name)
    return whole(json.dumps(given), ticket)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_suggestion_said_stays_as_it_was_said(name: str) -> None:
    given, _ = old(name)

    now = read(name)

    assert [now.route, now.labels, now.rule, now.note] == [given[key] for key in ("route", "labels", "rule", "note")]
    assert [one.text for one in now.ask_next] == given["ask_next"]
    assert [one.text for one in now.would_change] == [one["if"] for one in given["would_change"]]
    assert [one.then.rule for one in now.would_change] == [one["then"]["rule"] for one in given["would_change"]]


def test_the_four_lists_of_facts_become_one_with_ids_and_codes() -> None:
    now = read("escalated")

    assert [(one.id, one.type, one.counted, one.reason.code) for one in now.facts] == [
        ("f1", "threat", True, "property_threat"),
        ("f2", "demand", True, "coerced"),
        ("f3", "damage_claim", False, "not_retaliatory"),
        ("f4", "dispute", False, "dispute"),
    ]
    assert [(one.list, one.index, one.reason.code) for one in now.dropped] == [("threats", 1, "unknown_sentence")]
    assert now.parties[0].is_reporter


def test_sentences_become_codes_and_name_the_facts_that_they_are_about() -> None:
    now = read("escalated")

    assert [(one.code, one.parameters) for one in now.would_change] == [
        ("mediation_true", {}),
        ("fact_removed", {"fact": "f1"}),
        ("demand_for_feedback", {"fact": "f2"}),
    ]
    assert [one.code for one in now.ask_next] == ["mediation", "property"]
    assert [one.code for one in read("for_a_person").review_reasons] == ["uncoerced_feedback", "mediation_not_known"]


def test_a_sentence_that_nobody_knows_any_more_keeps_its_words() -> None:
    given, ticket = old("for_a_person")

    now = whole(json.dumps(given | {"ask_next": ["Who knows?"]}), ticket)

    assert [(one.code, one.text) for one in now.ask_next] == [("unlisted", "Who knows?")]


@pytest.mark.parametrize("name", NAMES)
def test_once_kept_again_it_stands_in_the_new_shape(name: str) -> None:
    _, ticket = old(name)

    assert whole(kept(read(name)), ticket) == read(name)
