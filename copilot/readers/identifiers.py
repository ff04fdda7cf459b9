"""Where a text holds something that leads to a person: mail addresses, phone, card and account numbers, links with tokens.

Comes in: text. Goes out: `Span`s that do not overlap, in order, each with its kind and a key that two spellings of one thing
share. Numbers are judged by libraries that know them (`phonenumbers`, `python-stdnum`, of the extra `redact`); what a date or an
amount of money is stays. It knows no names.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

LINK, EMAIL, ACCOUNT, CARD, PHONE = "LINK", "EMAIL", "ACCOUNT", "CARD", "PHONE"

REGIONS = ("US", "IN", "GB", "DE", "FR", "BR", "RU", "PH", "MX", "ES", "PT", "UA", "ID", "AE", "EG", "PK")
"""Where a number without a country code may be from; the first that knows it settles it."""
MOST_CHECKED = 200
"""Past so many numbers of a kind in a text, what looks like one counts as one unchecked: a check takes up to milliseconds."""

_LINK = re.compile(
    r"(?i:(?<![^\W_])(?:[a-z][a-z0-9+.-]{1,20}://|www\.)[^\s<>\"'“”«»]+"
    r"|(?<![\w@.-])(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?::\d{1,5})?[/?#][^\s<>\"'“”«»]+)"
)
_END_OF_SENTENCE = ".,;:!?)]}…"
_TELLING_KEYS = frozenset(
    ["token", "key", "code", "sig", "auth", "pwd", "pw", "password", "pass", "session", "sid", "secret", "otp", "pin", "invite"]
)
_PLAIN_VALUE = re.compile(r"[a-z]{0,12}|\d{0,4}|[a-z]{2}[-_][A-Z]{2}")
_OF_A_LOCAL_PART = r"[^\s<>()\[\]{}\"'“”«»,;:@|/\\=\0]"
_LOCAL_PART = rf"(?<!{_OF_A_LOCAL_PART})(?<!\w['’])(?:{_OF_A_LOCAL_PART}|(?<=\w)['’](?=\w))++"
_EMAIL = re.compile(rf"{_LOCAL_PART}@(?:[\w-]{{1,63}}\.){{1,8}}[^\W\d_]{{2,24}}")
_SPELT_EMAIL = re.compile(
    rf"(?i:{_LOCAL_PART}\s?[\[({{]\s?(?:at|@)\s?[\])}}]\s?[\w-]{{1,63}}(?:(?:\.|\s?[\[({{]\s?(?:dot|\.)\s?[\])}}]\s?)[\w-]{{2,63}}){{1,8}})"
)
_IBAN_BEGINS = re.compile(r"(?<![^\W_])[A-Za-z]{2}\d{2}(?=[ -]?[A-Za-z0-9])")
_WALLET = re.compile(r"\b(?:(?i:bc1[a-z0-9]{11,71})|[13][1-9A-HJ-NP-Za-km-z]{25,34}|0x[0-9a-fA-F]{40})\b")
_DIGITS = re.compile(r"(?<!\w)\d(?:[ -]?\d)+(?!\w)")
_TIME = re.compile(
    r"\b(?:19|20)\d\d(?:[ -](?:19|20)\d\d)+\b|\b\d{4}-\d{1,2}-\d{1,2}\b"
    r"|\b\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})\b(?![./-]\d)|\b\d{1,2}:\d{2}\b"
)
_CURRENCY = r"(?:[$€£¥₹₽₱₴]|(?i:руб|грн|so'm|usd|eur|reais|pesos|zł|kč))"
_AMOUNT = re.compile(
    r"(?<![\w.+])(?<!\d[ -])[1-9]\d{0,2}(?:(?:\.\d{3}){1,4}(?![\w.])"
    rf"|(?: \d{{3}}){{1,4}}(?= ?{_CURRENCY})"
    r"|(?: \d{3}){0,3} 000(?! ?[\d-]|\w))"
)
"""Groups of three figures: with points; with spaces before a currency; with spaces and at the end a round thousand."""
_MAYBE_PHONE = re.compile(
    r"(?<![\w#$€£¥₹₽₱₴.,/])(?:0\d{1,4} ?/ ?\d(?:[ -]?\d){4,10}|(?:\+|00)?\(?\d(?:[ ().-]{0,2}\d){6,16})(?![\d$€£¥₹₽₱₴%])"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text, by offsets, of one kind. Two spans with one `key` are the same thing."""

    start: int
    end: int
    kind: str
    key: str


def find(text: str) -> list[Span]:
    """Every span of a text. Where two overlap they are one, of the kind that comes first: a link holds what is in it."""
    found: list[Span] = []
    for finder in (_links, _emails, _accounts, _cards, _phones):
        found += finder(_without(text, found))
    return sorted(found, key=lambda span: span.start)


def _without(text: str, found: Sequence[Span]) -> str:
    """The text with what is known already made unreadable, of the same length."""
    characters = list(text)
    for span in found:
        characters[span.start : span.end] = "\0" * (span.end - span.start)
    return "".join(characters)


def _links(text: str) -> Iterator[Span]:
    for match in _LINK.finditer(text):
        link = match[0].rstrip(_END_OF_SENTENCE)
        if _holds_a_token(link):
            yield Span(match.start(), match.start() + len(link), LINK, link)


