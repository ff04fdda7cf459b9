"""Which languages a ticket and each of its sentences are written in.

A ticket may mix several. A language counts when its function words are there; a sentence is read with the
languages of the ticket that show in it, or with all of the ticket's where none does.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from copilot.readers.lexicon_engine.lexicon import codes, common_words, source
from copilot.readers.lexicon_engine.text import Token

_SHARE_OF_BEST = 0.35
_LEAST_SHARE = 0.06
_SENTENCE_SHARE_OF_BEST = 0.5
_FEWEST_WORDS = 6
_FEWEST_FOREIGN_WORDS = 2
_BLOB_CHARACTERS = 60
_HAS_LETTER = re.compile(r"[^\W\d_]")


@lru_cache(maxsize=1)
def _owners() -> dict[str, tuple[str, ...]]:
    """Each function word with the languages it belongs to."""
    owners: dict[str, tuple[str, ...]] = {}
    for code in codes():
        for word in common_words(code):
            owners[word] = (*owners.get(word, ()), code)
    return owners


def scores(tokens: Iterable[Token]) -> Counter[str]:
    """Function words of each language among the tokens."""
    owners = _owners()
    return Counter(code for token in tokens if token.text in owners for code in owners[token.text])


def of_ticket(tokens: Sequence[Sequence[Token]]) -> tuple[str, ...]:
    """The languages of a ticket, the strongest first; empty where none is known."""
    total = scores(token for sentence in tokens for token in sentence)
    words = sum(token.kind == "word" and not token.text.isdecimal() for sentence in tokens for token in sentence)
    best = max(total.values(), default=0)
    if not words or best < max(1, _LEAST_SHARE * words):
        return _of_script(tokens) if words and not best else ()
    found = [code for code, score in total.items() if score >= max(_SHARE_OF_BEST * best, 1) or score >= max(4, 0.1 * best)]
    return tuple(sorted(found, key=lambda code: (-total[code], code)))


def _of_script(tokens: Sequence[Sequence[Token]]) -> tuple[str, ...]:
    """The one language that is written in the letters of a text without function words; none for Latin letters."""
    words = [token.text for sentence in tokens for token in sentence if token.kind == "word" and _HAS_LETTER.search(token.text)]
    names = {unicodedata.name(word[0], "LATIN").split(" ")[0].lower() for word in words} - {"latin"}
    fits = [code for code in codes() if names and names <= set(source(code).get("scripts", ("latin",)))]
    return tuple(fits) if len(fits) == 1 else ()


def of_sentence(tokens: Sequence[Token], languages: Sequence[str]) -> tuple[str, ...]:
    """The ticket's languages that show in one sentence; the first two of them where none does."""
    if len(languages) <= 1:
        return tuple(languages)
    counted = scores(tokens)
    best = max((counted[code] for code in languages), default=0)
    if not best:
        return tuple(languages[:2])
    return tuple(code for code in languages if counted[code] >= _SENTENCE_SHARE_OF_BEST * best)


def is_readable(tokens: Sequence[Token]) -> bool:
    """False for a sentence of many words, or one long blob, in which no known language shows.

    A name, an address or a headline has no function words either, so a short line without any is let pass; in letters
    that no lexicon knows, two words are enough to call it unread.
    """
    words = [token.text for token in tokens if token.kind == "word" and _HAS_LETTER.search(token.text)]
    foreign = sum(not _is_known_script(word) for word in words)
    if foreign < _FEWEST_FOREIGN_WORDS and len(words) < _FEWEST_WORDS and all(len(word) < _BLOB_CHARACTERS for word in words):
        return True
    return max(scores(tokens).values(), default=0) > 0


@lru_cache(maxsize=1)
def _known_scripts() -> tuple[str, ...]:
    return tuple({script.upper() for code in codes() for script in source(code).get("scripts", ("latin",))})


@lru_cache(maxsize=10_000)
def _is_known_script(word: str) -> bool:
    """True where a word's first letter belongs to a script of some lexicon."""
    return unicodedata.name(word[0], "LATIN").startswith(_known_scripts())
