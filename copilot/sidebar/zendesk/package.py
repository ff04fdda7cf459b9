"""The app package: the address of the panel's page in, the bytes of a zip out.

The same input gives the same bytes. The package holds no code and no key: Zendesk loads the panel from the service, and signs
that request. An address that an agent's browser should not be sent to is refused with `InputError`.
"""

import io
import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from copilot.core.errors import InputError

PAGE = "/zendesk/sidebar"
ASSETS = Path(__file__).with_name("assets")
"""The logos, as Zendesk asks for them: PNG of 320 and 128 pixels, and SVG without script, style or links."""
LONGEST_NAME = 60
LONGEST_HOST = 253
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
"""Names of a public kind: no number that stands for an address, no bare word."""
_PORT = re.compile(r"(?::[1-9][0-9]{0,4})?")
_PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")
"""Plain names between slashes: no dots that lead upwards, nothing encoded, no parameters."""
_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+")
_STAMP = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16

ROLE_FIELD = "role_field_id"
MEDIATION_FIELD = "mediation_field_id"
LABELS = {
    "en": {
        ROLE_FIELD: "Ticket field: what the requester is on the marketplace",
        MEDIATION_FIELD: "Ticket field: may the requester use mediation",
    },
    "ar": {
        ROLE_FIELD: "حقل التذكرة: دور مقدم الطلب في السوق",
        MEDIATION_FIELD: "حقل التذكرة: هل يحق لمقدم الطلب اللجوء إلى الوساطة",
    },
}
HELP = {
    "en": {
        ROLE_FIELD: "The id of a drop-down whose values end in client, freelancer or agency. Leave it empty if there is none.",
        MEDIATION_FIELD: "The id of a drop-down whose values end in yes or no. Left empty, the panel asks the agent.",
    },
    "ar": {
        ROLE_FIELD: "معرف قائمة منسدلة تنتهي قيمها بـ client أو freelancer أو agency. اتركه فارغا إن لم توجد.",
        MEDIATION_FIELD: "معرف قائمة منسدلة تنتهي قيمها بـ yes أو no. إذا ترك فارغا تسأل اللوحة الموظف.",
    },
}


@dataclass(frozen=True)
class App:
    """What an admin may choose. `url` is the service's address, or that of the panel's page on it."""

    url: str
    name: str = "Triage Copilot"
    email: str = "triage@example.org"
    version: str = "1.0.0"

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", _page_of(self.url))
        if not self.name.strip() or len(self.name) > LONGEST_NAME or not self.name.isprintable():
            raise InputError(f"--name: give 1 to {LONGEST_NAME} printable characters")
        if not _EMAIL.fullmatch(self.email):
            raise InputError("--email: give the address of whoever looks after the app, such as triage@example.org")


def build_package(app: App) -> bytes:
    """The whole zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, body in sorted(files_of(app).items()):
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = _PLAIN_FILE
            archive.writestr(entry, body)
    return packed.getvalue()


def files_of(app: App) -> dict[str, bytes]:
    """Every file of the package, by its path in it."""
    return {
        "manifest.json": _json(manifest_of(app)),
        **{f"assets/{path.name}": path.read_bytes() for path in ASSETS.iterdir()},
        **{f"translations/{locale}.json": _json(_translation(app, locale)) for locale in LABELS},
    }


def manifest_of(app: App) -> dict[str, Any]:
    """The manifest. Signed URLs are on: without them the service could not tell who opened the panel."""
    return {
        "name": app.name,
        "author": {"name": app.name, "email": app.email},
        "defaultLocale": "en",
        "private": True,
        "singleInstall": True,
        "signedUrls": True,
        "version": app.version,
        "frameworkVersion": "2.0",
        "location": {
            "support": {"ticket_sidebar": {"url": app.url, "flexible": True, "autoLoad": True, "size": {"height": "640px"}}}
        },
        "parameters": [{"name": name, "type": "text", "required": False} for name in (ROLE_FIELD, MEDIATION_FIELD)],
    }


def _translation(app: App, locale: str) -> dict[str, Any]:
    parameters = {name: {"label": label, "helpText": HELP[locale][name]} for name, label in LABELS[locale].items()}
    return {"app": {"name": app.name, "parameters": parameters}}


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _page_of(url: str) -> str:
    """The panel's page on the service at that address, which may name the page itself. Raises `InputError`."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise InputError(f"--url: not an address; give one such as https://copilot.example.org{PAGE}") from None
    port = parts.netloc.lower().removeprefix(host)
    path = PAGE if parts.path in ("", "/") else parts.path
    problems = (
        (not url.isascii(), "has characters that look like others; give the host as DNS has it, xn--…"),
        (not url.isprintable() or " " in url or "\\" in url, "has characters that an address cannot have"),
        (parts.scheme != "https", "must begin with https://, Zendesk loads nothing else"),
        ("@" in parts.netloc, "must not hold a user name or password"),
        (len(host) > LONGEST_HOST or not _HOST.fullmatch(host), "has no host name of the public kind"),
        (not _PORT.fullmatch(port), "has a port that is none"),
        ("?" in url or "#" in url, "must end with the path: no query, no fragment"),
        (not path.endswith(PAGE), f"must end in the panel's path, {PAGE}, or have no path"),
        (not _PATH.fullmatch(path), "has a path that is not plain names between slashes"),
    )
    for is_wrong, problem in problems:
        if is_wrong:
            raise InputError(f"--url: {problem}; give one such as https://copilot.example.org{PAGE}")
    return f"https://{host}{port}{path}"
