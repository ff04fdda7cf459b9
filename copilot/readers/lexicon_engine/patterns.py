"""Find the lexicon's phrases in a text.

A table is keyed by the first word of each phrase (whole or as a prefix), so finding grows with the text and not with
the lexicon.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypedDict

from copilot.readers.lexicon_engine.pattern_syntax import Element, Known, Rows, Speller, parse
from copilot.readers.lexicon_engine.text import Token


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept seen: words `first` to `last`, both included. `words` are the words its pattern spells out."""

    concept: str
    first: int
    last: int
    words: frozenset[str] = frozenset()


_REMEMBERED_WORDS = 50_000
Row = tuple[str, tuple[Element, ...]]
"""A concept and the elements of one of its phrases."""
_Beginnings = tuple[list[Row], dict[str, list[Row]]]
"""Rows that begin with one word: those to try always, and those by the only words they go on with."""


def _sorted_by_second(rows: Iterable[Row]) -> _Beginnings:
    always: list[Row] = []
    by_second: dict[str, list[Row]] = {}
    for row in rows:
        _, elements = row
        if len(elements) > 1 and elements[1].is_plain:
            for word in elements[1].exact:
                by_second.setdefault(word, []).append(row)
        else:
            always.append(row)
    return always, by_second


class Compiled(TypedDict):
    """The patterns of one language, worked out: plain lists and words, so that they can be kept as JSON.

    An element is its exact words, prefixes and kinds, and the fewest and most words it takes; a phrase is a concept and its
    rows of elements, by number. `exact`, `prefix` and `kinds` say which phrases, by number, can begin so.
    """

    elements: list[tuple[list[str], list[str], list[str], int, int]]
    phrases: list[tuple[str, list[list[int]]]]
    exact: dict[str, list[int]]
    prefix: dict[str, list[int]]
    kinds: dict[str, list[int]]


def compiled(
    concepts: Mapping[str, Sequence[str]], words: Mapping[str, str], marketplace: str, spell: Speller = list
) -> Compiled:
    """Work out all patterns of a language. Raises `PatternError`."""
    known, numbers = Known(), dict[Element, int]()
    made = Compiled(elements=[], phrases=[], exact={}, prefix={}, kinds={})
    for concept, patterns in concepts.items():
        for pattern in patterns:
            rows = parse(pattern, words, marketplace, spell, known)
            _index(made, rows)
            made["phrases"].append((concept, [[numbers.setdefault(one, len(numbers)) for one in row] for row in rows]))
    made["elements"] = [(sorted(one.exact), list(one.prefixes), sorted(one.kinds), one.low, one.high) for one in numbers]
    return made


def _index(made: Compiled, rows: Rows) -> None:
    """Note how the next phrase can begin."""
    number, firsts = len(made["phrases"]), {row[0] for row in rows}
    for word in sorted({word for first in firsts for word in first.exact}):
        made["exact"].setdefault(word, []).append(number)
    for prefix in sorted({prefix for first in firsts for prefix in first.prefixes}):
        made["prefix"].setdefault(prefix, []).append(number)
    for kind in sorted({kind for first in firsts for kind in first.kinds}):
        made["kinds"].setdefault(kind, []).append(number)


class Table:
    """The patterns of one language, found by the words they can begin with."""

    def __init__(self, made: Compiled) -> None:
        self._exact, self._prefix, self._kinds = made["exact"], made["prefix"], made["kinds"]
        self._longest_prefix = max(map(len, self._prefix), default=0)
        self._made = made
        self._elements: dict[int, Element] = {}
        self._rows: dict[int, list[Row]] = {}
        self._ready: dict[tuple[str, tuple[str, ...]], _Beginnings] = {}

    def _rows_of(self, phrase: int) -> list[Row]:
        """The rows of a phrase, made of elements when a text first holds a word that it can begin with."""
        if phrase not in self._rows:
            concept, rows = self._made["phrases"][phrase]
            self._rows[phrase] = [(concept, tuple(map(self._element, row))) for row in rows]
        return self._rows[phrase]

    def _element(self, number: int) -> Element:
        if number not in self._elements:
            exact, prefixes, kinds, low, high = self._made["elements"][number]
            self._elements[number] = Element(frozenset(exact), tuple(prefixes), frozenset(kinds), low, high)
        return self._elements[number]

    def _candidates(self, token: Token, forms: tuple[str, ...], following: tuple[str, ...]) -> list[Row]:
        """Rows that begin with a word and may go on with the next."""
        key = (token.kind, forms if token.kind == "word" else (token.text,))
        known = self._ready.get(key)
        if known is None:
            rows = [row for phrase in self._phrases(token, forms) for row in self._rows_of(phrase)]
            known = _sorted_by_second(row for row in rows if row[1][0].takes(token, key[1]))
            if len(self._ready) < _REMEMBERED_WORDS:
                self._ready[key] = known
        rows, by_second = known
        continued = [row for form in following for row in by_second.get(form, ())]
        return [*rows, *continued] if continued else rows

    def _phrases(self, token: Token, forms: tuple[str, ...]) -> list[int]:
        """The patterns that may begin with a word, each once."""
        if token.kind != "word":
            return list(dict.fromkeys([*self._kinds.get(token.kind, ()), *self._exact.get(token.text, ())]))
        found: list[int] = []
        for form in forms:
            found.extend(self._exact.get(form, ()))
            for end in range(1, min(len(form), self._longest_prefix) + 1):
                found.extend(self._prefix.get(form[:end], ()))
        return list(dict.fromkeys(found))

    def find(self, tokens: Sequence[Token], forms: Sequence[tuple[str, ...]]) -> list[Hit]:
        """Every concept seen, the longest match of each concept at each place."""
        hits: list[Hit] = []
        ends: dict[str, int] = {}
        for position, token in enumerate(tokens):
            best: dict[str, Hit] = {}
            following = forms[position + 1] if position + 1 < len(tokens) and not tokens[position + 1].breaks else ()
            for concept, row in self._candidates(token, forms[position], following):
                last = _match(row, tokens, forms, position)
                if last is not None and (concept not in best or last > best[concept].last):
                    best[concept] = Hit(concept, position, last, _spelled(row))
            for concept, hit in best.items():
                if hit.last > ends.get(concept, -1):
                    ends[concept] = hit.last
                    hits.append(hit)
        return hits


@lru_cache(maxsize=20_000)
def _spelled(row: tuple[Element, ...]) -> frozenset[str]:
    """The words that a row spells out."""
    return frozenset().union(*(element.exact for element in row))


def _match(row: tuple[Element, ...], tokens: Sequence[Token], forms: Sequence[tuple[str, ...]], position: int) -> int | None:
    """The last word a row takes when it starts at a word, or None."""
    if len(row) == 1:
        return position
    reached = {position + 1}
    for element in row[1:]:
        following: set[int] = set()
        for place in reached:
            if element.is_gap:
                following.update(_over_gap(element, tokens, place))
                continue
            if element.low == 0:
                following.add(place)
            if place < len(tokens) and not tokens[place].breaks and element.takes(tokens[place], forms[place]):
                following.add(place + 1)
        if not following:
            return None
        reached = following
    return max(reached) - 1


def _over_gap(element: Element, tokens: Sequence[Token], place: int) -> Iterator[int]:
    yield place
    for step in range(1, element.high + 1):
        here = place + step - 1
        if here >= len(tokens) or tokens[here].breaks:
            return
        yield place + step
