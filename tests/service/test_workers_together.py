"""`copilot serve --workers 2`: one address, one set of limits, one set of figures; a worker that dies or hangs is replaced."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.served import Served, serve
from tests.service.called import TICKET
from tests.waiting import has_ended, wait_for

Start = Callable[..., Served]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a service of two workers."""
    started: list[Served] = []

    def start(*arguments: str, **more: str) -> Served:
        started.append(serve(tmp_path, "--workers", "2", "--extractor", "embedded", *arguments, more=more))
        return started[-1]

    yield start
    for served in started:
        served.stop(signal.SIGKILL)


def workers_of(served: Served) -> list[int]:
    """The processes that answer, as Linux tells them."""
    children = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children").read_text().split()
    return [int(child) for child in children if "spawn_main" in Path(f"/proc/{child}/cmdline").read_text()]


def ask(served: Served, path: str = "/v1/insights") -> httpx.Response:
    """On a connection of its own, so that any worker may take it."""
    return httpx.get(served.url + path, trust_env=False, timeout=30)


def test_the_rate_is_counted_for_both_workers_and_so_are_the_figures(start: Start) -> None:
    served = start(COPILOT_RATE_PER_MINUTE="10")

    found = [ask(served).status_code for _ in range(14)]

    assert found == [200] * 10 + [429] * 4
    counted = re.findall(r'route="/v1/insights",status="(\d+)"} (\d+)', ask(served, "/metrics").text)
    assert sorted(counted) == [("200", "10"), ("429", "4")]


def test_a_killed_worker_is_replaced_and_what_was_acknowledged_is_there(start: Start) -> None:
    served = start()
    made = httpx.post(f"{served.url}/v1/suggestions", json=TICKET, trust_env=False, timeout=60).raise_for_status().json()
    before = workers_of(served)

    os.kill(before[0], signal.SIGKILL)

    wait_for(lambda: len(workers_of(served)) == 2 and before[0] not in workers_of(served), seconds=90)
    assert '"why": "ended"' in served.said()
    for _ in range(6):
        assert ask(served, f"/v1/suggestions/{made['id']}").json()["id"] == made["id"]
    assert served.stop(seconds=60) == 0


def test_a_worker_that_hangs_is_ended_and_replaced(start: Start) -> None:
    served = start()
    wait_for(lambda: "copilot serves at" in served.said(), seconds=90)  # only then both listen
    before = workers_of(served)

    os.kill(before[0], signal.SIGSTOP)

    wait_for(lambda: len(workers_of(served)) == 2 and before[0] not in workers_of(served), seconds=90)
    assert before[1] in workers_of(served)
    assert has_ended(before[0])
    wait_for(lambda: '"why": "hung"' in served.said(), seconds=90)
    assert served.said().count("worker_replaced") == 1
    assert served.stop(seconds=60) == 0


@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGKILL, -signal.SIGKILL)], ids=str)
def test_both_workers_end_with_the_service_however_it_ends(start: Start, how: signal.Signals, code: int) -> None:
    served = start()
    workers = workers_of(served)

    ended = served.stop(how, seconds=60)

    assert (len(workers), ended) == (2, code)
    wait_for(lambda: all(map(has_ended, workers)), seconds=60)


def test_what_no_worker_can_serve_ends_the_service_with_one_message(start: Start, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="COPILOT_MODEL is not set") as ended:
        serve(tmp_path, "--workers", "2", "--extractor", "openai", more={"OPENAI_API_KEY": "k" * 20})

    assert "ended with 2" in str(ended.value)
