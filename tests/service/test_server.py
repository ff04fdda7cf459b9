"""Listening: on real sockets, with clients that dawdle or send rubbish, until the process is told to stop."""

import concurrent.futures
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from copilot.cli import main
from copilot.config.settings import ServiceSettings
from copilot.core.errors import SettingsError
from copilot.service import protocol
from copilot.service.server import needs_auth
from copilot.store import Scope, Store
from tests.packaging.tree import ROOT
from tests.served import serve
from tests.service.called import TICKET


class Process:
    """A service in a process of its own."""

    def __init__(self, folder: Path, seconds: float) -> None:
        command = [sys.executable, "-m", "tests.service.slow_service", str(folder), str(seconds)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.url = self.line()

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def connected(self) -> socket.socket:
        parts = urlsplit(self.url)
        return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30)


STUCK = """
import itertools, sys
from copilot.service import server
from copilot.service.desk import Setup
from copilot.service.turns import ReadingsInTurn
from copilot.config.settings import ServiceSettings
from copilot.store import Store
from tests.scripted_reader import Scripted
from tests.service.conftest import ANSWER
import asyncio

class Stuck(Scripted):
    async def aread(self, ticket, sentences):
        print("reading", flush=True)
        await asyncio.to_thread(sum, (one for one in itertools.repeat(0)))

server.CLOSING_SECONDS, server.LAST_SECONDS = 1, 1
store = Store.open(f"sqlite:///{sys.argv[1]}/stuck.db", 30)
setup = Setup(ServiceSettings(request_seconds=1), auth=False, console=False)
if __name__ == "__main__":
    parts = (store, Stuck(ANSWER), ReadingsInTurn(1))
    server.serve(setup, server.Address("127.0.0.1", 0), parts, lambda url: print(url, flush=True))
"""


@contextmanager
def process(folder: Path, seconds: float = 0) -> Iterator[Process]:
    running = Process(folder, seconds)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.communicate()


def post(url: str) -> httpx.Response:
    return httpx.post(f"{url}/v1/suggestions", json=TICKET, timeout=60, trust_env=False)


def said(connection: socket.socket) -> bytes:
    """Everything until the other side closes."""
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_finishes_what_it_accepted_and_takes_nothing_new(tmp_path: Path, stop: signal.Signals) -> None:
    with process(tmp_path, seconds=3) as running, concurrent.futures.ThreadPoolExecutor() as threads:
        waiting = threads.submit(post, running.url)
        assert running.line() == "reading"
        running.process.send_signal(stop)
        time.sleep(1)
        with pytest.raises(httpx.ConnectError):
            post(running.url)
        answer = waiting.result(60)

        assert (answer.status_code, running.process.wait(30)) == (201, 0)
    store = Store.open(f"sqlite:///{tmp_path}/slow.db", 30)
    assert store.suggestions.get(answer.json()["id"]).ticket_id == "T-1"
    store.close()


def test_whatever_is_running_it_ends_within_its_time(tmp_path: Path) -> None:
    """A thread that computes without end is neither cancelled nor joined."""
    script = tmp_path / "stuck.py"
    script.write_text(STUCK, encoding="utf-8")
    running = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout is not None
        url = running.stdout.readline().strip()
        with concurrent.futures.ThreadPoolExecutor() as threads:
            threads.submit(post, url)
            assert running.stdout.readline().strip() == "reading"
            running.send_signal(signal.SIGTERM)

            assert running.wait(30) != 0
    finally:
        running.kill()
        running.communicate()


def test_a_client_that_goes_away_loses_nothing_but_its_answer(tmp_path: Path) -> None:
    with process(tmp_path, seconds=1) as running:
        body = json.dumps(TICKET).encode()
        head = "POST /v1/suggestions HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: one\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        with running.connected() as connection:
            connection.sendall(head.encode() + body)
            assert running.line() == "reading"
        time.sleep(2)
        again = httpx.post(
            f"{running.url}/v1/suggestions",
            content=body,
            headers={"Idempotency-Key": "one", "Content-Type": "application/json", "Host": "localhost"},
            timeout=60,
        )

        assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")


@pytest.mark.parametrize(
    "sent",
    [
        b"rubbish\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nzzzzz",
    ],
    ids=["rubbish", "two lengths", "length and chunks"],
)
def test_what_is_no_http_is_told_so_as_a_problem_or_closed(tmp_path: Path, sent: bytes) -> None:
    with process(tmp_path) as running, running.connected() as connection:
        connection.sendall(sent)
        head, _, body = said(connection).partition(b"\r\n\r\n")

        assert b"server:" not in head.lower()
        assert head.startswith((b"HTTP/1.1 400", b"HTTP/1.1 405"))
        assert json.loads(body.split(b"\r\n")[0])["code"] in ("bad_request", "method_not_allowed")
        assert httpx.get(f"{running.url}/healthz").status_code == 200


def taken(connection: socket.socket, part: bytes, times: int) -> int:
    """How many times a part could be sent before the other side closed."""
    for time_ in range(times):
        try:
            connection.sendall(part)
        except OSError:
            return time_
    return times


