"""The files and batches of a server that speaks OpenAI's Batch API.

Comes in: a file of requests, or the id of what was made of it. Goes out: ids, how a batch stands, and results on disk. The
SDK asks again what may pass, but for making a batch, which must not happen twice. Refused: redirects, proxies of the
environment, ids that are none; a server's message is never looked at.
"""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from copilot.batch_api.errors import ProviderError
from copilot.config.settings import Settings
from copilot.core.errors import SettingsError
from copilot.core.reading import ReadOutcome
from copilot.readers.model.api_errors import ApiError, Retry, error_of_status, safe_id
from copilot.runs.private import open_private

if TYPE_CHECKING:
    from openai import OpenAI

ENDPOINT: Final = "/v1/chat/completions"
WINDOW: Final = "24h"
TRIES = 7
SECONDS_BETWEEN_TRIES = 2.0
CALL_SECONDS = 600.0
"""How long one upload or download may stand still."""
MAX_DOWNLOAD_BYTES = 8_000_000_000
MOST_LISTED = 1_000
ENDED = frozenset({"completed", "failed", "expired", "cancelled"})


@dataclass(frozen=True, slots=True)
class Batch:
    """How a batch stands. `problems` are why it was not begun, as code and line of the file. Counts are 0 where not told."""

    id: str
    status: str
    input_file_id: str | None
    output_file_id: str | None
    error_file_id: str | None
    total: int = 0
    completed: int = 0
    failed: int = 0
    problems: tuple[str, ...] = ()

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.status in ENDED


class Provider:
    """Where batches are made. Close it. Raises `SettingsError` where there is no key for OpenAI itself, or no CA file."""

    def __init__(self, settings: Settings, sleep: Callable[[float], None] = time.sleep) -> None:
        if not settings.api_key and not settings.base_url:
            raise SettingsError("OPENAI_API_KEY is not set; set it, or set OPENAI_BASE_URL to a server that needs none")
        self._sdk = _client(settings)
        self._sleep = sleep

    def upload(self, path: Path) -> str:
        """Hand in a file of requests, and tell its id."""
        with path.open("rb") as file, _told(f"{path}: uploading"):
            made = self._sdk.files.create(file=(path.name, file, "application/jsonl"), purpose="batch")
        return _id(made, f"{path}: uploading")

    def create(self, file_id: str, *, may_be_there: bool = False) -> Batch:
        """Make a batch of a file, and never a second one, whatever the network does. `may_be_there`: look first."""
        what = f"file {file_id}: making a batch"
        for tried in range(1, TRIES + 1):
            there = self._made_of(file_id) if may_be_there or tried > 1 else None
            if there is not None:
                return there
            try:
                with _told(what):
                    made = self._sdk.with_options(max_retries=0).batches.create(
                        input_file_id=file_id, endpoint=ENDPOINT, completion_window=WINDOW
                    )
                return _batch(made, what)
            except ProviderError as fault:
                if not fault.passes or tried == TRIES:
                    raise
                self._sleep(SECONDS_BETWEEN_TRIES)
        raise AssertionError

    def batch(self, batch_id: str) -> Batch:
        """How a batch stands."""
        what = f"batch {batch_id}: asking how it stands"
        with _told(what, "is OPENAI_BASE_URL where it was submitted? If the batch is gone there, begin another --job"):
            return _batch(self._sdk.batches.retrieve(batch_id), what)

    def download(self, file_id: str, path: Path) -> None:
        """Put a file of results on disk, whole. A file that is no longer there is an empty one."""
        for tried in range(1, TRIES + 1):
            try:
                with _told(f"file {file_id}: downloading"):
                    self._stream(file_id, path)
                return
            except ProviderError as fault:
                if fault.code == "not_found":
                    open_private(path, "wb").close()
                    return
                if not fault.passes or tried == TRIES:
                    raise
                self._sleep(SECONDS_BETWEEN_TRIES)

    def delete(self, file_id: str) -> None:
        """Have the provider forget a file."""
        with _told(f"file {file_id}: deleting"):
            self._sdk.files.delete(file_id)

    def close(self) -> None:
        """Close the connections."""
        self._sdk.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _stream(self, file_id: str, path: Path) -> None:
        with self._sdk.files.with_streaming_response.content(file_id) as response, open_private(path, "wb") as file:
            size = 0
            for chunk in response.iter_bytes():
                size += file.write(chunk)
                if size > MAX_DOWNLOAD_BYTES:
                    raise _Refused(ApiError(ReadOutcome.MALFORMED_RESPONSE, "body_over_cap"))

    def _made_of(self, file_id: str) -> Batch | None:
        """The batch that was made of a file, among the latest."""
        what = "listing the batches"
        try:
            with _told(what):
                latest = islice(self._sdk.batches.list(limit=100), MOST_LISTED)
                return next((_batch(one, what) for one in latest if getattr(one, "input_file_id", None) == file_id), None)
        except ProviderError as fault:
            if fault.code in ("not_found", "method_not_allowed"):  # a server that lists none
                return None
            raise


