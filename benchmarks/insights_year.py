"""What insights cost: a store with a year of invented tickets, and each grouping asked over the year and over its last month.

Run from the top of the repository: `python -m benchmarks.insights_year [--tickets 50000] [--rounds 5]`. Rows are as they are once
the text is purged. Wall seconds are what a supervisor waits for; CPU seconds mind other work less.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from copilot.core.vocabulary import Route
from copilot.store import By, Store
from copilot.store.ids import new_id
from copilot.store.tables import FEEDBACK, FIRST_CHOICES, OUTCOMES, SUGGESTIONS

UNTIL = datetime(2026, 11, 1, tzinfo=UTC)
YEAR, MONTH = timedelta(days=365), timedelta(days=30)
AGENTS, SHARE_TWICE, SHARE_SAID, SHARE_SAID_BY_TWO, SHARE_KNOWN, SHARE_CHOSEN = 30, 0.2, 0.7, 0.05, 0.3, 0.1
Rows = dict[Any, list[dict[str, Any]]]


def year(tickets: int) -> Rows:
    """The rows of a year: some texts were shown twice, most were decided on, a few by two agents."""
    chance, rows = random.Random(1), {table: [] for table in (SUGGESTIONS, FEEDBACK, OUTCOMES, FIRST_CHOICES)}
    for number in range(tickets):
        _ticket(chance, number, UNTIL - YEAR + YEAR * number / tickets, rows)
    return rows


def _ticket(chance: random.Random, number: int, at: datetime, rows: Rows) -> None:
    routes, ids = [route.value for route in Route], [new_id("sug") for _ in range(1 + (chance.random() < SHARE_TWICE))]
    made = {"route": chance.choice(routes), "labels": "[]", "rule": "R", "agent": f"agent-{chance.randrange(AGENTS)}"}
    read = {"extractor": "openai", "degraded": chance.random() < 0.05, "reading_seconds": chance.random() * 3}
    for place, id in enumerate(ids):
        when = {"id": id, "created_at": at + timedelta(minutes=place), "first_of_text": ids[0], "ticket_id": f"T-{number}"}
        rows[SUGGESTIONS].append(made | read | when)
    if chance.random() < SHARE_SAID:
        for place in range(1 + (chance.random() < SHARE_SAID_BY_TWO)):
            said = made | {"agent": f"agent-{(number + place) % AGENTS}", "created_at": at + timedelta(minutes=5 + place)}
            rows[FEEDBACK].append(said | {"id": new_id("fb"), "suggestion_id": ids[-1]} | _word(chance, routes))
    if chance.random() < SHARE_KNOWN:
        known = {"suggestion_id": ids[0], "recorded_at": at + timedelta(days=2), "agent": "lead", "labels": "[]"}
        rows[OUTCOMES].append(known | {"route": chance.choice(routes)})
    if chance.random() < SHARE_CHOSEN:
        chosen = {"suggestion_id": ids[0], "agent": made["agent"], "created_at": at, "route": chance.choice(routes)}
        rows[FIRST_CHOICES].append(chosen)


def _word(chance: random.Random, routes: Sequence[str]) -> dict[str, Any]:
    action = chance.choice(("accepted", "changed", "dismissed"))
    other = {"changed_route": chance.choice(routes), "changed_labels": "[]"} if action == "changed" else {}
    nothing = {"changed_route": None, "changed_labels": None}
    reason = None if action == "accepted" else chance.choice(("wrong_team", "missed_fact", "other"))
    return nothing | other | {"action": action, "reason": reason, "edited": chance.random() < 0.2}


def spread(values: Sequence[float]) -> str:
    """The median, and from the least to the most."""
    return f"{statistics.median(values):.2f} [{min(values):.2f}, {max(values):.2f}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/year.db", 30)
        with store.database.writing() as connection:
            for table, rows in year(given.tickets).items():
                connection.execute(insert(table), rows)
        print(f"{given.tickets} tickets, median [least, most] of {given.rounds} rounds; load average {os.getloadavg()[0]:.1f}")
        print(f"{'grouped by':<12}{'a year, s':<22}{'CPU, s':<22}{'a month, s':<22}CPU, s")
        for by in By:
            columns = [part for period in (YEAR, MONTH) for part in timed(store, period, by, given.rounds)]
            print(f"{by.value:<12}" + "".join(f"{column:<22}" for column in columns).rstrip())
        store.close()


def timed(store: Store, period: timedelta, by: By, rounds: int) -> tuple[str, str]:
    """Wall and CPU seconds of one grouping."""
    wall, cpu = [], []
    for _ in range(rounds):
        began, worked = time.perf_counter(), time.process_time()
        store.used.insights(UNTIL - period, UNTIL, by)
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - worked)
    return spread(wall), spread(cpu)


if __name__ == "__main__":
    main()
