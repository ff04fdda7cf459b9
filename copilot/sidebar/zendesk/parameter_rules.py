"""Rules about the settings that an admin fills in when installing the app."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from copilot.sidebar.zendesk.findings import Finding, error, warning
from copilot.sidebar.zendesk.manifest_rules import FILE

TYPES = ("text", "checkbox", "url", "number", "multiline", "hidden", "oauth")
SWITCHED_TYPES = ("mtls",)
"""Behind a switch in Zendesk."""

SCOPES = ("header", "body", "url", "jwt_secret_key", "jwt_claim", "basic_auth_username", "basic_auth_password")
MOST_MTLS = 3
_SECRET_NAME = re.compile("token|key|pwd|password", re.IGNORECASE)

Parameter = dict[str, Any]


def check(manifest: dict[str, Any]) -> Iterator[Finding]:
    """Each parameter by itself, then all together."""
    parameters = manifest.get("parameters")
    if parameters is None:
        return
    if not isinstance(parameters, list):
        yield error(FILE, "parameters", "must be a list")
        return
    if parameters and manifest.get("marketingOnly") is True:
        yield error(FILE, "parameters", "must be left out of an app that is only marketing")
    for index, parameter in enumerate(parameters):
        if isinstance(parameter, dict):
            yield from _one(f"parameters[{index}]", parameter)
        else:
            yield error(FILE, f"parameters[{index}]", "must be an object with name and type")
    yield from _together([parameter for parameter in parameters if isinstance(parameter, dict)])


def _one(field: str, parameter: Parameter) -> Iterator[Finding]:
    name, kind, secure = parameter.get("name"), parameter.get("type", "text"), parameter.get("secure", False)
    if not isinstance(name, str) or not name:
        yield error(FILE, f"{field}.name", "must be a string that is not empty")
    elif name == "name":
        yield error(FILE, f"{field}.name", "must not be «name», which Zendesk uses itself")
    for flag in ("required", "secure"):
        if not isinstance(parameter.get(flag, False), bool):
            yield error(FILE, f"{field}.{flag}", "must be true or false, without quotes")
    if kind == "password":
        yield error(FILE, f"{field}.type", "password is gone; use text with secure true")
    elif kind not in (*TYPES, *SWITCHED_TYPES):
        yield error(FILE, f"{field}.type", f"must be one of {', '.join(TYPES)}")
    if kind == "hidden" and parameter.get("required") is True:
        yield error(FILE, f"{field}.required", "must be false: nobody could fill in a hidden parameter")
    if kind == "oauth" and secure is True:
        yield error(FILE, f"{field}.secure", "must be false for oauth")
    if kind == "mtls" and not parameter.get("allowed_domain"):
        yield error(FILE, f"{field}.allowed_domain", "is missing; mtls needs it")
    yield from _secrecy(field, parameter)


def _secrecy(field: str, parameter: Parameter) -> Iterator[Finding]:
    name, kind, is_secure = parameter.get("name"), parameter.get("type", "text"), parameter.get("secure") is True
    scopes = parameter.get("scopes")
    if scopes is not None:
        if not is_secure:
            yield error(FILE, f"{field}.scopes", "may stand only on a secure parameter")
        elif not isinstance(scopes, list) or not scopes or any(scope not in SCOPES for scope in scopes):
            yield error(FILE, f"{field}.scopes", f"must be a list out of {', '.join(SCOPES)}")
    elif is_secure:
        yield warning(FILE, f"{field}.scopes", "is missing: say where the secret may be used")
    if kind == "text" and not is_secure and isinstance(name, str) and _SECRET_NAME.search(name):
        yield warning(FILE, f"{field}.secure", "is not set, though the name sounds like a secret")
    if "default" in parameter and (is_secure or kind == "hidden"):
        yield warning(FILE, f"{field}.default", "everybody with the package can read it; leave it out")


def _together(parameters: list[Parameter]) -> Iterator[Finding]:
    names = Counter(parameter["name"] for parameter in parameters if isinstance(parameter.get("name"), str))
    for name, count in names.items():
        if count > 1:
            yield error(FILE, "parameters", f"{name!r} is there {count} times; names must differ")
    kinds = Counter(str(parameter.get("type")) for parameter in parameters)
    if kinds["oauth"] > 1:
        yield error(FILE, "parameters", "only one may be of type oauth")
    if kinds["mtls"] > MOST_MTLS:
        yield error(FILE, "parameters", f"at most {MOST_MTLS} may be of type mtls")
