"""The files that pages load, each at an address that holds its content's hash: a browser fetches each once.

Comes in: the bundles of `copilot.sidebar`, and the words of each language without what only notes and the terminal say. Goes out:
answers that may be kept for a year, compressed as the browser asks for. Nothing in them is anybody's: no ticket, no setting.
"""

import gzip
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import brotli
from starlette.requests import Request
from starlette.responses import Response

from copilot.output import wording
from copilot.service.problems import Problem
from copilot.sidebar.bundling import BUNDLES, SIDEBAR

FOLDER = "/assets/"
_KINDS = {".css": "text/css", ".js": "text/javascript", ".json": "application/json"}
_NOT_OF_THE_PANEL = {"written", "terminal"}
_HASH_CHARACTERS = 16


class PageFile(NamedTuple):
    """One file: its media type, and its bytes by content encoding; `identity` is the file as it is."""

    kind: str
    encoded: dict[str, bytes]


@cache
def address(name: str) -> str:
    """Where a file is served, such as `/assets/panel-1f0c….js` for `panel.js`."""
    stem, _, suffix = name.rpartition(".")
    digest = hashlib.sha256(_content(name)).hexdigest()[:_HASH_CHARACTERS]
    return f"{FOLDER}{stem}-{digest}.{suffix}"


@cache
def words_addresses() -> dict[str, str]:
    """Where the panel's words are served, by language."""
    return {language: address(f"words-{language}.json") for language in wording.LANGUAGES}


def likely_words(request: Request) -> str:
    """The words that the panel will probably ask for, so that the browser fetches them beside the script: a hint, no choice."""
    wanted = [request.query_params.get("locale", ""), *request.headers.get("accept-language", "").split(",")]
    bases = [one.strip().lower().partition(";")[0].partition("-")[0].partition("_")[0] for one in wanted]
    found = words_addresses()
    return found[next((base for base in bases if base in found), "en")]


async def page_file(request: Request) -> Response:
    """Answer with a file; one that no page of this version names is not found."""
    found = _by_address().get(request.url.path)
    if found is None:
        raise Problem("not_found")
    name = _encoding(request.headers.get("accept-encoding", ""))
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if name != "identity":
        headers["Content-Encoding"] = name
    return Response(found.encoded[name], media_type=found.kind, headers=headers)


def _encoding(accepted: str) -> str:
    """The best that a browser takes: what it names, unless with `q=0`."""
    weighed = [one.replace(" ", "").lower().partition(";q=") for one in accepted.split(",")]
    taken = {name for name, _, weight in weighed if weight.strip("0.") or not weight}
    return next((name for name in ("br", "gzip") if name in taken), "identity")


@cache
def _by_address() -> dict[str, PageFile]:
    names = [*(file.name for file in BUNDLES.iterdir() if file.suffix in (".css", ".js")), "uplot.js"]
    names += [f"words-{language}.json" for language in wording.LANGUAGES]
    return {address(name): _page_file(name) for name in names}


def _page_file(name: str) -> PageFile:
    content = _content(name)
    encoded = {"identity": content, "gzip": gzip.compress(content, mtime=0), "br": brotli.compress(content, quality=9)}
    return PageFile(_KINDS[Path(name).suffix], encoded)


def _content(name: str) -> bytes:
    if name.startswith("words-"):
        table = wording.table(Path(name).stem.removeprefix("words-"))
        own = {group: words for group, words in table.items() if group not in _NOT_OF_THE_PANEL}
        return json.dumps(own, ensure_ascii=False, separators=(",", ":")).encode()
    folder = SIDEBAR / "insights" / "uplot" if name == "uplot.js" else BUNDLES
    return (folder / name).read_bytes()
