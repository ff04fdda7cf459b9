"""Intervals and paired tests, against values that scipy gives, and where they could claim too much."""

import random
from collections.abc import Sequence

import pytest

from copilot.core.intervals import wilson
from copilot.evaluation.score import statistics
from copilot.evaluation.score.statistics import Interval, bootstrap, holm, mcnemar, proportion, ratio, sign_flip


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (81, 263, 0.2552885198782742, 0.36620957698280004),
        (15, 148, 0.06238639953073629, 0.16048724172330803),
        (0, 20, 0.0, 0.16112515805281935),
        (1, 29, 0.006113214292762667, 0.17175521879320282),
        (29, 29, 0.8830302015002592, 1.0),
        (1, 1, 0.20654931437723745, 1.0),
        (0, 1, 0.0, 0.7934506856227626),
    ],
)
def test_wilson_gives_what_scipy_gives(hits: int, n: int, low: float, high: float) -> None:
    """`scipy.stats.binomtest(hits, n).proportion_ci(method="wilson")`."""
    assert wilson(hits, n) == pytest.approx((low, high), abs=1e-12)


@pytest.mark.parametrize(
    ("first", "second", "p_value"),
    [
        (10, 25, 0.016673847800120715),
        (0, 6, 0.03125),
        (0, 5, 0.0625),
        (3, 12, 0.03515625),
        (1, 1, 1.0),
        (7, 7, 1.0),
        (40, 80, 0.00033040001839131815),
        (0, 0, 1.0),
    ],
)
def test_mcnemar_gives_what_scipy_gives_whichever_run_comes_first(first: int, second: int, p_value: float) -> None:
    """`scipy.stats.binomtest(first, first + second).pvalue`."""
    assert mcnemar(first, second) == pytest.approx(p_value, abs=1e-12)
    assert mcnemar(second, first) == mcnemar(first, second)


def test_mcnemar_takes_thousands_of_changes() -> None:
    assert 0 <= mcnemar(4_000, 6_000) < 1e-60


def test_no_cases_are_an_error_and_not_zero() -> None:
    with pytest.raises(ValueError, match="at least one case"):
        proportion([])
    with pytest.raises(ValueError, match="at least one case"):
        wilson(0, 0)
    with pytest.raises(ValueError, match="at least one case"):
        ratio([])
    with pytest.raises(ValueError, match="divide by"):
        ratio([("a", 0, 0), ("b", 0, 0)])
    with pytest.raises(ValueError, match="at least one case"):
        bootstrap([], str, len)


def test_a_share_of_unrelated_cases_has_wilsons_interval() -> None:
    outcomes = [(number, float(number < 81)) for number in range(263)]

    share = proportion(outcomes)

    assert (share.low, share.high) == pytest.approx(wilson(81, 263), abs=1e-9)
    assert (share.value, share.n) == (81 / 263, 263)


