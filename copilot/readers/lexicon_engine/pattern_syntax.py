"""The pattern language of the lexicon: one phrase in, the rows of elements it stands for out.

See docs/lexicon.md for the syntax. A gap reaches over four words at most, so no text can make a match costly.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from copilot.readers.lexicon_engine.text import Token, tokenise

GAP_WORDS = 4
_MACRO = re.compile(r"<([a-z_]+)>")
_BRACES = re.compile(r"([^\s{}|()<>]*)\{([^{}]*)\}([^\s{}|()?<>]*)")
_BRACKETED = re.compile(r"[<>]")
_PARTS = re.compile(r"\([^()?]*\)|[()|?]|\.\.\.|<[a-z_]+>|[^\s()|?<>]+")
_MOST_ROWS = 400
_MIN_PREFIX = 2


Speller = Callable[[Sequence[Token]], list[Token]]
"""Opens contractions, so that a phrase and a text are spelled alike."""


class PatternError(ValueError):
    """A pattern that cannot be used; says which and why."""


@dataclass(frozen=True, slots=True)
class Element:
    """One place in a pattern. `low`..`high` is its words; a gap takes any word, a plain one only those listed."""

    exact: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    low: int = 1
    high: int = 1
    is_plain: bool = field(init=False, compare=False, default=False)
    is_gap: bool = field(init=False, compare=False, default=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_gap", not (self.exact or self.prefixes or self.kinds))
        object.__setattr__(self, "is_plain", bool(self.exact) and not (self.prefixes or self.kinds or self.low == 0))

    def takes(self, token: Token, forms: tuple[str, ...]) -> bool:
        """True where a word fits here."""
        if self.exact and not self.exact.isdisjoint(forms):
            return True
        if self.kinds and token.kind in self.kinds:
            return True
        return bool(self.prefixes) and any(form.startswith(self.prefixes) for form in forms)


Rows = list[tuple[Element, ...]]


@dataclass(slots=True)
class Known:
    """What was worked out for one language already: its word lists, single words, and groups without another in them."""

    lists: dict[str, Rows | None] = field(default_factory=dict)
    words: dict[str, tuple[Element, ...]] = field(default_factory=dict)
    groups: dict[str, Rows] = field(default_factory=dict)


def parse(
    pattern: str, words: Mapping[str, str], marketplace: str = "", spell: Speller = list, known: Known | None = None
) -> Rows:
    """The element rows that one pattern stands for. `known` goes with the words and the speller. Raises `PatternError`."""
    known = known or Known()
    rows = _Parser(_opened(pattern, words, marketplace, spell, known), pattern, spell, known).rows()
    rows = [row for row in dict.fromkeys(_close_last(_open_first(rows))) if any(not element.is_gap for element in row)]
    if not rows or any(row[0].is_gap for row in rows):
        raise PatternError(f"{pattern!r} does not begin with a word")
    return rows


def _opened(pattern: str, words: Mapping[str, str], marketplace: str, spell: Speller, known: Known) -> str:
    """A pattern with the marketplace's name and all braces written out; word lists stay names where they can."""
    text = pattern
    if "{marketplace}" in text:
        name = " ".join(token.text for token in tokenise(marketplace)) or "marketplace"
        text = text.replace("{marketplace}", f"({name})")
    if "<" in text and not _has_lists(text, words, pattern, spell, known):
        text = _expand_macros(text, words, pattern)
    return _BRACES.sub(_one_of, text) if "{" in text else text


def _one_of(braces: re.Match[str]) -> str:
    """`delet{e,es}` written out."""
    return "(" + "|".join(f"{braces[1]}{end.strip()}{braces[3]}" for end in braces[2].split(",")) + ")"


def _has_lists(text: str, words: Mapping[str, str], pattern: str, spell: Speller, known: Known) -> bool:
    """Work out the word lists that a pattern names, each once a language; False where they must be written out in it."""
    if _BRACKETED.search(_MACRO.sub(" ", text)):
        return False
    for name in _MACRO.findall(text):
        if name not in known.lists:
            written = _expand_macros(f"<{name}>", words, pattern)
            parser = _Parser(_BRACES.sub(_one_of, written), pattern, spell, known)
            known.lists[name] = parser.group()
    return all(known.lists[name] is not None for name in _MACRO.findall(text))


def _open_first(rows: Rows) -> Iterator[tuple[Element, ...]]:
    """Rows whose first word must be there, since a row is found by it."""
    for row in rows:
        if not row or row[0].low or row[0].is_gap:
            yield row
        else:
            yield (replace(row[0], low=1), *row[1:])
            rest = row[1:]
            while rest and rest[0].is_gap:
                rest = rest[1:]
            yield from _open_first([rest])


def _close_last(rows: Iterable[tuple[Element, ...]]) -> Iterator[tuple[Element, ...]]:
    """Rows that end in a word, so that a gap before an optional end takes nothing by itself."""
    for row in rows:
        kept = row
        while kept and kept[-1].is_gap:
            kept = kept[:-1]
        if len(kept) > 1 and kept[-1].low == 0 and kept[-2].is_gap:
            yield (*kept[:-1], replace(kept[-1], low=1))
            yield from _close_last([kept[:-1]])
        elif kept:
            yield kept


def _expand_macros(text: str, words: Mapping[str, str], pattern: str) -> str:
    for _ in range(4):
        if not _MACRO.search(text):
            return text
        unknown = [name for name in _MACRO.findall(text) if name not in words]
        if unknown:
            raise PatternError(f"{pattern!r} uses the list <{unknown[0]}>, which is not in [words]")
        text = _MACRO.sub(lambda match: f"({words[match[1]].strip()})", text)
    raise PatternError(f"{pattern!r}: its word lists go round in a circle")


