"""Find the lexicon's phrases in a text.

A table is keyed by the first word of each phrase (whole or as a prefix), so finding grows with the text and not with
the lexicon.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from copilot.readers.lexicon_engine.pattern_syntax import Element, Speller, parse
from copilot.readers.lexicon_engine.text import Token


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept seen: words `first` to `last`, both included. `words` are the words its pattern spells out."""

    concept: str
    first: int
    last: int
    words: frozenset[str] = frozenset()


Row = tuple[str, tuple[Element, ...], frozenset[str]]


class Table:
    """Compiled patterns of one language."""

    def __init__(
        self, concepts: Mapping[str, Sequence[str]], words: Mapping[str, str], marketplace: str, spell: Speller = list
    ) -> None:
        self._exact: dict[str, list[Row]] = {}
        self._prefix: dict[str, list[Row]] = {}
        self._kinds: dict[str, list[Row]] = {}
        self._longest_prefix = 0
        self._ready: dict[tuple[str, ...], list[Row]] = {}
        for concept, patterns in concepts.items():
            for pattern in patterns:
                for row in parse(pattern, words, marketplace, spell):
                    self._add(concept, row)

    def _add(self, concept: str, row: tuple[Element, ...]) -> None:
        first = row[0]
        entry = (concept, row, frozenset().union(*(element.exact for element in row)))
        for word in first.exact:
            self._exact.setdefault(word, []).append(entry)
        for prefix in first.prefixes:
            self._prefix.setdefault(prefix, []).append(entry)
            self._longest_prefix = max(self._longest_prefix, len(prefix))
        for kind in first.kinds:
            self._kinds.setdefault(kind, []).append(entry)

    def _candidates(self, token: Token, forms: tuple[str, ...]) -> list[Row]:
        if token.kind != "word":
            return [*self._kinds.get(token.kind, ()), *self._exact.get(token.text, ())]
        known = self._ready.get(forms)
        if known is None:
            known = []
            for form in forms:
                known.extend(self._exact.get(form, ()))
                for end in range(1, min(len(form), self._longest_prefix) + 1):
                    known.extend(self._prefix.get(form[:end], ()))
            if len(self._ready) < 50_000:
                self._ready[forms] = known
        return known

    def find(self, tokens: Sequence[Token], forms: Sequence[tuple[str, ...]]) -> list[Hit]:
        """Every concept seen, the longest match of each concept at each place."""
        hits: list[Hit] = []
        ends: dict[str, int] = {}
        for position, token in enumerate(tokens):
            best: dict[str, Hit] = {}
            following = forms[position + 1] if position + 1 < len(tokens) and not tokens[position + 1].breaks else ()
            for concept, row, spelled in self._candidates(token, forms[position]):
                if len(row) > 1 and row[1].is_plain and row[1].exact.isdisjoint(following):
                    continue
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