class _Refused(Exception):
    """An answer that cannot be used."""

    def __init__(self, fault: ApiError) -> None:
        super().__init__(fault.code)
        self.fault = fault


def _client(settings: Settings) -> "OpenAI":
    import httpx2  # noqa: PLC0415 - only a call needs it
    from openai import OpenAI  # noqa: PLC0415 - half a second that only a call needs

    try:
        verify = ssl.create_default_context(cafile=settings.ca_file) if settings.ca_file else True
    except (OSError, ssl.SSLError):
        raise SettingsError(f"COPILOT_CA_FILE {settings.ca_file!r} cannot be read; set it to a PEM file") from None
    timeout = httpx2.Timeout(CALL_SECONDS, connect=settings.connect_seconds)
    return OpenAI(
        api_key=settings.api_key or "none",
        base_url=settings.endpoint,
        max_retries=TRIES - 1,
        default_headers={"Accept-Encoding": "identity"},
        http_client=httpx2.Client(verify=verify, trust_env=False, follow_redirects=False, timeout=timeout),
    )


@contextmanager
def _told(what: str, if_not_found: str | None = None) -> Iterator[None]:
    """Every fault of a call becomes a `ProviderError`, in codes."""
    import httpx2  # noqa: PLC0415 - only a call needs it
    import openai  # noqa: PLC0415 - half a second that only a call needs

    try:
        yield
    except openai.APIStatusError as error:
        response = error.response
        body = response.content if response.is_stream_consumed else b""
        fault = error_of_status(response.status_code, response.headers, body, datetime.now(UTC))
        raise ProviderError(what, fault, if_not_found if response.status_code == 404 else None) from None
    except (openai.APIConnectionError, httpx2.HTTPError):
        raise ProviderError(what, ApiError(ReadOutcome.UNAVAILABLE, "connection", Retry.YES)) from None
    except (openai.OpenAIError, ValueError, TypeError, AttributeError):
        raise ProviderError(what, ApiError(ReadOutcome.MALFORMED_RESPONSE, "json")) from None
    except _Refused as refused:
        raise ProviderError(what, refused.fault) from None


def _id(given: Any, what: str) -> str:
    found = _known_id(getattr(given, "id", None))
    if found is None:
        raise ProviderError(what, ApiError(ReadOutcome.MALFORMED_RESPONSE, "no_id"))
    return found


def _known_id(value: object) -> str | None:
    """An id that can stand in an address; a path is none."""
    return safe_id(value) if isinstance(value, str) and value.strip(".") else None


def _batch(given: Any, what: str) -> Batch:
    counts = getattr(given, "request_counts", None)
    return Batch(
        id=_id(given, what),
        status=safe_id(str(getattr(given, "status", ""))) or "unknown",
        input_file_id=_known_id(getattr(given, "input_file_id", None)),
        output_file_id=_known_id(getattr(given, "output_file_id", None)),
        error_file_id=_known_id(getattr(given, "error_file_id", None)),
        total=_count(getattr(counts, "total", None)),
        completed=_count(getattr(counts, "completed", None)),
        failed=_count(getattr(counts, "failed", None)),
        problems=_problems(given),
    )


def _problems(given: Any) -> tuple[str, ...]:
    found = getattr(getattr(given, "errors", None), "data", None) or []
    told = ((safe_id(str(getattr(one, "code", ""))) or "unknown", getattr(one, "line", None)) for one in found)
    return tuple(f"{code} in line {line}" if isinstance(line, int) else code for code, line in told)


def _count(value: object) -> int:
    return value if isinstance(value, int) and value >= 0 else 0
