"""The lines of a batch's results: each becomes what an online call would have brought.

Comes in: a file of results, and the requests that it answers. Goes out: answers, filed under their requests. Refused: a line
that is no result, answers nothing that was asked, or answers a second time; each is counted, and its request is asked again
if nothing else answered it.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from copilot.batch_api.job import Job, Sent
from copilot.core import strict_json
from copilot.core.reading import ReadOutcome
from copilot.evaluation.run.recordings import Body, asked_for
from copilot.readers.model.answers import worth_keeping
from copilot.readers.model.api_errors import ApiError, Retry, error_of_envelope, error_of_status, safe_id
from copilot.readers.model.envelope import BadEnvelope, Reply, read_envelope
from copilot.readers.model.openai import ANSWERED


@dataclass
class Filed:
    """What a batch's results were: requests with an answer, and lines that brought none, by what was wrong with them."""

    answered: int = 0
    faults: Counter[str] = field(default_factory=Counter)


class Filing:
    """Files results under the requests of one file, each request once; what is filed already stays as it is."""

    def __init__(self, job: Job, sent: Sent, max_line_bytes: int) -> None:
        self._job = job
        self._max_line_bytes = max_line_bytes
        self._requests = job.requests_path(sent.file)
        self._asked = {key: (place, whose) for place, key, whose in job.requests_of(sent)}
        self._seen: set[str] = set()
        self._settled = {key for key in self._asked if self._is_held(key)}
        self.filed = Filed()

    def take(self, results: Path) -> None:
        """File every line of a downloaded file. Raises `OutputError`."""
        for raw in _lines(results, self._max_line_bytes):
            told = self._take(raw)
            if told:
                self.filed.faults[told] += 1
        self.filed.answered = len(self._settled)

    def _take(self, raw: bytes) -> str | None:
        """File one line; what is wrong with it, or None."""
        given = _parsed(raw, self._max_line_bytes)
        key = given.get("custom_id") if given else None
        if given is None or not isinstance(key, str):
            return "no result"
        if key not in self._asked:
            return "unknown id"
        if key in self._seen and key in self._settled:
            return "duplicate id"
        self._seen.add(key)
        if key in self._settled:
            return None
        came = came_of(given)
        if not worth_keeping(came):
            return came.code if isinstance(came, ApiError) else None
        with asked_for(self._asked[key][1]):
            self._job.answers.keep(self._body_of(key), came)
        self._settled.add(key)
        return None

    def _is_held(self, key: str) -> bool:
        with asked_for(self._asked[key][1]):
            return self._job.answers.find(self._body_of(key)) is not None

    def _body_of(self, key: str) -> Body:
        with self._requests.open("rb") as file:
            file.seek(self._asked[key][0])
            body: Body = json.loads(file.readline())["body"]
            return body


def came_of(given: dict[str, Any]) -> Reply | ApiError:
    """What a line of results says that came back for its request, as if it had come over the wire."""
    response, error = given.get("response"), given.get("error")
    status = response.get("status_code") if isinstance(response, dict) else None
    if not isinstance(response, dict) or not isinstance(status, int):
        code = safe_id(str(error["code"])) if isinstance(error, dict) and error.get("code") else None
        return ApiError(ReadOutcome.UNAVAILABLE, code or "no_response", Retry.YES)
    body = response.get("body")
    raw = (body if isinstance(body, str) else json.dumps(body)).encode()
    if status not in ANSWERED:
        return error_of_status(status, {}, raw, datetime.now(UTC))
    try:
        return read_envelope(raw)
    except BadEnvelope as bad:
        return error_of_envelope(bad, {}, datetime.now(UTC))


def _parsed(raw: bytes, limit: int) -> dict[str, Any] | None:
    if len(raw) > limit:
        return None
    try:
        given = strict_json.parse(raw.decode())
    except (UnicodeDecodeError, strict_json.JsonFault):
        return None
    return given if isinstance(given, dict) else None


def _lines(path: Path, limit: int) -> Iterator[bytes]:
    """Lines that are not blank; of one over the limit, its beginning."""
    with path.open("rb") as file:
        while raw := file.readline(limit + 1):
            whole = raw
            while not raw.endswith(b"\n") and (raw := file.readline(limit + 1)):
                pass
            if whole.strip():
                yield whole
