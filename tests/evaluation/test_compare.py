"""Two runs compared: the right test, and a verdict that claims no more than the numbers carry."""

import pytest

from copilot.core.errors import InputError
from copilot.core.intervals import wilson
from copilot.evaluation.cases.case import CaseSet, LabelledCase
from copilot.evaluation.compare.comparison import Paired, compare_runs, p_words
from copilot.evaluation.run.rows import Row
from copilot.evaluation.score.statistics import mcnemar
from tests.evaluation.labelled import case, extraction
from tests.evaluation.small import row, unscored

COUNT = 40


def cases(count: int = COUNT, *tags: str) -> CaseSet:
    return CaseSet(tuple(case(extraction(), id=f"case-{n}", tags=tags) for n in range(count)))


def paired_cases(count: int = COUNT) -> CaseSet:
    return CaseSet(tuple(case(extraction(), id=f"case-{n}", tags=(f"minimal-pair:{n // 2}",)) for n in range(count)))


def run(given: CaseSet, wrong: set[int], sample: int = 0) -> list[Row]:
    """A run that is wrong on the cases with these numbers."""
    return [row(one, right=number not in wrong, sample=sample) for number, one in enumerate(given.cases)]


def compared(given: CaseSet, before: set[int], after: set[int]) -> Paired:
    return compare_runs(given, run(given, before), run(given, after))


def test_equal_runs_are_called_equal_with_what_may_hide_behind_that() -> None:
    result = compared(cases(), {1, 2}, {1, 2})

    assert result.p_value == 1.0
    assert result.difference.high == pytest.approx(wilson(0, COUNT)[1])
    assert result.verdict == (
        "No difference seen: both runs do equally well on each of the 40 cases. "
        "A true difference of up to 8.8 points may hide behind that."
    )


def test_a_clear_gain_is_called_better_by_mcnemars_test() -> None:
    result = compared(cases(), set(range(10)), {20})

    assert (len(result.better), len(result.worse)) == (10, 1)
    assert result.test == "McNemar's exact test"
    assert result.p_value == mcnemar(1, 10)
    assert result.difference.value == pytest.approx(9 / 40)
    assert result.verdict.startswith("The second run is better on these cases (10 better, 1 worse of 40; +22.5 points [")


def test_a_clear_loss_is_called_worse() -> None:
    assert compared(cases(), {20}, set(range(10))).verdict.startswith("The second run is worse on these cases")


def test_five_gains_and_no_loss_are_not_enough_and_six_are() -> None:
    """0.0625 and 0.03125: the boundary of what McNemar's test can carry at all."""
    five, six = compared(cases(), set(range(5)), set()), compared(cases(), set(range(6)), set())

    assert five.verdict.startswith("Not shown to differ (5 better, 0 worse of 40;")
    assert six.verdict.startswith("The second run is better")


def test_what_a_set_of_this_size_cannot_show_is_said() -> None:
    result = compared(cases(), {1}, {2})

    assert result.detectable == pytest.approx(2.8 * 2**0.5 / 40)
    assert "A true difference under about 10 points would not show on a set of this size." in result.verdict


def test_cases_of_a_family_that_change_together_count_once() -> None:
    apart = compared(cases(), set(range(12)), set())
    together = compared(paired_cases(), set(range(12)), set())

    assert together.test == "permutation of families"
    assert apart.p_value == mcnemar(0, 12)
    assert together.p_value == pytest.approx(mcnemar(0, 6))


def test_families_of_which_one_case_changes_are_tested_as_single_ones() -> None:
    result = compared(paired_cases(), set(range(0, 12, 2)), set())

    assert result.test == "McNemar's exact test of families"
    assert result.p_value == mcnemar(0, 6)


def test_a_gain_and_a_loss_in_one_family_cancel_out() -> None:
    result = compared(paired_cases(), {0, 2, 4}, {1, 3, 5})

    assert len(result.changes) == 6
    assert result.p_value == 1.0
    assert result.verdict.startswith("Not shown to differ")


def test_samples_count_as_shares_of_a_case() -> None:
    given = cases(20)
    before = run(given, set(), 0) + run(given, set(range(10)), 1)
    after = run(given, set(), 0) + run(given, set(), 1)

    result = compare_runs(given, before, after)

    assert result.test == "permutation of families"
    assert {change.before for change in result.better} == {0.5}
    assert (result.before, result.after, result.difference.value) == (0.75, 1.0, 0.25)
    assert result.better[0].before_route in ("no_escalation", "agent_review")


def test_only_cases_that_both_runs_scored_are_compared_and_the_rest_is_counted() -> None:
    given = CaseSet((*cases(4).cases, case(extraction(), id="doubt", tags=("arguable",))))
    before, after = run(given, set()), run(given, set())
    before[0] = unscored(given.cases[0])
    del after[1]

    result = compare_runs(given, before, after)

    assert (result.n, result.left_out) == (2, 3)


def test_runs_that_share_no_scored_case_cannot_be_compared() -> None:
    given = cases(2)

    with pytest.raises(InputError, match="share no scored case"):
        compare_runs(given, [row(given.cases[0])], [row(given.cases[1])])


def test_a_case_that_is_wrong_in_another_way_is_no_change() -> None:
    given = cases(1)
    [one] = given.cases

    result = compare_runs(given, [row(one, right=False)], [row(one, right=False, route="account_security")])

    assert result.changes == ()


def test_a_change_names_the_routes() -> None:
    [change] = compared(cases(), set(), {3}).worse

    assert (change.case_id, change.before_route, change.after_route, change.gold_route) == (
        "case-3",
        "no_escalation",
        "agent_review",
        "no_escalation",
    )


def test_slices_of_twenty_cases_are_compared_and_smaller_ones_are_not() -> None:
    large, small = tagged("large", 20), tagged("small", 19)
    given = CaseSet((*large, *small))

    result = compared(given, set(range(8)), set())

    assert "tag large" in result.slices
    assert "tag small" not in result.slices
    assert result.slices["tag large"].value == pytest.approx(8 / 20)


def test_slices_are_tested_together() -> None:
    given = CaseSet((*tagged("first", 20), *tagged("second", 20)))

    result = compared(given, set(range(6)), set())

    assert result.slice_p_values["tag second"] == 1.0
    assert result.slice_p_values["tag first"] > mcnemar(0, 6)


def test_slices_without_a_change_are_not_told_and_the_surest_difference_comes_first() -> None:
    given = CaseSet((*tagged("still", 20), *tagged("moved", 20), *tagged("swapped", 20)))
    before, after = set(range(20, 30)) | {40}, {41}

    result = compared(given, before, after)

    assert result.slice_changes == {"tag moved": 10, "tag still": 0, "tag swapped": 2} | {
        name: 12 for name in result.slices if not name.startswith("tag ")
    }
    assert "tag still" not in result.changed_slices
    assert result.changed_slices[-1] == "tag swapped"
    assert result.slices["tag swapped"].value == 0.0


def tagged(tag: str, count: int) -> list[LabelledCase]:
    return [case(extraction(), id=f"{tag}-{n}", tags=(tag,)) for n in range(count)]


@pytest.mark.parametrize(
    ("p_value", "told"), [(0.0, "p < 0.001"), (0.0004, "p < 0.001"), (0.0006, "p = 0.001"), (1.0, "p = 1.000")]
)
def test_no_p_is_told_as_nothing(p_value: float, told: str) -> None:
    assert p_words(p_value) == told
