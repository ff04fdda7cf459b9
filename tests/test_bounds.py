"""What holds more than any ticket does is refused by counting, before a model tells a fault for each part of it."""

import json

import pytest

from copilot.core.bounds import (
    MAX_EVIDENCE,
    MAX_FACTS,
    MAX_FAULTS,
    MAX_KEYS,
    MAX_MESSAGES,
    MAX_PARTICIPANTS,
    MAX_PARTIES,
    MAX_SHORT_TEXT_CHARACTERS,
    too_much,
)
from copilot.core.errors import ExtractionError, TicketError
from copilot.core.reading import ReadOutcome, Usage
from copilot.core.strict_json import MAX_VALUES, JsonFault, parse
from copilot.files.loading import Location, load_extraction, ticket_in_line
from copilot.readers.model.decoding import Reply, read_answer

EMPTY = {"parties": [], "threats": [], "demands": [], "damage_claims": [], "disputes": []}


def told(value: object) -> list[str]:
    return [str(fault) for fault in too_much(value)]


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("messages", MAX_MESSAGES),
        ("participants", MAX_PARTICIPANTS),
        ("parties", MAX_PARTIES),
        ("evidence", MAX_EVIDENCE),
    ],
)
def test_each_list_has_its_bound_wherever_it_stands(name: str, most: int) -> None:
    assert told({name: [0] * most}) == []
    assert told({"extraction": {name: [0] * most}}) == []
    assert told({name: [0] * (most + 1)})[0].startswith(f"{name}: {most + 1} are more than {most}")
    assert told({"extraction": {name: [0] * (most + 1)}})[0].startswith(f"extraction.{name}: ")


def test_facts_of_all_kinds_are_counted_together() -> None:
    half = [{"evidence": ["m1.1"]}] * (MAX_FACTS // 2)

    assert told({"threats": half, "disputes": half}) == []
    assert told({"threats": half, "disputes": [*half, half[0]]}) == [f"more than {MAX_FACTS} facts"]


def test_evidence_is_counted_over_all_facts() -> None:
    half = {"evidence": ["m1.1"] * (MAX_EVIDENCE // 2)}

    assert told({"threats": [half], "demands": [half]}) == []
    assert told({"threats": [half], "demands": [half, half]}) == [f"more than {MAX_EVIDENCE} pieces of evidence"]


def test_an_object_has_a_bound_of_keys_and_all_objects_together_have_one() -> None:
    keys = {f"k{number}": 0 for number in range(MAX_KEYS)}

    assert told([keys]) == []
    assert told(keys | {"more": 0}) == [f"{MAX_KEYS + 1} keys are more than {MAX_KEYS}"]
    assert told({"messages": [keys] * 1_000}) == ["more than 12000 keys in all"]


@pytest.mark.parametrize("name", ["name", "by", "against", "of"])
def test_a_text_that_is_a_name_or_an_id_is_short(name: str) -> None:
    assert told({name: "a" * MAX_SHORT_TEXT_CHARACTERS}) == []
    assert len(told({name: "a" * (MAX_SHORT_TEXT_CHARACTERS + 1)})) == 1


def test_the_first_twenty_faults_are_told_and_no_more() -> None:
    faults = told({"parties": [{"name": "a" * 2_000}] * 100})

    assert len(faults) == MAX_FAULTS
    assert faults[0].startswith("parties[0].name: ")


def test_a_fault_shows_nothing_of_what_was_given() -> None:
    faults = told({"CANARY it": ["CANARY"] * 1_001, "b": {"CANARY": "c"} | {f"CANARY{number}": 0 for number in range(40)}})

    assert len(faults) == 2
    assert "CANARY" not in " ".join(faults)


def test_deep_nesting_is_refused_without_a_path_for_each_value() -> None:
    deep: object = [0] * 900
    for _ in range(200):
        deep = [deep]

    assert told(deep) == ["[0][0][0]: nested too deeply: more than 32 levels"]


@pytest.mark.parametrize(
    "unit",
    ["{}", "[]", '""', "0", '{"a":0}', "[[0]]", '"a,b"', '{"a":{"b":[0]}}'],
)
def test_values_are_counted_before_one_of_them_is_made(unit: str) -> None:
    text = "[" + ",".join([unit] * MAX_VALUES) + "]"

    with pytest.raises(JsonFault, match=f"more than {MAX_VALUES} values"):
        parse(text)


@pytest.mark.parametrize("words", ["[{,:" * 200_000, '\\"' * 200_000, "\\\\" * 200_000, '\\",{' * 200_000])
def test_what_stands_inside_a_text_is_no_value(words: str) -> None:
    assert parse(f'{{"text": "{words}"}}') == {"text": json.loads(f'"{words}"')}


@pytest.mark.parametrize("end", ["", "\\", '\\"', "[{,"])
def test_a_text_that_does_not_end_is_passed_over_once(end: str) -> None:
    with pytest.raises(JsonFault, match="not JSON"):
        parse('{"a": "' + '\\"' * 1_000_000 + end)


def test_a_line_of_thirty_megabytes_is_one_fault_and_not_ten_million() -> None:
    line = b'{"messages":[' + b"{}," * 9_900_000 + b"{}]}"

    with pytest.raises(TicketError) as refused:
        ticket_in_line(line, Location("tickets.jsonl", 7))

    assert str(refused.value) == "tickets.jsonl, line 7: holds more than 100000 values"


def test_a_ticket_in_a_file_is_counted_too() -> None:
    line = json.dumps({"messages": [{"text": "a"}], "participants": [{"id": str(number)} for number in range(501)]}).encode()

    with pytest.raises(TicketError, match="line 7: participants: 501 are more than 500"):
        ticket_in_line(line, Location("tickets.jsonl", 7))


def test_an_extraction_in_a_file_is_counted_too(tmp_path: object) -> None:
    path = f"{tmp_path}/e.json"
    with open(path, "w", encoding="utf-8") as file:
        json.dump(EMPTY | {"disputes": [{"kind": "payment", "evidence": ["m1.1"]}] * 501}, file)

    with pytest.raises(ExtractionError, match="line 1: more than 500 facts"):
        load_extraction(path)


@pytest.mark.parametrize(
    "lists",
    [
        {"threats": [{"by": 1}] * 30_000},
        {"parties": [{}] * 300_000},
        {"disputes": [{"kind": "payment", "evidence": [0] * 300_000}]},
        {f"k{number}": 0 for number in range(60_000)},
    ],
)
def test_an_answer_of_a_model_that_holds_too_much_is_invalid_with_one_issue(lists: dict[str, object]) -> None:
    content = json.dumps(EMPTY | lists, separators=(",", ":"))[:990_000]

    answer = read_answer(Reply(content, "stop", refused=False, model="m", usage=Usage()))

    assert answer.outcome is ReadOutcome.INVALID
    assert len(answer.issues) == 1
