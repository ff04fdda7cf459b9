"""A node, a worker or the command may be killed at any moment: nothing is lost, and what is settled is not asked again."""

import os
import signal

from tests.batch_ray.conftest import IN_FLIGHT, RayBatch, held, ticket

COUNT = 80
SETTLED = 8
"""Rows that are there while both actors are held: four of each's first ten."""


def give(batch: RayBatch, *, die_at: int = 0) -> dict[tuple[str, int], str]:
    """Tickets that hold up both actors, or one that takes its worker along."""
    texts = {n: f"Ticket {n}{' DIE' if n == die_at else ''}." for n in range(1, COUNT + 1)}
    expected = {("tickets.jsonl", n): text if die_at else held(n, text) for n, text in texts.items()}
    batch.give("tickets.jsonl", *(ticket(text) for text in expected.values()))
    return expected


def test_a_node_killed_in_the_middle_costs_what_was_in_flight_and_no_more(batch: RayBatch) -> None:
    expected = give(batch)
    process = batch.start("--actors", "2")
    batch.wait_until_held(process, SETTLED)
    nodes = {reading["node"] for reading in batch.readings()}

    batch.cluster.kill_second()
    batch.wait_until_gone(1)
    batch.let_go()
    ran = batch.finish(process)
    batch.cluster.add_second()

    assert ran.code == 0, ran.err
    assert ran.told == [f"copilot: {COUNT} suggestions written to {batch.out}"]
    assert batch.texts_by_line() == expected
    assert len(nodes) == 2
    assert COUNT < len(batch.readings()) <= COUNT + IN_FLIGHT // 2


def test_a_worker_that_dies_is_followed_by_another(batch: RayBatch) -> None:
    expected = give(batch, die_at=30)

    ran = batch.run("--actors", "2")

    assert ran.code == 0, ran.err
    assert ran.told == [f"copilot: {COUNT} suggestions written to {batch.out}"]
    assert batch.texts_by_line() == expected
    assert COUNT < len(batch.readings()) <= COUNT + IN_FLIGHT // 2


def test_a_command_that_is_killed_goes_on_where_it_stopped(batch: RayBatch) -> None:
    expected = give(batch)
    process = batch.start("--actors", "2")
    batch.wait_until_held(process, SETTLED)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    batch.wait_until_gone(2)
    batch.let_go()

    ran = batch.run("--actors", "2")

    assert ran.code == 0, ran.err
    assert ran.told == [f"copilot: {COUNT - SETTLED} suggestions written to {batch.out}; {SETTLED} were done before"]
    assert batch.texts_by_line() == expected
    assert len(batch.readings()) == COUNT + IN_FLIGHT


def test_a_second_run_is_turned_away_and_control_c_ends_the_first_with_130(batch: RayBatch) -> None:
    give(batch)
    first = batch.start("--actors", "2")
    batch.wait_until_held(first, SETTLED)

    second = batch.run()
    first.send_signal(signal.SIGINT)
    ran = batch.finish(first)

    assert second.code == 2
    assert second.err.endswith("another run is writing to it; wait for it, or name another place\n")
    assert ran.code == 130
    assert ran.told == [f"copilot: stopped; what is done is in {batch.out}: run the same command again to go on"]
