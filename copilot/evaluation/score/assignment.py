"""The cheapest way to pair rows with columns: the Hungarian method, in the form with potentials (Kuhn 1955, Munkres 1957).

Comes in: a table of costs. Goes out: pairs (row, column), each row and column in at most one, as many pairs as the
shorter side has, of least total cost. Cubic; fact lists are short, so no numeric library is needed.
"""

import math
from collections.abc import Sequence


def least_cost(costs: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Pairs of least total cost, in order of rows; none where a side is empty. The table must be rectangular."""
    if not costs or not costs[0]:
        return []
    if len(costs) > len(costs[0]):
        turned = [list(column) for column in zip(*costs, strict=True)]
        return sorted((row, column) for column, row in least_cost(turned))
    state = _State(len(costs), len(costs[0]))
    for row in range(1, state.rows + 1):
        state.take_in(row, costs)
    return sorted((row - 1, column - 1) for column, row in enumerate(state.row_of) if row and column)


class _State:
    """Rows taken in so far, their columns, and the potentials that prove the pairing to be the cheapest."""

    def __init__(self, rows: int, columns: int) -> None:
        self.rows, self.columns = rows, columns
        self.row_of = [0] * (columns + 1)
        self._of_row = [0.0] * (rows + 1)
        self._of_column = [0.0] * (columns + 1)

    def take_in(self, row: int, costs: Sequence[Sequence[float]]) -> None:
        """Find the cheapest chain of swaps that gives one more row a column, and swap."""
        self.row_of[0] = row
        least, came_from, seen = [math.inf] * (self.columns + 1), [0] * (self.columns + 1), [False] * (self.columns + 1)
        column = 0
        while self.row_of[column]:
            seen[column] = True
            free = [one for one in range(1, self.columns + 1) if not seen[one]]
            for one in free:
                here = self.row_of[column]
                cost = costs[here - 1][one - 1] - self._of_row[here] - self._of_column[one]
                if cost < least[one]:
                    least[one], came_from[one] = cost, column
            nearest = min(free, key=least.__getitem__)
            self._shift(least[nearest], seen, least)
            column = nearest
        while column:
            self.row_of[column] = self.row_of[came_from[column]]
            column = came_from[column]

    def _shift(self, step: float, seen: Sequence[bool], least: list[float]) -> None:
        for one in range(self.columns + 1):
            if seen[one]:
                self._of_row[self.row_of[one]] += step
                self._of_column[one] -= step
            else:
                least[one] -= step
