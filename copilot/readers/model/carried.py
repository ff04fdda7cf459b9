"""What a first answer said, carried over a second asking: a second answer may add and correct, and never erase.

Comes in: the text of an answer that could not be used, or an extraction of which something could not be verified. Goes
out: an extraction of what it said. A fact that is broken stays as one that cites no sentence: the facts layer drops and
reports it, and a decision that it would change is for a person. Nothing is made up: no harm is named, no sentence cited.
"""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from copilot.core import strict_json
from copilot.core.extraction import (
    FACT_LISTS,
    ExtractedDamageClaim,
    ExtractedDemand,
    ExtractedDispute,
    ExtractedParty,
    ExtractedThreat,
    Extraction,
)
from copilot.readers.model import chunking
from copilot.readers.model.wrapping import answer_in, unwrapped

_MOST_ITEMS = 200
_SHAPES: dict[str, type[BaseModel]] = {
    "threats": ExtractedThreat,
    "demands": ExtractedDemand,
    "damage_claims": ExtractedDamageClaim,
    "disputes": ExtractedDispute,
}
_NOBODY = {"by": "?1", "against": "?2", "of": "?2"}
_BROKEN: dict[str, dict[str, Any]] = {
    "threats": {"by": "?1", "against": "?2", "harm": "unspecified", "asset": "not_stated", "evidence": []},
    "demands": {"by": "?1", "of": "?2", "kind": "not_stated", "evidence": []},
    "damage_claims": {
        **{"by": "?1", "against": "?2", "harm": "unspecified", "asset": "not_stated"},
        **{"intent": "unclear", "motive": "not_stated", "evidence": []},
    },
}
"""What stands for a fact of which only the list is known."""
_NAMES_A_FACT = re.compile(r"""["'](threats|demands|damage_claims)["']\s{0,20}:\s{0,20}\[\s{0,20}[^\]\s]""")


def salvaged(content: str) -> Extraction:
    """What an answer that is no valid extraction said, fact by fact: the sound ones whole, the others as broken ones."""
    given = _given(content)
    if given is None:
        named = dict.fromkeys(match[1] for match in _NAMES_A_FACT.finditer(content))
        return _extraction([], {name: [_BROKEN[name]] for name in named})
    lists = {name: [fact for item in _items(given, name) for fact in _sound(name, item)] for name in FACT_LISTS}
    return _extraction(_parties(given), lists)


def is_whole(content: str, extraction: Extraction) -> bool:
    """Whether a salvaged extraction may stand alone: all that an answer must have was there, only facts were broken."""
    given = _given(content)
    if given is None or set(given) != set(Extraction.model_fields):
        return False
    return bool(extraction.parties) and len(extraction.parties) == len(_items(given, "parties"))


def _given(content: str) -> dict[str, Any] | None:
    """The object of an answer, or None where there is none."""
    try:
        given = answer_in(strict_json.parse(unwrapped(content)))
    except strict_json.JsonFault:
        return None
    return given if isinstance(given, dict) else None


def _items(given: dict[str, Any], name: str) -> list[Any]:
    items = given.get(name)
    return items[:_MOST_ITEMS] if isinstance(items, list) else []


def _sound(name: str, item: object) -> Iterator[dict[str, Any]]:
    """The fact as it is where it has the contract's shape; else one of its list that cites nothing, with what is sound in it."""
    try:
        yield _SHAPES[name].model_validate(item).model_dump(mode="json")
    except ValidationError as fault:
        if name in _BROKEN:
            wrong = {error["loc"][0] for error in fault.errors(include_input=False, include_context=False) if error["loc"]}
            said = item if isinstance(item, dict) else {}
            kept = {key: said[key] for key in _BROKEN[name] if key in said and key not in wrong}
            yield _BROKEN[name] | kept | {"evidence": []}


def _parties(given: dict[str, Any]) -> list[dict[str, Any]]:
    """The sound parties, the first of an id; of several reporters none is one."""
    parties: dict[str, dict[str, Any]] = {}
    for item in _items(given, "parties"):
        try:
            party = ExtractedParty.model_validate(item).model_dump(mode="json")
        except ValidationError:
            continue
        parties.setdefault(party["id"], party)
    if sum(party["is_reporter"] for party in parties.values()) > 1:
        return [party | {"is_reporter": False} for party in parties.values()]
    return list(parties.values())


def _extraction(parties: list[dict[str, Any]], lists: dict[str, list[dict[str, Any]]]) -> Extraction:
    empty: dict[str, list[dict[str, Any]]] = {name: [] for name in FACT_LISTS}
    return Extraction.model_validate({"parties": parties, **empty, **lists})


def joined(second: Extraction, first: Extraction, doubtful: frozenset[tuple[str, int]]) -> Extraction:
    """The second answer, and what the first said that the second lacks.

    `doubtful` are the places (list and index) of the first's facts that could not be verified: they are taken along only
    where the second says nothing of their list. Where both answers mean the same people by the same ids, a fact is lacking
    if no other has its kind and people; else if none has its kind, since a party may just have been corrected.
    """
    said, before = second.model_dump(mode="json"), first.model_dump(mode="json")
    are_same = _cast(before) == _cast(said)
    lacking: dict[str, list[dict[str, Any]]] = {name: [] for name in FACT_LISTS}
    for name in FACT_LISTS:
        known = {_kind(fact, are_same) for fact in said[name]}
        for index, fact in enumerate(before[name]):
            is_lacking = not said[name] if (name, index) in doubtful else _kind(fact, are_same) not in known
            if is_lacking:
                lacking[name].append(fact)
    if not any(lacking.values()):
        return second
    if are_same:
        return Extraction.model_validate({**said, **{name: [*said[name], *lacking[name]] for name in FACT_LISTS}})
    return chunking.joined([second, _extraction(before["parties"], lacking)])


def _cast(given: dict[str, Any]) -> list[tuple[object, ...]]:
    return [(party["id"], party["role"], party["is_reporter"]) for party in given["parties"]]


def _kind(fact: dict[str, Any], with_people: bool) -> tuple[object, ...]:
    people = tuple(fact.get(role) for role in _NOBODY) if with_people else ()
    return (fact.get("harm"), fact.get("kind"), *people)
