"""Where the same words stand in two places: case beside case, case beside prompt, case beside training ticket.

A figure on cases whose text is in the prompt or in the training tickets says nothing about tickets to come. Words are
compared in small letters, without accents, look-alikes and invisible characters, so that these hide no copy.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from copilot.evaluation.cases.case import CaseSet, LabelledCase
from copilot.readers.embedded.plain import plain

RUN_WORDS = 5
"""So many words in a row, the same in two places, are no chance. Words of one letter («I», «n'», «y») are passed over."""
SHINGLE_WORDS = 3
MOST_ALIKE = 0.25
"""Two cases that share a larger part of their three-word shingles (Jaccard) are near-duplicates."""
TRAINING_RUN_WORDS = 10
"""People who tell of the same things share shorter runs; ten words in a row are a copy."""
_WORD = re.compile(r"\w+")

_SCHEMA = re.compile(
    r"p\d+|parties|threats|demands|damage_claims|disputes|id|role|is_reporter|name|by|against|of|harm|asset|kind|evidence|intent|motive"
)
"""Field names and party ids: a ticket that poses as an answer shares those with the prompt, and copies nothing."""


def words_of(text: str) -> list[str]:
    """The words of a text, folded; those of one letter are left out, and so are apostrophes."""
    folded = unicodedata.normalize("NFKD", plain(text).casefold())
    letters = "".join(char for char in folded if not unicodedata.combining(char))
    return [word for word in _WORD.findall(letters) if len(word) > 1]


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
    runs = _runs(cases, RUN_WORDS)
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".j2", ".json")):
        for text in _texts(path):
            words = words_of(text)
            for run in _windows(words, RUN_WORDS):
                if all(_SCHEMA.fullmatch(word) for word in run):
                    continue
                for case in runs.get(run, ()):
                    yield case, path.name, " ".join(run)


def in_training(cases: CaseSet, folder: Path) -> Iterator[tuple[LabelledCase, str, str]]:
    """Runs of words that a case shares with a training ticket: case, file and line, words."""
    runs = _runs(cases, TRAINING_RUN_WORDS)
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            words = words_of(" ".join(sentence for sentence, _ in json.loads(line)["sents"]))
            for run in _windows(words, TRAINING_RUN_WORDS):
                for case in runs.get(run, ()):
                    yield case, f"{path.name}:{number}", " ".join(run)


def _runs(cases: CaseSet, length: int) -> dict[tuple[str, ...], list[LabelledCase]]:
    found: dict[tuple[str, ...], list[LabelledCase]] = defaultdict(list)
    for case in cases.cases:
        for run in _shingles(case_words(case), length):
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
