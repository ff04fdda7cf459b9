"""People's names in a ticket become other names, each always the same one.

Comes in: the names that the ticket's records and readings give. Goes out: a rewriting of any text. Each word of a name
counts by itself, because people are called by one of them; capitals stay as they were.
"""

import re
from collections.abc import Iterable

_SPARE_WORDS = (
    "Alder Birk Corin Delos Edlin Farro Gelden Harrow Isen Joll Kestin Larch Morrel Nevin Orrin Perrin Quill Rowan Sorrel "
    "Tarn Umber Vesper Wren Yarrow Zellan Ashby Briar Calder Dorran Elmet"
)
SPARE = tuple(_SPARE_WORDS.split())
_COMMON_WORDS = (
    "will may mark art rose grant bill bob drew hope faith grace joy june april august dawn max rich frank jack pat sue an so "
    "be to my can do he she in is it me no of on or us we sol mar paz luz den van der de la le das dos"
)
_ALSO_WORDS = frozenset(_COMMON_WORDS.split())
"""Words that are names as well: only the spelling of the name itself is taken for one."""
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")


class Names:
    """The names of one ticket, and what stands for them."""

    def __init__(self, names: Iterable[str], texts: str) -> None:
        words = sorted({word for name in names for word in _WORD.findall(name) if _tells(word)}, key=lambda one: (-len(one), one))
        taken = texts.casefold()
        spare = [name for name in SPARE if name.casefold() not in taken]
        self._new: dict[str, str] = {}
        for word in words:
            self._new.setdefault(word.casefold(), spare.pop(0) if spare else f"Person{len(self._new) + 1}")
        self._pattern = re.compile("|".join(map(_pattern, words)) or r"(?!)")

    def hide(self, text: str) -> str:
        """The text with every word of a name replaced."""
        return self._pattern.sub(self._put, text)

    def _put(self, match: re.Match[str]) -> str:
        found = match[0]
        new = self._new.get(found.casefold())
        if new is None:  # a form of the name with an ending
            stem = max((word for word in self._new if found.casefold().startswith(word)), key=len)
            new = self._new[stem]
        return new.upper() if found.isupper() and len(found) > 1 else new.lower() if found.islower() else new


def _tells(word: str) -> bool:
    """One letter of an alphabet tells nobody; one character of a script without capitals can be a name."""
    return len(word) > 1 or not _has_capitals(word)


def _has_capitals(word: str) -> bool:
    return word.lower() != word.upper()


def _pattern(word: str) -> str:
    if not _has_capitals(word):
        return re.escape(word)  # scripts that set no space between words
    if word.casefold() in _ALSO_WORDS:
        return rf"(?<!\w){re.escape(word)}(?!\w)"
    ending = "" if _LATIN.fullmatch(word) else r"\w{0,3}"
    return rf"(?i:(?<!\w){re.escape(word)}{ending}(?!\w))"
