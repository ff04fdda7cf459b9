"""What tells a corrected suggestion from the first one: two suggestions in, the fields that differ out."""

from typing import Any

from copilot.core.closed import Closed
from copilot.output.suggestion import Suggestion
from copilot.store.records import ChangedField

_FIELDS = ("route", "queue", "labels", "rule", "statements", "cautions", "report_received", "ask_next")


def changes(first: Suggestion, second: Suggestion) -> list[ChangedField]:
    """Each field that differs, in the order of the contract's importance; of the note only that it does."""
    found = [_change(name, getattr(first, name), getattr(second, name)) for name in _FIELDS]
    if first.note != second.note:
        found.append(ChangedField.model_validate({"field": "note", "from": None, "to": None}))
    return [one for one in found if one is not None]


def _change(name: str, before: Any, after: Any) -> ChangedField | None:
    return None if before == after else ChangedField.model_validate({"field": name, "from": _plain(before), "to": _plain(after)})


def _plain(value: Any) -> Any:
    return (
        [_plain(one) for one in value] if isinstance(value, list) else value.model_dump() if isinstance(value, Closed) else value
    )
