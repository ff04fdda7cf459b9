"""Which sentences the model can read at all: letters of a script it was trained on, and words rather than a blob.

A language is not asked for: the model began from one that knows a hundred. What it has no letters for it cannot know, and
text that falls into far more pieces than words do is no language of an alphabet (a key, an encoded file, keys hit at random).
"""

import unicodedata
from functools import lru_cache

ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "DEVANAGARI", "BENGALI")
SCRIPTS = (*ALPHABETS, "THAI", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL")
_FEWEST_LETTERS = 24
_PIECES_A_LETTER = 0.55


def is_readable(text: str, pieces: int) -> bool:
    """Whether a sentence that falls into so many vocabulary pieces can be read; one without letters can."""
    letters = [char for char in text if char.isalpha()]
    scripts = [_script(char) for char in letters]
    if sum(script in SCRIPTS for script in scripts) * 2 < len(letters):
        return False
    is_alphabetic = sum(script in ALPHABETS for script in scripts) * 2 > len(letters)
    return not (is_alphabetic and len(letters) >= _FEWEST_LETTERS and pieces > _PIECES_A_LETTER * len(letters))


@lru_cache(maxsize=10_000)
def _script(char: str) -> str:
    return unicodedata.name(char, "").split(" ")[0]
