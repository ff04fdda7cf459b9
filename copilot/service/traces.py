"""Traces for OpenTelemetry, where the extra `traces` is installed and the environment names an exporter.

Spans hold templates of routes, statuses and times. What a caller put into an address does not go into them.
"""

import logging
import os
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import Any

from fastapi import FastAPI

from copilot.config.extras import install

_log = logging.getLogger(__name__)
_NAMES = {"otlp": ("otlp", "otlp_proto_http", "otlp_proto_grpc")}
_WITH_VALUES = ("http.url", "http.target", "url.full", "url.query", "url.path")


def start_traces(app: FastAPI, environment: Mapping[str, str] | None = None) -> Callable[[], None]:
    """Trace requests where that is set up. Gives what to call at the end, so that the last spans are sent."""
    given = os.environ if environment is None else environment
    named = given.get("OTEL_TRACES_EXPORTER", "").strip()
    is_wanted = named not in ("", "none") or any(name.startswith("OTEL_EXPORTER_") and value for name, value in given.items())
    if not is_wanted or named == "none" or given.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return _nothing
    if find_spec("opentelemetry") is None or not _is_installed():
        _log.warning("OTEL_ variables are set, and traces are not installed: %s", install("traces"))
        return _nothing
    exporter = _exporter(named or "otlp")
    if exporter is None:
        _log.warning("no exporter of traces is installed under the name that OTEL_TRACES_EXPORTER gives, or for otlp")
        return _nothing
    return _instrument(app, exporter)


def _is_installed() -> bool:
    try:
        return all(find_spec(name) is not None for name in ("opentelemetry.sdk.trace", "opentelemetry.instrumentation.fastapi"))
    except ModuleNotFoundError:
        return False


def _exporter(name: str) -> Any:
    found = {entry.name: entry for entry in entry_points(group="opentelemetry_traces_exporter")}
    entry = next((found[one] for one in _NAMES.get(name, (name,)) if one in found), None)
    return entry.load()() if entry is not None else None


def _instrument(app: FastAPI, exporter: Any) -> Callable[[], None]:
    sdk = import_module("opentelemetry.sdk.trace")
    export = import_module("opentelemetry.sdk.trace.export")
    resources = import_module("opentelemetry.sdk.resources")
    instrumentation = import_module("opentelemetry.instrumentation.fastapi")
    provider = sdk.TracerProvider(resource=resources.Resource.create({"service.name": "triage-copilot"}))
    provider.add_span_processor(export.BatchSpanProcessor(exporter))
    instrumentation.FastAPIInstrumentor.instrument_app(app, tracer_provider=provider, server_request_hook=_without_values)
    end: Callable[[], None] = provider.shutdown
    return end


def _without_values(span: Any, scope: Mapping[str, Any]) -> None:  # noqa: ARG001 - the instrumentation's signature
    if span.is_recording():
        for name in _WITH_VALUES:
            if name in (span.attributes or {}):
                span.set_attribute(name, "")


def _nothing() -> None:
    """Nothing was started, so there is nothing to send."""
