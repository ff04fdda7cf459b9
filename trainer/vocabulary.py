"""The vocabulary cut to what the languages need: what the training texts use, and the most frequent of the rest."""

import unicodedata
from collections.abc import Iterable

from tokenizers import Tokenizer

KEPT_PIECES = 64_000
_SPECIAL = 4
"""`<s>`, `<pad>`, `</s>`, `<unk>` stand first, and stay first."""
_SCRIPTS = (
    "LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "DEVANAGARI", "BENGALI", "TAMIL", "THAI",
    "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL",
)  # fmt: skip


def kept(pieces: list[tuple[str, float]], whole: Tokenizer, texts: Iterable[str]) -> list[int]:
    """The pieces to keep, by their place in the whole vocabulary, in that order."""
    used = {id for encoding in whole.encode_batch(list(texts)) for id in encoding.ids}
    chosen = set(range(_SPECIAL)) | used
    by_score = sorted(range(_SPECIAL, len(pieces)), key=lambda place: -pieces[place][1])
    for place in by_score:
        if len(chosen) >= KEPT_PIECES:
            break
        if _is_readable(pieces[place][0]):
            chosen.add(place)
    return sorted(chosen)


def _is_readable(piece: str) -> bool:
    letters = [char for char in piece if char.isalpha()]
    return all(unicodedata.name(char, "").split(" ")[0] in _SCRIPTS for char in letters)
