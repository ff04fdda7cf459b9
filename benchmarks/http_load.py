"""Posts over kept-alive connections, as many at once as asked for, and times each from its first byte to the answer's last.

Written on bare streams, because a client library would cost more CPU than what is measured here.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

CREATED = 201


@dataclass(frozen=True)
class Load:
    """What came of one run: seconds of each answered request in order of arrival, and the whole run's wall seconds."""

    seconds: list[float]
    wall: float
    answers: list[bytes]

    @property
    def per_second(self) -> float:
        """Requests answered in a second."""
        return len(self.seconds) / self.wall

    def percentile(self, share: float) -> float:
        """The time that this share of requests took at most."""
        ordered = sorted(self.seconds)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


Make = Callable[[int], tuple[str, bytes]]
"""Request number n: its path and its JSON body."""


def run(url: str, make: Make, requests: int, at_once: int, keep: bool = False) -> Load:
    """Post requests 0 to `requests` - 1 over `at_once` connections. Raises where one is not answered 201."""
    return asyncio.run(_run(url, make, requests, at_once, keep))


async def _run(url: str, make: Make, requests: int, at_once: int, keep: bool) -> Load:
    numbers = iter(range(requests))
    load = Load([], 0.0, [])
    began = time.perf_counter()
    await asyncio.gather(*(_connection(url, make, numbers, load, keep) for _ in range(at_once)))
    return Load(load.seconds, time.perf_counter() - began, load.answers)


async def _connection(url: str, make: Make, numbers: Iterator[int], load: Load, keep: bool) -> None:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=16_000_000)
    for number in numbers:
        path, body = make(number)
        lines = f"POST {path} HTTP/1.1", f"host: {parts.netloc}", "content-type: application/json", f"content-length: {len(body)}"
        began = time.perf_counter()
        writer.write("\r\n".join((*lines, "", "")).encode() + body)
        await writer.drain()
        answer = await _answer(reader)
        load.seconds.append(time.perf_counter() - began)
        if keep:
            load.answers.append(answer)
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
    body = await reader.readexactly(int(fields["content-length"]))
    status = int(head.split(" ", 2)[1])
    if status != CREATED:
        raise RuntimeError(f"answered {status}: {body[:300]!r}")
    return body
