"""Traces are sent where an exporter is set up, and hold nothing of what was put into an address."""

import io
import logging

import pytest

from copilot.service import traces
from copilot.service.traces import start_traces
from tests.service.called import TICKET, Make


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "x"},
        {"OTEL_EXPORTER_A": ""},
        {"OTEL_SERVICE_NAME": "a"},
    ],
)
async def test_without_an_exporter_nothing_is_traced(
    make: Make, environment: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    start_traces(make().app, environment)()

    assert caplog.text == ""


async def test_where_traces_are_asked_for_and_not_installed_the_log_says_how_to_get_them(
    make: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(traces, "find_spec", lambda name: None)

    with caplog.at_level(logging.WARNING):
        start_traces(make().app, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"})()

    assert "pip install '.[traces]'" in caplog.text


async def test_an_exporter_that_is_not_installed_is_told_and_the_service_goes_on(
    make: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(traces, "_is_installed", lambda: True)

    with caplog.at_level(logging.WARNING):
        start_traces(make().app, {"OTEL_TRACES_EXPORTER": "nowhere"})()

    assert "no exporter of traces is installed" in caplog.text


async def test_a_span_holds_the_routes_template_and_nothing_of_the_address(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    export = pytest.importorskip("opentelemetry.sdk.trace.export", reason="needs: pip install '.[traces]'")
    written = io.StringIO()  # by itself the exporter writes to what was standard output when it was imported first
    monkeypatch.setattr(traces, "_exporter", {"console": export.ConsoleSpanExporter(out=written)}.get)
    called = make(auth=False)
    end = start_traces(called.app, {"OTEL_TRACES_EXPORTER": "console"})

    await called.http.get("/v1/suggestions/CANARY?x=CANARY")
    await called.http.post("/v1/suggestions?x=CANARY", json=TICKET)
    end()

    said = written.getvalue()
    assert '"http.route": "/v1/suggestions/{id}"' in said
    assert "CANARY" not in said
