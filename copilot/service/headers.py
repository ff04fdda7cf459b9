"""Headers of every answer: nothing is kept, guessed, sent on, or shown in a frame that is not meant to show it.

Also who may call from a browser at all where auth is off: this machine under its own name (a name that somebody else's DNS
points here is refused), and pages that are the service's own or allowed by origin.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from copilot.config.addresses import is_loopback
from copilot.service.desk import Setup
from copilot.service.problems import Problem, answer

_OF_PROXIES = frozenset({"forwarded", "via", "x-real-ip", "x-original-host", "x-original-url", "x-client-ip", "true-client-ip"})
_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-src {frames}; frame-ancestors {ancestors}"
)
_ALWAYS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def policies(setup: Setup) -> Mapping[str, str]:
    """The content security policy of each page; everything else may do nothing."""
    own = ("'self'",) if setup.console else ()
    settings = setup.settings
    zendesk = (settings.zendesk_origin,) if settings.zendesk_origin else ()
    return {
        "/sidebar": _page("'none'", (*own, *settings.frame_origins)),
        "/zendesk/sidebar": _page("'none'", (*own, *zendesk)),
        "/console": _page("'self'", ("'self'",)),
        "/insights": _page("'none'", ()),
    }


def _page(frames: str, ancestors: tuple[str, ...]) -> str:
    return _PAGE.format(frames=frames, ancestors=" ".join(ancestors) or "'none'")


class SafeHeaders:
    """ASGI middleware that adds to every answer what it does not say itself."""

    def __init__(self, app: ASGIApp, policies: Mapping[str, str]) -> None:
        self._app = app
        self._policies = policies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_page = headers.get("content-type", "").startswith("text/html")
                policy = self._policies.get(scope["path"], _NOTHING) if is_page else _NOTHING
                for name, value in {**_ALWAYS, "Content-Security-Policy": policy}.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sent)


class LocalOnly:
    """ASGI middleware for a service without auth: the Host must be this machine's own name, and so must a page's origin.

    What a proxy handed on came from elsewhere, whatever its headers say.
    """

    def __init__(self, app: ASGIApp, cors_origins: tuple[str, ...]) -> None:
        self._app = app
        self._origins = cors_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] == "http" and (problem := self._refusal(Headers(scope=scope))):
            await answer(scope, problem)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _refusal(self, headers: Headers) -> Problem | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not _is_local(f"//{hosts[0]}") or any(map(_is_a_proxys, headers)):
            return Problem("host_refused")
        origin = headers.get("origin")
        if origin is None or origin in self._origins or origin == f"http://{hosts[0]}":
            return None
        return Problem("origin_refused")


def _is_a_proxys(name: str) -> bool:
    return name.startswith("x-forwarded") or name in _OF_PROXIES


def _is_local(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.username is None and is_loopback(parts.hostname or "")


class ExactOrigins(CORSMiddleware):
    """Cross-origin calls by exact origin; a preflight that is refused is told as a problem."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight, or let a request through."""
        if scope["type"] == "http" and scope["method"] == "OPTIONS":
            headers = Headers(scope=scope)
            if "origin" in headers and "access-control-request-method" in headers:
                response = self.preflight_response(headers)
                if response.status_code >= 400:
                    response = answer(scope, Problem("origin_refused"))
                await response(scope, receive, send)
                return
        await super().__call__(scope, receive, send)
