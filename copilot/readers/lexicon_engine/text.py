"""Fold text as people type it into plain tokens.

Comes in: one sentence. Goes out: tokens in a folded spelling: lower case, no accents, no invisible characters,
look-alike letters and digits inside words put right, spaced letters joined. Offsets are not kept: facts cite
sentences. It never judges, and its work grows in step with the text.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import copilot.hidden

_QUOTES = '"“”„‟«»〝〞＂「」『』'
_APOSTROPHES = "'’‘‚‛`´ʼʻ＇′"
_DASHES = "‐‑‒–—―−⸺⸻－"
_STARS = "⭐★🌟✩✪☆"
_MARKS = {
    **dict.fromkeys(range(0x300, 0x370), None),
    **dict.fromkeys([*range(0x64B, 0x660), 0x640, 0x670, 0x93C, 0x20E3], None),
    0x901: 0x902,
    **{ord(letter): "ا" for letter in "أإآٱ"},
    ord("ى"): "ي",
    ord("ة"): "ه",
    **{ord(mark): '"' for mark in _QUOTES},
    **{ord(mark): "'" for mark in _APOSTROPHES},
    **{ord(mark): " — " for mark in "–—―⸺⸻"},
    **{ord(mark): "-" for mark in "‐‑‒−－"},
    **{ord(mark): " ★ " for mark in _STARS},
    ord("ł"): "l",
    ord("ø"): "o",
    ord("đ"): "d",
    ord("ı"): "i",
    ord("æ"): "ae",
    ord("œ"): "oe",
}
_CYRILLIC_TWINS = dict(zip("аеорсухківјѕԁһӏԛԝмтн", "aeopcyxkibjsdhlqwmth", strict=True))
_GREEK_TWINS = dict(zip("αεορχυικντβηγωσ", "aeopxuikvtbnywo", strict=True))
_TO_LATIN = str.maketrans({**_CYRILLIC_TWINS, **_GREEK_TWINS})
_TO_CYRILLIC = str.maketrans(dict(zip("aeopcyxkbmth", "аеорсухквмтн", strict=True)))
_DIGIT_LETTERS = str.maketrans("013457@$", "oieastas")
_CURRENCY = r"(?:us|au|ca|nz|r|s|hk)?[$€£¥₹₽₱₩₺฿]|rs\.?|rp\.?|usd|eur|gbp|inr|php|idr|brl|rub|btc|aed|sar|egp"
_AMOUNT = r"\d[\d.,]{0,14}(?:k|m|rb|jt)?"
_TOKEN = re.compile(
    rf"(?P<money>(?<!\w)(?:{_CURRENCY})\s?{_AMOUNT}(?![^\W\d_])|(?<!\w){_AMOUNT}\s?(?:{_CURRENCY})(?!\w))"
    r"|(?P<wide>[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e01-\u0e59])"
    r"|(?P<number>(?<!\w)\d{1,15}(?:[.,:]\d{1,15}){0,4}(?!\w))"
    r"|(?P<word>[^\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f](?:[\w@$\u0900-\u0963\u0966-\u0dff\u0f00-\u109f](?<![\u3040-\u30ff\u3400-\u9fff]))*"
    r")"
    r"|(?P<star>★)"
)
_SENTENCES_IN_A_LETTER = re.compile("[\ufdfa\ufdfb]")
"""Signs that normal form opens into a whole phrase."""
_STAR_RATING = re.compile(r"(?<=\d)\s?\*(?!\w)")
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?:(?P<gap>[ .\-_*])[^\W\d_](?!\w))(?:(?P=gap)[^\W\d_](?!\w)){2,}")
_SINGLE_QUOTES = re.compile(r"(?<!\w)'(?=\w)((?:[^'\"\n]|'(?=\w))*)'(?!\w)")
_MOST_APOSTROPHES = 20
"""A sentence with more of them is noise, and pairing them would take long."""
_LONE_QUOTE = re.compile(r"(?<=[:,] )'(?=\w)|(?<=[.!?])'(?!\w)")
"""A single quotation mark whose fellow stands in another sentence."""
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_LATIN = re.compile(r"[a-z]")
_TURNED = re.compile(r"\u202e([^\u202c\u2069\n]*)[\u202c\u2069]?")
"""Text that an override mark shows backwards: it is read as it is shown."""
_UNSEEN = re.compile(f"(?:(?![{copilot.hidden.JOINERS}])[{copilot.hidden.HIDDEN}])+")
_FEWEST_HIDDEN_SPACES = 3
_LEET = re.compile(r"(?=.*[a-z])(?:[a-z]+[013457@$]+)+[a-z]+|(?:[013457@$]{1,2}[a-z]{3,})")
_ORDINAL = re.compile(
    r"\d+(?:st|nd|rd|th|k|m|h|hr|hrs|d|am|pm|x|gb|mb|usd|eur|days?|hours?|stars?|star|yrs?|min|mins|weeks?|months?)"
)
_GLUED_STAR = re.compile(r"(\d)(stars?|etoiles?|estrellas?|estrelas?|sterne)")
_HARD = frozenset('.,;:!?()[]{}"\n…。、，！？：；।॥؟،؛—>|')


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sum. `before` is the punctuation between it and the token before it."""

    text: str
    kind: str
    before: str

    @property
    def breaks(self) -> bool:
        """True where a phrase cannot reach over from the token before."""
        return bool(self.before) and not _HARD.isdisjoint(self.before)