def _holds_a_token(link: str) -> bool:
    try:
        parts = urlsplit(link if "://" in link else f"//{link}")
    except ValueError:
        return True
    if "@" in parts.netloc:
        return True
    for piece in re.split("[&;]", f"{parts.query}&{parts.fragment}"):
        key, _, value = piece.rpartition("=")
        if value and (_TELLING_KEYS & set(re.split(r"[\W_]+", key.lower())) or not _PLAIN_VALUE.fullmatch(unquote(value))):
            return True
    return any(map(_is_random, re.split(r"[\W_]+", unquote(parts.path))))


def _is_random(piece: str) -> bool:
    """A piece of a path that no word is: a long number, letters with digits, or capitals in the middle of a long word."""
    digits = sum(char.isdigit() for char in piece)
    if digits == len(piece):
        return digits >= 7
    mixes_cases = piece[1:] != piece[1:].lower() and piece != piece.upper()
    return (
        (len(piece) >= 10 and digits >= 2)
        or (len(piece) >= 16 and mixes_cases)
        or (len(piece) >= 6 and digits > 0 and mixes_cases)
    )


def _emails(text: str) -> Iterator[Span]:
    for pattern in (_EMAIL, _SPELT_EMAIL):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), EMAIL, match[0].casefold())


def _accounts(text: str) -> Iterator[Span]:
    from stdnum.es import ccc  # noqa: PLC0415

    reached = 0
    for count, match in enumerate(_IBAN_BEGINS.finditer(text)):
        ends = [] if match.start() < reached else _ends(text, match.start())
        end = next((end for end in ends if count >= MOST_CHECKED or _is_iban(text[match.start() : end])), None)
        if end is not None:
            reached = end
            yield Span(match.start(), end, ACCOUNT, _plain(text[match.start() : end]))
    for match in _WALLET.finditer(text):
        yield Span(match.start(), match.end(), ACCOUNT, match[0])
    for match in _DIGITS.finditer(text):
        if len(_plain(match[0])) == 20 and ccc.is_valid(match[0]):
            yield Span(match.start(), match.end(), ACCOUNT, _plain(match[0]))


def _is_iban(number: str) -> bool:
    """The sum by which most are out is worked out here: the library takes a hundred times as long."""
    from stdnum import iban  # noqa: PLC0415 - of the extra `redact`

    plain = _plain(number)
    return int("".join(str(int(one, 36)) for one in plain[4:] + plain[:4])) % 97 == 1 and iban.is_valid(plain)


def _ends(text: str, start: int) -> list[int]:
    """Where an account number of 15 to 34 characters that starts here could end, the longest first."""
    ends, count = [], 0
    for at in range(start, min(len(text), start + 50)):
        if text[at] in " -":
            continue
        if not (text[at].isascii() and text[at].isalnum()) or count == 34:
            break
        count += 1
        goes_on = at + 1 < len(text) and text[at + 1].isalnum()
        if count >= 15 and not goes_on:
            ends.append(at + 1)
    return ends[::-1]


def _plain(number: str) -> str:
    return re.sub(r"[\W_]", "", number).upper()


def _cards(text: str) -> Iterator[Span]:
    checked = 0
    for match in _DIGITS.finditer(text):
        groups = [(match.start() + group.start(), match.start() + group.end()) for group in re.finditer(r"\d+", match[0])]
        place = 0
        while place < len(groups):
            start = groups[place][0]
            near = groups[place : place + 19]
            longest = [end for _, end in near if 13 <= end - start < 38]
            checked += bool(longest)
            ends = [end for end in longest if checked > MOST_CHECKED or _is_card(text[start:end])]
            if ends:
                yield Span(start, ends[-1], CARD, _plain(text[start : ends[-1]]))
                place += next(further for further, (_, end) in enumerate(near) if end == ends[-1])
            place += 1


def _is_card(number: str) -> bool:
    from stdnum import luhn  # noqa: PLC0415 - of the extra `redact`

    digits = _plain(number)
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and luhn.is_valid(digits)


def _phones(text: str) -> Iterator[Span]:
    for pattern in (_TIME, _AMOUNT):
        text = pattern.sub(lambda match: "\0" * len(match[0]), text)
    for count, match in enumerate(_MAYBE_PHONE.finditer(text)):
        number = match[0]
        for start, end in _pieces(number) if count < MOST_CHECKED else [(0, len(number))]:
            yield Span(match.start() + start, match.start() + end, PHONE, re.sub(r"\D", "", number[start:end]))


def _pieces(number: str) -> list[tuple[int, int]]:
    """The phone numbers in a row of digits: the whole of it, or two of which each is one."""
    if is_phone(number):
        return [(0, len(number))]
    for gap in re.finditer(r" +", number):
        if is_phone(number[: gap.start()]):
            rest = [(start + gap.end(), end + gap.end()) for start, end in _pieces(number[gap.end() :])]
            return [(0, gap.start()), *rest]
    return []


@lru_cache(maxsize=4096)
def is_phone(number: str) -> bool:
    """Whether some country has such a number: with a country code one that is possible there, without one that is given out."""
    import phonenumbers  # noqa: PLC0415 - of the extra `redact`

    in_one_piece = number.strip("()")
    if in_one_piece.isdecimal() and in_one_piece[0] != "0" and not 9 <= len(in_one_piece) <= 11:
        return False  # in one piece and of this length it is far more often the number of a contract
    international = f"+{number[2:]}" if number.startswith("00") else number
    for region in (None,) if international.startswith("+") else REGIONS:
        try:
            parsed = phonenumbers.parse(international, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed) or (region is None and phonenumbers.is_possible_number(parsed)):
            return True
    return False
