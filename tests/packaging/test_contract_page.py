"""The contract's page names every field and every closed code of what comes out."""

import re
from pathlib import Path
from typing import Any

import pytest

from copilot.core.extraction import Extraction
from copilot.core.facts import DropReason
from copilot.core.ticket import Ticket
from copilot.evaluation.cases.case import LabelledCase
from copilot.output.cautions import ReviewReason
from copilot.output.suggestion import Suggestion
from copilot.policy import Ask, Condition, Reason
from copilot.store import StoredSuggestion

PAGE = (Path(__file__).parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`(\w+)`", PAGE))


def keys(schema: Any) -> set[str]:
    """The names of all properties of a schema, however deep."""
    if isinstance(schema, list):
        return set().union(*map(keys, schema))
    if not isinstance(schema, dict):
        return set()
    own = set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
    return own.union(*map(keys, schema.values()))


@pytest.mark.parametrize("model", [Ticket, Extraction, Suggestion, StoredSuggestion, LabelledCase], ids=lambda one: one.__name__)
def test_the_page_names_every_field(model: Any) -> None:
    fields = keys(model.model_json_schema(mode="serialization"))

    assert len(fields) > 4
    assert fields - NAMED == set()


@pytest.mark.parametrize("codes", [Ask, Condition, DropReason, Reason, ReviewReason], ids=lambda one: one.__name__)
def test_the_page_names_every_code(codes: Any) -> None:
    assert {code.value for code in codes} - NAMED == set()
