"""Typed values out of a mapping of strings, such as the environment.

Comes in: names of variables. Goes out: values; a blank one counts as not set. A value that cannot be used raises
`SettingsError`, which names the variable and what it takes, and never shows the value.
"""

import re
import unicodedata
from collections.abc import Mapping

from copilot.errors import SettingsError
from copilot.strict_json import JsonFault, parse

QUOTES = frozenset("\"'`´‘’‚‛“”„‟«»‹›′″＂＇「」『』《》〈〉【】｢｣")
"""Quotation marks, and what a word processor makes of them."""


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


class Variables:
    """Reads typed values out of a mapping of strings."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def text(self, name: str) -> str | None:
        """Text without the white space around it, or None."""
        return (self._environment.get(name) or "").strip() or None

    def name(self, name: str) -> str | None:
        """A name as another program knows it, or None: no quotation mark around it, and nothing in it that is not seen."""
        value = self.text(name)
        if told := not_filled_in(value or ""):
            raise SettingsError(f"{name} {told}; set it to the name alone")
        for place, one in enumerate(value or "", start=1):
            is_at_end = place in (1, len(value or ""))
            if (is_at_end and one in QUOTES) or (one != " " and not one.isprintable()):
                raise SettingsError(f"{name} holds {named(one)} as character {place}; set it to the name alone")
        return value

    def one_of(self, name: str, choices: tuple[str, ...], default: str) -> str:
        """One of some choices, in small letters or capitals."""
        value = self.text(name)
        if value is None:
            return default
        if value.lower() not in choices:
            raise SettingsError(f"{name} is not a known choice; set it to one of {', '.join(choices)}")
        return value.lower()

    def number(self, name: str, default: float) -> float:
        """A number over 0."""
        value = self.text(name)
        if value is None:
            return default
        try:
            number = float(value)
        except ValueError:
            number = 0.0
        if not 0 < number < 1e9:
            raise SettingsError(f"{name} is not a number over 0; set it to one such as {default:g}, or leave it out")
        return number

    def whole(self, name: str, default: int) -> int:
        """A whole number over 0."""
        number = self.number(name, default)
        if number != int(number):
            raise SettingsError(f"{name} is not a whole number; set it to one such as {default}, or leave it out")
        return int(number)

    def flag(self, name: str) -> bool:
        """`1` or `0`."""
        return self.one_of(name, ("0", "1"), "0") == "1"

    def price(self, name: str) -> float | None:
        """A price of a million tokens, or None."""
        value = self.text(name)
        if value is None:
            return None
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not 0 <= number < 1e6:
            raise SettingsError(f"{name} is not a price of a million tokens; set it to a number such as 2.5, or leave it out")
        return number

    def number_or_off(self, name: str) -> float | str | None:
        """A number from 0 to 2, `off`, or None."""
        value = self.text(name)
        if value is None or value == "off":
            return value
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not 0 <= number <= 2:
            raise SettingsError(f"{name} is not a number from 0 to 2; set it to one such as 0, to off, or leave it out")
        return number

    def whole_or_off(self, name: str) -> int | str | None:
        """A whole number, `off`, or None."""
        value = self.text(name)
        if value is None or value == "off":
            return value
        if not value.isascii() or not value.isdigit() or len(value) > 9:
            raise SettingsError(f"{name} is not a whole number; set it to one such as 7, to off, or leave it out")
        return int(value)

    def json_object(self, name: str) -> str | None:
        """JSON text of an object, or None."""
        value = self.text(name)
        if value is None:
            return None
        try:
            is_object = isinstance(parse(value), dict)
        except JsonFault:
            is_object = False
        if not is_object:
            raise SettingsError(f'{name} is not a JSON object; set it to one such as {{"top_k": 1}}, or leave it out')
        return value