@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_where_all_outcomes_are_alike_each_family_counts_once(outcome: float) -> None:
    pairs = proportion([(number // 2, outcome) for number in range(40)])
    one_family = proportion([("all", outcome)] * 40)

    assert (pairs.low, pairs.high) == pytest.approx(wilson(20 * outcome, 20))
    assert one_family.high - one_family.low > 0.7
    assert one_family.n == 40


def test_one_error_is_no_proof_that_families_do_not_go_together() -> None:
    spotless = [(number // 5, 1.0) for number in range(200)]
    with_one = [*spotless[:-1], (39, 0.0)]

    assert proportion(with_one).low < proportion(spotless).low + 0.005
    assert proportion(with_one).low < wilson(199, 200)[0] - 0.05


def test_families_that_are_right_or_wrong_together_widen_the_interval() -> None:
    together = [(number // 4, float(number // 4 % 3 > 0)) for number in range(120)]
    apart = [(number, float(number // 4 % 3 > 0)) for number in range(120)]

    wide, narrow = proportion(together), proportion(apart)

    assert wide.value == narrow.value
    assert wide.high - wide.low > 1.7 * (narrow.high - narrow.low)


def test_families_that_differ_within_do_not_narrow_the_interval() -> None:
    pairs = [(number // 2, float(number % 2)) for number in range(100)]

    share = proportion(pairs)

    assert (share.low, share.high) == pytest.approx(wilson(50, 100))


def test_the_interval_of_clustered_shares_covers_the_truth_about_as_often_as_it_says() -> None:
    chance = random.Random(1)
    covered = 0
    for _ in range(400):
        outcomes = [(family, right) for family in range(40) for right in [float(chance.random() < 0.8)] * 4]
        share = proportion(outcomes)
        covered += share.low <= 0.8 <= share.high

    assert 0.92 <= covered / 400 <= 0.99


def test_a_mean_of_repeats_is_one_outcome() -> None:
    assert proportion([("a", 0.5), ("b", 0.5)]).value == 0.5
    assert proportion([("a", 0.5), ("b", 0.5)]).n == 2


def test_a_ratio_is_a_sum_over_a_sum_and_counts_what_it_divides_by() -> None:
    figure = ratio([("a", 2, 2), ("b", 0, 2), ("c", 0, 0), ("d", 2, 3)])

    assert figure.value == 4 / 7
    assert figure.n == 3
    assert 0 <= figure.low < figure.value < figure.high <= 1


def test_a_ratio_has_the_interval_that_the_plain_bootstrap_gives() -> None:
    parts = [(number // 2, number % 5, 4 + number % 3) for number in range(80)]

    fast = ratio(parts)
    plain = bootstrap(parts, lambda part: part[0], lambda drawn: sum(p[1] for p in drawn) / sum(p[2] for p in drawn))

    assert (fast.value, fast.low, fast.high) == pytest.approx((plain.value, plain.low, plain.high), abs=0.01)


def test_the_same_rows_give_the_same_interval() -> None:
    parts = [(number, number % 2, 1) for number in range(1_200)]

    assert ratio(parts) == ratio(parts)
    assert ratio(parts[:50]) == ratio(parts[:50])


def test_a_perfect_f1_on_few_tickets_is_not_called_certain() -> None:
    perfect = ratio([(number, 2, 2) for number in range(5)])

    assert perfect.value == perfect.high == 1.0
    assert perfect.low == pytest.approx(wilson(5, 5)[0])


def test_one_family_alone_says_next_to_nothing() -> None:
    alone = ratio([("only", 1, 2)] * 30)
    plain = bootstrap([1.0] * 30, lambda row: "only", lambda rows: sum(rows) / len(rows))

    assert alone.high - alone.low > 0.7
    assert plain.low < 0.25


def test_a_difference_of_nothing_keeps_room_for_one_on_either_side() -> None:
    none = ratio([(number, 0, 1) for number in range(100)], bounds=(-1.0, 1.0))

    unseen = wilson(0, 100)[1]
    assert (none.low, none.value, none.high) == pytest.approx((-unseen, 0, unseen))


def test_rounds_in_which_a_figure_is_undefined_do_not_count() -> None:
    parts = [("a", 1, 1), ("b", 0, 0), ("c", 0, 0)]

    def share(drawn: Sequence[tuple[str, int, int]]) -> float:
        if not sum(bottom for _, _, bottom in drawn):
            raise ValueError
        return sum(top for _, top, _ in drawn) / sum(bottom for _, _, bottom in drawn)

    of_sums, plain = ratio(parts), bootstrap(parts, lambda part: part[0], share)

    assert (of_sums.low, of_sums.value, of_sums.high) == (plain.low, 1.0, plain.high)


@pytest.mark.parametrize("at_once", [statistics._DRAWN_AT_ONCE, 40 * 7])
def test_a_figure_of_sums_is_to_the_last_digit_what_adding_up_each_drawn_family_gives(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "_DRAWN_AT_ONCE", at_once)
    made, chance = random.Random(3), random.Random(statistics.SEED)
    parts = [(family, (made.random(), made.random())) for family in range(40)]

    def divided(drawn: Sequence[int]) -> float:
        top = bottom = 0.0
        for family in drawn:
            top += parts[family][1][0]
            bottom += parts[family][1][1]
        return top / bottom

    one_by_one = sorted(divided(chance.choices(range(40), k=40)) for _ in range(statistics.BOOTSTRAP_ROUNDS))
    statistics._kept_drawings.cache_clear()
    figure = ratio([(family, *sums) for family, sums in parts])

    assert (figure.value, figure.low, figure.high) == (divided(range(40)), one_by_one[25], one_by_one[974])


def test_flipping_families_gives_what_scipy_gives() -> None:
    """`scipy.stats.permutation_test((differences,), numpy.sum, permutation_type="samples")`, all arrangements."""
    differences = dict(enumerate([0.5, -1 / 3, 1, 2, -1, 0.25, 0.75]))

    assert sign_flip(differences) == pytest.approx(0.296875)


def test_flipping_single_cases_is_mcnemars_test() -> None:
    exact = {number: 1.0 if number < 12 else -1.0 for number in range(15)}
    sampled = {number: 1.0 if number < 25 else -1.0 for number in range(35)}

    assert sign_flip(exact) == pytest.approx(mcnemar(3, 12))
    assert sign_flip(sampled) == pytest.approx(mcnemar(10, 25), abs=0.005)


def test_families_that_did_not_change_say_nothing() -> None:
    assert sign_flip({}) == 1.0
    assert sign_flip({"a": 0.0, "b": 0.0}) == 1.0
    assert sign_flip({"a": 1.0, "b": 0.0}) == 1.0


def test_holm_corrects_for_all_tests_that_were_looked_at() -> None:
    """R: `p.adjust(c(.01, .04, .03), "holm")`."""
    adjusted = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.9})

    assert adjusted == pytest.approx({"a": 0.04, "b": 0.09, "c": 0.09, "d": 0.9})
    assert holm({"a": 0.6, "b": 0.7}) == {"a": 1.0, "b": 1.0}
    assert holm({}) == {}


def test_an_interval_prints_value_range_and_size() -> None:
    assert str(Interval(0.5, 0.25, 0.75, 8)) == "0.500 [0.250, 0.750] n=8"
