"""A batch may end at any moment, in any way: the same command goes on, and every line has its row once."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.batch.conftest import Batch, ticket

ROOT = Path(__file__).parents[2]
COUNT = 120


def start(batch: Batch, seconds: float = 0.02, concurrency: int = 4) -> "subprocess.Popen[str]":
    command = ["batch", str(batch.source), "--out", str(batch.out), "--extractor", "embedded", "--concurrency", str(concurrency)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.batch.killed", str(seconds), str(batch.log), *command],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_for_rows(batch: Batch, count: int, process: "subprocess.Popen[str]") -> None:
    while process.poll() is None and (not batch.out.exists() or batch.out.read_bytes().count(b"\n") < count):
        time.sleep(0.005)


def finish(batch: Batch) -> int:
    """Run to the end and give the exit code."""
    process = start(batch, seconds=0)
    process.communicate(timeout=60)
    return process.returncode


def expected() -> dict[int, str]:
    return {number: f"Ticket {number % 7}." for number in range(1, COUNT + 1)}


def give(batch: Batch) -> None:
    """Tickets whose texts and ids repeat, so that only the line number tells them apart."""
    batch.give(*(ticket(text, **({"id": "T"} if number % 3 else {})) for number, text in expected().items()))


@pytest.mark.parametrize("seed", [1, 2])
def test_kills_at_random_moments_lose_no_row_and_write_none_twice(batch: Batch, seed: int) -> None:
    chance = random.Random(seed)
    give(batch)
    kills = 0
    while True:
        process = start(batch)
        rows = batch.out.read_bytes().count(b"\n") if batch.out.exists() else 0
        wait_for_rows(batch, rows + chance.randint(1, 40), process)
        time.sleep(chance.random() * 0.03)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        _, err = process.communicate()
        if process.returncode != -signal.SIGKILL:
            break
    assert process.returncode == 0, err

    assert kills >= 2
    assert batch.texts_by_line() == expected()
    assert batch.calls() <= COUNT + kills * 4


@pytest.mark.parametrize("file", ["out", "journal"])
def test_a_file_torn_at_any_byte_is_mended(batch: Batch, file: str) -> None:
    batch.give_tickets(3)
    batch.run(concurrency=1)
    path: Path = getattr(batch, file)
    whole = {path: path.read_bytes() for path in (batch.out, batch.journal)}
    header = whole[batch.journal].index(b"\n") + 1
    first = 0 if file == "out" else header

    for size in range(first, len(whole[path]), 61):
        for each, content in whole.items():
            each.write_bytes(content if each is not path else content[:size])
        batch.run(concurrency=1)

        assert batch.texts_by_line() == {n: f"Ticket {n}." for n in (1, 2, 3)}


def test_a_header_torn_at_any_byte_is_begun_again(batch: Batch) -> None:
    batch.give_tickets(1)
    batch.run()
    header = batch.journal.read_bytes().split(b"\n")[0]

    for size in range(0, len(header), 7):
        batch.out.write_bytes(b"")
        batch.journal.write_bytes(header[:size])
        batch.run()

        assert batch.texts_by_line() == {1: "Ticket 1."}


def test_zeros_that_a_power_cut_leaves_at_the_end_are_cut_off(batch: Batch) -> None:
    batch.give_tickets(3)
    batch.run(concurrency=1)
    rows, journal = batch.out.read_bytes(), batch.journal.read_bytes()
    batch.out.write_bytes(rows[:-200] + bytes(200))
    batch.journal.write_bytes(journal + bytes(90) + b"\n")

    result = batch.run()

    assert (result.before, result.written) == (2, 1)
    assert len(batch.texts_by_line()) == 3


def test_control_c_ends_with_130_and_a_state_to_go_on_from(batch: Batch) -> None:
    give(batch)
    process = start(batch, seconds=0.2)
    wait_for_rows(batch, 5, process)

    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)

    assert (process.returncode, out) == (130, "")
    assert err == f"copilot: stopped; what is done is in {batch.out}: run the same command again to go on\n"
    done = len(batch.entries())
    assert 5 <= done < COUNT
    assert finish(batch) == 0
    assert batch.texts_by_line() == expected()


def test_a_second_run_is_turned_away_while_the_first_goes_on(batch: Batch) -> None:
    give(batch)
    first = start(batch, seconds=1)
    wait_for_rows(batch, 1, first)

    second = start(batch)
    _, err = second.communicate(timeout=60)
    first.send_signal(signal.SIGKILL)
    first.communicate()

    assert second.returncode == 2
    assert err == f"copilot: {batch.out}: another run is writing to it; wait for it, or name another place\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_standard_error_that_is_full_does_not_corrupt_anything(batch: Batch) -> None:
    batch.give("{oops", *(ticket(f"Ticket {number}.") for number in range(2, 6)))
    with Path("/dev/full").open("w") as full:
        command = ["batch", str(batch.source), "--out", str(batch.out)]
        process = subprocess.run(
            [sys.executable, "-m", "tests.batch.killed", "0", str(batch.log), *command],
            cwd=ROOT, stderr=full, check=False, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
    assert process.returncode != 0

    batch.give(ticket("Ticket 1."), *(ticket(f"Ticket {number}.") for number in range(2, 6)))
    assert finish(batch) == 0
    assert batch.texts_by_line() == {number: f"Ticket {number}." for number in range(1, 6)}
