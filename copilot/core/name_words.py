"""The words of people's names as patterns: a name's word comes in, a regular expression that finds it in a text goes out.

It knows which words tell somebody, and which are ordinary words as well. It finds no names by itself.
"""

import re
import unicodedata

_COMMON_WORDS = (
    "will may mark art rose grant bill bob drew hope faith grace joy june april august dawn max rich frank jack pat sue an so "
    "be to my can do he she in is it me no of on or us we sol mar paz luz den van der de la le das dos"
)
_ALSO_WORDS = frozenset(_COMMON_WORDS.split())
"""Words that are names as well: only the spelling of the name itself is taken for one."""
MARKS = "".join(char for char in map(chr, range(0x300, 0x1E00)) if unicodedata.category(char).startswith("M"))
"""Vowel signs and the like: parts of a word that are no letters."""
WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{MARKS}])*")
_INDIC = re.compile("[\u0900-\u0dff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")


def tells(word: str) -> bool:
    """One letter of an alphabet tells nobody; one character of a script without capitals can be a name."""
    return len(word) > 1 or not has_capitals(word)


def has_capitals(word: str) -> bool:
    """Whether the script of a word knows capitals."""
    return word.lower() != word.upper()


def pattern(word: str, as_spelt: bool = False) -> str:
    """What finds a word of a name, with an ending where its language has them; `as_spelt`: with its own capitals only."""
    if not has_capitals(word):
        # scripts that set no space between words, or write prepositions in one with the next
        return re.escape(word) if not _INDIC.match(word) else rf"(?<![\w{MARKS}]){re.escape(word)}"
    if as_spelt or word.casefold() in _ALSO_WORDS:
        return rf"(?<!\w){re.escape(word)}(?!\w)"
    ending = "s?" if _LATIN.fullmatch(word) else r"\w{0,3}"
    return rf"(?i:(?<!\w){re.escape(word)}{ending}(?!\w))"