def fold(text: str) -> str:
    """The folded spelling of a text, punctuation kept."""
    if text.isascii():
        return copilot.hidden.without_hidden(text).lower()
    text = _TURNED.sub(lambda match: match[1][::-1], text) if "\u202e" in text else text
    text = _with_hidden_spaces(text)
    text = unicodedata.normalize("NFKC", _SENTENCES_IN_A_LETTER.sub(" ", text)).casefold()
    text = copilot.hidden.without_hidden(text)
    return text if text.isascii() else unicodedata.normalize("NFKD", text).translate(_MARKS)


def seen_length(text: str) -> int:
    """How many characters of a text a reader would see."""
    return len(text) if text.isascii() else len(fold(text))


def _with_hidden_spaces(text: str) -> str:
    """A text whose words only invisible characters keep apart, with spaces for them."""
    if " " in text.strip():
        return text
    pieces = [piece for piece in _UNSEEN.split(text) if piece]
    return " ".join(pieces) if sum(len(piece) > 1 for piece in pieces) >= _FEWEST_HIDDEN_SPACES else text


def _doubled_quotes(folded: str) -> str:
    """Single quotation marks around words become double ones; apostrophes stay."""
    if not 0 < folded.count("'") <= _MOST_APOSTROPHES:
        return folded
    return _LONE_QUOTE.sub('"', _SINGLE_QUOTES.sub(r'"\1"', folded))


def ending(text: str) -> str:
    """The last three signs of a sentence, quotation marks spelled alike."""
    return _doubled_quotes(fold(text)).rstrip()[-3:]


def tokenise(text: str) -> list[Token]:
    """Tokens of a text, in order."""
    folded = fold(text)
    if not folded.isalpha():
        folded = _doubled_quotes(folded)
        folded = _STAR_RATING.sub(" ★", folded)
        folded = _GLUED_STAR.sub(r"\1 \2", folded)
        folded = _SPACED.sub(lambda match: re.sub(r"[ .\-_*]", "", match[0]), folded)
    tokens = []
    reached = 0
    for match in _TOKEN.finditer(folded):
        kind = match.lastgroup or "word"
        word = match[0]
        if kind == "word":
            word = _repair(word)
        between = folded[reached : match.start()]
        tokens.append(Token(word, "word" if kind in ("wide", "star") else kind, between.replace(" ", "")))
        reached = match.end()
    return tokens


@lru_cache(maxsize=20_000)
def _repair(word: str) -> str:
    """Put right look-alike letters, digits for letters and stretched letters."""
    if not word.isascii() and _LATIN.search(word):
        as_latin = word.translate(_TO_LATIN)
        word = as_latin if as_latin.isascii() else word.translate(_TO_CYRILLIC)
    if not word.isalpha() and _LEET.fullmatch(word) and not _ORDINAL.fullmatch(word):
        word = word.translate(_DIGIT_LETTERS)
    return _STRETCHED.sub(r"\1", word) if len(word) > 3 else word
