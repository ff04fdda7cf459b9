"""HTTP on one connection, with bounds that uvicorn leaves to others: how long headers may take, how many connections there are.

A request that is no HTTP gets a problem document like any other error.
"""

import asyncio
import json
import secrets

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from copilot.service.problems import KINDS, MEDIA_TYPE

HEADER_SECONDS = 10.0
MOST_CONNECTIONS = 1_000


class BoundedHttp(H11Protocol):
    """uvicorn's own protocol; a connection that dawdles over its headers is closed."""

    _due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or turn it away where there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
        else:
            self._due = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self._at_ease()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; between two requests the clock runs from the first byte of the next."""
        super().data_received(data)
        if self._is_answering():
            self._at_ease()
        elif self._due is None and not self.transport.is_closing():
            self._due = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's wording is not ours
        """Tell a client that what it sent is no HTTP."""
        kind = KINDS["bad_request"]
        document = {
            "type": "/problems/bad_request",
            "title": kind.title,
            "status": kind.status,
            "detail": "this is not HTTP, or its headers are too long",
            "code": "bad_request",
            "request_id": f"req_{secrets.token_hex(12)}",
        }
        body = json.dumps(document).encode()
        headers = [("content-type", MEDIA_TYPE), ("content-length", str(len(body))), ("cache-control", "no-store")]
        headers += [("x-content-type-options", "nosniff"), ("connection", "close")]
        try:
            for event in (h11.Response(status_code=kind.status, headers=headers), h11.Data(data=body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        except h11.LocalProtocolError:
            pass  # an answer is on its way already
        self.transport.close()

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _at_ease(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _give_up(self) -> None:
        self._due = None
        if not self._is_answering():
            self.transport.close()
