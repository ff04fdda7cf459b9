"""Sentence ids as models write them, made the ids that the prompt printed.

Comes in: one entry of an evidence list. Goes out: the ids that it means. The prompt prints `[m1.3] …`, so a model may
cite `[m1.3]`, the whole line, several ids in one text, or a range. Only sentences that were shown are ever meant; an
entry that can mean anything else stays as it is, and fails verification.
"""

import re
import unicodedata
from collections.abc import Sequence

LONGEST_RANGE = 20
"""Of a longer range only the two ends are taken: it points at no sentence between them."""
_LONGEST_ENTRY = 500

_ID = re.compile(r"\bm(\d{1,4})\.(\d{1,5})(?!\d)(?:\.(?!\d))?", re.IGNORECASE | re.ASCII)
_PRINTED = re.compile(r"\s*\[(m\d{1,4}\.\d{1,5})\]\s*\S", re.IGNORECASE | re.ASCII)
_TO = re.compile(r"[^\w-]*(?:-|\.\.\.?|…|\bto\b|\bthrough\b|\bbis\b)[^\w-]*", re.IGNORECASE)
_AND = re.compile(r"[^\w-]*(?:\band\b|&)?[^\w-]*", re.IGNORECASE)
_SHORT_END = re.compile(r"(\bm(\d{1,4})\.\d{1,5}\s*-\s*)(\d{1,5})(?![\d.])", re.IGNORECASE | re.ASCII)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−~"), "-")


def cited(entry: str, shown: Sequence[str]) -> list[str]:
    """The ids that an entry means, out of those `shown`, in the ticket's order; `[entry]` where it is not understood."""
    if entry in shown or len(entry) > _LONGEST_ENTRY:
        return [entry]
    text = _SHORT_END.sub(r"\1m\2.\3", unicodedata.normalize("NFKC", entry).translate(_DASHES))
    printed = _PRINTED.match(text)
    if printed and not _is_list(text):
        text = printed[1]
    return _expanded(text, shown) if _is_list(text) else [entry]


def _is_list(text: str) -> bool:
    """Whether a text is ids and what may stand between them, and nothing else."""
    pieces = _ID.split(text)[::3]
    return len(pieces) > 1 and all(_AND.fullmatch(piece) or _TO.fullmatch(piece) for piece in pieces)


def _expanded(text: str, shown: Sequence[str]) -> list[str]:
    found: list[str] = []
    end = 0
    for match in _ID.finditer(text):
        id = f"m{int(match[1])}.{int(match[2])}"
        is_range = bool(found) and _TO.fullmatch(text[end : match.start()])
        found += _between(found[-1], id, shown) if is_range else [id]
        end = match.end()
    return list(dict.fromkeys(found))


def _between(first: str, last: str, shown: Sequence[str]) -> list[str]:
    """The sentences after `first` up to `last`; `last` alone where that is no range, or too long a one."""
    if first not in shown or last not in shown:
        return [last]
    start, stop = shown.index(first), shown.index(last)
    return list(shown[start + 1 : stop + 1]) if start < stop <= start + LONGEST_RANGE else [last]


def same_party(given: str, ids: Sequence[str]) -> str:
    """The party id that is meant by one written with brackets, spaces or in capitals; else the given one."""
    plain = given.strip(" \t\r\n[](){}\"'`*").casefold()
    meant = [id for id in ids if id.casefold() == plain]
    return meant[0] if given not in ids and len(meant) == 1 else given
