"""A part of the cases can be run, and never passes for the whole set."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from copilot.evaluation.cases.case import CaseError, CaseSet, load_cases
from copilot.evaluation.cases.choosing import choose
from copilot.evaluation.cases.selection import CaseSelection
from tests.evaluation.conftest import Evaluate, Ran
from tests.evaluation.small import NO_FACTS, case_line, reads_rightly, write_cases
from tests.fault_server import FaultServer, says

FLOOR = '[[floor]]\nfigure = "route"\nlimit = 0.99\nreason = "made for a test"\n'


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer([reads_rightly()]) as stub:
        yield stub


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Six cases: `low` are 0 to 3, `even` are 0, 2 and 4."""
    tags = [("low",) * (number < 4) + ("even",) * (number % 2 == 0) for number in range(6)]
    lines = [case_line(number, tags=tags[number]) for number in range(6)]
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def chosen(file: Path, failed: dict[str, set[str]] | None = None, **wanted: Any) -> list[str]:
    return [case.id for case in of(file, failed, **wanted).cases]


def of(file: Path, failed: dict[str, set[str]] | None = None, **wanted: Any) -> CaseSet:
    asked = CaseSelection(failed_in=tuple(failed or ()), **wanted)
    return choose(load_cases([file]), asked, failed or {})


def run(evaluate: Evaluate, file: Path, *more: str | Path, server: FaultServer, out: str = "out") -> Ran:
    environment = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "k", "COPILOT_MODEL": "stub-1"}
    return evaluate("run", file, "--out", out, *more, **environment)


def test_conditions_hold_all_at_once_and_the_first_are_taken_of_what_they_leave(file: Path) -> None:
    failed = {"before": {"case-1", "case-2", "case-4"}}

    assert chosen(file, tags=("low",)) == ["case-0", "case-1", "case-2", "case-3"]
    assert chosen(file, tags=("low", "even")) == ["case-0", "case-2"]
    assert chosen(file, ids=("case-4", "case-1")) == ["case-1", "case-4"]
    assert chosen(file, failed, tags=("even",)) == ["case-2", "case-4"]
    assert chosen(file, failed, tags=("even",), first=1) == ["case-2"]
    assert chosen(file, failed | {"later": {"case-4"}}) == ["case-4"]


def test_nothing_asked_for_is_the_whole_set_and_no_selection(file: Path) -> None:
    whole = of(file)

    assert (len(whole), whole.selection) == (6, None)


def test_a_selection_has_the_lines_of_its_cases_and_knows_how_many_there_were(file: Path) -> None:
    part = of(file, first=2)

    assert list(part.lines) == list(load_cases([file]).lines)[:2]
    assert part.selection is not None
    assert (part.selection.of, str(part.selection)) == (6, "the first 2")


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"tags": ("evne",)}, "--tag 'evne': no case has this tag; did you mean 'even'?"),
        ({"tags": ("zzz",)}, "--tag 'zzz': no case has this tag; the tags are low (4), even (3)"),
        ({"ids": ("case-0", "case-99")}, "--id 'case-99': no case has this id; did you mean"),
        ({"ids": ("zzz",)}, "--id 'zzz': no case has this id; there are 6, such as case-0, case-1"),
        ({"tags": ("low",), "ids": ("case-5",)}, "no case is left of 6: tag low: 4, id: 1, none of them all at once"),
    ],
)
def test_what_is_not_there_is_an_error_that_says_what_is(file: Path, wanted: dict[str, Any], told: str) -> None:
    with pytest.raises(CaseError) as raised:
        of(file, **wanted)

    assert str(raised.value).startswith(told)


def test_nothing_that_failed_is_an_empty_selection(file: Path) -> None:
    with pytest.raises(CaseError, match="no case is left of 6: failed in before: 0"):
        of(file, {"before": set()})


def test_a_selection_says_so_wherever_its_figures_stand(
    evaluate: Evaluate, file: Path, server: FaultServer, tmp_path: Path
) -> None:
    ran = run(evaluate, file, "--tag", "low", "--first", "3", server=server)

    told = "3 of 6 cases (tag low, the first 3)"
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert ran.code == 0
    assert f"a selection: {told}; no figure speaks of the whole set" in ran.out
    assert summary["manifest"]["selection"] == {"tags": ["low"], "ids": [], "failed_in": [], "first": 3, "of": 6}
    assert f"a selection of {told}" in (tmp_path / "out" / "summary.md").read_text()
    assert f"a selection of {told}" in (tmp_path / "out" / "report.html").read_text()


