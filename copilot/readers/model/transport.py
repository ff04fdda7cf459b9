"""HTTP under our control: no redirects, no proxy but the one that settings name, and a cap on what a server may send.

Comes in: a request of the SDK. Goes out: a response whose body was read whole, decoded, and is within the cap; or one
marked with a fault. Decoding is bounded while it runs, so a compressed bomb is never held in memory.
"""

import ssl
import zlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from copilot.config.addresses import is_loopback
from copilot.config.settings import Settings

if TYPE_CHECKING:
    import httpx2

FAULT = "copilot_fault"
"""The response extension under which a fault of the body is kept."""
_GZIP_OR_ZLIB = 47


def client(settings: Settings) -> "httpx2.AsyncClient":
    """An HTTP client for one endpoint. Raises `OSError` where the CA file cannot be read."""
    import httpx2  # noqa: PLC0415 - only a call needs it

    verify = ssl.create_default_context(cafile=settings.authorities_file) if settings.authorities_file else True
    most = settings.max_connections
    limits = httpx2.Limits(max_connections=most, max_keepalive_connections=most)
    inner = httpx2.AsyncHTTPTransport(verify=verify, trust_env=False, limits=limits, proxy=_proxy(settings, verify))
    return httpx2.AsyncClient(
        transport=_capped(inner, settings.max_response_bytes),
        timeout=httpx2.Timeout(settings.attempt_seconds, connect=settings.connect_seconds),
        follow_redirects=False,
        trust_env=False,
    )


def _proxy(settings: Settings, verify: "ssl.SSLContext | bool") -> "httpx2.Proxy | None":
    """The proxy for the endpoint. A server on this machine is called directly: elsewhere its address means another."""
    import httpx2  # noqa: PLC0415 - only a call needs it

    if settings.proxy is None or is_loopback(urlsplit(settings.endpoint).hostname or ""):
        return None
    return httpx2.Proxy(settings.proxy, ssl_context=verify if isinstance(verify, ssl.SSLContext) else None)


def _capped(inner: "httpx2.AsyncHTTPTransport", cap: int) -> "httpx2.AsyncBaseTransport":
    import httpx2  # noqa: PLC0415 - only a call needs it

    class CappedTransport(httpx2.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            response = await inner.handle_async_request(request)
            body = Body(response.headers.get("content-encoding", "identity"), cap)
            try:
                async for chunk in response.aiter_raw():
                    if not body.take(chunk):
                        break
            finally:
                await response.aclose()
            headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() not in _BODY_HEADERS]
            return httpx2.Response(
                response.status_code,
                headers=headers,
                content=body.finished(),
                request=request,
                extensions={FAULT: body.fault},
            )

        async def aclose(self) -> None:
            await inner.aclose()

    return CappedTransport()


_BODY_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding"})


_UNREADABLE = frozenset({"br", "zstd", "compress", "x-compress"})
_GZIP_MARK = b"\x1f"
"""The first byte of a gzip body; no text begins with it."""


class Body:
    """The body of one response, decoded as it comes, up to `cap` bytes. `fault` is a code, or None.

    A gzip body is known by its first byte: some servers label a plain one so, others forget the label.
    """

    def __init__(self, encoding: str, cap: int) -> None:
        self._encoding = encoding.strip().lower()
        self.fault: str | None = "content_encoding" if self._encoding in _UNREADABLE else None
        self._cap = cap
        self._parts: list[bytes] = []
        self._length = 0
        self._inflate: zlib._Decompress | None = None

    def take(self, chunk: bytes) -> bool:
        """Add a chunk; False where the rest need not be read."""
        if not self._parts and (chunk.startswith(_GZIP_MARK) or self._encoding == "deflate"):
            self._inflate = self._inflate or zlib.decompressobj(_GZIP_OR_ZLIB)
        if self.fault is None and self._inflate is not None:
            try:
                chunk = self._inflate.decompress(chunk, self._cap - self._length + 1)
            except zlib.error:
                self.fault = "bad_encoding"
        if self.fault is not None:
            return False
        self._parts.append(chunk)
        self._length += len(chunk)
        if self._length > self._cap:
            self.fault = "body_over_cap"
        return self.fault is None

    def finished(self) -> bytes:
        """The whole body, or nothing where it had a fault."""
        if self.fault is None and self._inflate is not None and self._length and not self._inflate.eof:
            self.fault = "bad_encoding"
        return b"" if self.fault else b"".join(self._parts)
