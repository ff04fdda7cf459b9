"""Data that could be somebody's: addresses, telephone numbers, bank accounts and cards in a text.

Only what cannot be anybody's may stand in a case: addresses under the names that are kept for examples (RFC 2606), and
numbers that fail their own checksum.
"""

import re
from collections.abc import Iterator

_MAIL = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)*)")
_HOST = re.compile(r"(?:https?://|www\.)([\w-]+(?:\.[\w-]+)+)", re.IGNORECASE)
_FOR_EXAMPLES = re.compile(r"(?:.+\.)?(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])\+?\(?\d(?:[ ()/.-]{0,2}\d){6,}(?!\w)")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_FEWEST_DIGITS = 7
_CARD_DIGITS = range(13, 20)


def find(text: str) -> Iterator[str]:
    """What is wrong in a text, in words that do not repeat it."""
    if any(not _FOR_EXAMPLES.fullmatch(match[1]) for match in _MAIL.finditer(text)):
        yield "a mail address outside the example domains"
    if any(not _FOR_EXAMPLES.fullmatch(match[1].removeprefix("www.")) for match in _HOST.finditer(text)):
        yield "a web address outside the example domains"
    if any(_is_iban(match[0]) for match in _IBAN.finditer(text)):
        yield "a bank account number that passes its checksum"
    rest = _TIME.sub(" ", _IBAN.sub(" ", text))
    numbers = ["".join(char for char in match[0] if char.isdigit()) for match in _NUMBER.finditer(rest)]
    if any(len(digits) in _CARD_DIGITS and _passes_luhn(digits) for digits in numbers):
        yield "a card number that passes its checksum"
    if any(_FEWEST_DIGITS <= len(digits) < _CARD_DIGITS.start for digits in numbers):
        yield "a number that looks like a telephone number"


def _is_iban(text: str) -> bool:
    """ISO 13616: the first four characters moved to the end, letters as numbers, remainder 1 by 97."""
    plain = text.replace(" ", "")
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def _passes_luhn(digits: str) -> bool:
    """ISO/IEC 7812: every second digit from the right doubled."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
