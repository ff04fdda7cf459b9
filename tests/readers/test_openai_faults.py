"""Whatever a server does, a reading comes back: the right outcome, in time, after the right number of calls."""

import pytest

from tests.fault_server import STALLS_SECONDS
from tests.fault_table import ROWS, Row, Seen, run_async, run_sync


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_fault_ends_in_its_outcome_when_read(row: Row) -> None:
    assert_ended_well(row, run_sync(row))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_fault_ends_in_its_outcome_when_awaited(row: Row) -> None:
    assert_ended_well(row, run_async(row))


def assert_ended_well(row: Row, seen: Seen) -> None:
    assert (seen.reading.outcome, seen.calls) == (row.outcome, row.calls)
    assert (seen.reading.extraction is None) == row.outcome.failed
    assert seen.reading.attempts == row.attempts
    assert seen.seconds < STALLS_SECONDS  # the server would take longer: the reader gave up by itself
    assert sum(seen.slept) <= row.deadline_seconds
