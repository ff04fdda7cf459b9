"""Selective triage: the curve over how stable decisions are, and the area under it."""

import numpy as np
import pytest

from copilot.evaluation.cases.case import LabelledCase
from copilot.evaluation.run.rows import Row
from copilot.evaluation.score.selective import area, select
from copilot.evaluation.score.tallies import CaseTally, tally_of
from tests.evaluation.labelled import case, extraction, threat
from tests.evaluation.small import row


def made(number: int) -> LabelledCase:
    return case(extraction(), id=f"case-{number}")


def scored(number: int, *, right: bool = True, cues: int = 0) -> CaseTally:
    """One sample, beside which the second reader saw so many cues."""
    return tally_of(made(number), [row(made(number), right=right, uncited=[f"m1.{n}" for n in range(cues)])])


def sampled(number: int, *rights: bool) -> CaseTally:
    rows: list[Row] = [row(made(number), right=right, sample=n) for n, right in enumerate(rights)]
    return tally_of(made(number), rows)


def once(number: int, **changes: object) -> CaseTally:
    """One sample, which read what `changes` say."""
    return tally_of(made(number), [row(made(number), **changes)])


def test_a_run_in_which_all_decisions_look_equally_firm_has_one_level_and_no_signal() -> None:
    for cases in ([scored(1), scored(2, right=False)], [sampled(1, True, True), sampled(2, False, False)]):
        selection = select(cases)

        assert selection is not None
        assert [(point.coverage, point.risk.value) for point in selection.points] == [(1.0, 0.5)]
        assert selection.signals == ()
        assert selection.words(selection.points[0].at_least) == "every decision"


def test_no_case_has_no_curve() -> None:
    assert select([]) is None


def test_a_run_of_one_sample_and_no_second_reader_is_sorted_by_what_the_reading_tells_of_itself() -> None:
    told = [extraction(threats=[threat()]), extraction(threats=[threat(), threat("disclose")]), extraction()]
    cases = [once(number, extraction=read) for number, read in enumerate(told)]
    cases.append(once(3, extraction=told[1], cautions=["truncated_ticket", "claims_unverified"]))

    selection = select(cases)

    assert selection is not None
    assert len(selection.signals) == 2
    assert selection.signals[1] == "how many facts were read"
    assert [selection.words(point.at_least) for point in selection.points] == [
        "no doubt of its own, 2 facts read",
        "no doubt of its own, 1 fact read",
        "no doubt of its own, no fact read",
        "1 doubt of its own, 2 facts read",
    ]


@pytest.mark.parametrize(("facts", "words"), [(2, "2 facts read"), (3, "3 or more facts read"), (4, "3 or more facts read")])
def test_facts_past_three_add_nothing(facts: int, words: str) -> None:
    harms = ["destroy", "disclose", "defame", "violence"]
    many = extraction(threats=[threat(harm) for harm in harms[:facts]])

    selection = select([once(1, extraction=many), once(2)])

    assert selection is not None
    assert selection.words(selection.points[0].at_least) == words


def test_where_cases_were_asked_more_than_once_samples_tell_and_not_facts() -> None:
    many = extraction(threats=[threat()])
    wavering = tally_of(made(1), [row(made(1), extraction=many), row(made(1), right=False, sample=1, extraction=many)])

    selection = select([wavering, sampled(2, True, True)])

    assert selection is not None
    assert selection.signals == ("agreement of samples",)


def test_undisputed_decisions_come_first() -> None:
    cases = [*(scored(n) for n in range(6)), *(scored(n, right=False, cues=1) for n in range(6, 9)), scored(9, cues=2)]

    selection = select(cases)

    assert selection is not None
    assert [(point.coverage, round(point.risk.value, 3)) for point in selection.points] == [(0.6, 0.0), (0.9, 0.333), (1.0, 0.3)]
    assert [point.risk.n for point in selection.points] == [6, 9, 10]
    assert selection.everything.value == pytest.approx(0.3)


def test_agreement_of_samples_comes_before_what_the_second_reader_saw() -> None:
    selection = select([sampled(1, True, True, True), sampled(2, True, True, False), sampled(3, False, True, False)])

    assert selection is not None
    assert [selection.words(point.at_least) for point in selection.points] == [
        "100 % of samples agree",
        "67 % of samples agree",
    ]
    assert [point.risk.value for point in selection.points] == [0.0, pytest.approx(1 / 3)]


def test_levels_are_told_by_what_sets_them_apart() -> None:
    selection = select([scored(1), scored(2, cues=1), scored(3, cues=2)])

    assert selection is not None
    assert [selection.words(point.at_least) for point in selection.points] == [
        "no sentence disputed",
        "1 sentence disputed",
        "2 sentences disputed",
    ]


def test_a_point_that_is_right_throughout_is_not_called_certain() -> None:
    selection = select([*(scored(n) for n in range(5)), scored(5, right=False, cues=1)])

    assert selection is not None
    assert selection.points[0].risk.value == 0.0
    assert selection.points[0].risk.high > 0.4


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([(4, 0)], 0.0),
        ([(4, 4)], 1.0),
        ([(4, 2)], 0.5),
        ([(2, 0), (2, 2)], (0 + 0 + 1 / 3 + 2 / 4) / 4),
        ([(2, 2), (2, 0)], (1 + 1 + 2 / 3 + 2 / 4) / 4),
        ([(1, 0), (0, 0), (1, 1)], (0 + 1 / 2) / 2),
    ],
)
def test_the_area_is_the_mean_risk_over_all_coverages(levels: list[tuple[int, int]], expected: float) -> None:
    sums = np.array([[number] for level in levels for number in level], float)

    assert area(sums) == pytest.approx(expected)


def test_each_round_has_its_own_area() -> None:
    sums = np.array([[4, 2, 0], [0, 2, 0], [0, 2, 0], [0, 0, 0]], float)

    assert area(sums) == pytest.approx([0, (1 + 1 + 2 / 3 + 2 / 4) / 4, np.nan], nan_ok=True)


def test_stability_that_sorts_well_has_less_area_than_one_that_misleads() -> None:
    good = select([*(scored(n) for n in range(20)), *(scored(n, right=False, cues=1) for n in range(20, 30))])
    bad = select([*(scored(n, right=False) for n in range(10)), *(scored(n, cues=1) for n in range(10, 30))])

    assert good is not None
    assert bad is not None
    assert good.aurc.high < bad.aurc.low
    assert good.aurc.value < good.everything.value < bad.aurc.value
    assert good.aurc.low <= good.aurc.value <= good.aurc.high