def test_a_selection_is_not_judged_by_gates_for_whole_sets_and_cannot_be_blessed(
    evaluate: Evaluate, file: Path, server: FaultServer, tmp_path: Path
) -> None:
    (tmp_path / "gates.toml").write_text(f"[checks]\ncoverage = true\n{FLOOR}", encoding="utf-8")

    ran = run(evaluate, file, "--first", "3", "--gates", "gates.toml", server=server)
    blessed = evaluate("bless", "out", "--why", "made for a test", "--into", "baselines")

    assert ran.code == 0
    assert "not judged: the run is a selection of 3 of 6 cases" in ran.out
    assert blessed.code == 2
    assert "the run is a selection of 3 of 6 cases (the first 3)" in blessed.err
    assert not (tmp_path / "baselines").exists()


def test_two_selections_are_compared_and_paired_gates_are_not_judged_on_them(
    evaluate: Evaluate, file: Path, server: FaultServer, tmp_path: Path
) -> None:
    (tmp_path / "gates.toml").write_text('[[paired]]\npoints = 0\nreason = "made for a test"\n', encoding="utf-8")
    for out in ("before", "after"):
        run(evaluate, file, "--first", "3", server=server, out=out)

    ran = evaluate("compare", "before", "after", "--gates", "gates.toml")

    assert ran.code == 0
    assert "gate paired not judged: the run is a selection of 3 of 6 cases" in ran.out


def test_what_failed_in_a_run_is_run_again(evaluate: Evaluate, file: Path, server: FaultServer, tmp_path: Path) -> None:
    """A model that reads nothing is wrong on the threats, 0, 2 and 4."""
    with FaultServer([says(json.dumps(NO_FACTS))]) as blind:
        run(evaluate, file, server=blind, out="before")

    ran = run(evaluate, file, "--failed-in", "before", server=server, out="after")

    rows = [json.loads(line)["case_id"] for line in (tmp_path / "after" / "rows.jsonl").read_text().splitlines()]
    assert sorted(rows) == ["case-0", "case-2", "case-4"]
    assert "a selection: 3 of 6 cases (failed in before)" in ran.out


def test_a_case_that_was_not_scored_or_not_run_failed_and_an_arguable_one_decided_otherwise_did_not(
    evaluate: Evaluate, tmp_path: Path, server: FaultServer
) -> None:
    write_cases(tmp_path / "cases.jsonl", 3, tags=("arguable",))
    clear = case_line(4)
    with (tmp_path / "cases.jsonl").open("a") as more:
        more.write(json.dumps(clear) + "\n")
    with FaultServer([says(json.dumps(NO_FACTS))]) as blind:
        run(evaluate, tmp_path / "cases.jsonl", server=blind, out="before")
    rows = (tmp_path / "before" / "rows.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "before" / "rows.jsonl").write_text("".join(line for line in rows if "case-1" not in line))

    run(evaluate, tmp_path / "cases.jsonl", "--failed-in", "before", server=server, out="after")

    again = {json.loads(line)["case_id"] for line in (tmp_path / "after" / "rows.jsonl").read_text().splitlines()}
    assert again == {"case-1", "case-4"}


def test_a_folder_goes_on_only_with_the_same_selection(evaluate: Evaluate, file: Path, server: FaultServer) -> None:
    run(evaluate, file, "--first", "2", server=server)

    ran = run(evaluate, file, "--first", "3", server=server)

    assert ran.code == 2
    assert "was begun with the selection (the first 2), now it is (the first 3)" in ran.err


def test_a_folder_that_holds_no_run_has_no_failed_cases(evaluate: Evaluate, file: Path, server: FaultServer) -> None:
    ran = run(evaluate, file, "--failed-in", "nowhere", server=server)

    assert ran.code == 2
    assert "nowhere: holds no run.json" in ran.err
