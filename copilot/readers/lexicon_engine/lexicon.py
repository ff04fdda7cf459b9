"""One language's lexicon: a TOML file in, a compiled lexicon out. Files are found by being there."""

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any

from copilot.readers.lexicon_engine.kept import kept, place_beside
from copilot.readers.lexicon_engine.patterns import Compiled, Hit, Table, compiled
from copilot.readers.lexicon_engine.text import Token, tokenise

_FOLDER = "copilot.readers.lexicon"
_MIN_STEM = 3
_COMPILING = Lock()
_REMEMBERED_WORDS = 8
_REMEMBERED_SENTENCES = 2_000


@dataclass(frozen=True, slots=True)
class Word:
    """A token as one language sees it. `place` is the token it stands for; a contraction gives several words."""

    token: Token
    forms: tuple[str, ...]
    place: int


def _anew(make: Callable[[], Compiled]) -> Compiled:
    return make()


class Lexicon:
    """A compiled language. `keep` may give what the patterns come to from where it was kept."""

    def __init__(
        self, given: Mapping[str, Any], marketplace: str, keep: Callable[[Callable[[], Compiled]], Compiled] = _anew
    ) -> None:
        self.code: str = given["code"]
        self.name: str = given["name"]
        self.scripts: tuple[str, ...] = tuple(given.get("scripts", ("latin",)))
        self.common: frozenset[str] = frozenset(token.text for token in tokenise(given["common"]))
        self.negation: str = given.get("negation", "before")
        self._prefixes = tuple(_folded(affix) for affix in given.get("strip_prefixes", ()))
        self._suffixes = tuple(_folded(affix) for affix in given.get("strip_suffixes", ()))
        self._respell = {_key(word): tokenise(words) for word, words in given.get("respell", {}).items()}
        self.tense_folds: bool = given.get("tense_folds", False)
        self.direct_speech: bool = given.get("direct_speech", False)
        self._digraphs: tuple[tuple[str, str], ...] = tuple(given.get("digraphs", {}).items())
        self._forms: dict[str, tuple[str, ...]] = {}
        self._found: dict[tuple[Token, ...], list[Hit]] = {}
        self._table = Table(keep(lambda: compiled(given["concepts"], given.get("words", {}), marketplace, self.spell)))

    def words(self, tokens: Sequence[Token]) -> list[Word]:
        """Tokens with contractions opened and the forms each word may be looked up under."""
        return [Word(token, self.forms(token.text), place) for token, place in self._spelled(tokens)]

    def spell(self, tokens: Sequence[Token]) -> list[Token]:
        """Tokens with contractions opened."""
        if len(tokens) == 1 and not tokens[0].before and tokens[0].text not in self._respell:
            return list(tokens)
        return [token for token, _ in self._spelled(tokens)]

    def _spelled(self, tokens: Sequence[Token]) -> Iterator[tuple[Token, int]]:
        place = 0
        while place < len(tokens):
            token = tokens[place]
            taken = 1
            parts = None
            if place + 1 < len(tokens) and tokens[place + 1].before == "'":
                parts = self._respell.get(f"{token.text}'{tokens[place + 1].text}")
                taken = 2 if parts else 1
            if parts is None and token.before == "'":
                parts = self._respell.get(f"'{token.text}")
            if parts is None:
                parts = self._respell.get(token.text)
            if parts is None:
                yield token, place
            else:
                for number, part in enumerate(parts):
                    yield Token(part.text, part.kind, token.before if number == 0 else ""), place
            place += taken

    def forms(self, word: str) -> tuple[str, ...]:
        """The word, and the word without the affixes this language cuts."""
        known = self._forms.get(word)
        if known is None:
            known = self._cut(word)
            if len(self._forms) < 50_000:
                self._forms[word] = known
        return known

    def _cut(self, word: str) -> tuple[str, ...]:
        forms = [word]
        for prefix in self._prefixes:
            if word.startswith(prefix) and len(word) - len(prefix) >= _MIN_STEM:
                forms.append(word[len(prefix) :])
        for form in tuple(forms):
            for suffix in self._suffixes:
                if form.endswith(suffix) and len(form) - len(suffix) >= _MIN_STEM:
                    forms.append(form[: -len(suffix)])
        for written, letter in self._digraphs:
            forms += [form.replace(written, letter) for form in forms if written in form]
        return tuple(dict.fromkeys(forms))

    def find(self, tokens: Sequence[Token]) -> list[Hit]:
        """Concepts seen, at the places of the given tokens. Short sentences are remembered: chats repeat them."""
        if len(tokens) > _REMEMBERED_WORDS:
            return self._find(tokens)
        key = tuple(tokens)
        known = self._found.get(key)
        if known is None:
            known = self._find(tokens)
            if len(self._found) < _REMEMBERED_SENTENCES:
                self._found[key] = known
        return known

    def _find(self, tokens: Sequence[Token]) -> list[Hit]:
        words = self.words(tokens)
        found = self._table.find([word.token for word in words], [word.forms for word in words])
        return [Hit(hit.concept, words[hit.first].place, words[hit.last].place, hit.words) for hit in found]


def _key(word: str) -> str:
    """A contraction's key: «don't», «'ll» or «dont», folded."""
    glued = "'" if word.lstrip().startswith(("'", "’")) else ""
    return glued + "'".join(token.text for token in tokenise(word))


def _folded(text: str) -> str:
    return "".join(token.text for token in tokenise(text))


@lru_cache(maxsize=1)
def codes() -> tuple[str, ...]:
    """The languages there are, English first."""
    found = sorted(entry.name.removesuffix(".toml") for entry in files(_FOLDER).iterdir() if entry.name.endswith(".toml"))
    return tuple(sorted(found, key=lambda code: code != "en"))


@lru_cache(maxsize=64)
def source(code: str) -> dict[str, Any]:
    """A language's file, parsed."""
    text = _file(code).read_text(encoding="utf-8")
    return kept(place_beside(_file(code), "toml"), (text,), lambda: tomllib.loads(text))


def _file(code: str) -> Path:
    return Path(str(files(_FOLDER))) / f"{code}.toml"


def lexicon(code: str, marketplace: str) -> Lexicon:
    """A language, compiled for a marketplace's name; one thread compiles it while the others wait."""
    with _COMPILING:
        return _compiled(code, marketplace)


@lru_cache(maxsize=64)
def _compiled(code: str, marketplace: str) -> Lexicon:
    given = source(code)
    place = place_beside(_file(code), hashlib.sha256(marketplace.encode()).hexdigest()[:8])
    return Lexicon(given, marketplace, lambda make: kept(place, (json.dumps(given), marketplace), make))


@lru_cache(maxsize=64)
def common_words(code: str) -> frozenset[str]:
    """The function words a language is recognised by, without compiling its patterns."""
    return frozenset(token.text for token in tokenise(source(code)["common"]))
