"""A server on a real socket that answers each request with the next step of a script, however broken.

A step is a function that writes bytes to the connection; `FaultServer` counts the requests it took. It runs in a thread
with its own event loop, so that blocking and async callers can both be tried against it.
"""

import asyncio
import gzip
import json
import socket
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

Step = Callable[["Exchange"], Awaitable[None]]

STALLS_SECONDS = 30
GOOD = {
    "parties": [{"id": "p1", "role": "client", "is_reporter": True, "name": None}],
    "threats": [],
    "demands": [],
    "damage_claims": [],
    "disputes": [],
}
USAGE = {"prompt_tokens": 9_000, "completion_tokens": 40, "prompt_tokens_details": {"cached_tokens": 1_000}}


@dataclass
class Exchange:
    """One request as it arrived, and the connection to answer on."""

    path: str
    headers: dict[str, str]
    body: Any
    writer: asyncio.StreamWriter
    method: str = "POST"

    async def send(self, *chunks: bytes, pause: float = 0.0) -> None:
        for chunk in chunks:
            self.writer.write(chunk)
            await self.writer.drain()
            if pause:
                await asyncio.sleep(pause)


def head(status: int, length: int | None, headers: dict[str, str] | None = None, content_type: str = "application/json") -> bytes:
    lines = [f"HTTP/1.1 {status} Status", f"content-type: {content_type}", "connection: close"]
    lines += [f"content-length: {length}"] if length is not None else []
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def answer(
    status: int = 200, body: Any = b"", headers: dict[str, str] | None = None, content_type: str = "application/json"
) -> Step:
    """Answer with a body: bytes as they are, text as UTF-8, anything else as JSON."""
    raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()

    async def step(exchange: Exchange) -> None:
        await exchange.send(head(status, len(raw), headers, content_type) + raw)

    return step


def completion(content: Any = None, finish: Any = "stop", **message: Any) -> dict[str, Any]:
    """The body of a chat completion. `content` None means a valid extraction of a ticket without facts."""
    said = {"role": "assistant", "content": json.dumps(GOOD) if content is None else content, "refusal": None} | message
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "stub-1",
        "choices": [{"index": 0, "finish_reason": finish, "message": said}],
        "usage": USAGE,
    }


def says(content: Any = None, finish: Any = "stop", **message: Any) -> Step:
    """Answer with a chat completion."""
    return answer(200, completion(content, finish, **message))


def cut_short(content: str, tokens: int | None = None, finish: str = "length") -> Step:
    """Answer with a completion that was cut after so many tokens; None: at the cap of the request, as a server does."""

    async def step(exchange: Exchange) -> None:
        cap = next((exchange.body[name] for name in ("max_tokens", "max_completion_tokens") if name in exchange.body), None)
        usage = USAGE | {"completion_tokens": cap if tokens is None else tokens}
        await answer(200, completion(content, finish) | {"usage": usage})(exchange)

    return step


def error(status: int, code: str | None = None, headers: dict[str, str] | None = None, **fields: Any) -> Step:
    """Answer with an error in OpenAI's shape."""
    return answer(status, {"error": {"message": "no", "type": "some_error", "code": code, "param": None} | fields}, headers)


async def stall(exchange: Exchange) -> None:
    """Take the request and never answer."""
    await asyncio.sleep(STALLS_SECONDS)


async def drip_head(exchange: Exchange) -> None:
    """Send the headers one byte at a time, without end."""
    await exchange.send(b"HTTP/1.1 200 OK\r\nx-slow: ")
    await exchange.send(*[b"a"] * 1_000, pause=0.05)


async def drip_body(exchange: Exchange) -> None:
    """Send a valid body one byte at a time."""
    raw = json.dumps(completion()).encode()
    await exchange.send(head(200, len(raw)))
    await exchange.send(*[raw[i : i + 1] for i in range(len(raw))], pause=0.05)


async def cut_before_head(exchange: Exchange) -> None:
    """Close the connection without a byte."""


async def cut_in_body(exchange: Exchange) -> None:
    """Close the connection in the middle of the body."""
    raw = json.dumps(completion()).encode()
    await exchange.send(head(200, len(raw)) + raw[: len(raw) // 2])


async def reset(exchange: Exchange) -> None:
    """Reset the connection."""
    sock = exchange.writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.writer.transport.abort()


def huge(size: int = 3_000_000) -> Step:
    """Answer with valid JSON far over the cap."""
    return answer(200, completion("x" * size))


def bomb(size: int = 50_000_000) -> Step:
    """Answer with a small gzip body that unpacks to `size` bytes, though identity was asked for."""
    return answer(200, gzip.compress(b" " * size), {"content-encoding": "gzip"})


def gzipped(body: Any) -> Step:
    """Answer with a well-behaved gzip body."""
    return answer(200, gzip.compress(json.dumps(body).encode()), {"content-encoding": "gzip"})


@dataclass
class FaultServer:
    """Answers request n with step n of `script`; the last step goes on for ever. Use it as a context manager."""

    script: Sequence[Step]
    tls: ssl.SSLContext | None = None
    requests: list[Exchange] = field(default_factory=list)
    received_bytes: int = 0
    connections: int = 0

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)

    @property
    def port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/v1"

    @property
    def calls(self) -> int:
        """How many whole requests arrived."""
        return len(self.requests)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(lambda *_: None)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self.tls)
        self._ready.set()
        await self._stop.wait()
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            exchange = await self._take(reader, writer)
            step = self.script[min(len(self.requests), len(self.script)) - 1]
            await step(exchange)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Exchange:
        raw = await reader.readuntil(b"\r\n\r\n")
        first, *lines = raw.decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.received_bytes += len(raw) + len(body)
        method, path, _ = first.split(" ")
        exchange = Exchange(path, headers, json.loads(body) if body else None, writer, method)
        self.requests.append(exchange)
        return exchange
