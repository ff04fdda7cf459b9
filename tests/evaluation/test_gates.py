"""Gates pass by the careful end of an interval, and against a blessed run by a paired test."""

import json
import re
from pathlib import Path

import pytest

from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.compare.baseline import FOLDER, BaselineError, bless, name_of, read_baseline
from copilot.evaluation.compare.gates import GateError, GateResult, Gates, judge, judge_against_blessed, load_gates
from copilot.evaluation.finish import scored
from copilot.evaluation.run.folder import Manifest
from copilot.evaluation.run.rows import Row
from copilot.evaluation.score.summary import ScoredRun, Summary, summarise
from tests.evaluation.small import row, small_set, unscored

REASON = "because it matters"


def manifest(cases: CaseSet, extractor: str = "embedded") -> Manifest:
    return Manifest(
        cases_sha256=cases.sha256,
        extractor=extractor,
        marketplace="Upwork",
        settings=None,
        prompt_sha256=None,
        schema_sha256=None,
    )


def rows_with_wrong(cases: CaseSet, wrong: int) -> list[Row]:
    return [row(case, right=number >= wrong) for number, case in enumerate(cases.cases)]


def summary(cases: CaseSet, rows: list[Row]) -> Summary:
    return summarise(ScoredRun(manifest(cases), rows, scored(cases, rows, Path("out"))))


def floor(limit: float, figure: str = "route", reader: str = "any") -> Gates:
    return Gates.model_validate({"floor": [{"figure": figure, "limit": limit, "reader": reader, "reason": REASON}]})


def paired(points: float) -> Gates:
    return Gates.model_validate({"paired": [{"points": points, "reason": REASON}]})


def against_blessed(folder: Path, before: int, after: int, points: float = 2, count: int = 60) -> GateResult:
    cases = small_set(folder, count)
    bless(folder / FOLDER, manifest(cases), rows_with_wrong(cases, before), "made for a test", count)
    rows = rows_with_wrong(cases, after)
    return judge_against_blessed(paired(points), folder, summary(cases, rows), cases, rows)[0]


def test_a_floor_is_passed_by_the_lower_end_of_the_interval_not_by_the_point(tmp_path: Path) -> None:
    """All 20 of 20 right: the point is 1, the lower end of Wilson's interval about 0.839."""
    cases = small_set(tmp_path, 20)
    measured = summary(cases, rows_with_wrong(cases, 0))

    passed = [judge(floor(limit), measured)[0].passed for limit in (0.83, 0.84, 0.99)]

    assert measured.figures["route"].value == 1.0
    assert passed == [True, False, False]


def test_a_ceiling_is_passed_by_the_upper_end(tmp_path: Path) -> None:
    """None of 10 missed: the point is 0, the upper end about 0.278."""
    cases = small_set(tmp_path, 20)
    gates = [{"figure": "harms.missed_escalation", "limit": limit, "reason": REASON} for limit in (0.28, 0.27, 0.0)]

    judged = judge(Gates.model_validate({"ceiling": gates}), summary(cases, rows_with_wrong(cases, 0)))

    assert [one.passed for one in judged] == [True, False, False]


def test_a_figure_that_was_not_measured_fails(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 4)

    judged = judge(floor(0.0, "slices.tag hostile"), summary(cases, rows_with_wrong(cases, 0)))

    assert (judged[0].passed, judged[0].told) == (False, "was not measured")


def test_a_gate_for_another_reader_is_not_judged(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 4)

    assert judge(floor(1.0, reader="claude-x"), summary(cases, rows_with_wrong(cases, 4))) == []


def test_a_gate_for_the_embedded_reader_is_judged_for_it(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 4)

    assert judge(floor(1.0, reader="embedded"), summary(cases, rows_with_wrong(cases, 4)))[0].passed is False


def test_a_failed_gate_says_its_reason(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 4)

    told = str(judge(floor(1.0), summary(cases, rows_with_wrong(cases, 0)))[0])

    assert told.startswith("gate route FAILED: 1.000 [0.510, 1.000] n=4")
    assert told.endswith(f"({REASON})")


def test_a_drop_that_a_paired_test_carries_fails(tmp_path: Path) -> None:
    judged = against_blessed(tmp_path, before=0, after=12)

    assert judged.passed is False
    assert "-20.0 points on 60 cases" in judged.told


