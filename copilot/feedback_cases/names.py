"""People's names in a ticket become other names, each always the same one.

Comes in: the names that the ticket's records and readings give. Goes out: a rewriting of any text. Each word of a name
counts by itself, because people are called by one of them; capitals stay as they were.
"""

import re
from collections.abc import Iterable

from copilot.core.name_words import WORD, pattern, tells

_SPARE_WORDS = (
    "Alder Birk Corin Delos Edlin Farro Gelden Harrow Isen Joll Kestin Larch Morrel Nevin Orrin Perrin Quill Rowan Sorrel "
    "Tarn Umber Vesper Wren Yarrow Zellan Ashby Briar Calder Dorran Elmet"
)
SPARE = tuple(_SPARE_WORDS.split())


class Names:
    """The names of one ticket, and what stands for them."""

    def __init__(self, names: Iterable[str], texts: str) -> None:
        words = sorted({word for name in names for word in WORD.findall(name) if tells(word)}, key=lambda one: (-len(one), one))
        taken = texts.casefold()
        spare = [name for name in SPARE if name.casefold() not in taken]
        self._new: dict[str, str] = {}
        for word in words:
            self._new.setdefault(word.casefold(), spare.pop(0) if spare else f"Person{len(self._new) + 1}")
        self._pattern = re.compile("|".join(map(pattern, words)) or r"(?!)")

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
