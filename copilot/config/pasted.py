"""What slips into a name or a key when it is pasted or never filled in: a text comes in, a complaint goes out.

Refuses quotation marks, characters that nobody sees and what stands for a value. A complaint is an `Unusable` that names the
character and its place, and never shows the text.
"""

import re
import unicodedata

QUOTES = frozenset("\"'`´‘’‚‛“”„‟«»‹›′″＂＇「」『』《》〈〉【】｢｣")
"""Quotation marks, and what a word processor makes of them."""


class Unusable(ValueError):
    """A value that cannot be used. The message goes on from the name of its variable: `ends in …; set it to …`."""


def named(character: str) -> str:
    """A character in words, for one that may be hard to see: `LEFT DOUBLE QUOTATION MARK (U+201C)`."""
    name = unicodedata.name(character, "") or {"\n": "LINE BREAK", "\r": "LINE BREAK", "\t": "TAB"}.get(character, "CONTROL")
    return f"{name} (U+{ord(character):04X})"


_NOT_FILLED_IN = {
    re.compile(r"\$|%\w+%$|.*(?:\$\{|\{\{)"): "holds a variable that was not filled in",
    re.compile(r".*<[^<>]*>|.*(?:^|[/.<])your[-_ ]", re.I): "holds a placeholder",
    re.compile(r"(?:export |set )?[A-Z]\w*=[^=]"): "begins with a variable's name and '='",
    re.compile(r".*(?:\.\.\.|…)"): "was cut where it was shown ('...')",
    re.compile(r".*\*{3}"): "was masked where it was shown ('***')",
}


def not_filled_in(value: str) -> str | None:
    """What stands in the place of a value that was never filled in or copied whole, in words; None where nothing does."""
    end = f"ends in {named(value[-1])}" if value[-1:] in (",", ";") else None
    return next((told for sign, told in _NOT_FILLED_IN.items() if sign.match(value)), end)


def checked_name(name: str) -> str:
    """A name as another program knows it: no quotation mark around it, and nothing in it that is not seen."""
    if told := not_filled_in(name):
        raise Unusable(f"{told}; set it to the name alone")
    for place, character in enumerate(name, start=1):
        is_at_end = place in (1, len(name))
        if (is_at_end and character in QUOTES) or (character != " " and not character.isprintable()):
            raise Unusable(f"holds {named(character)} as character {place}; set it to the name alone")
    return name


def checked_key(key: str) -> str:
    """A key that a header can carry and a server may have given out."""
    is_bracketed = key[:1] + key[-1:] in ("<>", "[]", "()", "{}")
    for place, character in enumerate(key, start=1):
        if not "!" <= character <= "~" or character in QUOTES or (is_bracketed and place == 1):
            raise Unusable(f"holds {named(character)} as character {place}; set it to the key alone, as it was given out")
    if told := "is an address" if re.match(r"https?://", key) else not_filled_in(key):
        raise Unusable(f"{told}; set it to the key alone, as it was given out")
    return key
