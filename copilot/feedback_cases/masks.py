"""Addresses, numbers and handles in a text become placeholders of the same kind, equal where the originals were equal.

What stays: amounts of money, dates, times and short numbers, because a story hangs on them. The placeholders are of the
kinds that `evaluation.personal` lets stand: example domains, and numbers that are nobody's.
"""

import re
from collections.abc import Callable, Iterable

from copilot.evaluation.cases import personal

_TOP = "com|net|org|info|biz|io|dev|app|co|ai|shop|store|site|online|eu|uk|de|fr|pt|br|nl|pl|ru|ua|ph|ae|tr|mx|ca|au|jp|cn"
"""Ends of a bare host name; not those that are words of their own, as in a sentence that begins without a space."""
_UUID = r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"
_ID = r"(?<!\w)#?[^\W\d_]{0,8}[-_#]?\d{5,}\w*|(?<!\w)(?:#|[^\W\d_]{1,8}[-_#])\d{3,}[\w-]*"
_MONEY_BEFORE = r"(?:[$€£¥₹₽₱₴₺]|\b(?:USD|EUR|GBP|INR|PHP|RUB|BRL|UAH|AED|Rs\.?|R\$))\s?"
_MONEY_AFTER = r"\s?(?:[$€£¥₹₽₱₴₺]|(?:USD|EUR|GBP|INR|PHP|RUB|BRL|UAH|AED|dollars?|euros?|pounds?|rupees?|pesos?|reais)\b)"
_TIME = r"\b\d{4}-\d{2}-\d{2}(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{1,2}:\d{2}(?::\d{2})?\b"

_KINDS: tuple[tuple[str, str], ...] = (
    ("url", r"(?i:https?://|www\.)[^\s<>\"'“”«»]*[^\s<>\"'“”«».,;:!?)\]}…]"),
    ("mail", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    ("site", rf"(?<![\w@.])(?:[\w-]+\.)+(?:{_TOP})(?![\w-])(?:/[^\s<>\"'“”«»]*[^\s<>\"'“”«».,;:!?)\]}}…])?"),
    ("handle", r"(?<![\w.])@\w[\w.]*\w"),
    ("iban", r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"),
    ("wallet", r"\b(?:0x[0-9a-fA-F]{40}|bc1[a-z0-9]{20,60}|[13][A-HJ-NP-Za-km-z1-9]{25,34})\b"),
    ("address", r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])"),
    ("time", _TIME),
    ("money", rf"{_MONEY_BEFORE}\d[\d,. ]*\d|\d[\d,.]*\d{_MONEY_AFTER}"),
    ("number", r"(?<![\w.])\+?\(?\d(?:[ ()/.-]{0,2}\d){6,}(?!\w)"),
    ("code", f"{_UUID}|{_ID}"),
)
_PATTERN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _KINDS))
_STAYS = frozenset({"time", "money"})


def _nobodys(candidates: Iterable[str]) -> str:
    """The first that fails its own checksum."""
    return next(candidate for candidate in candidates if not any(personal.find(candidate)))


def _card_or_phone(number: int, original: str) -> str:
    digits = sum(char.isdigit() for char in original)
    if digits >= 13:
        return _nobodys(f"0000 0000 0000 {number:03}{last}" for last in (0, 1))
    return f"+00 {100 + number}" if original.startswith("+") else f"00 {100 + number}"


def _code(number: int, original: str) -> str:
    """The letters and marks before the digits stay: they say what kind of id it is."""
    lead = re.match(r"[^\d]*", original)
    return f"{lead[0] if lead and len(lead[0]) < len(original) else ''}{number:05}"


_PLACEHOLDERS: dict[str, Callable[[int, str], str]] = {
    "url": lambda number, _: f"https://site-{number}.example.org",
    "mail": lambda number, _: f"person-{number}@example.org",
    "site": lambda number, _: f"site-{number}.example.org",
    "handle": lambda number, _: f"@handle-{number}",
    "iban": lambda number, original: _nobodys(f"{original[:2]}{check} 0000 0000 {number:04}" for check in ("00", "01")),
    "wallet": lambda number, _: f"wallet-{number}",
    "address": lambda number, _: f"10.0.0.{number}",
    "number": _card_or_phone,
    "code": _code,
}


class Masks:
    """What stands for each address, number and handle of one ticket."""

    def __init__(self) -> None:
        self._given: dict[str, dict[str, int]] = {}

    def hide(self, text: str) -> str:
        """The text with placeholders."""
        return _PATTERN.sub(self._put, text)

    def _put(self, match: re.Match[str]) -> str:
        kind = match.lastgroup or ""
        if kind in _STAYS:
            return match[0]
        known = self._given.setdefault(kind, {})
        number = known.setdefault(_same(kind, match[0]), len(known) + 1)
        return _PLACEHOLDERS[kind](number, match[0])


def _same(kind: str, original: str) -> str:
    """What two spellings of one thing have in common."""
    if kind == "number":
        return "".join(char for char in original if char.isdigit())
    return original.casefold().replace(" ", "")
