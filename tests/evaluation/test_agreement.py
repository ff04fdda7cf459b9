"""How far readings agree: kappa and what stands beside it."""

import json
from pathlib import Path
from typing import Any

import pytest

from copilot.evaluation.cases.annotations import Annotation, ReadingError, gold_reading, load_annotations
from copilot.evaluation.score.agreement import Agreement, FieldAgreement, agree, compare_readings, kappa_of
from tests.evaluation.labelled import case, case_set, claim, extraction, shipped_cases, threat
from tests.packaging.tree import ROOT

LABELS = Path(ROOT, "evals", "labels")


def reading(id: str = "case-1", **changes: Any) -> Annotation:
    nothing = {
        "route": "no_escalation",
        "rule": "R7_outside",
        "labels": [],
        "threats": [],
        "demands": [],
        "damage": [],
        "disputes": [],
    }
    return Annotation.model_validate({"id": id} | nothing | changes)


def _by_field(first: list[Annotation], second: list[Annotation]) -> dict[str, Agreement]:
    families = {one.id: one.id for one in first}
    return {one.field: one for one in compare_readings({r.id: r for r in first}, {r.id: r for r in second}, families)}


def test_kappa_takes_away_what_chance_would_give() -> None:
    """Cohen's own arithmetic: 35 of 50 agree, 0.5 by chance."""
    table = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15

    kappa = kappa_of([FieldAgreement(str(number), *pair) for number, pair in enumerate(table)])

    assert kappa == pytest.approx(0.4)


def test_kappa_of_one_value_throughout_is_not_defined() -> None:
    with pytest.raises(ValueError, match="one value only"):
        kappa_of([FieldAgreement("a", "x", "x"), FieldAgreement("b", "x", "x")])


def test_full_agreement_on_few_cases_is_not_taken_for_certainty() -> None:
    """The same two kinds on 2 cases and on 40: the lower bound rises with n."""
    few = [reading("a", disputes=["scope"]), reading("b")]
    many = [reading(str(number), disputes=["scope"] * (number % 2)) for number in range(40)]

    small, large = (_by_field(readings, readings)["dispute scope"].kappa for readings in (few, many))

    assert small is not None
    assert large is not None
    assert small.value == large.value == 1.0
    assert small.low < 0.0
    assert 0.8 < large.low < 1.0


def test_fields_are_compared_by_kind_whatever_the_actor_is_called() -> None:
    threatened = reading(threats=[["he", "destroy"]])
    other_name = reading(threats=[["the developer", "destroy"]])
    calm = reading("case-2")

    fields = _by_field([threatened, calm], [other_name, calm])

    assert (fields["threatened destroy"].differ, fields["threatened destroy"].positive) == (0, 1.0)
    assert "threatened defame" not in fields


def test_positive_agreement_counts_the_rare_yes() -> None:
    """Both say yes once, one says it once more: 2·1 of 3."""
    first = [reading("a", disputes=["scope"]), reading("b", disputes=["scope"]), reading("c")]
    second = [reading("a", disputes=["scope"]), reading("b"), reading("c")]

    field = _by_field(first, second)["dispute scope"]

    assert (field.positive, field.differ, field.n) == (pytest.approx(2 / 3), 1, 3)
    assert field.raw.value == pytest.approx(2 / 3)


def test_intent_and_motive_are_compared_where_both_claim_the_same_harm_once() -> None:
    first = [reading("a", damage=[["he", "destroy", "unclear", "leverage"], ["he", "defame", "deliberate", "not_stated"]])]
    second = [reading("a", damage=[["x", "destroy", "deliberate", "leverage"]])]

    fields = _by_field(first, second)

    assert (fields["intent, where both claim"].n, fields["intent, where both claim"].differ) == (1, 1)
    assert fields["motive, where both claim"].differ == 0


def test_readings_without_a_common_case_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="at least one case"):
        compare_readings({"a": reading("a")}, {"b": reading("b")}, {"a": "a", "b": "b"})


def test_a_case_that_one_person_labelled_enters_no_figure_and_must_say_so() -> None:
    cases = case_set(
        case(extraction()), case(extraction(), id="case-2", tags=("single-reading",)), case(extraction(), id="case-3")
    )
    one = {"case-1": reading(doubt=True)}

    agreements = agree(cases, one, {"case-1": reading()})

    assert (agreements.single, agreements.unmarked) == (("case-2", "case-3"), ("case-3",))
    assert agreements.doubted == ("case-1",)
    assert {field.n for table in agreements.tables.values() for field in table} == {1}


def test_a_label_takes_the_shape_of_a_reading() -> None:
    told = case(extraction(threats=[threat()], damage_claims=[claim()]))

    gold = gold_reading(told)

    assert gold is not None
    assert (gold.threats, gold.route) == ([("p2", "destroy")], told.expect.route)
    assert gold_reading(case(None)) is None


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 1: not JSON"),
        ('{"id": "a"}', "route is missing"),
        ("", "holds no reading"),
        (reading().model_dump_json() + "\n" + reading().model_dump_json(), "line 2: id 'case-1' is read twice"),
    ],
)
def test_a_wrong_file_of_readings_is_refused(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "readings.jsonl"
    path.write_text(line, encoding="utf-8")

    with pytest.raises(ReadingError, match=told):
        load_annotations(path)
    with pytest.raises(ReadingError, match="cannot be read"):
        load_annotations(tmp_path / "gone.jsonl")


def test_every_shipped_case_was_read_twice_or_says_that_it_was_not() -> None:
    first, second = (load_annotations(LABELS / f"annotations-{name}.jsonl") for name in "ab")
    cases = shipped_cases()

    unread = {one.id for one in cases.cases if one.id not in first or one.id not in second}

    assert unread == {one.id for one in cases.cases if "single-reading" in one.tags}
    assert set(first) == set(second) <= set(cases.by_id)


def test_every_disagreement_of_the_shipped_readings_was_settled_with_a_reason() -> None:
    first, second = (load_annotations(LABELS / f"annotations-{name}.jsonl") for name in "ab")
    lines = [json.loads(line) for line in (LABELS / "adjudications.jsonl").read_text(encoding="utf-8").splitlines()]
    settled = {(line["id"], line["field"]) for line in lines}
    doubted = {id for id in first if first[id].doubt or second[id].doubt}

    kinds = {"threats": "threats", "demands": "demands", "claims": "damage"}
    differ = {
        (id, name)
        for id in first
        for name, field in kinds.items()
        if {fact[1] for fact in getattr(first[id], field)} != {fact[1] for fact in getattr(second[id], field)}
    }
    differ |= {(id, "disputes") for id in first if set(first[id].disputes) != set(second[id].disputes)}

    assert differ | {(id, "doubt") for id in doubted} <= settled
    assert all(line["reason"].strip() for line in lines)


@pytest.mark.parametrize(("rare", "thin"), [(4, True), (5, False), (6, False)])
def test_kappa_of_a_value_that_hardly_occurs_has_no_interval_worth_showing(rare: int, thin: bool) -> None:
    first = [reading(str(n), disputes=["scope"] if n < rare else []) for n in range(50)]
    second = [reading(str(n), disputes=["scope"] if 0 < n < rare else []) for n in range(50)]

    assert _by_field(first, second)["dispute scope"].is_thin is thin
