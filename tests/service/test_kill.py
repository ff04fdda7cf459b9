"""What was acknowledged is kept, whatever happens to the process; what was accepted is finished before a polite end."""

import json
import random
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, func, select, update

from copilot.store import Store
from copilot.store.tables import CLAIMS, DECISIONS, FEEDBACK, SUGGESTIONS
from tests.browser import model_servers
from tests.fault_server import FaultServer, says
from tests.postgres_cluster import postgres
from tests.served import Served, free_port, serve
from tests.service.signing import VARIABLES, as_standard
from tests.service.traffic import Call, Traffic
from tests.waiting import wait_for

__all__ = ["postgres"]

KILLS = 6
CALLERS = 6
TABLES = {"suggestion": SUGGESTIONS, "decision": DECISIONS, "feedback": FEEDBACK}


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kill' / 'copilot.db'}"
        return
    with request.getfixturevalue("postgres").database() as made:
        yield made


@pytest.fixture
def serving(tmp_path: Path, database_url: str) -> Iterator[Callable[..., Served]]:
    """Starts the service on this test's database, each time on the same port."""
    port, started = free_port(), []

    def start(**more: str) -> Served:
        started.append(serve(tmp_path, more={"COPILOT_DATABASE_URL": database_url} | more, port=port))
        return started[-1]

    yield start
    for served in started:
        served.stop(signal.SIGKILL)


