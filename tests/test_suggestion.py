"""What an agent is shown: the contract's shape, and every part of it from the ticket or the policy."""

import json

import pytest
from pydantic import ValidationError

from copilot.core.vocabulary import CONTENT_ENFORCEMENT_QUEUE
from copilot.output.suggestion import Suggestion
from tests.builders import TEXT, claim, demand, dispute, suggested, threat, ticket

FULL = suggested(threat(), demand(), claim("bad_feedback"), dispute(), threat(evidence="m7.7"))


def shown() -> dict[str, object]:
    return json.loads(FULL.model_dump_json())


def test_the_keys_are_the_contracts_and_stand_in_its_order() -> None:
    assert list(shown()) == [
        *("ticket_id", "route", "queue", "labels", "rule", "statements", "report_received", "cautions", "note"),
        *("ask_next", "would_change", "review_reasons", "parties", "facts", "dropped", "sentences", "provenance"),
    ]


def test_the_decision_is_told_in_the_contracts_words() -> None:
    told = shown()

    assert told["ticket_id"] == "T-1"
    assert (told["route"], told["queue"], told["rule"]) == ("content_enforcement", CONTENT_ENFORCEMENT_QUEUE, "R3_coercion")
    assert (told["labels"], told["statements"]) == (["coercion_and_retaliation"], ["S1", "S7"])
    assert told["report_received"] is True
    assert told["cautions"] == ["claims_unverified", "check_mediation", "unverified_fact"]


def test_each_fact_says_whether_it_counts_and_why() -> None:
    facts = shown()["facts"]

    assert facts[0] == {
        "id": "f1",
        "counted": True,
        "reason": {"code": "property_threat", "text": "a threat of this harm always counts"},
        "confidence": None,
        "evidence": ["m1.1"],
        "type": "threat",
        "by": "p2",
        "against": "p1",
        "harm": "destroy",
        "asset": "not_stated",
    }
    assert [(one["id"], one["type"], one["counted"], one["reason"]["code"]) for one in facts[1:]] == [
        ("f2", "demand", True, "coerced"),
        ("f3", "damage_claim", False, "not_retaliatory"),
        ("f4", "dispute", False, "dispute"),
    ]


def test_the_people_are_told_under_ids_that_the_facts_use() -> None:
    told = shown()

    assert told["parties"][0] == {"id": "p1", "role": "client", "is_reporter": True, "name": None}
    assert {fact["by"] for fact in told["facts"] if "by" in fact} <= {party["id"] for party in told["parties"]}


def test_a_dropped_fact_is_shown_with_its_place_and_reason() -> None:
    assert shown()["dropped"] == [
        {
            "list": "threats",
            "index": 1,
            "reason": {"code": "unknown_sentence", "text": "it cites a sentence that the ticket does not have"},
            "fact": {"by": "p2", "against": "p1", "harm": "destroy", "asset": "not_stated", "evidence": []},
        }
    ]


def test_a_dropped_dispute_is_shown_too() -> None:
    dropped = suggested(dispute(evidence="m1.1 m9.9")).dropped[0]

    assert (dropped.list, dropped.fact) == ("disputes", {"kind": "payment", "evidence": ["m1.1"]})


def test_every_sentence_is_shown_with_its_offsets() -> None:
    sentences = shown()["sentences"]

    assert "".join(one["text"] for one in sentences) == TEXT
    assert all(TEXT[one["start"] : one["end"]] == one["text"] for one in sentences)
    assert [one["id"] for one in sentences] == ["m1.1", "m1.2", "m1.3", "m1.4"]
    assert {one["message"] for one in sentences} == {"m1"}


def test_a_change_is_told_as_a_code_in_words_and_with_what_it_would_bring() -> None:
    first = shown()["would_change"][0]

    assert first == {
        "code": "mediation_true",
        "parameters": {},
        "text": "If the customer qualifies for mediation",
        "then": {"route": "mediation_disputes", "queue": None, "labels": [], "rule": "R2_mediation"},
    }


def test_a_change_of_one_fact_names_the_fact() -> None:
    told = {one["code"]: one for one in shown()["would_change"]}

    assert told["demand_for_feedback"]["parameters"] == {"fact": "f2"}
    assert told["demand_for_feedback"]["text"] == "If what the freelancer wants (money) is a rating or review"


def test_a_question_names_whom_and_what_it_is_about() -> None:
    asked = json.loads(suggested(threat(), demand("not_stated")).model_dump_json())["ask_next"]

    assert asked[0] == {
        "code": "mediation",
        "parameters": {"party": "p1"},
        "text": "Does the client qualify for mediation or dispute assistance?",
    }
    assert {"code": "demand", "parameters": {"party": "p2", "fact": "f2"}} in [
        {name: one[name] for name in ("code", "parameters")} for one in asked
    ]


def test_why_a_person_must_judge_is_told_in_codes() -> None:
    told = suggested(demand("feedback"))

    assert [(one.code, one.text) for one in told.review_reasons] == [
        ("uncoerced_feedback", "Feedback is asked for, and no force or threat is told with it.")
    ]
    assert FULL.review_reasons == []


def test_a_suggestion_reads_back_from_its_own_json() -> None:
    assert Suggestion.model_validate_json(FULL.model_dump_json()) == FULL


def test_a_suggestion_takes_no_key_of_its_own() -> None:
    with pytest.raises(ValidationError):
        Suggestion.model_validate(shown() | {"score": 0.9})


@pytest.mark.parametrize("text", ["\0", "\u202e", "\ufeff", "😀", "\ue000"], ids=ascii)
def test_any_text_that_a_ticket_can_hold_can_be_written_out(text: str) -> None:
    suggestion = suggested(threat(), given=ticket(f"He said {text}."))

    assert text in json.loads(suggestion.model_dump_json())["sentences"][0]["text"]
