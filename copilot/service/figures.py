"""What Prometheus is told: counts and durations with labels out of closed lists; no id, no name and no text is a label."""

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

from copilot.output.suggestion import Suggestion

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder where workers count together; the supervisor sets it, and the library looks for it."""
MEDIA_TYPE = CONTENT_TYPE_LATEST
_METHODS = ("GET", "POST", "PUT", "OPTIONS", "HEAD")
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40)


class Figures:
    """The counters of one service."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "copilot_http_requests", "Requests answered.", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "copilot_http_request_seconds",
            "From the first byte of a request to the last of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._in_flight = Gauge(
            "copilot_http_requests_in_flight", "Requests in work.", registry=self._registry, multiprocess_mode="livesum"
        )
        self._suggestions = Counter(
            "copilot_suggestions",
            "Tickets triaged, by who read them, how that ended, and where they went.",
            ("extractor", "outcome", "route", "degraded"),
            registry=self._registry,
        )
        self._reading = Histogram(
            "copilot_reading_seconds", "Time that readers took.", ("extractor",), buckets=_SECONDS, registry=self._registry
        )
        self._store_errors = Counter(
            "copilot_store_errors", "Calls of the store that did not do what was asked.", ("kind",), registry=self._registry
        )

    def began(self) -> None:
        """A request came in."""
        self._in_flight.inc()

    def ended(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._in_flight.dec()
        self._requests.labels(method if method in _METHODS else "other", route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def suggested(self, suggestion: Suggestion) -> None:
        """A ticket was triaged."""
        told = suggestion.provenance
        degraded = "true" if told.degraded else "false"
        self._suggestions.labels(told.extractor, told.outcome, suggestion.route.value, degraded).inc()
        self._reading.labels(told.extractor).observe(told.seconds)

    def store_fault(self, kind: str) -> None:
        """The store raised an error of that class."""
        self._store_errors.labels(kind).inc()

    def text(self) -> bytes:
        """Everything, in Prometheus' text format; with several workers, of all of them."""
        if not os.environ.get(FOLDER_VARIABLE):
            return generate_latest(self._registry)
        all_workers = CollectorRegistry()
        MultiProcessCollector(all_workers)  # type: ignore[no-untyped-call]
        return generate_latest(all_workers)
