"""Rules about where the app shows: which places there are, and what may stand in them."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from copilot.sidebar.zendesk.findings import Finding, error, warning
from copilot.sidebar.zendesk.manifest_rules import FILE, has_no_page

SUPPORT = "support"
OTHER_PRODUCTS = ("chat", "sell", "standalone_chat")
"""Their places are not checked here."""

PLACES = (
    "top_bar", "nav_bar", "ticket_sidebar", "new_ticket_sidebar", "user_sidebar", "organization_sidebar", "background", "modal",
    "ticket_editor", "system_top_bar",
)  # fmt: skip
RECORD_PLACE = "custom_object_record_sidebar"
"""Behind a switch in Zendesk; it needs `objectTypes`."""

SETTING = "{{setting."
_UNSAFE = re.compile(r"[\s<>\"\\^`{|}]")


def check(manifest: dict[str, Any], bodies: dict[str, bytes]) -> Iterator[Finding]:
    """Every product, every place in it."""
    location = manifest.get("location")
    if has_no_page(manifest):
        if location:
            yield error(FILE, "location", "must be left out of an app without pages")
    elif not location:
        yield error(FILE, "location", "is missing; say where the app shows, such as support.ticket_sidebar")
    elif not isinstance(location, dict):
        yield error(FILE, "location", "must be an object of products and places")
    else:
        for product, places in location.items():
            yield from _product(product, places, bodies)


def _product(product: str, places: object, bodies: dict[str, bytes]) -> Iterator[Finding]:
    field = f"location.{product}"
    if product in OTHER_PRODUCTS:
        yield warning(FILE, field, "is a product whose places are not checked here")
    elif product != SUPPORT:
        yield error(FILE, field, "is no product of Zendesk; use support")
    elif not isinstance(places, dict) or not places:
        yield error(FILE, field, "must be an object of places")
    else:
        for place, given in places.items():
            yield from _place(f"{field}.{place}", place, given, bodies)


def _place(field: str, place: str, given: object, bodies: dict[str, bytes]) -> Iterator[Finding]:
    if place not in (*PLACES, RECORD_PLACE):
        yield error(FILE, field, f"is no place in Support; there are {', '.join(PLACES)}")
        return
    options = {"url": given} if isinstance(given, str) else given
    if not isinstance(options, dict):
        yield error(FILE, field, "must be an object with a url, or the url itself")
        return
    if place == RECORD_PLACE:
        yield warning(FILE, field, "works only where Zendesk has switched it on")
        if not options.get("objectTypes"):
            yield error(FILE, f"{field}.objectTypes", "is missing; name the objects it shows beside")
    for name in ("flexible", "autoLoad"):
        if options.get(name) is not None and not isinstance(options[name], bool):
            yield error(FILE, f"{field}.{name}", "must be true or false, without quotes")
    yield from _url(f"{field}.url", options.get("url"), options.get("autoLoad", True) is not False, bodies)


def _url(field: str, url: object, is_loaded: bool, bodies: dict[str, bytes]) -> Iterator[Finding]:
    if url in (None, ""):
        if is_loaded:
            yield error(FILE, field, "is missing; only a place with autoLoad false may go without")
    elif not isinstance(url, str):
        yield error(FILE, field, "must be a string")
    elif SETTING not in url and (problem := _address_problem(url, bodies)):
        yield error(FILE, field, problem)


def _address_problem(url: str, bodies: dict[str, bytes]) -> str | None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return "is not an address"
    if _UNSAFE.search(url):
        return "holds characters that an address cannot have"
    if parts.scheme:
        return (
            None
            if host and (parts.scheme == "https" or host == "localhost")
            else "must begin with https://, or name a file in assets/"
        )
    if not parts.path.startswith("assets/"):
        return "must begin with https://, or name a file in assets/"
    return None if parts.path in bodies else f"names {parts.path}, which is not in the package"
