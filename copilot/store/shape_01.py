"""Suggestions as version 0.1 kept them, brought into today's shape.

Comes in: the JSON object of a suggestion. Goes out: the same in the shape of 0.2; what is in that shape already stays as it is.
Version 0.1 held a list for each kind of fact, and English sentences where there are codes now. They were a closed set, and
their words are the ones that the table still has; a sentence that is not in it keeps its words under the code `unlisted`.
"""

import re
from collections.abc import Mapping
from typing import Any

from copilot.output.wording import table

Json = dict[str, Any]

UNLISTED = "unlisted"
_LISTS = ("threats", "demands", "damage_claims", "disputes")
_UNKNOWN_NAME = "gives a name that is not in the ticket word for word, or is over 80 characters; the party is kept without it"
_DROPPED = {
    "cites no sentence": "no_evidence",
    "cites a sentence that the ticket does not have": "unknown_sentence",
    "names a party that the extraction does not have": "unknown_party",
    "names one party as both the actor and the one acted on": "same_party",
    _UNKNOWN_NAME: "unknown_name",
}
_CONDITIONS = {
    "mediation_eligible is true": "mediation_true",
    "mediation_eligible is false": "mediation_false",
    "is struck": "fact_removed",
    "is for feedback": "demand_for_feedback",
    "is not for feedback": "demand_not_for_feedback",
}
_OF_A_FACT = re.compile(r"(\w+)\[(\d+)\] \([^)]*\) (.+)")


def upgraded(given: Json) -> Json:
    """The suggestion in the shape of 0.2."""
    shown = given["facts"]
    if isinstance(shown, list):
        return given
    ids: dict[tuple[str, int], str] = {}
    facts: list[Json] = []
    for name in _LISTS:
        for index, fact in enumerate(shown[name]):
            ids[name, index] = f"f{len(facts) + 1}"
            reason = _reason(fact["reason"], table()["reason"])
            facts.append({**fact, "id": ids[name, index], "type": name.removesuffix("s"), "reason": reason})
    return given | {
        "parties": shown["parties"],
        "facts": facts,
        "dropped": [{**one, "reason": _coded(one["reason"], _DROPPED)} for one in shown["dropped"]],
        "review_reasons": _review_reasons(given["note"]),
        "ask_next": [_question(text) for text in given["ask_next"]],
        "would_change": [_change(one["if"], ids) | {"then": one["then"]} for one in given["would_change"]],
    }


def _coded(text: str, codes: Mapping[str, str]) -> Json:
    return {"code": codes.get(text, UNLISTED), "text": text}


def _reason(text: str, words: Mapping[str, str]) -> Json:
    return _coded(text, {sentence: code for code, sentence in words.items()})


def _review_reasons(note: str) -> list[Json]:
    """Why a person must judge, which only the note told."""
    lines = note.splitlines()
    return [_reason(text, table()["why"]) for text in table()["why"].values() if f"- {text}" in lines]


def _question(text: str) -> Json:
    """Whom it is about is told in its words; the ids were not kept."""
    asked = {code: re.escape(words).replace(r"\{who\}", ".+") for code, words in table()["ask"].items()}
    code = next((code for code, pattern in asked.items() if re.fullmatch(pattern, text)), UNLISTED)
    return {"code": code.removesuffix("_customer"), "parameters": {}, "text": text}


def _change(text: str, ids: Mapping[tuple[str, int], str]) -> Json:
    match = _OF_A_FACT.fullmatch(text)
    if match is None:
        return {"code": _CONDITIONS.get(text, UNLISTED), "parameters": {}, "text": text}
    fact = ids.get((match[1], int(match[2])))
    return {"code": _CONDITIONS.get(match[3], UNLISTED), "parameters": {"fact": fact} if fact else {}, "text": text}
