"""Requests into files, and files to the provider.

Comes in: the requests that are missing. Goes out: batches under way. No request is sent that is held or under way, and what
an earlier process left half done is finished first. Refused: a file over the provider's limits.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import IO

from copilot.batch_api.errors import ProviderError
from copilot.batch_api.job import Job, Request, Sent
from copilot.batch_api.limits import Limits
from copilot.batch_api.planning import Item
from copilot.batch_api.provider import ENDPOINT, Provider
from copilot.runs.errors import RunError
from copilot.runs.private import open_private


@dataclass
class Submitted:
    """How a submission went: `tickets` were looked at, `read` of them have all their answers, `waiting` wait for a batch."""

    tickets: int = 0
    read: int = 0
    waiting: int = 0
    requests: int = 0
    files: int = 0


def submit(
    job: Job, planned: Iterable[tuple[Item, list[Request]]], provider: Provider, limits: Limits, told: Callable[[str], None]
) -> Submitted:
    """Send every missing request, in as many files as it takes.

    Raises `ProviderError` where the provider takes no more; the same call goes on from there.
    """
    result = Submitted()
    for sent in _written(job, _new(job, planned, result), limits):
        result.requests += sent.requests
    for sent in [one for one in job.under_way() if one.batch_id is None]:
        _send(job, sent, provider)
        told(f"file {sent.file}: {sent.requests} requests, batch {job.files[sent.file].batch_id}")
        result.files += 1
    return result


def _new(job: Job, planned: Iterable[tuple[Item, list[Request]]], result: Submitted) -> Iterator[Request]:
    """Missing requests that are not under way, each once."""
    under_way = {bytes.fromhex(key) for sent in job.under_way() for _, key, _ in job.requests_of(sent)}
    taken: set[bytes] = set()
    for _, missing in planned:
        result.tickets += 1
        result.read += not missing
        keys = {bytes.fromhex(request.key) for request in missing}
        result.waiting += bool(keys & under_way)
        for request in missing:
            key = bytes.fromhex(request.key)
            if key not in under_way and key not in taken:
                taken.add(key)
                yield request


def _send(job: Job, sent: Sent, provider: Provider) -> None:
    """Upload a file and make a batch of it, as far as that was not done before."""
    may_be_there = sent.file_id is not None
    if sent.file_id is None:
        sent = sent.model_copy(update={"file_id": provider.upload(job.requests_path(sent.file))})
        job.note(sent)
    try:
        batch = provider.create(sent.file_id or "", may_be_there=may_be_there)
    except ProviderError as fault:
        if fault.code == "not_found" and may_be_there:  # the provider has the file no longer
            job.note(sent.model_copy(update={"file_id": None}))
        raise
    job.note(sent.model_copy(update={"batch_id": batch.id}))


def _written(job: Job, requests: Iterable[Request], limits: Limits) -> Iterator[Sent]:
    """Put requests into files within the limits; a file counts once it is whole."""
    file: _File | None = None
    try:
        for request in requests:
            line = _line(request)
            if len(line) > limits.bytes:
                raise RunError(f"{request.asking.case_id}: its request alone is over {limits.bytes} bytes; leave it out")
            if file and (file.requests == limits.requests or file.bytes + len(line) > limits.bytes):
                yield file.finished()
                file = None
            file = file or _File(job)
            file.add(line, request)
        if file:
            yield file.finished()
    except BaseException:
        if file:
            file.drop()
        raise


class _File:
    """A file of requests that is being written."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._name = job.next_file()
        with ExitStack() as opened:
            self._requests: IO[bytes] = opened.enter_context(open_private(job.requests_path(self._name), "wb"))
            self._asked: IO[bytes] = opened.enter_context(open_private(job.asked_path(self._name), "wb"))
            self._opened = opened.pop_all()
        self.requests = 0
        self.bytes = 0

    def add(self, line: bytes, request: Request) -> None:
        self._requests.write(line)
        self._asked.write(json.dumps({"key": request.key, **asdict(request.asking)}).encode() + b"\n")
        self.requests += 1
        self.bytes += len(line)

    def finished(self) -> Sent:
        for file in (self._requests, self._asked):
            file.flush()
            os.fsync(file.fileno())
        self._opened.close()
        sent = Sent(file=self._name, requests=self.requests)
        self._job.note(sent)
        return sent

    def drop(self) -> None:
        self._opened.close()


def _line(request: Request) -> bytes:
    given = {"custom_id": request.key, "method": "POST", "url": ENDPOINT, "body": request.body}
    return json.dumps(given, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
