"""A ticket cut into numbered sentences that a fact can cite.

Comes in: a `Ticket`. Goes out: `Sentences`, whose pieces tile every message: joined in order they are the text,
character for character. The cut depends on the text alone, works for any script, and no piece is over 400
characters. It does not clean, translate or judge anything.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from copilot.ticket import Message, Ticket

MAX_SENTENCE_CHARACTERS = 400

_CLOSERS = r"[\"'”’»›)\]}」』】）》〉*_]*"
_FULL_STOP = re.compile(r"[.!?…؟۔।॥։።។॥]+" + _CLOSERS + r"(?=\s)")
"""An end mark that needs a space after it: Latin, Cyrillic, Arabic, Devanagari, Armenian, Ethiopic, Khmer."""
_WIDE_STOP = re.compile(r"[。！？｡…]+" + _CLOSERS)
"""An end mark of scripts written without spaces."""
_GLUED_STOP = re.compile(r"(?<=[^\W\d_]{2})[.!?]+(?=[^\W\d_a-zа-яё][^\W\d_])")
"""An end mark whose space was forgotten, as in «deleted it.Now»; a capital must follow."""
_LINE_BREAK = re.compile(r"\r\n|[\n\r\u2028\u2029\x0b\x0c\x85]")
_THAI_SPACE = re.compile(r"(?<=[\u0e00-\u0e7f])\s+(?=[\u0e00-\u0e7f])")
_LINE_OPENER = re.compile(
    r"\s*(?:>|[-*•–—·]\s|\d{1,3}[.)]\s|\[|\(?\d{1,2}[:.]\d{2}|#|\|"
    r"|(?:from|to|sent|subject|date|cc|on|de|para|von|an|betreff|от|кому|тема)\s?:|[^\W\d_][\w .'-]{0,30}:\s)",
    re.IGNORECASE,
)
"""How a line starts that is a unit of its own: a quote, a list item, a chat stamp, a mail header, «name: …»."""
_WRAPPED_LINE_CHARACTERS = 55
"""A line at least this long, with no end mark, that goes on in lower case was wrapped by a mail program."""
_THAI_CLAUSE_CHARACTERS = 30
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st no vs etc e.g i.e eg ie approx inc ltd co corp dept est fig jr sr p.s ps a.m p.m u.s u.k cf al "
    "sra srta dra ud uds pág núm av exmo z.b d.h u.a bzw ca usw nr str evtl ggf vgl mme mlle p.ex env т.е т.д т.п т.к г ул руб "
    "др стр см hlm dll dsb yth tel ext min max".split()
)
_LONGEST_CLUSTER_CHARACTERS = 16
_SOFT_BREAKS = (re.compile(r"[;:](?=\s)|[；：]"), re.compile(r"[,)](?=\s)|[，、،]"), re.compile(r"\s"))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One citable piece. `start` and `end` are character offsets into the message's original text."""

    id: str
    message: str
    author: str | None
    start: int
    end: int
    text: str

    @property
    def is_blank(self) -> bool:
        """True where there is nothing to read in it."""
        return not self.text.strip()


@dataclass(frozen=True)
class Sentences:
    """All sentences of one ticket, in order, and by id."""

    all: tuple[Sentence, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Sentence]:
        """Each sentence under its id."""
        return {sentence.id: sentence for sentence in self.all}

    def of_message(self, message: str) -> tuple[Sentence, ...]:
        """The sentences of one message."""
        return tuple(sentence for sentence in self.all if sentence.message == message)

    def __iter__(self) -> Iterator[Sentence]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def __contains__(self, id: object) -> bool:
        return id in self.by_id


def cut(ticket: Ticket) -> Sentences:
    """Cut every message of a ticket; sentence n of message m is `m.n`, counted from 1."""
    return Sentences(tuple(sentence for message in ticket.messages for sentence in cut_message(message, ticket.author_of(message))))


def cut_message(message: Message, author: str | None) -> list[Sentence]:
    """Cut one message into sentences."""
    bounds = cut_text(message.text)
    return [
        Sentence(f"{message.id}.{number}", message.id, author, start, end, message.text[start:end])
        for number, (start, end) in enumerate(bounds, start=1)
    ]


