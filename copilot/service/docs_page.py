"""`/docs`: the interface described in the browser, with nothing fetched from anywhere else.

The viewer's files come with the package fastapi-offline. The page has a policy of its own: the viewer styles its elements
inline, and the one inline script is allowed by its digest.
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import fastapi_offline
from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

_ASSETS = "/docs/assets"
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def add_docs(app: FastAPI) -> None:
    """Serve the page and its files."""
    folder = Path(fastapi_offline.__file__).parent / "static"
    app.mount(_ASSETS, StaticFiles(directory=folder), name="docs")

    async def docs() -> HTMLResponse:
        return HTMLResponse(_page())

    app.add_api_route("/docs", docs, include_in_schema=False)


def docs_policy() -> str:
    """The content security policy of the page."""
    script = next(iter(_INLINE_SCRIPT.findall(_page())))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self' 'sha256-{digest}'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@cache
def _page() -> str:
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Triage copilot: interface",
        swagger_js_url=f"{_ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{_ASSETS}/swagger-ui.css",
        swagger_favicon_url=f"{_ASSETS}/favicon.png",
    )
    return bytes(page.body).decode()