class _Parser:
    """Reads `a|b (c d|e)? ... f*` into rows of elements; single words at one place share an element."""

    def __init__(self, text: str, pattern: str, spell: Speller, known: Known) -> None:
        self._known = known
        self._parts: list[str] = [*_PARTS.findall(text), ""]
        self._at = 0
        self._pattern = pattern
        self._spell = spell

    def rows(self) -> list[tuple[Element, ...]]:
        rows = self._sequence(inside=False)
        if self._peek():
            raise PatternError(f"{self._pattern!r}: a bracket is closed that was not opened")
        return rows

    def group(self) -> Rows | None:
        """The rows of one bracketed group; None where the text goes on behind it."""
        rows = self._atom()
        return None if self._peek() else rows

    def _peek(self) -> str:
        return self._parts[self._at]

    def _sequence(self, inside: bool) -> list[tuple[Element, ...]]:
        rows: list[tuple[Element, ...]] = [()]
        while self._peek() and self._peek() != ")" and not (inside and self._peek() == "|"):
            place = self._place()
            rows = [(*row, *following) for row in rows for following in place]
            if len(rows) > _MOST_ROWS:
                raise PatternError(f"{self._pattern!r} stands for too many phrases; split it")
        return rows

    def _place(self) -> list[tuple[Element, ...]]:
        """One place: atoms joined by `|`, outside brackets."""
        choices = self._atom()
        while self._peek() == "|" and self._depth == 0:
            self._at += 1
            choices = [*choices, *self._atom()]
        return _merged(choices)

    _depth = 0

    def _atom(self) -> list[tuple[Element, ...]]:
        part = self._peek()
        self._at += 1
        if part == "(":
            rows = self._group()
        elif part in ("", "|", ")", "?"):
            raise PatternError(f"{self._pattern!r}: a word is missing beside {part!r}")
        else:
            rows = self._flat_group(part) if part[0] == "(" else self._rows_of(part)
        if self._peek() == "?":
            self._at += 1
            rows = _optional(rows)
        return rows

    def _group(self) -> list[tuple[Element, ...]]:
        self._depth += 1
        rows = self._sequence(inside=True)
        while self._peek() == "|":
            self._at += 1
            rows = [*rows, *self._sequence(inside=True)]
        if self._peek() != ")":
            raise PatternError(f"{self._pattern!r}: a bracket is not closed")
        self._at += 1
        self._depth -= 1
        return _merged(rows)

    def _flat_group(self, group: str) -> Rows:
        """The rows of a group without another in it, worked out once a language."""
        rows = self._known.groups.get(group)
        if rows is None:
            known = self._known.words
            rows = []
            for choice in group[1:-1].split("|"):
                if choice in known:
                    rows.append(known[choice])
                else:
                    rows += self._phrase(choice)
            rows = self._known.groups[group] = _merged(rows)
        return rows

    def _phrase(self, choice: str) -> Rows:
        """Words and word lists, one after the other."""
        rows: Rows = [()]
        for part in _PARTS.findall(choice):
            following = self._rows_of(part)
            rows = [(*row, *more) for row in rows for more in following]
            if len(rows) > _MOST_ROWS:
                raise PatternError(f"{self._pattern!r} stands for too many phrases; split it")
        return rows

    def _rows_of(self, part: str) -> Rows:
        """The rows of a word or a word list."""
        if part[0] == "<" and (listed := self._known.lists.get(part[1:-1])) is not None:
            return listed
        row = self._known.words.get(part)
        if row is None:
            row = self._known.words[part] = self._word(part)
        return [row]

    def _word(self, part: str) -> tuple[Element, ...]:
        if part == "...":
            return (Element(low=0, high=GAP_WORDS),)
        if part == "_":
            return (Element(low=0, high=1),)
        if part in ("#", "$"):
            return (Element(kinds=frozenset(["number" if part == "#" else "money"])),)
        tokens = _tokens(part.rstrip("*"))
        if part.endswith("*"):
            if not tokens or (len(tokens[-1].text) < _MIN_PREFIX and tokens[-1].text.isascii()):
                raise PatternError(f"{self._pattern!r}: {part!r} is too short a beginning")
            return (*_exact(tokens[:-1]), Element(prefixes=(tokens[-1].text,)))
        if not tokens and part != "-":
            raise PatternError(f"{self._pattern!r}: {part!r} is no word")
        return _exact(self._spell(tokens))


@lru_cache(maxsize=20_000)
def _tokens(part: str) -> tuple[Token, ...]:
    if part.isascii() and part.isalpha():
        return (Token(part.lower(), "word", ""),)
    return tuple(tokenise(part))


def _exact(tokens: Sequence[Token]) -> tuple[Element, ...]:
    return tuple(Element(frozenset([token.text])) for token in tokens)


def _merged(rows: list[tuple[Element, ...]]) -> list[tuple[Element, ...]]:
    """Rows of one word share one element, so that alternatives do not multiply."""
    if len(rows) == 1:
        return rows
    single = [row[0] for row in rows if len(row) == 1 and not row[0].is_gap and row[0].low == 1]
    others = [row for row in rows if not (len(row) == 1 and not row[0].is_gap and row[0].low == 1)]
    if not single:
        return others
    if len(single) == 1:
        return [(single[0],), *others]
    union = Element(
        frozenset().union(*(one.exact for one in single)),
        tuple(sorted({prefix for one in single for prefix in one.prefixes})),
        frozenset().union(*(one.kinds for one in single)),
    )
    return [(union,), *others]


def _optional(rows: list[tuple[Element, ...]]) -> list[tuple[Element, ...]]:
    if len(rows) == 1 and len(rows[0]) == 1 and not rows[0][0].is_gap:
        return [(replace(rows[0][0], low=0),)]
    return [*rows, ()]
