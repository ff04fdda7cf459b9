"""Rules about the manifest's own fields: which are needed, and of which type."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from copilot.sidebar.zendesk.findings import Finding, error

FILE = "manifest.json"
LOCALE = re.compile(r"[a-z]{2,3}(?:-\w{2,3})?", re.ASCII)
FRAMEWORK = "2.0"
NEEDED = ("author", "defaultLocale")
BOOLEANS = ("private", "singleInstall", "signedUrls", "requirementsOnly", "marketingOnly")
STRINGS = ("name", "defaultLocale", "version", "frameworkVersion", "remoteInstallationURL", "termsConditionsURL", "gaID")
AUTHOR_STRINGS = ("name", "email", "url")
OAUTH_NEEDED = ("client_id", "client_secret", "authorize_uri", "access_token_uri")


def has_no_page(manifest: dict[str, Any]) -> bool:
    """True for an app that is only requirements or marketing: it must not name a location or a framework."""
    return manifest.get("requirementsOnly") is True or manifest.get("marketingOnly") is True


def check(manifest: dict[str, Any], bodies: dict[str, bytes]) -> Iterator[Finding]:
    """Everything but locations, parameters and translations."""
    for field in NEEDED:
        if manifest.get(field) is None:
            yield error(FILE, field, "is missing")
    yield from _types(manifest)
    yield from _author(manifest.get("author"))
    yield from _locale(manifest.get("defaultLocale"), bodies)
    yield from _framework(manifest)
    yield from _oauth(manifest)
    if manifest.get("noTemplate"):
        yield error(FILE, "noTemplate", "is of framework 1; take it out")
    if manifest.get("marketingOnly") is True and manifest.get("private", True) is not False:
        yield error(FILE, "private", "must be false in an app that is only marketing")


def _types(manifest: dict[str, Any]) -> Iterator[Finding]:
    for field in BOOLEANS:
        if field in manifest and not isinstance(manifest[field], bool):
            yield error(FILE, field, "must be true or false, without quotes")
    for field in STRINGS:
        if manifest.get(field) is not None and not isinstance(manifest[field], str):
            yield error(FILE, field, "must be a string, in quotes")
    domains = manifest.get("domainWhitelist")
    if domains is not None and not (isinstance(domains, list) and all(isinstance(domain, str) for domain in domains)):
        yield error(FILE, "domainWhitelist", "must be a list of strings")
    if not isinstance(manifest.get("experiments", {}), dict):
        yield error(FILE, "experiments", "must be an object")
    yield from _url("termsConditionsURL", manifest.get("termsConditionsURL"))


def _author(author: object) -> Iterator[Finding]:
    if author is None:
        return
    if not isinstance(author, dict):
        yield error(FILE, "author", "must be an object with name, email and url")
        return
    for field in AUTHOR_STRINGS:
        if author.get(field) is not None and not isinstance(author[field], str):
            yield error(FILE, f"author.{field}", "must be a string")
    yield from _url("author.url", author.get("url"))


def _url(field: str, value: object) -> Iterator[Finding]:
    if not isinstance(value, str):
        return
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield error(FILE, field, "must be a whole http or https address")


def _locale(locale: object, bodies: dict[str, bytes]) -> Iterator[Finding]:
    if not isinstance(locale, str):
        return
    if not LOCALE.fullmatch(locale):
        yield error(FILE, "defaultLocale", "must be a locale such as en or pt-br")
    elif f"translations/{locale}.json" not in bodies:
        yield error(FILE, "defaultLocale", f"names {locale!r}, but translations/{locale}.json is missing")


def _framework(manifest: dict[str, Any]) -> Iterator[Finding]:
    version = manifest.get("frameworkVersion")
    if has_no_page(manifest):
        if version is not None:
            yield error(FILE, "frameworkVersion", "must be left out of an app without pages")
    elif version is None:
        yield error(FILE, "frameworkVersion", f'is missing; give "{FRAMEWORK}"')
    elif version != FRAMEWORK:
        yield error(FILE, "frameworkVersion", f'must be "{FRAMEWORK}", in quotes; Zendesk serves no other')


def _oauth(manifest: dict[str, Any]) -> Iterator[Finding]:
    oauth = manifest.get("oauth")
    if oauth is None:
        return
    if not isinstance(oauth, dict):
        yield error(FILE, "oauth", "must be an object")
        return
    for field in OAUTH_NEEDED:
        if not oauth.get(field):
            yield error(FILE, f"oauth.{field}", "is missing")
    parameters = manifest.get("parameters")
    kinds = [one.get("type") for one in parameters if isinstance(one, dict)] if isinstance(parameters, list) else []
    if "oauth" not in kinds:
        yield error(FILE, "oauth", "needs a parameter of type oauth")
