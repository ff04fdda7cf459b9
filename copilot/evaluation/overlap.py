"""Where the same words stand in two places: case beside case, case beside prompt, case beside lexicon.

A figure on cases whose text is in the prompt or the lexicon says nothing about tickets to come. Words are compared as
the lexicon's engine folds them, so that accents, look-alikes and invisible characters hide no copy.
"""

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from copilot.evaluation.cases import CaseSet, LabelledCase
from copilot.readers.lexicon_engine.pattern_syntax import Element, parse
from copilot.readers.lexicon_engine.text import tokenise

RUN_WORDS = 5
"""So many words in a row, the same in two places, are no chance. Words of one letter («I», «n'», «y») are passed over."""
SHINGLE_WORDS = 3
MOST_ALIKE = 0.25
"""Two cases that share a larger part of their three-word shingles (Jaccard) are near-duplicates."""
MOST_SPELLINGS = 4
"""A place in a pattern that takes more words than these is general, and quotes nobody."""


_SCHEMA = re.compile(
    r"p\d+|parties|threats|demands|damage_claims|disputes|id|role|is_reporter|name|by|against|of|harm|asset|kind|evidence|intent|motive"
)
"""Field names and party ids: a ticket that poses as an answer shares those with the prompt, and copies nothing."""


def words_of(text: str) -> list[str]:
    """The words of a text, folded; those of one letter are left out, and so are apostrophes."""
    return [token.text for token in tokenise(text) if len(token.text) > 1 and any(char.isalnum() for char in token.text)]


def case_words(case: LabelledCase) -> list[list[str]]:
    """The words of each message of a case, and of its subject."""
    return [words_of(text) for text in (case.ticket.subject, *(message.text for message in case.ticket.messages))]


def alike(cases: CaseSet) -> Iterator[tuple[LabelledCase, LabelledCase, float]]:
    """Pairs of cases of different families that are near-duplicates, with their likeness."""
    shingles = [_shingles(case_words(case), SHINGLE_WORDS) for case in cases.cases]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, own in enumerate(shingles):
        shared: dict[int, int] = defaultdict(int)
        for shingle in own:
            for other in holders[shingle]:
                shared[other] += 1
            holders[shingle].append(place)
        for other, count in shared.items():
            likeness = count / (len(own) + len(shingles[other]) - count)
            first, second = cases.cases[other], cases.cases[place]
            if likeness > MOST_ALIKE and first.family != second.family:
                yield first, second, likeness


def in_prompts(cases: CaseSet, folder: Path) -> Iterator[tuple[LabelledCase, str, str]]:
    """Runs of words that a case shares with a file of the prompt: case, file, words."""
    runs = _runs(cases)
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".j2", ".json")):
        for text in _texts(path):
            words = words_of(text)
            for run in _windows(words, RUN_WORDS):
                if all(_SCHEMA.fullmatch(word) for word in run):
                    continue
                for case in runs.get(run, ()):
                    yield case, path.name, " ".join(run)


def in_lexicon(cases: CaseSet, folder: Path) -> Iterator[tuple[LabelledCase, str, str]]:
    """Runs of words that a case shares with a pattern of a lexicon: case, file and pattern, words."""
    runs = _runs(cases)
    for path in sorted(folder.glob("*.toml")):
        given = tomllib.loads(path.read_text(encoding="utf-8"))
        patterns = dict.fromkeys(pattern for one in given.get("concepts", {}).values() for pattern in one)
        for pattern in patterns:
            for run in _literal_runs(parse(pattern, given.get("words", {}))):
                for case in runs.get(run, ()):
                    yield case, f"{path.name} {pattern!r}", " ".join(run)


def _runs(cases: CaseSet) -> dict[tuple[str, ...], list[LabelledCase]]:
    found: dict[tuple[str, ...], list[LabelledCase]] = defaultdict(list)
    for case in cases.cases:
        for run in _shingles(case_words(case), RUN_WORDS):
            found[run].append(case)
    return found


def _shingles(texts: Iterable[Sequence[str]], length: int) -> set[tuple[str, ...]]:
    return {window for words in texts for window in _windows(words, length)}


def _windows(words: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    for start in range(len(words) - length + 1):
        yield tuple(words[start : start + length])


def _texts(path: Path) -> Iterator[str]:
    """The texts of a prompt file: a template line by line, and every string of a JSON file."""
    text = path.read_text(encoding="utf-8")
    yield from _strings(json.loads(text)) if path.suffix == ".json" else text.splitlines()


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _literal_runs(rows: Iterable[Sequence[Element]]) -> set[tuple[str, ...]]:
    """Every run of words that a pattern spells out, place after place, without a gap, a prefix or a long list."""
    found: set[tuple[str, ...]] = set()
    for whole in rows:
        row = [element for element in whole if not element.exact or max(map(len, element.exact)) > 1]
        for start in range(len(row) - RUN_WORDS + 1):
            window = row[start : start + RUN_WORDS]
            if all(element.is_plain and len(element.exact) <= MOST_SPELLINGS for element in window):
                found |= _spelled_out(window)
    return found


def _spelled_out(window: Sequence[Element]) -> set[tuple[str, ...]]:
    runs: list[tuple[str, ...]] = [()]
    for element in window:
        runs = [(*run, word) for run in runs for word in sorted(element.exact)]
    return set(runs)
