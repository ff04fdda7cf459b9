"""Feedback as files: one JSON object a line, or CSV that a spreadsheet shows and never runs.

A CSV cell that begins as a formula could begin, once what cannot be seen is left out, gets an apostrophe in front; line
ends and quotes are RFC 4180's.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator

from copilot.output.shown import json_text
from copilot.store import StoredFeedback

JSONL_TYPE = "application/jsonl"
CSV_TYPE = "text/csv; charset=utf-8; header=present"
COLUMNS = (
    "id", "suggestion_id", "decision_id", "created_at", "agent", "action", "ticket_id", "route", "labels", "rule",
    "changed_to_route", "changed_to_labels", "reason", "edited", "outcome_route", "outcome_labels", "first_choice",
    "with_sight", "taken_back", "comment", "note",
)  # fmt: skip
_SIGNS = frozenset("=+-@＝＋－＠﹢﹣﹦﹫−")
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_CONTROLS = frozenset("\t\r\n\0")


def as_jsonl(rows: Iterable[StoredFeedback]) -> Iterator[str]:
    """Rows as lines of JSON."""
    for row in rows:
        yield json_text(row) + "\n"


def as_csv(rows: Iterable[StoredFeedback]) -> Iterator[str]:
    """Rows as lines of CSV, under a line of names."""
    yield _line(COLUMNS)
    for row in rows:
        yield _line([_cell(value) for value in _values(row)])


def _values(row: StoredFeedback) -> list[object]:
    flat = row.model_dump(mode="json", exclude={"changed_to", "outcome"})
    for name in ("changed_to", "outcome"):
        place = getattr(row, name)
        flat[f"{name}_route"] = place.route.value if place else None
        flat[f"{name}_labels"] = [label.value for label in place.labels] if place else None
    return [flat[column] for column in COLUMNS]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if _could_be_a_formula(text) else text


def _could_be_a_formula(text: str) -> bool:
    """Programs strip other things from the front of a cell than others do, so everything blank or invisible is."""
    for character in text:
        if character in _CONTROLS or character in _SIGNS:
            return True
        if not (character.isspace() or unicodedata.category(character)[0] in "CZM" or character in _BLANK_LETTERS):
            return False
    return False


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return line.getvalue()
