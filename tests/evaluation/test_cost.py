"""What tokens cost: cached ones are part of the prompt's, or stand beside them, and no cost is below nothing."""

import pytest

from copilot.core.reading import Usage
from copilot.evaluation.run.cost import Prices

PRICES = Prices(prompt=2_000_000.0, cached=500_000.0, completion=4_000_000.0)


@pytest.mark.parametrize(
    ("prompt", "cached", "completion", "cost"),
    [
        (10, 0, 1, 24.0),
        (10, 4, 1, 18.0),
        (10, 10, 1, 9.0),
        (10, 11, 1, 9.5),
        (0, 0, 0, 0.0),
        (0, 8, 0, 4.0),
    ],
)
def test_a_cost_is_that_of_fresh_cached_and_written_tokens(prompt: int, cached: int, completion: int, cost: float) -> None:
    """More cached tokens than the prompt has make no fresh token cost less than nothing."""
    assert PRICES.cost(Usage(prompt, cached, completion)) == cost
