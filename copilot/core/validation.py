"""What Pydantic has against a value, in our words: its errors in, the field and one line out, never what stood there."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from copilot.core.strict_json import show_path

_PLAIN_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not a known key",
    "string_type": "must be a string",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "bool_type": "must be true or false",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
    "string_too_short": "is empty",
}
_BEGINNINGS = {"Input should be": "must be", "String should have": "must have", "String should": "must"}


def problem_of(error: Mapping[str, Any]) -> str:
    """What is wrong, as one of `ValidationError.errors()` tells it; a check of our own has its own words."""
    if error["type"] == "value_error":
        return str(error.get("ctx", {}).get("error", "does not fit"))
    words = _PLAIN_WORDS.get(error["type"]) or str(error["msg"])
    for beginning, ours in _BEGINNINGS.items():
        words = words.replace(beginning, ours)
    return words[:1].lower() + words[1:]


def first_problem(fault: ValidationError, whole: str) -> str:
    """The first field that does not fit, and why; `whole` is what the value is called where it is no single field."""
    first = fault.errors(include_input=False, include_url=False)[0]
    field = show_path(tuple(first["loc"])) or whole
    return f"{field}{':' if first['type'] == 'value_error' else ''} {problem_of(first)}"
