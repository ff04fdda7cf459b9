"""Connections that fail before a request is taken: no server, no name, no trust, or a server that points elsewhere."""

import asyncio
import base64
import time
from pathlib import Path

import pytest

from copilot.config.settings import Settings
from copilot.readers.base import Reading, ReadOutcome
from copilot.readers.model.openai import OpenAIReader
from tests.fault_server import Exchange, FaultServer, answer
from tests.fault_table import OK_STEP, SENTENCES, TICKET, FastEdge


def read(settings: Settings, awaited: bool) -> Reading:
    reader = OpenAIReader(settings, FastEdge())
    if not awaited:
        try:
            return reader.read(TICKET, SENTENCES)
        finally:
            reader.close()

    async def go() -> Reading:
        try:
            return await reader.aread(TICKET, SENTENCES)
        finally:
            await reader.aclose()

    return asyncio.run(go())


both_ways = pytest.mark.parametrize("awaited", [False, True], ids=["read", "awaited"])


@both_ways
def test_a_ca_file_that_is_not_there_is_a_configuration_fault(awaited: bool, tmp_path: Path) -> None:
    with FaultServer([OK_STEP]) as server:
        reading = read(Settings(model="m", base_url=server.url, ca_file=str(tmp_path / "none.pem")), awaited)

    assert (reading.outcome, server.calls) == (ReadOutcome.CONFIG_REJECTED, 0)


@both_ways
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_sends_nothing_to_the_other_server(status: int, awaited: bool) -> None:
    with FaultServer([OK_STEP]) as other:
        away = answer(status, headers={"location": f"{other.url}/chat/completions"})
        with FaultServer([away]) as server:
            reading = read(Settings(model="m", base_url=server.url, api_key="k"), awaited)

    assert (reading.outcome, server.calls) == (ReadOutcome.REDIRECTED, 1)
    assert (other.connections, other.received_bytes) == (0, 0)


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer([OK_STEP]) as proxy, FaultServer([OK_STEP]) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)

        reading = read(Settings(model="m", base_url=server.url), awaited=False)

    assert (reading.outcome, server.calls, proxy.connections) == (ReadOutcome.OK, 1, 0)


def test_the_proxy_that_settings_name_gets_the_request_and_the_password() -> None:
    with FaultServer([OK_STEP]) as proxy:
        address = f"http://desk:s3cret@127.0.0.1:{proxy.port}"
        endpoint = "http://model.example.org/v1"
        settings = Settings(model="m", base_url=endpoint, allow_insecure_http=True, proxy=address)
        reading = read(settings, awaited=False)

    assert reading.outcome is ReadOutcome.OK
    assert proxy.requests[0].path == f"{endpoint}/chat/completions"
    assert proxy.requests[0].headers["proxy-authorization"] == "Basic " + base64.b64encode(b"desk:s3cret").decode()
    assert "s3cret" not in repr(settings)


def test_a_server_on_this_machine_is_not_asked_through_the_proxy() -> None:
    with FaultServer([OK_STEP]) as proxy, FaultServer([OK_STEP]) as server:
        reading = read(Settings(model="m", base_url=server.url, proxy=f"http://127.0.0.1:{proxy.port}"), awaited=False)

    assert (reading.outcome, server.calls, proxy.connections) == (ReadOutcome.OK, 1, 0)


@pytest.mark.parametrize("status", [403, 407, 502])
def test_a_proxy_that_opens_no_way_gets_no_ticket_and_no_key(status: int) -> None:
    """To a server with TLS the proxy is asked for a tunnel, and sees nothing of what goes through it."""
    with FaultServer([answer(status)]) as proxy:
        settings = Settings(
            model="m", base_url="https://model.example.org/v1", api_key="k", proxy=f"http://127.0.0.1:{proxy.port}"
        )
        reading = read(settings, awaited=False)

    assert reading.outcome is ReadOutcome.UNAVAILABLE
    assert {(one.method, one.path, one.body) for one in proxy.requests} == {("CONNECT", "model.example.org:443", None)}
    assert not any("authorization" in one.headers for one in proxy.requests)


AT_ONCE, SLOW_SECONDS = 12, 0.3


async def slow(exchange: Exchange) -> None:
    await asyncio.sleep(SLOW_SECONDS)
    await OK_STEP(exchange)


@pytest.mark.parametrize(("connections", "waves"), [(2, 6), (12, 1)])
def test_waiting_for_a_free_connection_is_no_part_of_an_attempt_or_of_the_deadline(connections: int, waves: int) -> None:
    """Twelve at once and two connections: the last waits five times as long as one attempt takes."""
    limits = {"attempt_seconds": 1.0, "deadline_seconds": 1.2, "max_attempts": 1, "max_connections": connections}

    async def go(url: str) -> list[Reading]:
        reader = OpenAIReader(Settings(model="m", base_url=url, **limits))
        try:
            return await asyncio.gather(*[reader.aread(TICKET, SENTENCES) for _ in range(AT_ONCE)])
        finally:
            await reader.aclose()

    with FaultServer([slow]) as server:
        started = time.monotonic()
        readings = asyncio.run(go(server.url))
        seconds = time.monotonic() - started

    assert {reading.outcome for reading in readings} == {ReadOutcome.OK}
    assert server.calls == AT_ONCE
    assert waves * SLOW_SECONDS <= seconds
