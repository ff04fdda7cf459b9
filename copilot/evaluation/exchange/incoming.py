"""What comes in from another tool: entries of its data set, made cases where they say all that a case needs.

Comes in: an `Entry` for each, as the tool's own module read it. Goes out: cases; by place and reason, what cannot be one; and by
name, what the entries said that a case has no place for. Nothing is guessed: an entry that names no rule is left out.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from copilot.core.errors import InputError
from copilot.core.validation import first_problem
from copilot.evaluation.cases.case import CaseError, LabelledCase, check_gold

_FROM_METADATA = ("tags", "why", "rule", "extraction", "labels")
_LABELLED = {"route": "the expected output's route", "labels": "the expected output's labels", "rule": "metadata.rule"}


class ExchangeError(InputError):
    """A file of another tool that cannot be used; the message names the file and the next step."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a data set. `ticket` and `expected` are as they stand there; `beside` names what has no place in a case."""

    where: str
    id: object
    ticket: object
    expected: object
    metadata: object = None
    beside: tuple[str, ...] = ()


@dataclass
class Imported:
    """What came of a data set. `left_out` tells place and reason; `unmapped` counts names that were not taken over."""

    cases: list[LabelledCase] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    unmapped: Counter[str] = field(default_factory=Counter)


def import_entries(entries: Iterable[Entry]) -> Imported:
    """Make a case of each entry that says enough for one."""
    made, seen = Imported(), set[str]()
    for entry in entries:
        metadata = entry.metadata if isinstance(entry.metadata, dict) else {}
        decided = _decided(entry.expected)
        made.unmapped.update(entry.beside)
        made.unmapped.update(f"metadata.{name}" for name in metadata if name not in _FROM_METADATA)
        made.unmapped.update(f"expected.{name}" for name in decided if name not in ("route", "labels", "rule"))
        try:
            case = _case(entry, metadata, decided)
        except CaseError as fault:
            made.left_out.append(str(fault))
            continue
        if case.id in seen:
            made.left_out.append(f"{entry.where}: id {case.id!r} is used twice; case ids must be unique")
            continue
        seen.add(case.id)
        made.cases.append(case)
    return made


def _case(entry: Entry, metadata: Mapping[str, Any], decided: Mapping[str, Any]) -> LabelledCase:
    """Raises `CaseError`, which tells the place and what is missing or does not fit."""
    expect = {name: decided.get(name, metadata.get(name)) for name in _LABELLED}
    missing = [words for name, words in _LABELLED.items() if expect[name] is None]
    missing += [words for words, value in (("an id", entry.id), ("a ticket", entry.ticket)) if value in (None, "")]
    if missing:
        raise CaseError(f"{entry.where}: no case without {', '.join(missing)}")
    given = {
        "id": str(entry.id),
        "tags": metadata.get("tags"),
        "ticket": _ticket(entry),
        "expect": expect | {"extraction": metadata.get("extraction")},
        "why": metadata.get("why"),
    }
    try:
        case = LabelledCase.model_validate(given)
    except ValidationError as fault:
        raise CaseError(f"{entry.where}: {first_problem(fault, 'the entry')}") from None
    check_gold(case, entry.where)
    return case


def _ticket(entry: Entry) -> object:
    """A ticket in full, as an object or as JSON text; any other text is the only message of one."""
    if not isinstance(entry.ticket, str):
        return entry.ticket
    whole = _object(entry.ticket)
    return whole if "messages" in whole else {"id": str(entry.id), "messages": [{"text": entry.ticket}]}


def _decided(expected: object) -> dict[str, Any]:
    """The expected decision: an object, the JSON text of one, or a route alone."""
    if isinstance(expected, dict):
        return expected
    if not isinstance(expected, str):
        return {}
    return _object(expected) or {"route": expected}


def _object(text: str) -> dict[str, Any]:
    """The object that a text is in JSON; nothing where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