def test_headers_without_an_end_are_cut_off(tmp_path: Path) -> None:
    with process(tmp_path) as running, running.connected() as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ")

        assert taken(connection, b"a" * 10_000, times=2_000) < 2_000
        assert httpx.get(f"{running.url}/healthz").status_code == 200


def test_a_body_in_chunks_is_cut_off_at_the_limit(tmp_path: Path) -> None:
    with process(tmp_path) as running, running.connected() as connection:
        head = b"POST /v1/suggestions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        sent = taken(connection, b"10000\r\n" + b"a" * 65_536 + b"\r\n", times=200)
        told = connection.recv(65_536)

    assert told.startswith(b"HTTP/1.1 413")
    assert sent < 200


def test_a_connection_that_dawdles_over_its_headers_is_closed(tmp_path: Path) -> None:
    with process(tmp_path) as running, running.connected() as silent, running.connected() as dripping:
        started = time.monotonic()
        dripping.sendall(b"GET /healthz HTTP/1.1\r\nX-")
        while time.monotonic() - started < protocol.HEADER_SECONDS - 3:
            time.sleep(1)
            dripping.sendall(b"a")

        assert said(silent) == b""
        assert said(dripping) == b""
        assert time.monotonic() - started < protocol.HEADER_SECONDS + 10


def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "COPILOT_STATE_DIR": str(folder / "state"), "PYTHONPATH": str(ROOT)} | more
    command = [sys.executable, "-m", "copilot.cli", "serve", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_a_port_in_use_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = run(tmp_path, "--port", str(taken.getsockname()[1]))

    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert "choose another with --port" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "more", "says"),
    [
        (["--host", "0.0.0.0"], {}, "nobody can sign in"),
        (["--host", "0.0.0.0", "--auth", "off"], {}, "auth off"),
        (["--host", "::", "--auth", "required"], {}, "nobody can sign in"),
        (["--host", "192.0.2.1", "--auth", "required"], {}, "nobody can sign in"),
        (["--host", "nowhere.invalid", "--auth", "off"], {}, "auth off"),
        ([], {"COPILOT_ZENDESK_SUBDOMAIN": "desk"}, "COPILOT_ZENDESK_INSTALLATION_ID"),
        ([], {"COPILOT_AUTH": "maybe"}, "COPILOT_AUTH"),
        ([], {"COPILOT_DATABASE_URL": "mysql://x"}, "COPILOT_DATABASE_URL"),
    ],
)
def test_it_will_not_listen_where_strangers_could_call(
    tmp_path: Path, arguments: list[str], more: dict[str, str], says: str
) -> None:
    ran = run(tmp_path, *arguments, "--port", "0", **more)

    assert (ran.returncode, ran.stderr.count("\n"), ran.stdout) == (2, 1, "")
    assert says in ran.stderr


def test_whether_auth_is_needed_follows_from_the_address_the_setting_and_the_keys(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/a.db", 30)
    plain, off, required = (ServiceSettings(auth=mode) for mode in ("auto", "off", "required"))

    def answers(host: str) -> list[object]:
        found: list[object] = []
        for settings in (plain, off, required):
            try:
                found.append(needs_auth(settings, host, store))
            except SettingsError:
                found.append("refused")
        return found

    assert [answers(host) for host in ("127.0.0.1", "localhost", "::1")] == [[False, False, True]] * 3
    assert answers("0.0.0.0") == ["refused"] * 3
    key, _ = store.keys.create("a", [Scope.TRIAGE])
    assert (answers("127.0.0.1"), answers("0.0.0.0")) == ([True, False, True], [True, "refused", True])
    store.keys.revoke(key.id)
    assert (answers("127.0.0.1"), answers("0.0.0.0")) == ([True, False, True], ["refused"] * 3)
    store.close()


def test_the_openapi_document_is_printed_without_a_store_or_a_socket(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPILOT_STATE_DIR", str(tmp_path / "state"))

    assert main(["serve", "--openapi"]) == 0
    document = json.loads(capsysbinary.readouterr().out)
    assert document["openapi"].startswith("3.1")
    assert "/v1/suggestions" in document["paths"]
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("seconds", "extractor", "warned"),
    [("9.9", "openai", 0), ("25", "openai", 0), ("25.1", "openai", 1), ("25.1", "embedded", 0)],
)
def test_a_request_that_is_shorter_than_one_attempt_is_warned_of_in_one_line(
    tmp_path: Path, seconds: str, extractor: str, warned: int
) -> None:
    model = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "COPILOT_MODEL": "m"}
    times = {"COPILOT_ATTEMPT_SECONDS": seconds, "COPILOT_DEADLINE_SECONDS": "60"}

    service = serve(tmp_path, "--extractor", extractor, more=model | times)
    service.stop()

    lines = [line for line in service.said().splitlines() if "COPILOT_REQUEST_SECONDS (25)" in line]
    assert len(lines) == warned
