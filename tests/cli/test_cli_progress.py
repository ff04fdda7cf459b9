"""The progress of a run: what is counted, and where it is shown."""

import pytest

from copilot.cli import progress
from copilot.cli.progress import Lines, Tally, showing


class Clock:
    """Seconds that a test moves on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(progress.time, "monotonic", clock)
    return clock


def counted(clock: Clock, tally: Tally, count: int, seconds_each: float) -> Tally:
    for _ in range(count):
        clock.now += seconds_each
        tally.count(failed=False)
    return tally


def test_a_tally_tells_done_failed_rate_and_time_left(clock: Clock) -> None:
    tally = counted(clock, Tally(100, 0), 10, 0.5)
    tally.count(failed=True)

    assert str(tally) == "11 of 100 done, 1 failed, 2.2/s, 0:00:40 left"


def test_tokens_and_cost_are_told_where_there_are_any(clock: Clock) -> None:
    tally = Tally(10, 0)
    tally.tokens, tally.cost = 1_234_567, 3.456

    assert str(tally) == "0 of 10 done, 0 failed, 0.0/s, 1,234,567 tokens, cost 3.46"


def test_work_of_an_earlier_run_counts_as_done_and_not_as_speed(clock: Clock) -> None:
    tally = counted(clock, Tally(100, 60), 20, 1.0)

    assert (tally.done, round(tally.rate, 2), round(tally.seconds_left or 0)) == (80, 1.0, 20)


def test_the_rate_is_that_of_late_so_that_a_slow_start_is_forgotten(clock: Clock) -> None:
    tally = Tally(1_000, 0)
    clock.now = 60.0

    counted(clock, tally, 200, 0.2)

    assert 4.5 < tally.rate <= 5.5


def test_before_anything_is_done_no_time_left_is_claimed(clock: Clock) -> None:
    assert Tally(10, 3).seconds_left is None


def test_a_log_gets_a_line_now_and_then(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    lines, tally = Lines(), Tally(100, 0)
    for _ in range(21):
        clock.now += 1.0
        tally.count(failed=False)
        lines.show(tally)

    told = capsys.readouterr().err.splitlines()

    assert told == [
        "copilot: 10 of 100 done, 0 failed, 1.0/s, 0:01:30 left",
        "copilot: 20 of 100 done, 0 failed, 1.0/s, 0:01:20 left",
    ]


def test_a_terminal_gets_a_bar_that_is_taken_away(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    tally = Tally(4, 0)

    with showing() as shown:
        tally.count(failed=False)
        shown.show(tally)

    told = capsys.readouterr()
    assert told.out == ""
    assert "1 of 4 done" in told.err
