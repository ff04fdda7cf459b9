"""Whoever follows may be killed at any moment: nothing is lost, and nothing that was kept is decided on again."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from copilot.store import Store
from copilot.store.tables import SHADOW_DECISIONS
from tests.making import environment_without
from tests.shadow.conftest import Read
from tests.shadow.follower import NAME

ROOT = Path(__file__).parents[2]
KILLS = 4
TEXTS = 40


def follower(url: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.shadow.follower", url]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_after_kills_at_random_moments_every_text_has_one_decision(store: Store, url: str, read: Read) -> None:
    made = {read(f"T-{number}").id for number in range(TEXTS)}
    chance = random.Random(20260301)
    asked: Counter[str] = Counter()

    for _ in range(KILLS):
        with follower(url) as killed:
            assert killed.stdout is not None
            first = killed.stdout.readline()
            time.sleep(chance.random() * 0.15)
            killed.send_signal(signal.SIGKILL)
            asked.update([first.strip(), *killed.stdout.read().split()])
    with follower(url) as last:
        asked.update(last.communicate()[0].split())

    assert last.returncode == 0
    assert set(store.shadows.decisions(NAME, sorted(made))) == made
    assert sum(asked.values()) - TEXTS <= KILLS, "only what was at hand at a kill is decided on again"
    with store.database.reading() as connection:
        assert len(list(connection.execute(SHADOW_DECISIONS.select()))) == TEXTS
    assert store.problems() == []


def test_whoever_follows_ends_politely_when_told_to(store: Store, url: str) -> None:
    told = environment_without() | {"COPILOT_DATABASE_URL": url, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "copilot.cli", "shadow", "--reader", "embedded"]

    with subprocess.Popen(command, cwd=ROOT, env=told, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "follows what is suggested from" in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()

    assert (process.returncode, rest.partition(";")[0]) == (0, "0 decided")
