"""The closed vocabulary: what does not fit it is refused, by field, and never shown."""

import copy
import json

import pytest
from pydantic import ValidationError

from copilot.core.extraction import Extraction

GOOD = {
    "parties": [
        {"id": "p1", "role": "client", "is_reporter": True, "name": None},
        {"id": "p2", "role": "freelancer", "is_reporter": False, "name": "Dmitri"},
    ],
    "threats": [{"by": "p2", "against": "p1", "harm": "destroy", "asset": "website", "evidence": ["m1.2"]}],
    "demands": [{"by": "p2", "of": "p1", "kind": "money", "evidence": ["m1.2"]}],
    "damage_claims": [
        {
            "by": "p2",
            "against": "p1",
            "harm": "destroy",
            "asset": "website",
            "intent": "deliberate",
            "motive": "not_stated",
            "evidence": ["m1.1"],
        }
    ],
    "disputes": [{"kind": "payment", "evidence": ["m1.1"]}],
}
CANARY = "canary-7c1"


def changed(path: str, value: object) -> dict[str, object]:
    """The good extraction with one value changed; the value `KeyError` takes the key away."""
    given = copy.deepcopy(GOOD)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = given
    for step in way:
        place = place[step]
    if value is KeyError:
        del place[last]
    else:
        place[last] = value
    return given


def refused(path: str, value: object) -> str:
    with pytest.raises(ValidationError) as error:
        Extraction.model_validate(changed(path, value))
    return str(error.value)


def test_the_contracts_example_is_taken_and_written_out_unchanged() -> None:
    assert Extraction.model_validate(GOOD).model_dump(mode="json") == GOOD
    assert json.loads(Extraction.model_validate_json(json.dumps(GOOD)).model_dump_json()) == GOOD


ENUMS = [
    "parties.0.role",
    "threats.0.harm",
    "threats.0.asset",
    "demands.0.kind",
    "damage_claims.0.harm",
    "damage_claims.0.asset",
    "damage_claims.0.intent",
    "damage_claims.0.motive",
    "disputes.0.kind",
]


@pytest.mark.parametrize("path", ENUMS)
@pytest.mark.parametrize("value", [CANARY, "", "Destroy", None, 1, True, ["destroy"], {}], ids=repr)
def test_a_value_outside_the_vocabulary_is_refused_by_field_and_not_shown(path: str, value: object) -> None:
    message = refused(path, value)

    assert path in message
    assert CANARY not in message


@pytest.mark.parametrize("value", ["true", "false", 1, 0, "yes", None, "canary-7c1"], ids=repr)
def test_a_boolean_must_be_a_boolean(value: object) -> None:
    message = refused("parties.0.is_reporter", value)

    assert "parties.0.is_reporter" in message
    assert CANARY not in message


@pytest.mark.parametrize(
    "path",
    [
        "parties",
        "threats.0.by",
        "threats.0.evidence",
        "demands.0.of",
        "damage_claims.0.motive",
        "disputes.0.kind",
        "parties.0.name",
    ],
)
def test_a_missing_key_is_refused(path: str) -> None:
    assert path in refused(path, KeyError)


@pytest.mark.parametrize(
    "path", ["route", "queue", "note", "parties.0.quote", "threats.0.reason", "demands.0.amount", "disputes.0.text"]
)
def test_an_unknown_key_is_refused_so_the_model_has_nowhere_to_write(path: str) -> None:
    message = refused(path, CANARY)

    assert path in message
    assert CANARY not in message


@pytest.mark.parametrize("value", [None, "m1.1", {"m1.1": 1}, [1], [None], [["m1.1"]]], ids=repr)
def test_evidence_must_be_a_list_of_ids(value: object) -> None:
    assert "threats.0.evidence" in refused("threats.0.evidence", value)


@pytest.mark.parametrize("value", [None, {}, "p1", 3], ids=repr)
@pytest.mark.parametrize("path", ["parties", "threats", "demands", "damage_claims", "disputes"])
def test_each_list_must_be_a_list(path: str, value: object) -> None:
    assert path in refused(path, value)


@pytest.mark.parametrize("id", ["p", "p" * 20, "A-b_9"])
def test_a_party_id_of_one_to_twenty_plain_characters_is_taken(id: str) -> None:
    given = changed("parties.0.id", id)

    assert Extraction.model_validate(given).parties[0].id == id


@pytest.mark.parametrize("id", ["", "p" * 21, "p 1", "p1\n", "p.1", "é", "p\u0000", 1, None], ids=repr)
def test_any_other_party_id_is_refused(id: object) -> None:
    assert "parties.0.id" in refused("parties.0.id", id)


def test_a_party_id_may_not_be_used_twice() -> None:
    assert "an id is used twice" in refused("parties.1.id", "p1")


def test_at_most_one_party_wrote_the_report() -> None:
    assert "more than one is marked is_reporter" in refused("parties.1.is_reporter", True)


def test_nobody_need_have_written_the_report() -> None:
    given = changed("parties.0.is_reporter", False)

    assert not any(party.is_reporter for party in Extraction.model_validate(given).parties)


@pytest.mark.parametrize("value", [1, True, ["Dmitri"], {"first": "Dmitri"}], ids=repr)
def test_a_name_is_text_or_null(value: object) -> None:
    assert "parties.1.name" in refused("parties.1.name", value)


def test_a_lone_surrogate_in_a_name_is_refused() -> None:
    assert "parties.1.name" in refused("parties.1.name", "D\ud800")


def test_an_extraction_cannot_be_changed() -> None:
    found = Extraction.model_validate(GOOD)

    with pytest.raises(ValidationError):
        found.threats = []


def test_the_empty_extraction_holds_nothing() -> None:
    assert Extraction.empty().model_dump() == {name: [] for name in GOOD}


def test_no_route_queue_label_note_or_reason_is_in_the_schema() -> None:
    """Property 1: the model cannot pick the queue. Property 2: it has one free text, the name."""
    schema = Extraction.model_json_schema()
    keys = {key for definition in (schema, *schema["$defs"].values()) for key in definition.get("properties", {})}

    assert keys == {
        *("parties", "threats", "demands", "damage_claims", "disputes"),
        *("id", "role", "is_reporter", "name", "by", "against", "of", "harm", "asset", "kind", "intent", "motive", "evidence"),
    }
