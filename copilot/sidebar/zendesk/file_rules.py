"""Rules about the files as such: what may not be packed, what looks like a secret, what would not load."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from copilot.sidebar.zendesk.findings import Finding, error, warning

FORBIDDEN = {
    "7z", "avi", "bin", "bz", "bz2", "csh", "doc", "docx", "gz", "gzip", "jar", "mp3", "mpeg", "odt", "pdf", "ppt", "pptx", "rar",
    "sh", "xls", "xlsx", "zip",
}  # fmt: skip
SIGNATURES = {
    b"PK\x03\x04": "zip", b"%PDF-": "pdf", b"\x1f\x8b": "gzip", b"Rar!\x1a\x07": "rar", b"7z\xbc\xaf\x27\x1c": "7z",
    b"BZh": "bz2", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "doc, ppt or xls", b"ID3": "mp3", b"#!": "script",
}  # fmt: skip
LOGOS = {"assets/logo.png": (320, 320), "assets/logo-small.png": (128, 128)}
CODE = (".html", ".htm", ".js")
TEXT = (*CODE, ".json", ".xml")
SECRET_WORDS = (
    "pass", "secret", "secretToken", "secret_token", "auth_key", "authKey", "auth_pass", "authPass", "auth_user", "AuthUser",
    "username", "api_key",
)  # fmt: skip
KEYS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY"),
    "an AWS access key id": re.compile(r"AKIA[0-9A-Z]{8,24}"),
    "a Slack token": re.compile(r"xox[abop]-[A-Za-z0-9]"),
}
_ACTIVE_SVG = re.compile(
    r"<\s*(?:script|foreignObject|iframe|style)\b|\bon\w+\s*=|javascript:|<!ENTITY|href\s*=\s*[\"'](?!#)", re.IGNORECASE
)
_PNG = b"\x89PNG\r\n\x1a\n"


def check(bodies: dict[str, bytes]) -> Iterator[Finding]:
    """Every file by itself, then the logos."""
    for name, body in sorted(bodies.items()):
        yield from _kind(name, body)
        if name.endswith(TEXT):
            yield from _secrets(name, body.decode("utf-8", errors="replace"))
        if name.endswith(CODE) and b"http://" in body:
            yield warning(name, None, "holds an http:// address, which a browser will not load in Zendesk; use https://")
        if name.endswith(".svg") and _ACTIVE_SVG.search(body.decode("utf-8", errors="replace")):
            yield warning(name, None, "holds script, style or a link; Zendesk takes it out")
    yield from _logos(bodies)


def _kind(name: str, body: bytes) -> Iterator[Finding]:
    kind = PurePosixPath(name).suffix.lstrip(".").lower()
    if kind not in FORBIDDEN:
        kind = next((found for mark, found in SIGNATURES.items() if body.startswith(mark)), "")
    if kind:
        yield error(name, None, f"is of a kind that Zendesk refuses ({kind})")


def _secrets(name: str, text: str) -> Iterator[Finding]:
    if found := next((word for word in SECRET_WORDS if word in text), None):
        yield warning(name, None, f"holds {found!r}, which looks like a secret to Zendesk; see that it is none")
    for what, pattern in KEYS.items():
        if pattern.search(text):
            yield warning(name, None, f"holds what looks like {what}; take it out, and change it where it came from")


def _logos(bodies: dict[str, bytes]) -> Iterator[Finding]:
    for name, (width, height) in LOGOS.items():
        body = bodies.get(name)
        if body is None:
            yield warning(name, None, f"is missing; give a PNG of {width} by {height} pixels")
        elif not body.startswith(_PNG) or len(body) < 24:
            yield error(name, None, "is not a PNG")
        elif (size := _size(body)) != (width, height):
            yield warning(name, None, f"has {size[0]} by {size[1]} pixels; Zendesk asks for {width} by {height}")


def _size(png: bytes) -> tuple[int, int]:
    """Width and height, from the header that every PNG begins with."""
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
