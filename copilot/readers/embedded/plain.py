"""A sentence as an eye sees it: nothing hidden, no look-alike letters, no spaced or reversed words.

Comes in: a sentence as it was typed. Goes out: text for the model alone; facts cite sentences, so no offset is kept. Ordinary
text comes back as it is but for Unicode's compatibility form.
"""

import re
import unicodedata

from copilot.core.hidden import HIDDEN, JOINERS, joins_letters

_REVERSED = re.compile(r"\u202e([^\u202c\u2069\n]*)[\u202c\u2069]?")
"""Text that an override mark shows backwards."""
_HIDDEN = re.compile(f"[{HIDDEN}]")
_HIDDEN_RUN = re.compile(f"(?:(?![{JOINERS}])[{HIDDEN}])+")
_FEWEST_HIDDEN_SPACES = 3
_WORD = re.compile(r"\w+")
_LATIN = re.compile(r"[a-zA-Z]")
_CYRILLIC_TWINS = dict(zip("аеорсухківјѕԁһӏԛԝмтнАЕОРСУХКІВЈЅМТН", "aeopcyxkibjsdhlqwmthAEOPCYXKIBJSMTH", strict=True))
_GREEK_TWINS = dict(zip("αεορχυικντβηγωσΑΕΟΡΧΥΙΚΝΤΒΗ", "aeopxuikvtbnywoAEOPXYIKNTBH", strict=True))
_TO_LATIN = str.maketrans({**_CYRILLIC_TWINS, **_GREEK_TWINS})
_DIGIT_LETTERS = str.maketrans("013457@$", "oieastas")
_WITH_DIGITS = re.compile(r"(?<![\w@$])(?:[a-zA-Z]+[013457@$]{1,2})+[a-zA-Z]+(?![\w@$])")
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?:(?P<gap>[ .\-_*])[^\W\d_](?!\w))(?:(?P=gap)[^\W\d_](?!\w)){2,}")


def plain(text: str) -> str:
    """The text as it is seen."""
    text = _REVERSED.sub(lambda match: match[1][::-1], text)
    text = _HIDDEN.sub(_seen, _with_hidden_spaces(text))
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        if _LATIN.search(text):
            text = _WORD.sub(lambda match: _in_one_script(match[0]), text)
    text = _SPACED.sub(lambda match: re.sub(r"[ .\-_*]", "", match[0]), text)
    return _WITH_DIGITS.sub(lambda match: match[0].translate(_DIGIT_LETTERS), text)


def _seen(hidden: re.Match[str]) -> str:
    """What is left of a hidden character: a joiner that spells a word, and white space."""
    return hidden[0] if hidden[0].isspace() or joins_letters(hidden.string, hidden.start()) else ""


def _with_hidden_spaces(text: str) -> str:
    """Words that only invisible characters keep apart get spaces."""
    if " " in text.strip():
        return text
    pieces = [piece for piece in _HIDDEN_RUN.split(text) if piece]
    return " ".join(pieces) if sum(len(piece) > 1 for piece in pieces) >= _FEWEST_HIDDEN_SPACES else text


def _in_one_script(word: str) -> str:
    """A Latin word that holds look-alikes of other scripts, without them."""
    if word.isascii() or not _LATIN.search(word):
        return word
    latin = word.translate(_TO_LATIN)
    return latin if latin.isascii() else word
