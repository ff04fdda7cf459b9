"""A long ticket read in parts: which sentences go together, and how the parts' extractions become one.

Comes in: sentences with their printed sizes, then one extraction a part. Goes out: overlapping windows, then a single
`Extraction` that lost no fact. Nothing is cut silently: what no part could read is for the caller to name.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from copilot.core.extraction import FACT_LISTS, Extraction
from copilot.core.sentences import Sentence

_PARTY_FIELDS = ("by", "against", "of")
_OVERLAP_SHARE = 4
_UNKNOWN = "unknown"

Json = dict[str, Any]


def plan(sentences: Sequence[Sentence], sizes: Mapping[str, int], limit: int, overlap: int) -> list[tuple[Sentence, ...]]:
    """Cut sentences into runs of at most `limit` characters as printed, each with something new in it.

    A run starts up to `overlap` sentences before the last one ended, as far as that fills no more than a quarter of
    it. A sentence without a size has nothing to read. A single sentence over the limit is a run of its own.
    """
    shown = [sentence for sentence in sentences if sentence.id in sizes]
    runs: list[tuple[Sentence, ...]] = []
    start = read = 0
    while read < len(shown):
        end, used = start, 0
        while end < len(shown) and (end <= read or used + sizes[shown[end].id] <= limit):
            used += sizes[shown[end].id]
            end += 1
        runs.append(tuple(shown[start:end]))
        read = end
        start = _step_back(shown, sizes, end, limit // _OVERLAP_SHARE, overlap)
    return runs


def _step_back(shown: Sequence[Sentence], sizes: Mapping[str, int], end: int, limit: int, overlap: int) -> int:
    start, used = end, 0
    while start > max(0, end - overlap) and used + sizes[shown[start - 1].id] <= limit:
        start -= 1
        used += sizes[shown[start].id]
    return start


def joined(parts: Sequence[Extraction]) -> Extraction:
    """One extraction with the facts of several about the same ticket, read one after another.

    Parties are taken as one where both are the reporter, share a name, or are each side's only party of a role;
    never two of the same part. Facts that several parts tell stand there as often: to merge them is not a reader's task.
    """
    if len(parts) == 1:
        return parts[0]
    parties: list[Json] = []
    lists: dict[str, list[Json]] = {name: [] for name in FACT_LISTS}
    for part in parts:
        given = part.model_dump(mode="json")
        renamed = _unify(parties, given["parties"])
        for name in FACT_LISTS:
            lists[name] += [_rename(fact, renamed) for fact in given[name]]
    return Extraction.model_validate({"parties": parties, **lists})


def _rename(fact: Json, renamed: Mapping[str, str]) -> Json:
    """The fact with its parties' new ids; an id that names no party gets one that names none either."""
    return {field: renamed.get(value, f"?{value}") if field in _PARTY_FIELDS else value for field, value in fact.items()}


def _unify(known: list[Json], given: list[Json]) -> dict[str, str]:
    """Match a part's parties to those known so far, adding the new ones; returns given id → common id."""
    renamed: dict[str, str] = {}
    before = list(known)
    for rule in (_both_report, _share_a_name, _share_a_role, _one_role_is_unknown):
        left = [party for party in given if party["id"] not in renamed]
        free = [party for party in before if party["id"] not in renamed.values()]
        for party in left:
            matches = [other for other in free if rule(party, other)]
            rivals = [other for other in left if other is not party and any(rule(other, match) for match in matches)]
            if len(matches) == 1 and not rivals:
                renamed[party["id"]] = matches[0]["id"]
                _complete(matches[0], party)
    for party in given:
        if party["id"] not in renamed:
            renamed[party["id"]] = f"p{len(known) + 1}"
            known.append({**party, "id": renamed[party["id"]]})
    return renamed


def _complete(known: Json, party: Json) -> None:
    known["name"] = known["name"] or party["name"]
    known["role"] = party["role"] if known["role"] == _UNKNOWN else known["role"]


def _both_report(one: Json, other: Json) -> bool:
    return bool(one["is_reporter"] and other["is_reporter"])


def _share_a_name(one: Json, other: Json) -> bool:
    return bool(one["name"] and other["name"] and one["name"].casefold() == other["name"].casefold()) and _same_side(one, other)


def _share_a_role(one: Json, other: Json) -> bool:
    return one["role"] == other["role"] != _UNKNOWN and _same_side(one, other) and _names_agree(one, other)


def _one_role_is_unknown(one: Json, other: Json) -> bool:
    return _UNKNOWN in (one["role"], other["role"]) and _same_side(one, other) and _names_agree(one, other)


def _same_side(one: Json, other: Json) -> bool:
    return bool(one["is_reporter"] == other["is_reporter"])


def _names_agree(one: Json, other: Json) -> bool:
    return not (one["name"] and other["name"])
