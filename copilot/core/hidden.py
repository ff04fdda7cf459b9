"""Characters that a reader of a text does not see, or that turn it: the one table of them.

Comes in: text. Goes out: which of its characters are hidden, and of what kind. The table holds Unicode's control, format,
surrogate and private characters, line and paragraph separators, noncharacters, everything that is drawn as nothing by
default, and the letters and signs that are drawn as a blank. Tab, line feed and carriage return are not in it. Every
consumer decides itself whether it drops, shows or marks them; the panel has a copy, and a test compares the two.
"""

import re
import unicodedata

_DRAWN_AS_NOTHING = (
    "\u00ad\u034f\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_DRAWN_AS_A_BLANK = "\u115f\u1160\u2800\u3164\uffa0\U00016fe4\U0001d159"
_TURNS_THE_TEXT = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029"
_FORMAT = "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
_NO_CHARACTER = (
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 15))
    + "\U000f0000-\U0010ffff"
)

HIDDEN = f"{_DRAWN_AS_NOTHING}{_DRAWN_AS_A_BLANK}{_TURNS_THE_TEXT}{_CONTROL}{_FORMAT}{_NO_CHARACTER}"
"""The whole table, as it may stand between the brackets of a regular expression."""

JOINERS = "\u200c\u200d"
"""Spelling in Persian, Hindi and others that join letters, and in emoji; anywhere else they only hide."""

_ANY = re.compile(f"[{HIDDEN}]")
_NOTHING = re.compile(f"[{_DRAWN_AS_NOTHING}]")
_BLANK = re.compile(f"[{_DRAWN_AS_A_BLANK}]")
_EMOJI = re.compile(
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_PRESENTATION = "\ufe0e\ufe0f"
_KEYCAP = "\u20e3"


def is_hidden(text: str, at: int) -> bool:
    """True where the character at an offset is in the table and is no spelling of a word."""
    return bool(_ANY.match(text, at)) and not joins_letters(text, at)


def joins_letters(text: str, at: int) -> bool:
    """True for a joiner behind a letter that can be joined: spelling in Persian, Hindi and others."""
    before = text[max(0, at - 1) : at]
    return text[at] in JOINERS and before != "" and unicodedata.category(before) in ("Lo", "Mn", "Mc") and not _ANY.match(before)


def is_of_an_emoji(text: str, at: int) -> bool:
    """True for what joins two emoji, or says how an emoji or a keycap is drawn."""
    character, before = text[at], text[max(0, at - 1) : at]
    if character in _PRESENTATION:
        is_keycap = before != "" and before in "0123456789#*" and text[at + 1 : at + 2] == _KEYCAP
        return is_keycap or bool(_EMOJI.match(before))
    if before in _PRESENTATION:
        before = text[max(0, at - 2) : max(0, at - 1)]
    return character == "\u200d" and bool(_EMOJI.match(before))


def without_hidden(text: str) -> str:
    """The text without any of them; white space that ends a line stays."""
    return _ANY.sub(lambda match: match[0] if match[0].isspace() else "", text)


def with_hidden_named(text: str) -> str:
    """What is drawn as nothing left out, a blank as a space, anything else as `\\u{…}`.

    Spelling stays: joiners in words, what belongs to an emoji, and a non-joiner between letters of any script, with which a
    compositor keeps two of them apart.
    """

    def named(match: re.Match[str]) -> str:
        at, character = match.start(), match[0]
        keeps_apart = character == "\u200c" and text[at - 1 : at].isalpha() and text[at + 1 : at + 2].isalpha()
        if keeps_apart or joins_letters(text, at) or is_of_an_emoji(text, at):
            return character
        if _NOTHING.match(character):
            return ""
        return " " if _BLANK.match(character) else f"\\u{{{ord(character):x}}}"

    return _ANY.sub(named, text)