def cut_text(text: str) -> list[tuple[int, int]]:
    """Cut text into (start, end) offsets that tile it; linear in the length of the text."""
    starts = sorted(_after_space(text, _ends(text)) | {0})
    pieces = [
        (start, end) for start, end in zip(starts, [*starts[1:], len(text)], strict=True) if start < end
    ]
    return [short for start, end in _without_blanks(text, pieces) for short in _shorten(text, start, end)]


def _ends(text: str) -> set[int]:
    """Offsets just after the last mark of a sentence."""
    ends = {match.end() for match in _FULL_STOP.finditer(text) if not _is_abbreviation(text, match)}
    ends |= {match.end() for match in _WIDE_STOP.finditer(text) if match[0][0] != "…" or match.end() == len(text)}
    ends |= {match.end() for match in _GLUED_STOP.finditer(text)}
    ends |= _line_ends(text)
    last = 0
    for match in _THAI_SPACE.finditer(text):
        if match.start() - last >= _THAI_CLAUSE_CHARACTERS:
            ends.add(match.start())
            last = match.start()
    return ends


def _line_ends(text: str) -> set[int]:
    ends = set()
    line_start = 0
    for match in _LINE_BREAK.finditer(text):
        if not _goes_on(text, line_start, match.start(), match.end()):
            ends.add(match.end())
        line_start = match.end()
    return ends


def _goes_on(text: str, line_start: int, line_end: int, next_start: int) -> bool:
    """True where a line break is only a wrap inside a sentence."""
    if line_end - line_start < _WRAPPED_LINE_CHARACTERS:
        return False
    following = text[next_start : next_start + 48]
    first = following.lstrip(" \t")[:1]
    return first.isalpha() and first.islower() and not _LINE_OPENER.match(following)


def _is_abbreviation(text: str, match: re.Match[str]) -> bool:
    """True where the mark belongs to «e.g.», an initial, or a list number, and does not end a sentence."""
    if match[0] != ".":
        return match[0].startswith(("…", "..")) and text[match.end() :][:2].strip()[:1].islower()
    word = re.search(r"[\w.]*\Z", text[max(0, match.start() - 12) : match.start()])
    token = word[0].lower() if word else ""
    before = text[max(0, match.start() - 24) : match.start() - len(token)]
    is_list_number = token.isdigit() and not before.rpartition("\n")[2].strip()
    is_initial = len(token) == 1 and token.isalpha() and token not in "iaиясвуoeyàéका"
    return token in _ABBREVIATIONS or is_list_number or (is_initial and text[match.start() - 1].isupper())


def _after_space(text: str, ends: set[int]) -> set[int]:
    """Move each end behind the white space that follows, which belongs to the sentence before it."""
    moved: set[int] = set()
    reached = 0
    for end in sorted(ends):
        reached = max(reached, end)
        while reached < len(text) and text[reached].isspace():
            reached += 1
        moved.add(reached)
    return moved


def _without_blanks(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join a piece with nothing to read to its neighbour, so that every number names something."""
    kept: list[tuple[int, int]] = []
    pending: int | None = None
    for start, end in pieces:
        begin = start if pending is None else pending
        if text[start:end].isspace():
            if kept:
                kept[-1] = (kept[-1][0], end)
            else:
                pending = begin
            continue
        kept.append((begin, end))
        pending = None
    return kept or ([(0, len(text))] if text else [])


def _shorten(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a piece into parts of at most 400 characters, at the softest place there is."""
    while end - start > MAX_SENTENCE_CHARACTERS:
        middle = _soft_break(text, start, start + MAX_SENTENCE_CHARACTERS)
        yield start, middle
        start = middle
    yield start, end


def _soft_break(text: str, start: int, limit: int) -> int:
    window = text[start:limit]
    for pattern in _SOFT_BREAKS:
        places = [match.end() for match in pattern.finditer(window) if match.end() >= MAX_SENTENCE_CHARACTERS // 3]
        if places:
            return start + places[-1]
    furthest = limit - _LONGEST_CLUSTER_CHARACTERS
    while limit > furthest and (unicodedata.combining(text[limit]) or text[limit] in "\u200d\ufe0f" or text[limit - 1] == "\u200d"):
        limit -= 1
    return limit
