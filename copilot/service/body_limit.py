"""Bodies are bounded in bytes and in time, whether they say their length or come in chunks; so are headers.

Where a body is too large or too slow, the endpoint that reads it gets a `Problem`, and the connection is closed behind the
answer.
"""

import asyncio
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from copilot.service.problems import Problem, answer

LONGEST_SECONDS = 30.0
STALLED_SECONDS = 10.0
"""The longest wait for the next byte."""
HEADER_BYTES = 16_384


class BodyLimit:
    """ASGI middleware: no more than `most_bytes`, and within `seconds` from the first look at the body."""

    def __init__(self, app: ASGIApp, most_bytes: int, seconds: float = LONGEST_SECONDS) -> None:
        self._app = app
        self._most = most_bytes
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADER_BYTES:
            await answer(scope, Problem("headers_too_large", headers={"Connection": "close"}))(scope, receive, send)
            return
        if self._says_too_much(Headers(scope=scope).get("content-length")):
            await answer(scope, Problem("body_too_large", headers={"Connection": "close"}))(scope, receive, send)
            return
        body = _Body(receive, self._most, self._seconds)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start" and body.is_refused:
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        await self._app(scope, body.receive, sent)

    def _says_too_much(self, length: str | None) -> bool:
        return length is not None and length.isascii() and length.isdigit() and int(length[:20]) > self._most


class _Body:
    """One body as it comes in."""

    def __init__(self, receive: Receive, most: int, seconds: float) -> None:
        self._receive = receive
        self._most = most
        self._seconds = seconds
        self._until: float | None = None
        self._length = 0
        self._is_whole = False
        self.is_refused = False

    async def receive(self) -> Message:
        """The next part of the body; after its end, whatever the connection says."""
        if self._is_whole:
            return await self._receive()
        if self._until is None:
            self._until = time.monotonic() + self._seconds
        try:
            async with asyncio.timeout(min(STALLED_SECONDS, self._until - time.monotonic())):
                message = await self._receive()
        except TimeoutError:
            self.is_refused = True
            raise Problem("slow_body") from None
        if message["type"] == "http.request":
            self._length += len(message.get("body", b""))
            self._is_whole = not message.get("more_body", False)
        if self._length > self._most:
            self.is_refused = True
            raise Problem("body_too_large")
        return message