def test_kills_at_random_moments_lose_nothing_acknowledged_and_double_nothing(
    serving: Callable[..., Served], database_url: str, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(7)
    served = serving()
    traffic = Traffic(served.url, seed=7)
    traffic.start(CALLERS)
    acknowledged_by_kill = []
    for _ in range(KILLS):
        before = traffic.acknowledged_count()
        wait_for(lambda before=before: traffic.acknowledged_count() > before + 10)
        time.sleep(chance.random() * 0.4)
        served.stop(signal.SIGKILL)
        acknowledged_by_kill.append(traffic.acknowledged_count())
        served = serving()
    traffic.stop()
    held = len(traffic.open())
    _let_leases_end(database_url)
    traffic.settle()

    assert traffic.open() == []
    _everything_is_there_whole(served, traffic)
    assert _counts(database_url) == {kind: len(traffic.acknowledged(kind)) for kind in TABLES}
    assert served.stop() == 0
    assert _problems(database_url) == []
    kept = ", ".join(f"{len(traffic.acknowledged(kind))} {kind}s" for kind in TABLES)
    told_again = sum(call.replayed for call in traffic.calls)
    cut_off = f"{traffic.statuses[-1]} times no answer, {held} held by a killed process, {told_again} told again"
    said = f"{KILLS} kills, acknowledged by each: {acknowledged_by_kill}; kept {kept}; {cut_off}"
    record_property("kill", said)
    print(said)


def test_a_ticket_that_a_hook_told_of_is_read_after_a_kill_and_once(serving: Callable[..., Served], database_url: str) -> None:
    chance = random.Random(7)
    acknowledged: set[str] = set()
    with FaultServer([model_servers.late(0.3, says(json.dumps(model_servers.THREAT)))]) as model:
        for kill in range(4):
            served = serving(**model_servers.settings(model), **VARIABLES)
            for number in range(8):
                id = f"T-{kill}-{number}"
                answer = httpx.post(f"{served.url}/v1/hooks/ticket", **as_standard(_named(id), id), timeout=30.0, trust_env=False)
                assert answer.status_code == 202, answer.text
                acknowledged.add(id)
            time.sleep(chance.random())
            served.stop(signal.SIGKILL)
        unread = len(acknowledged) - _counts(database_url)["suggestion"]
        served = serving(**model_servers.settings(model), **VARIABLES)
        wait_for(lambda: _counts(database_url)["suggestion"] >= len(acknowledged))
        queue = httpx.get(f"{served.url}/v1/suggestions", params={"limit": 100}, trust_env=False).json()["tickets"]

        assert served.stop() == 0
    assert unread > 0, "nothing was left to be read when the last process was killed"
    assert sorted(one["ticket_id"] for one in queue) == sorted(acknowledged)
    assert _counts(database_url)["suggestion"] == len(acknowledged)
    assert _problems(database_url) == []
    print(f"4 kills, {len(acknowledged)} tickets acknowledged, {unread} unread at the last kill, all read, none twice")


def _named(id: str) -> dict[str, Any]:
    return {"id": id, "messages": [{"text": "He will delete my site unless I pay him $500."}]}


def test_a_polite_end_finishes_what_was_accepted(serving: Callable[..., Served], database_url: str) -> None:
    with FaultServer([model_servers.late(1.5, says(json.dumps(model_servers.THREAT)))]) as model:
        served = serving(**model_servers.settings(model))
        with ThreadPoolExecutor(4) as pool:
            waiting = [pool.submit(_post, served.url, number) for number in range(4)]
            wait_for(lambda: model.calls == 4)
            code = served.stop(signal.SIGTERM)
            answers = [future.result() for future in waiting]

    assert code == 0
    assert [answer.status_code for answer in answers] == [201] * 4
    assert {answer.json()["provenance"]["degraded"] for answer in answers} == {False}
    assert _counts(database_url)["suggestion"] == 4
    again = serving()
    for answer in answers:
        assert httpx.get(f"{again.url}{answer.headers['Location']}", trust_env=False).json() == answer.json()


def _post(url: str, number: int) -> httpx.Response:
    ticket = {"id": f"T-{number}", "messages": [{"text": "He will delete my site unless I pay him $500."}]}
    return httpx.post(f"{url}/v1/suggestions", json=ticket, timeout=30.0, trust_env=False)


def _everything_is_there_whole(served: Served, traffic: Traffic) -> None:
    """Every acknowledged answer can be had again as it was: by its id, in the export, or by its key."""
    with httpx.Client(base_url=served.url, timeout=30.0, trust_env=False) as client:
        for call in traffic.acknowledged("suggestion"):
            now = client.get(f"/v1/suggestions/{_answer(call)['id']}").json()
            assert now | {"decided": None} == _answer(call) | {"decided": None}, "what was decided since may have been added"
        for call in traffic.acknowledged("decision"):
            again = client.post(call.path, json=call.body, headers={"Idempotency-Key": call.key})
            assert (again.status_code, again.headers.get("Idempotency-Replayed")) == (201, "true")
            assert again.json() | {"decided": None} == _answer(call) | {"decided": None}
        lines = client.get("/v1/feedback", params={"format": "jsonl", "limit": 100_000}).text.splitlines()
    exported = {row["id"]: row for row in map(json.loads, lines)}
    for call in traffic.acknowledged("feedback"):
        row = exported[_answer(call)["id"]]
        assert {name: row[name] for name in call.body} == call.body
    for kind in TABLES:
        ids = [_answer(call)["decision_id" if kind == "decision" else "id"] for call in traffic.acknowledged(kind)]
        assert len(set(ids)) == len(ids) > 0


def _answer(call: Call) -> dict[str, Any]:
    assert call.answer is not None
    return call.answer


def _let_leases_end(url: str) -> None:
    """Let the minute pass after which the claim of a killed process may be taken over."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            update(CLAIMS).where(CLAIMS.c.resource_id.is_(None)).values(leased_until=datetime(2000, 1, 1, tzinfo=UTC))
        )
    engine.dispose()


def _counts(url: str) -> dict[str, int]:
    engine = create_engine(url)
    with engine.connect() as connection:
        counts = {
            kind: connection.execute(select(func.count()).select_from(table)).scalar_one() for kind, table in TABLES.items()
        }
    engine.dispose()
    return counts


def _problems(url: str) -> list[str]:
    store = Store.open(url, retention_days=30)
    try:
        return store.problems()
    finally:
        store.close()
