"""The schema that servers are asked to keep to: frozen, in the common subset, and unable to say where a ticket goes."""

import copy
import json
from typing import Any

import pytest

from copilot.core.extraction import Extraction
from copilot.core.vocabulary import CONTENT_ENFORCEMENT_QUEUE, Label, Route
from copilot.readers.model import wire_schema


def test_the_frozen_file_is_what_the_model_of_today_gives() -> None:
    assert wire_schema.frozen_text() == wire_schema.render(wire_schema.generate()), (
        "run python -m copilot.readers.model.wire_schema"
    )


def test_the_frozen_schema_stays_in_the_subset_that_every_server_takes() -> None:
    assert wire_schema.lint(wire_schema.frozen()) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": "x"}, "title"),
        ({"default": None}, "default"),
        ({"$ref": "#/$defs/x"}, "$ref"),
        ({"minLength": 1}, "minLength"),
        ({"additionalProperties": True}, "additionalProperties"),
        ({"required": []}, "required"),
        ({"type": "integer"}, "type"),
        ({"type": "array", "items": {}}, "items"),
    ],
)
def test_the_lint_sees_what_a_server_would_refuse(change: dict[str, Any], told: str) -> None:
    schema = copy.deepcopy(wire_schema.frozen())

    schema["properties"]["parties"]["items"] |= change

    assert any(told in fault for fault in wire_schema.lint(schema))


def test_the_lint_wants_an_object_at_the_root() -> None:
    assert wire_schema.lint({"type": "string"}) == ["$: the root is not an object"]


def test_no_route_queue_or_label_can_be_written_in_it() -> None:
    text = wire_schema.frozen_text()

    words = [*Route, CONTENT_ENFORCEMENT_QUEUE, *(label for label in Label if label is not Label.RETALIATION), "queue", "label"]
    assert not [word for word in words if word in text.replace("feedback_building", "")]


def test_only_names_and_ids_are_free_text() -> None:
    free = {
        path.rpartition(".")[2].removesuffix("[]")
        for path, node in nodes()
        if node.get("type") == "string" and "enum" not in node
    }

    assert free == {"id", "name|0", "evidence", "by", "against", "of"}


def test_evidence_comes_before_what_is_made_of_it() -> None:
    for facts in ("threats", "demands", "damage_claims", "disputes"):
        assert next(iter(wire_schema.frozen()["properties"][facts]["items"]["properties"])) == "evidence"


def test_every_vocabulary_value_is_in_it() -> None:
    source = json.dumps(Extraction.model_json_schema())

    frozen = {value for _, node in nodes() for value in node.get("enum", [])}

    assert all(f'"{value}"' in source for value in frozen)
    assert len(frozen) == len(
        {value for one in Extraction.model_json_schema()["$defs"].values() for value in one.get("enum", [])}
    )


def nodes() -> list[tuple[str, dict[str, Any]]]:
    return list(wire_schema.nodes(wire_schema.frozen(), "$"))


def test_a_bounded_schema_asks_for_the_same_and_leaves_nothing_without_an_end() -> None:
    bounded = wire_schema.bounded(["m1.1", "m1.2"])

    nodes = [node for _, node in wire_schema.nodes(bounded, "$")]
    open_ended = [node for node in nodes if node.get("type") == "array" and "maxItems" not in node]
    open_ended += [node for node in nodes if node.get("type") == "string" and not {"enum", "maxLength"} & set(node)]
    assert open_ended == []
    assert [path for path, _ in wire_schema.nodes(bounded, "$")] == [
        path for path, _ in wire_schema.nodes(wire_schema.frozen(), "$")
    ]


@pytest.mark.parametrize(("count", "is_listed"), [(1, True), (199, True), (200, True), (201, False)])
def test_ids_of_sentences_are_listed_up_to_a_bound(count: int, is_listed: bool) -> None:
    schema = wire_schema.bounded([f"m1.{number}" for number in range(1, count + 1)])

    ids = schema["properties"]["threats"]["items"]["properties"]["evidence"]["items"]
    assert ("enum" in ids) is is_listed


def test_bounds_leave_the_frozen_schema_as_it_is() -> None:
    before = wire_schema.render(wire_schema.frozen())

    wire_schema.bounded(["m1.1"])

    assert wire_schema.render(wire_schema.frozen()) == before == wire_schema.frozen_text()
