"""Servers as they are: a right answer is used, a fault is told apart, and the ticket goes where it must."""

import pytest

from tests.dialect_table import DIALECTS
from tests.fault_table import Row, run_async, run_sync, suggested
from tests.quirk_table import QUIRKS


@pytest.mark.parametrize("row", [*QUIRKS, *DIALECTS], ids=lambda row: row.name)
def test_a_server_as_it_is_ends_in_the_right_outcome_and_route(row: Row) -> None:
    seen = run_sync(row)

    assert (seen.reading.outcome, seen.calls, seen.reading.attempts) == (row.outcome, row.calls, row.attempts)
    assert suggested(row, seen).route == row.route


@pytest.mark.parametrize("row", QUIRKS[::5], ids=lambda row: row.name)
def test_it_ends_no_other_way_when_awaited(row: Row) -> None:
    seen = run_async(row)

    assert (seen.reading.outcome, seen.calls, seen.reading.attempts) == (row.outcome, row.calls, row.attempts)
