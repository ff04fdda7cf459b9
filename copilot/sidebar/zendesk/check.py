"""Is this a package that Zendesk would take? Files in, findings out: errors first, each with its file and field.

The rules are those of Zendesk's own validator, as far as they can be told without an account; docs/zendesk.md lists what
cannot. Nothing is sent anywhere.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from copilot.sidebar.zendesk import file_rules, location_rules, manifest_rules, parameter_rules, translation_rules
from copilot.sidebar.zendesk.files import read_files
from copilot.sidebar.zendesk.findings import Finding, Level, error
from copilot.strict_json import JsonFault, parse

MANIFEST = "manifest.json"


def check_package(path: Path) -> list[Finding]:
    """Check a folder or a zip. Raises `InputError` where it is neither."""
    files = read_files(path)
    return _errors_first([*files.findings, *_found(files.bodies)])


def check_files(bodies: dict[str, bytes]) -> list[Finding]:
    """Check files that are at hand, by their paths in the package."""
    return _errors_first(list(_found(bodies)))


def _found(bodies: dict[str, bytes]) -> Iterator[Finding]:
    yield from file_rules.check(bodies)
    read: dict[str, Any] = {}
    for name in sorted(bodies):
        if name == MANIFEST or (name.startswith("translations/") and name.endswith(".json")):
            found = _parsed(name, bodies[name])
            if isinstance(found, Finding):
                yield found
            else:
                read[name] = found
    if MANIFEST not in bodies:
        yield _no_manifest(bodies)
    if (manifest := read.get(MANIFEST)) is not None:
        yield from manifest_rules.check(manifest, bodies)
        yield from location_rules.check(manifest, bodies)
        yield from parameter_rules.check(manifest)
        yield from translation_rules.check(manifest, {name: value for name, value in read.items() if name != MANIFEST})


def _parsed(name: str, body: bytes) -> dict[str, Any] | Finding:
    try:
        value = parse(body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return error(name, None, "is not UTF-8")
    except JsonFault as fault:
        return error(name, f"line {fault.line}", fault.problem)
    return value if isinstance(value, dict) else error(name, None, "must be one JSON object")


def _no_manifest(bodies: dict[str, bytes]) -> Finding:
    nested = next((name for name in sorted(bodies) if name.count("/") == 1 and name.endswith(f"/{MANIFEST}")), None)
    if nested:
        return error(nested, None, "lies one folder too deep; pack what is inside the folder, not the folder")
    return error(MANIFEST, None, "is missing; it must lie at the top of the package")


def _errors_first(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.level is not Level.ERROR)
