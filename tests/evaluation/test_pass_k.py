"""pass^k: a case passes only if all of k readings are right, and a gate may ask for it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.cases.selection import CaseSelection
from copilot.evaluation.compare.gates import GateError, GateResult, Gates, judge_pass_k, load_gates
from copilot.evaluation.run.folder import Manifest
from copilot.evaluation.run.rows import Row
from copilot.evaluation.score.scores import Scores, score
from copilot.evaluation.score.summary import figures
from tests.evaluation.small import row, small_set, unscored
from tests.evaluation.test_gates import manifest

REASON = "because it matters"


def read(cases: CaseSet, rights: Sequence[str]) -> Scores:
    """Scores of cases with readings such as `++-`: right, right, wrong; `?` could not be scored."""
    return score(cases, _rows(cases, rights))


def _rows(cases: CaseSet, rights: Sequence[str]) -> list[Row]:
    made = []
    for case, signs in zip(cases.cases, rights, strict=True):
        for sample, sign in enumerate(signs):
            made.append(unscored(case, sample=sample) if sign == "?" else row(case, right=sign == "+", sample=sample))
    return made


def judged(cases: CaseSet, rights: Sequence[str], selection: CaseSelection | None = None, **gate: Any) -> GateResult:
    gates = Gates.model_validate({"pass_k": [{"reason": REASON} | gate]})
    made: Manifest = manifest(cases).model_copy(update={"samples": len(rights[0]), "selection": selection})
    (result,) = judge_pass_k(gates, made, read(cases, rights).tallies)
    return result


def test_a_case_passes_only_if_all_of_its_readings_are_right(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 4)

    scores = read(cases, ["+++", "+++", "++-", "---"])

    assert scores.pass_k[3].value == 0.5
    assert scores.pass_k[3].n == 4


def test_fewer_of_the_readings_are_all_right_as_often_as_draws_of_them_are(tmp_path: Path) -> None:
    """Of three readings with two right, one of three pairs is all right, and two of three readings."""
    cases = small_set(tmp_path, 1)

    curve = read(cases, ["++-"]).pass_k

    assert {k: round(figure.value, 6) for k, figure in curve.items()} == {1: 0.666667, 2: 0.333333, 3: 0.0}


def test_pass_k_has_an_interval_in_the_summary_and_a_run_of_one_reading_has_none(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 6)

    twice, once = (dict(figures(read(cases, [signs] * 6))) for signs in ("++", "+"))

    assert twice["pass_k.2"].low < twice["pass_k.2"].value == 1.0
    assert not [name for name in once if name.startswith("pass_k")]


def test_a_case_with_too_few_scored_readings_is_not_counted(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 3)

    curve = read(cases, ["++", "+?", "+-"]).pass_k

    assert (curve[2].value, curve[2].n) == (0.5, 2)
    assert curve[1].n == 3


def test_a_gate_for_a_case_is_passed_by_its_own_share(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 2)

    results = [judged(cases, [signs, "+++"], id="case-0", k=3, least=1).passed for signs in ("+++", "++-")]

    assert results == [True, False]


def test_a_gate_for_a_case_may_ask_for_fewer_readings_than_there_are(tmp_path: Path) -> None:
    """Two of three right: a third of all pairs."""
    cases = small_set(tmp_path, 1)

    results = [judged(cases, ["++-"], id="case-0", k=2, least=least).passed for least in (0.33, 0.34)]

    assert results == [True, False]


def test_a_gate_for_a_tag_is_passed_by_the_lower_end_of_its_interval(tmp_path: Path) -> None:
    """All of 20: the point is 1, the lower end of Wilson's interval about 0.839."""
    cases = small_set(tmp_path, 20, tags=("hostile",))

    results = [judged(cases, ["++"] * 20, tag="hostile", k=2, least=least).passed for least in (0.83, 0.84)]

    assert results == [True, False]


def test_what_was_not_read_often_enough_is_not_judged(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 2)

    once, twice = (judged(cases, [signs] * 2, id="case-0", k=3, least=1) for signs in ("+", "++"))

    assert (once.passed, twice.passed) == (None, None)
    assert "run with --samples 3" in once.told
    assert "run with --samples 3" in twice.told


def test_a_reading_that_could_not_be_scored_fails_the_gate(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 2, tags=("hostile",))

    result = judged(cases, ["++", "+?"], tag="hostile", k=2, least=0)

    assert result.passed is False
    assert "1 of 2 cases have 2 scored readings" in result.told


def test_a_case_that_there_is_not_fails_its_gate(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 2)

    results = [judged(cases, ["++", "++"], k=2, least=1, **of) for of in ({"id": "case-9"}, {"tag": "nothing"})]

    assert [one.passed for one in results] == [False, False]


def test_on_a_selection_a_gate_is_judged_where_none_of_its_cases_was_left_out(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 2, tags=("hostile",))
    by_tag, by_count = CaseSelection(tags=("hostile",), of=9), CaseSelection(first=2, of=9)

    results = [
        judged(cases, ["++", "++"], selection, k=2, least=0, **of).passed
        for selection in (by_tag, by_count)
        for of in ({"tag": "hostile"}, {"id": "case-0"}, {"id": "case-9"})
    ]

    assert results == [True, True, None, None, True, None]


@pytest.mark.parametrize(
    ("gate", "told"),
    [
        ("k = 3\nleast = 1", "name either an id or a tag"),
        ('k = 3\nleast = 1\nid = "a"\ntag = "b"', "name either an id or a tag"),
        ('k = 1\nleast = 1\nid = "a"', "pass_k[0].k"),
        ('k = 2\nleast = 1.5\nid = "a"', "pass_k[0].least"),
    ],
)
def test_a_gate_that_makes_no_sense_is_refused(tmp_path: Path, gate: str, told: str) -> None:
    file = tmp_path / "gates.toml"
    file.write_text(f'[[pass_k]]\nreason = "{REASON}"\n{gate}\n', encoding="utf-8")

    with pytest.raises(GateError) as raised:
        load_gates(file)

    assert told in str(raised.value)
