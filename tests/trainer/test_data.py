"""What the model learns from: labels as their writers put them, gold facts, and what nobody said."""

import json
from pathlib import Path

import numpy as np
import pytest

from copilot.core.vocabulary import Role, Route
from copilot.evaluation.cases.case import load_cases
from copilot.readers.embedded.encoder import Encoder
from copilot.readers.embedded.labels import COLUMN, LABELS, columns
from copilot.readers.embedded.model import FOLDER, TOKENIZER
from trainer.choose import START, Development, Tried, development, thresholds
from trainer.data import Example, from_case, from_training, rows, without_role

ROOT = Path(__file__).parents[2]
ENCODER = Encoder(FOLDER / TOKENIZER)
TICKET = {
    "lang": "en",
    "role": "client",
    "origin": "customer_report",
    "note": "shop held back",
    "sents": [
        ["Our shop has been dark since Friday.", ["claim:destroy:o>r:deliberate:leverage", "asset:website"]],
        ["Pavel wants 400 more, and it is a nightmare.", ["demand:money:o>r", "neg:bigword"]],
        ["Please help.", []],
    ],
}


@pytest.fixture
def example(tmp_path: Path) -> Example:
    file = tmp_path / "shops.jsonl"
    file.write_text(json.dumps(TICKET) + "\n", encoding="utf-8")
    (found,) = from_training(file)
    return found


def test_a_writers_labels_become_the_models(example: Example) -> None:
    assert [sorted(labels.given) for labels in example.labels] == [
        ["asset:website", "claim:destroy", "claim_by:other", "claim_on:reporter", "intent:deliberate", "motive:leverage"],
        ["demand:money", "demand_by:other", "demand_on:reporter", "taken_back:big_word"],
        [],
    ]


def test_each_window_has_a_row_of_targets_for_each_sentence_and_the_reporters_role(example: Example) -> None:
    (row,) = rows(example, Role.CLIENT, ENCODER)

    assert row.targets.shape == (3, len(LABELS)) == row.weights.shape
    assert set(np.flatnonzero(row.targets[2])) == {COLUMN["reporter:client"]}
    assert row.weights.all()


def test_a_role_that_nobody_gave_is_not_learned(example: Example) -> None:
    (row,) = rows(without_role(example), Role.UNKNOWN, ENCODER)

    assert not row.weights[:, columns("reporter")].any()
    assert row.weights[:, COLUMN["claim:destroy"]].all()


def test_a_cases_gold_facts_become_labels_and_what_it_does_not_say_is_not_learned() -> None:
    case = next(case for case in load_cases([ROOT / "evals/cases"]).cases if case.id == "ar-002")

    found = from_case(case)

    assert found is not None
    given = set().union(*(labels.given for labels in found.labels))
    assert any(label.startswith(("threat:", "demand:")) for label in given)
    assert all("taken_back" in labels.unsure for labels in found.labels)


def test_no_label_of_any_training_ticket_is_lost() -> None:
    kinds = set()
    for file in sorted((ROOT / "training").glob("*.jsonl")):
        for example in from_training(file):
            kinds |= {label for labels in example.labels for label in labels.given}

    assert kinds <= set(LABELS)
    assert {label for label in LABELS if not label.startswith("reporter")} - kinds <= {"claim_by:staff"}


def test_marks_that_are_right_cost_nothing_and_a_missed_harm_costs_more_than_a_needless_one(example: Example) -> None:
    tried = development([example], {})
    calm = Tried(tried[example.key].ticket, tried[example.key].sentences, _route("no_escalation"), frozenset())
    both = {"grave": tried[example.key], "calm": calm}
    right, silent = _marks(example), np.zeros((3, len(LABELS)), np.float32)

    def cost(**marks: np.ndarray) -> float:
        return Development(both, marks).score(START).cost

    assert cost(grave=right, calm=silent) == 0
    assert cost(grave=silent, calm=silent) * (2 / 3) > cost(grave=right, calm=right) * (1 / 3) > 0


def _route(name: str) -> Route:

    return Route(name)


def _marks(example: Example) -> np.ndarray:
    marks = np.zeros((len(example.labels), len(LABELS)), np.float32)
    for row, labels in zip(marks, example.labels, strict=True):
        row[[COLUMN[label] for label in labels.given]] = 1
    return marks


def test_thresholds_of_harms_that_count_alone_and_of_those_that_do_not_stand_apart() -> None:
    found = thresholds({**START, "threat": 0.2, "soft_threat": 0.7})

    assert (found.threat["destroy"], found.threat["withhold"]) == (0.2, 0.7)
