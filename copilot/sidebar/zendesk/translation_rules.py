"""Rules about the words: which files, and what has to stand in them."""

from collections.abc import Iterator
from typing import Any

from copilot.sidebar.zendesk.findings import Finding, error, warning
from copilot.sidebar.zendesk.manifest_rules import LOCALE

ENGLISH = "translations/en.json"
PRODUCTS = {"support", "chat", "sell", "standalone_chat"}
PUBLIC = ("name", "short_description", "long_description", "installation_instructions")


def check(manifest: dict[str, Any], translations: dict[str, Any]) -> Iterator[Finding]:
    """Each file by itself; what Zendesk demands in full, it demands of the English one."""
    for file, words in sorted(translations.items()):
        locale = file.removeprefix("translations/").removesuffix(".json")
        if not LOCALE.fullmatch(locale):
            yield error(file, None, "must be named by a locale, such as en.json or pt-br.json")
        app = words.get("app")
        if not isinstance(app, dict):
            yield error(file, "app", "is missing; the words stand in an object «app»")
            continue
        yield from _words(file, "app", app)
        yield from _labels(file, app.get("parameters"), manifest)
        if file == ENGLISH:
            yield from _needed(file, app, manifest)


def _needed(file: str, app: dict[str, Any], manifest: dict[str, Any]) -> Iterator[Finding]:
    needed = ("name",) if manifest.get("private", True) is not False else PUBLIC
    products = sorted(PRODUCTS & set(app))
    location = manifest.get("location")
    for product in products:
        if isinstance(location, dict) and product not in location:
            yield error(file, f"app.{product}", "is a product that the manifest has no place in")
    for place, words in [(f"app.{product}", app[product]) for product in products] or [("app", app)]:
        given = set(words) if isinstance(words, dict) else set()
        if "description" in given:
            given.add("short_description")
        for name in needed:
            if name not in given:
                yield error(file, f"{place}.{name}", "is missing")


def _labels(file: str, parameters: object, manifest: dict[str, Any]) -> Iterator[Finding]:
    if parameters is not None and not isinstance(parameters, dict):
        yield error(file, "app.parameters", "must be an object, one entry a parameter")
        return
    entries: dict[str, Any] = parameters or {}
    for name, words in entries.items():
        if not isinstance(words, dict) or not isinstance(words.get("label"), str):
            yield error(file, f"app.parameters.{name}.label", "is missing")
    declared = manifest.get("parameters")
    for parameter in declared if isinstance(declared, list) else []:
        shown = parameter.get("name") if isinstance(parameter, dict) and parameter.get("type") != "hidden" else None
        if isinstance(shown, str) and shown not in entries:
            yield warning(file, f"app.parameters.{shown}", "is missing: an admin will see the bare name")


def _words(file: str, field: str, words: dict[str, Any]) -> Iterator[Finding]:
    """Every leaf is text."""
    for name, value in words.items():
        if isinstance(value, dict):
            yield from _words(file, f"{field}.{name}", value)
        elif not isinstance(value, str):
            yield error(file, f"{field}.{name}", "must be text, or an object of texts")