def test_a_drop_that_the_test_does_not_carry_passes(tmp_path: Path) -> None:
    """Three cases worse and none better: p = 0.25."""
    assert against_blessed(tmp_path, before=0, after=3).passed is True


def test_a_drop_within_what_is_let_pass_passes_however_sure_it_is(tmp_path: Path) -> None:
    assert against_blessed(tmp_path, before=0, after=12, points=20).passed is True


def test_a_better_run_passes(tmp_path: Path) -> None:
    assert against_blessed(tmp_path, before=20, after=0).passed is True


def test_without_a_blessed_run_a_paired_gate_is_not_judged_and_says_so(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 4)
    rows = rows_with_wrong(cases, 0)

    judged = judge_against_blessed(paired(2), tmp_path, summary(cases, rows), cases, rows)

    assert judged[0].passed is None
    assert "copilot eval bless" in judged[0].told


def test_a_blessed_run_comes_back_with_its_reason_and_decisions(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 4)
    rows = rows_with_wrong(cases, 1)
    bless(tmp_path, manifest(cases), rows, "  the first one  ", 4)

    found = read_baseline(tmp_path, "embedded")

    assert found is not None
    assert found.blessing.why == "the first one"
    assert [(one.case_id, one.route, one.labels) for one in found.rows] == [(one.case_id, one.route, one.labels) for one in rows]


def test_a_baseline_is_one_line_a_decision_in_the_order_of_ids(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 4)

    path = bless(tmp_path, manifest(cases), list(reversed(rows_with_wrong(cases, 0))), "why not", 4)

    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines[0]["why"] == "why not"
    assert [line["case_id"] for line in lines[1:]] == sorted(case.id for case in cases.cases)


def test_no_run_is_blessed_without_a_reason_or_with_cases_that_were_not_scored(tmp_path: Path) -> None:
    cases = small_set(tmp_path, 4)
    rows = rows_with_wrong(cases, 0)

    with pytest.raises(BaselineError, match="--why is empty"):
        bless(tmp_path, manifest(cases), rows, " ", 4)
    with pytest.raises(BaselineError, match="only 3 of 4"):
        bless(tmp_path, manifest(cases), rows[1:], "why not", 4)
    with pytest.raises(BaselineError, match="only 3 of 4"):
        bless(tmp_path, manifest(cases), [*rows[1:], unscored(cases.cases[0])], "why not", 4)
    assert list(tmp_path.glob("embedded*")) == []


@pytest.mark.parametrize("content", ["", "{}\n", '{"baseline": 2}\n'])
def test_a_damaged_baseline_is_refused_by_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "embedded.jsonl").write_text(content)

    with pytest.raises(BaselineError, match=r"embedded\.jsonl.*bless a run anew"):
        read_baseline(tmp_path, "embedded")


def test_the_baseline_of_a_model_bears_its_name(tmp_path: Path) -> None:
    made = manifest(small_set(tmp_path, 1)).model_dump()
    shape = {"marketplace": "Upwork", "model": "acme/reader 1", "profile": "openai", "structured_output": "auto"}
    rest = dict.fromkeys(("reasoning_effort", "temperature", "seed", "token_parameter", "extra_body"))
    sizes = dict.fromkeys(("max_output_tokens", "window_characters", "window_overlap_sentences"), 1)

    assert name_of(Manifest.model_validate(made | {"settings": shape | rest | sizes})) == "acme-reader-1"


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("floor = 3", "floor"),
        ('[[floor]]\nfigure = "route"\nlimit = 0.5', "floor[0].reason is"),
        ('[[floor]]\nfigure = "route"\nlimit = 0.5\nreason = ""', "floor[0].reason is"),
        ('[[paired]]\npoints = -1\nreason = "r"', "paired[0].points must"),
        ("[[roof]]", "roof"),
        ("[floor", "not TOML"),
    ],
)
def test_a_gates_file_that_cannot_be_used_is_refused_by_file_and_field(tmp_path: Path, content: str, named: str) -> None:
    path = tmp_path / "gates.toml"
    path.write_text(content)

    with pytest.raises(GateError, match=re.escape(f"gates.toml: {named}")):
        load_gates(path)
