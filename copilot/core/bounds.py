"""How much one value may hold, counted on plain JSON before any model looks at it.

Comes in: what `strict_json` parsed, such as a ticket, an extraction, a correction or feedback. Goes out: the first twenty
places that hold too much, each with words that hold nothing of what was given. A model tells one error for each item of a list
and for each key that it does not know; what is refused here never gets that far.

A list and a text are known by the key that they stand under, for a key means the same wherever it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from copilot.core.strict_json import Path, show_path

MAX_MESSAGES = 2_000
MAX_PARTICIPANTS = 500
MAX_PARTIES = 200
MAX_FACTS = 500
MAX_EVIDENCE = 5_000
MAX_KEYS = 32
"""No shape of the contract has half as many."""
MAX_KEYS_IN_ALL = 12_000
"""Two thousand messages and five hundred participants with every key that they may have come to less."""
MAX_OTHER_ITEMS = 1_000
MAX_DEPTH = 32
MAX_SHORT_TEXT_CHARACTERS = 1_000
MAX_FAULTS = 20

_MOST_ITEMS: Mapping[str, int] = {
    "messages": MAX_MESSAGES,
    "participants": MAX_PARTICIPANTS,
    "parties": MAX_PARTIES,
    "evidence": MAX_EVIDENCE,
}
_FACTS = ("threats", "demands", "damage_claims", "disputes")
_SHORT_TEXTS = frozenset({"name", "by", "against", "of", "evidence"})
_ADVICE: Mapping[str, str] = {"messages": "; split the ticket"}


@dataclass(frozen=True, slots=True)
class TooMuch:
    """One place that holds too much."""

    path: Path
    problem: str

    def __str__(self) -> str:
        return f"{show_path(self.path)}: {self.problem}" if self.path else self.problem


def too_much(value: object) -> tuple[TooMuch, ...]:
    """The first places that hold too much, at most twenty; none where a value is of a size that a ticket has."""
    return tuple(islice(_places(value), MAX_FAULTS))


def _places(top: object) -> Iterator[TooMuch]:
    """Without recursion; nothing is looked into that is itself too large."""
    waiting: list[tuple[Path, str, object]] = [((), "", top)]
    keys = 0
    while waiting and keys <= MAX_KEYS_IN_ALL:
        path, name, value = waiting.pop()
        problem = _problem(name, value)
        if problem is not None:
            yield TooMuch(path, problem)
        elif len(path) > MAX_DEPTH:
            yield TooMuch(path[:3], f"nested too deeply: more than {MAX_DEPTH} levels")
        elif isinstance(value, dict):
            keys += len(value)
            yield from (TooMuch(path, together) for together in _problems_together(value))
            waiting += [((*path, key), key, member) for key, member in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [((*path, index), name, value[index]) for index in reversed(range(len(value)))]
    if keys > MAX_KEYS_IN_ALL:
        yield TooMuch((), f"more than {MAX_KEYS_IN_ALL} keys in all")


def _problem(name: str, value: object) -> str | None:
    """What is wrong with the size of a value under that key, or in the list under it."""
    if isinstance(value, dict) and len(value) > MAX_KEYS:
        return f"{len(value)} keys are more than {MAX_KEYS}"
    if isinstance(value, list) and len(value) > _MOST_ITEMS.get(name, MAX_OTHER_ITEMS):
        return f"{len(value)} are more than {_MOST_ITEMS.get(name, MAX_OTHER_ITEMS)}{_ADVICE.get(name, '')}"
    if isinstance(value, str) and name in _SHORT_TEXTS and len(value) > MAX_SHORT_TEXT_CHARACTERS:
        return f"{len(value)} characters are more than {MAX_SHORT_TEXT_CHARACTERS}"
    return None


def _problems_together(value: Mapping[str, object]) -> Iterator[str]:
    """What only the lists of an extraction together make too much."""
    facts = [fact for name in _FACTS if isinstance(given := value.get(name), list) for fact in given]
    evidence = [given for fact in facts if isinstance(fact, dict) and isinstance(given := fact.get("evidence"), list)]
    if len(facts) > MAX_FACTS:
        yield f"more than {MAX_FACTS} facts"
    if sum(map(len, evidence)) > MAX_EVIDENCE:
        yield f"more than {MAX_EVIDENCE} pieces of evidence"
