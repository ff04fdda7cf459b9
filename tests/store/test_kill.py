"""What was acknowledged survives the death of its writer."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from copilot.store import Claim, Finished, Store
from tests.store.conftest import DAYS
from tests.store.writer import BODY, CALLER, PATH

ROOT = Path(__file__).parents[2]
ROUNDS = 5
MOST_SECONDS = 0.8


def test_whatever_was_acknowledged_is_there_after_kill_9_at_a_random_moment(url: str) -> None:
    Store.open(url, DAYS).close()
    chance = random.Random(20260301)

    acknowledged = [line for _ in range(ROUNDS) for line in _killed_writer(url, chance.random() * MOST_SECONDS)]

    store = Store.open(url, DAYS)
    assert len(acknowledged) > ROUNDS
    for key, id in acknowledged:
        if id.startswith("sug_"):
            assert store.suggestions.get(id).id == id
            assert store.idempotency.begin(CALLER, PATH, key, BODY) == Finished("suggestion", id)
        else:
            assert store.feedback.get(id).id == id
    assert store.problems() == []
    store.close()


def test_a_claim_of_a_killed_writer_is_answered_or_free(url: str) -> None:
    """Either the answer and its claim are both there, or neither is: a retry never makes a second one."""
    Store.open(url, DAYS).close()
    last = _last_keys(_killed_writer(url, 0.3))
    store = Store.open(url, DAYS)
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET leased_until = created_at")

    retried = [store.idempotency.begin(CALLER, PATH, f"{stem}-{number + 1}", BODY) for stem, number in last.items()]

    assert all(isinstance(one, Claim) or store.suggestions.get(one.resource_id) for one in retried)
    with store.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT count(*) FROM suggestions").scalar()
        answered = connection.exec_driver_sql("SELECT count(*) FROM claims WHERE resource_id IS NOT NULL").scalar()
    assert rows == answered
    store.close()


def _last_keys(acknowledged: list[tuple[str, str]]) -> dict[str, int]:
    """The last number that each thread of the writer was acknowledged, under what its keys begin with."""
    last: dict[str, int] = {}
    for key, _ in acknowledged:
        stem, _, number = key.rpartition("-")
        if stem:
            last[stem] = max(int(number), last.get(stem, 0))
    return last


def _killed_writer(url: str, seconds: float) -> list[tuple[str, str]]:
    """What a writer acknowledged that was killed so long after its first word; a line that was cut was not heard."""
    command = [sys.executable, "-m", "tests.store.writer", url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        heard = writer.stdout.readline()
        time.sleep(seconds)
        writer.send_signal(signal.SIGKILL)
        heard += writer.stdout.read()
    assert writer.returncode == -signal.SIGKILL
    lines = heard.decode().rpartition("\n")[0].split("\n")
    return [(key, id) for key, _, id in (line.partition(" ") for line in lines)]
