"""Connections that fail before a request is taken: no server, no name, no trust, or a server that points elsewhere."""

import asyncio
import socket
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from copilot.readers.base import Reading, ReadOutcome
from copilot.readers.openai import OpenAIReader
from copilot.settings import Settings
from tests.fault_server import FaultServer, answer
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


def tls_server(ca: trustme.CA, *hosts: str, not_after: datetime | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ca.issue_cert(*hosts, not_after=not_after).configure_cert(context)
    return context


@both_ways
def test_a_closed_port_is_tried_again_and_then_unavailable(awaited: bool) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"

        reading = read(Settings(model="m", base_url=url), awaited)

    assert (reading.outcome, reading.attempts) == (ReadOutcome.UNAVAILABLE, 3)


@both_ways
def test_a_name_that_nobody_has_is_unavailable(awaited: bool) -> None:
    reading = read(Settings(model="m", base_url="https://nobody.invalid/v1", connect_seconds=1.0), awaited)

    assert (reading.outcome, reading.attempts) == (ReadOutcome.UNAVAILABLE, 3)


@both_ways
@pytest.mark.parametrize("fault", ["self-signed", "expired", "wrong host"])
def test_a_certificate_that_cannot_be_trusted_stops_at_once(fault: str, awaited: bool, tmp_path: Path) -> None:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    expired = datetime(2024, 1, 1, tzinfo=UTC) if fault == "expired" else None
    host = "other.example" if fault == "wrong host" else "127.0.0.1"
    trusted = None if fault == "self-signed" else str(tmp_path / "ca.pem")

    with FaultServer([OK_STEP], tls_server(ca, host, not_after=expired)) as server:
        reading = read(Settings(model="m", base_url=server.url, ca_file=trusted), awaited)

    assert (reading.outcome, reading.attempts, server.calls) == (ReadOutcome.CERTIFICATE, 1, 0)


@both_ways
def test_a_certificate_of_the_given_authority_is_trusted(awaited: bool, tmp_path: Path) -> None:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))

    with FaultServer([OK_STEP], tls_server(ca, "127.0.0.1")) as server:
        reading = read(Settings(model="m", base_url=server.url, ca_file=str(tmp_path / "ca.pem")), awaited)

    assert reading.outcome is ReadOutcome.OK


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
