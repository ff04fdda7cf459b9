"""The cheapest pairing, beside trying every one."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from copilot.evaluation.score.assignment import least_cost

TABLES = st.integers(1, 5).flatmap(
    lambda columns: st.lists(st.lists(st.integers(0, 9), min_size=columns, max_size=columns), min_size=1, max_size=5)
)


def _cheapest(costs: list[list[int]]) -> int:
    rows, columns = len(costs), len(costs[0])
    if rows > columns:
        return _cheapest([list(column) for column in zip(*costs, strict=True)])
    return min(sum(costs[row][column] for row, column in enumerate(chosen)) for chosen in permutations(range(columns), rows))


@given(TABLES)
def test_no_pairing_is_cheaper(costs: list[list[int]]) -> None:
    pairs = least_cost(costs)

    assert sum(costs[row][column] for row, column in pairs) == _cheapest(costs)


@given(TABLES)
def test_every_row_or_every_column_is_paired_once(costs: list[list[int]]) -> None:
    pairs = least_cost(costs)

    assert len(pairs) == min(len(costs), len(costs[0]))
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)


def test_the_first_cheap_pair_is_given_up_where_the_whole_gets_cheaper() -> None:
    """Greedy would take 0 first and pay 100 for the rest."""
    pairs = least_cost([[0, 1], [1, 100]])

    assert pairs == [(0, 1), (1, 0)]


def test_an_empty_side_gives_no_pair() -> None:
    assert least_cost([]) == []
    assert least_cost([[], []]) == []
