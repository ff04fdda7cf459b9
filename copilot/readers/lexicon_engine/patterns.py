"""Find the lexicon's phrases in a text.

A table is keyed by the first word of each phrase (whole or as a prefix), so finding grows with the text and not with
the lexicon.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from copilot.readers.lexicon_engine.pattern_syntax import Element, Known, Speller, beginnings, first_words, parse
from copilot.readers.lexicon_engine.text import Token


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept seen: words `first` to `last`, both included. `words` are the words its pattern spells out."""

    concept: str
    first: int
    last: int
    words: frozenset[str] = frozenset()


_REMEMBERED_WORDS = 50_000
Row = tuple[str, tuple[Element, ...], frozenset[str]]


_Beginnings = tuple[list[Row], dict[str, list[Row]]]
"""Rows that begin with one word: those to try always, and those by the only words they go on with."""


def _sorted_by_second(rows: Iterable[Row]) -> _Beginnings:
    always: list[Row] = []
    by_second: dict[str, list[Row]] = {}
    for row in rows:
        if len(row[1]) > 1 and row[1][1].is_plain:
            for word in row[1][1].exact:
                by_second.setdefault(word, []).append(row)
        else:
            always.append(row)
    return always, by_second


class _Phrase:
    """One pattern of a concept; its rows are made when a text first holds a word it can begin with."""

    __slots__ = ("_rows", "concept", "pattern")

    def __init__(self, concept: str, pattern: str) -> None:
        self.concept = concept
        self.pattern = pattern
        self._rows: list[Row] | None = None

    def rows(self, words: Mapping[str, str], marketplace: str, spell: Speller, known: Known) -> list[Row]:
        if self._rows is None:
            self._rows = [
                (self.concept, row, frozenset().union(*(element.exact for element in row)))
                for row in parse(self.pattern, words, marketplace, spell, known)
            ]
        return self._rows


class Table:
    """The patterns of one language, found by the words they can begin with."""

    def __init__(
        self, concepts: Mapping[str, Sequence[str]], words: Mapping[str, str], marketplace: str, spell: Speller = list
    ) -> None:
        self._given = (words, marketplace, spell, Known())
        self._exact: dict[str, list[_Phrase]] = {}
        self._prefix: dict[str, list[_Phrase]] = {}
        self._kinds: dict[str, list[_Phrase]] = {}
        self._longest_prefix = 0
        self._ready: dict[tuple[str, tuple[str, ...]], _Beginnings] = {}
        for concept, patterns in concepts.items():
            for pattern in patterns:
                self._add(_Phrase(concept, pattern))

    def _add(self, phrase: _Phrase) -> None:
        words, _, spell, known = self._given
        firsts = first_words(phrase.pattern, words, spell, known)
        if firsts is None:
            firsts = set()
            for element in beginnings(phrase.pattern, *self._given):
                firsts |= element.exact | {f"{prefix}*" for prefix in element.prefixes}
                for kind in element.kinds:
                    self._kinds.setdefault(kind, []).append(phrase)
        for word in firsts:
            if word.endswith("*"):
                self._prefix.setdefault(word[:-1], []).append(phrase)
                self._longest_prefix = max(self._longest_prefix, len(word) - 1)
            else:
                self._exact.setdefault(word, []).append(phrase)

    def _candidates(self, token: Token, forms: tuple[str, ...], following: tuple[str, ...]) -> list[Row]:
        """Rows that begin with a word and may go on with the next."""
        key = (token.kind, forms if token.kind == "word" else (token.text,))
        known = self._ready.get(key)
        if known is None:
            rows = [row for phrase in self._phrases(token, forms) for row in phrase.rows(*self._given)]
            known = _sorted_by_second(row for row in rows if row[1][0].takes(token, key[1]))
            if len(self._ready) < _REMEMBERED_WORDS:
                self._ready[key] = known
        rows, by_second = known
        continued = [row for form in following for row in by_second.get(form, ())]
        return [*rows, *continued] if continued else rows

    def _phrases(self, token: Token, forms: tuple[str, ...]) -> list[_Phrase]:
        """The patterns that may begin with a word, each once."""
        if token.kind != "word":
            return list(dict.fromkeys([*self._kinds.get(token.kind, ()), *self._exact.get(token.text, ())]))
        found: list[_Phrase] = []
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
            for concept, row, spelled in self._candidates(token, forms[position], following):
                last = _match(row, tokens, forms, position)
                if last is not None and (concept not in best or last > best[concept].last):
                    best[concept] = Hit(concept, position, last, spelled)
            for concept, hit in best.items():
                if hit.last > ends.get(concept, -1):
                    ends[concept] = hit.last
                    hits.append(hit)
        return hits


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
