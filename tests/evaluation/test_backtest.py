"""A backtest decides stored extractions by the policy of another revision, and reads nothing again."""

from pathlib import Path

import pytest

from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.compare.backtest import backtest, moves
from copilot.evaluation.compare.other_policy import PolicyError
from tests.evaluation.small import row, small_set, unscored
from tests.other_policies import make_repository


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_repository(tmp_path_factory.mktemp("repository"))


@pytest.fixture
def cases(tmp_path: Path) -> CaseSet:
    return small_set(tmp_path, 4)


def test_the_same_policy_changes_nothing(cases: CaseSet, repository: Path) -> None:
    made = backtest(cases, [row(case) for case in cases.cases], "same", repository)

    assert (made.decided, made.moved) == (4, ())


def test_decisions_that_another_policy_would_change_are_listed_with_both(cases: CaseSet, repository: Path) -> None:
    made = backtest(cases, [row(case) for case in cases.cases], "other", repository)

    assert [one.case_id for one in made.moved] == ["case-0", "case-2"]
    assert (str(made.moved[0].then), str(made.moved[0].now)) == (
        "agent_review by R3_coercion",
        "content_enforcement (coercion_and_retaliation) by R3_coercion",
    )


def test_what_moved_is_told_apart_by_the_label(cases: CaseSet, repository: Path) -> None:
    made = backtest(cases, [row(case) for case in cases.cases], "other", repository)

    assert {words: len(group) for words, group in moves(made)} == {"better now": 2, "worse now": 0, "otherwise": 0}


def test_rows_without_an_extraction_are_left_out_and_counted(cases: CaseSet, repository: Path) -> None:
    first, *rest = cases.cases

    made = backtest(cases, [row(first, extraction=None), *(row(case) for case in rest)], "same", repository)

    assert (made.decided, made.left_out) == (3, 1)


def test_this_checkout_keeps_its_own_policy(cases: CaseSet, repository: Path) -> None:
    backtest(cases, [row(case) for case in cases.cases], "other", repository)

    assert backtest(cases, [row(case) for case in cases.cases], "same", repository).moved == ()


@pytest.mark.parametrize(
    ("revision", "told"),
    [
        ("nowhere", "'nowhere': git knows no such revision"),
        ("--output=x", "is no revision"),
        ("none", "'none': its policy cannot decide stored extractions"),
        ("broken", "'broken': its policy cannot be loaded"),
    ],
)
def test_a_revision_that_cannot_decide_is_named(cases: CaseSet, repository: Path, revision: str, told: str) -> None:
    with pytest.raises(PolicyError, match=told):
        backtest(cases, [row(case) for case in cases.cases], revision, repository)


def test_a_run_without_any_extraction_is_refused(cases: CaseSet, repository: Path) -> None:
    rows = [unscored(case).model_copy(update={"extraction": None}) for case in cases.cases]

    with pytest.raises(PolicyError, match="no extraction to decide again"):
        backtest(cases, rows, "same", repository)
