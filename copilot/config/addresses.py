"""Addresses that settings may name: the base of a model's endpoint, a proxy, and origins of web pages.

A text comes in and goes out. Refuses what would send tickets in the clear or elsewhere, an endpoint that carries a password,
and what is no address. A complaint is an `Unusable` that names the part which is wrong.
"""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from copilot.config.pasted import QUOTES, Unusable, named, not_filled_in

OPENAI_URL = "https://api.openai.com/v1"

_NO_ADDRESS = frozenset("<>{}|\\^$*") | QUOTES
"""What no address holds: it slipped in, or stands for something that was to be filled in."""
_NOT_IN_A_BASE = (
    *("/chat/completions", "/completions", "/chat", "/responses", "/models", "/embeddings", "/messages"),
    *("/api/generate", "/api/tags", ":generatecontent"),
)
"""Ends of addresses that are calls of an API, the longest first."""
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def checked_base(url: str, allow_insecure_http: bool) -> str:
    """The base of an endpoint: an address without a query, to which the name of a call is added.

    Plain http is taken for loopback addresses, and elsewhere only if it was allowed.
    """
    slipped_in = next((one for one in url if one in _NO_ADDRESS or not (one.isalnum() or "!" <= one <= "~")), None)
    slipped_in = slipped_in or next((one for one in (url[:1], url[-1:]) if one and one in "()[],;."), None)
    told = f"holds {named(slipped_in)}" if slipped_in else not_filled_in(url)
    if told:
        raise Unusable(f"{told}; set it to the address alone, such as {OPENAI_URL}")
    parts = _parts(url)
    if "@" in parts.netloc:
        raise Unusable("holds a user name or password; leave them out and set OPENAI_API_KEY")
    _check_path(url, parts.path)
    if parts.scheme == "http" and not is_loopback(parts.hostname or "") and not allow_insecure_http:
        raise Unusable("is plain http to another machine; use https, or set COPILOT_ALLOW_INSECURE_HTTP=1")
    return url


def checked_proxy(url: str) -> str:
    """The address of an HTTP proxy, with a user name and password where it wants them: `http://proxy.example.org:3128`."""
    example = "http://proxy.example.org:3128"
    slipped_in = next((one for one in url if one in _NO_ADDRESS or not "!" <= one <= "~"), None)
    told = f"holds {named(slipped_in)}" if slipped_in else not_filled_in(url)
    if told:
        raise Unusable(f"{told}; set it to the address alone, such as {example}")
    parts = _parts(url, example)
    if parts.path.strip("/") or "?" in url or "#" in url or parts.netloc.count("@") > 1:
        raise Unusable(f"holds more than a scheme, a host and a port; set it to an address such as {example}")
    return url


def _parts(url: str, example: str = OPENAI_URL) -> SplitResult:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Unusable(f"is not a URL; set it to one such as {example}") from None
    if "://" not in url and re.match(r"https?\W", url):
        raise Unusable(f"lacks '://' behind its scheme; set it to an address such as {example}")
    if "://" not in url:
        raise Unusable("is no http(s) URL: it lacks the scheme; begin it with https:// or, here, http://")
    if parts.scheme not in ("http", "https") or not host:
        raise Unusable(f"is not an http(s) URL; set it to one such as {example}")
    return parts


def _check_path(url: str, path: str) -> None:
    for mark, part in (("?", "query"), ("#", "fragment")):
        if mark in url:
            raise Unusable(f"carries a {part} (what begins with {mark!r}); end it before that")
    ending = next((one for one in _NOT_IN_A_BASE if path.rstrip("/").lower().endswith(one)), None)
    if ending:
        raise Unusable(f"ends in {ending!r}, which is one call; end it before that, as in {OPENAI_URL}")
    if doubled := re.search(r"(/v\d+)\1(?:/|$)", path):
        raise Unusable(f"holds {doubled[1]!r} twice; write it once")
    if "//" in path:
        raise Unusable("holds '//' in its path; write one stroke, and one scheme")


def origins(text: str) -> tuple[str, ...]:
    """Exact origins, divided by blanks or commas: https, or plain http to this machine; no path and no wildcard."""
    found = tuple(dict.fromkeys(text.replace(",", " ").split()))
    for origin in found:
        match = _ORIGIN.fullmatch(origin)
        if not match or (match["scheme"] == "http" and not is_loopback(match["host"].strip("[]"))):
            raise Unusable("holds something that is no origin; set it to origins such as https://desk.example.org")
    return found
