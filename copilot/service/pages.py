"""The pages that a browser sees: the panel, alone or inside Zendesk, insights, and the console simulator, with their files.

Pages are files of the package; what is put into them is escaped. A page carries a session only where Zendesk's signed URL
was checked a moment ago.
"""

import json
from datetime import UTC, datetime
from functools import cache
from typing import Annotated

from fastapi import APIRouter, FastAPI, Form, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import FileResponse, Response

from copilot.service.desk import Setup, desk_of
from copilot.service.documents import problems_of
from copilot.service.page_files import FOLDER, address, likely_words, page_file, words_addresses
from copilot.service.problems import Problem
from copilot.service.sessions import new_session
from copilot.sidebar.bundling import SIDEBAR

router = APIRouter(tags=["pages"], default_response_class=HTMLResponse)

_TICKETS = SIDEBAR / "console" / "tickets.json"


@router.get("/sidebar", summary="The panel, for a page that frames it")
async def sidebar(request: Request) -> HTMLResponse:
    """The panel without a session: where auth is on, the page around it hands one over."""
    return _panel(request)


@router.get("/zendesk/sidebar", summary="The panel inside Zendesk, without sign-in")
async def unsigned_zendesk_sidebar(request: Request) -> HTMLResponse:
    """What is shown where nobody signed the URL: the panel without a session."""
    return _panel(request)


@router.post(
    "/zendesk/sidebar",
    summary="The panel inside Zendesk, signed in",
    responses=problems_of(
        "bad_request", "unauthorised", "slow_body", "body_too_large", "invalid", "not_found", "store_unavailable"
    ),
)
async def zendesk_sidebar(request: Request, token: Annotated[str, Form(min_length=1, max_length=10_000)]) -> HTMLResponse:
    """Zendesk posts a signed token; the page then holds a session for the agent that it names. Each token is good once."""
    desk = desk_of(request)
    if desk.signed_urls is None:
        raise Problem("not_found", "Zendesk is not set up: see COPILOT_ZENDESK_PUBLIC_KEY_FILE")
    signed = desk.signed_urls.check(token, datetime.now(UTC))
    if not await desk.ask(desk.store.tokens.use_once, signed.mark, signed.expires_at):
        raise Problem("unauthorised", "the signed URL was used before; open the sidebar again from Zendesk")
    session = await new_session(desk, signed.agent)
    return _panel(request, session.token)


@router.get("/insights", summary="The supervisor's page")
async def insights(request: Request) -> HTMLResponse:
    """The page without any figure: it asks `/v1/insights` for them, with a key where auth is on."""
    is_there = "1" if desk_of(request).setup.console else "0"
    return HTMLResponse(_page("insights").get_template("index.html").render(console=is_there))


def add_pages(app: FastAPI, setup: Setup) -> None:
    """Serve the pages and their files; the simulator only where it was asked for."""
    app.include_router(router, include_in_schema=True)
    app.add_route(f"{FOLDER}{{name}}", page_file, methods=["GET"], include_in_schema=False)
    app.add_api_route("/favicon.ico", _no_icon, include_in_schema=False)
    if setup.console:
        app.add_api_route("/console", _console, response_class=HTMLResponse, tags=["pages"], summary="The console simulator")
        app.add_api_route("/console/tickets.json", _tickets, include_in_schema=False)


async def _console() -> HTMLResponse:
    return HTMLResponse(_page("console").get_template("index.html").render())


async def _tickets() -> FileResponse:
    return FileResponse(_TICKETS, media_type="application/json")


def _panel(request: Request, session: str = "") -> HTMLResponse:
    setup = desk_of(request).setup
    page = _page("panel").get_template("index.html")
    return HTMLResponse(
        page.render(
            session=session,
            hide_quotes="1" if setup.settings.hide_quotes else "0",
            words=json.dumps(words_addresses()),
            likely_words=likely_words(request),
            frame_origins=" ".join(setup.settings.frame_origins),
            zendesk_groups=_groups(setup),
        )
    )


def _groups(setup: Setup) -> str:
    """Group ids by queue and route; the simulator has groups of its own, which serve where no others are set."""
    if setup.settings.zendesk_groups or not setup.console:
        return setup.settings.zendesk_groups or "{}"
    return json.dumps(json.loads(_TICKETS.read_text(encoding="utf-8"))["group_map"])


async def _no_icon() -> Response:
    return Response(status_code=204)


@cache
def _page(folder: str) -> Environment:
    environment = Environment(loader=FileSystemLoader(SIDEBAR / folder), undefined=StrictUndefined, autoescape=True)
    environment.globals["address"] = address
    return environment
