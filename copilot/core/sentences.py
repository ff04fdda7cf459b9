"""A ticket cut into numbered sentences that a fact can cite.

Comes in: a `Ticket`. Goes out: `Sentences`, whose pieces tile every message: joined in order they are the text,
character for character. The cut depends on the text alone, works for any script, and no piece is over 400
characters. Pieces of the copilot's own notes stand apart: they are shown, and no reader and no fact has them.
It does not clean, translate or judge anything.
"""

import re
import unicodedata
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from copilot.core.own_notes import Span, between, own_notes
from copilot.core.short_forms import BEFORE_A_FIGURE, GERMAN_MONTHS, HOST_ENDS, MAY_BE_LAST, NEVER_LAST
from copilot.core.ticket import Message, Ticket

MAX_SENTENCE_CHARACTERS = 400
MAX_FINE_SENTENCES = 20_000
"""A ticket of more pieces than that is cut coarsely, so that no text becomes many times its own size."""

_CLOSERS = r"[\"'”’»›)\]}」』】）》〉*_]*+"
_FULL_STOP = re.compile(r"(?<![.!?…‽])[.!?…‽]++" + _CLOSERS + r"(?:[ \u00a0\u202f]»)?+(?=\s)")
"""An end mark that needs a space after it: Latin, Cyrillic, Greek, Hebrew. French sets a space before its closing quote."""
_WIDE_STOP = re.compile(r"[。！？｡…؟۔।॥։።။។༎]++" + _CLOSERS + r"|．(?![\w．])")
"""An end mark that needs no space: East Asia, Arabic, Devanagari, Armenian, Ethiopic, Burmese, Khmer, Tibetan."""
_GLUED_STOP = re.compile(r"(?<=[^\W\d_]{2})[.!?]++(?=([^\W\d_]+))")
"""An end mark whose space was forgotten, as in «deleted it.Now»."""
_QUOTE_ENDS = "\"'”’»›"
_QUOTED_SPEECH_GOES_ON = re.compile(r"[」』](?=と|って)")
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
_WIDEST_WRAP_CHARACTERS = 100
"""Where two lines in a row are full (the next word did not fit in so many), a capital or a figure goes on as well."""
_THAI_CLAUSE_CHARACTERS = 30
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
    """The sentences of one ticket that are there to be read, in order, and by id.

    `own_notes` holds those of the copilot's own notes; `whole` is both in order, and holds every character.
    """

    all: tuple[Sentence, ...]
    own_notes: tuple[Sentence, ...] = ()
    whole: tuple[Sentence, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Sentence]:
        """Each sentence under its id."""
        return {sentence.id: sentence for sentence in self.all}

    @cached_property
    def _by_message(self) -> Mapping[str, tuple[Sentence, ...]]:
        found: dict[str, list[Sentence]] = {}
        for sentence in self.all:
            found.setdefault(sentence.message, []).append(sentence)
        return {message: tuple(sentences) for message, sentences in found.items()}

    def of_message(self, message: str) -> tuple[Sentence, ...]:
        """The sentences of one message; none for a message that is not in the ticket."""
        return self._by_message.get(message, ())

    def __iter__(self) -> Iterator[Sentence]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def __contains__(self, id: object) -> bool:
        return id in self.by_id


def cut(ticket: Ticket) -> Sentences:
    """Cut every message of a ticket; sentence n of message m is `m.n`, counted from 1.

    Where that makes more than 20,000, neighbours in a message are one piece as far as 400 characters hold them.
    """
    people = [person.name for person in ticket.participants if person.name]
    ids = [message.id for message in ticket.messages]
    notes = own_notes([message.text for message in ticket.messages], [ticket.subject, *people], ids, cut_text)
    fine = _whole(ticket, notes)
    return fine if len(fine.whole) <= MAX_FINE_SENTENCES else _whole(ticket, notes, coarse=True)


def _whole(ticket: Ticket, notes: Mapping[int, Sequence[Span]], coarse: bool = False) -> Sentences:
    whole: list[Sentence] = []
    own: set[str] = set()
    for place, message in enumerate(ticket.messages):
        spans = notes.get(place, [])
        pieces = cut_message(message, ticket.author_of(message), spans, coarse)
        whole += pieces
        own |= {one.id for one in pieces if _is_within(spans, one.start)}
    return Sentences(
        tuple(one for one in whole if one.id not in own),
        tuple(one for one in whole if one.id in own),
        tuple(whole),
    )


def _is_within(spans: Sequence[Span], offset: int) -> bool:
    before = bisect(spans, offset, key=lambda span: span[0])
    return before > 0 and offset < spans[before - 1][1]


def cut_message(message: Message, author: str | None, apart: Sequence[Span] = (), coarse: bool = False) -> list[Sentence]:
    """Cut one message into sentences; none reaches over the edge of a span that stands apart."""
    bounds: list[Span] = []
    for start, end in sorted([*apart, *between(message.text, apart)]):
        pieces = cut_text(message.text[start:end])
        bounds += [(start + first, start + last) for first, last in (_joined(pieces) if coarse else pieces)]
    return [
        Sentence(f"{message.id}.{number}", message.id, author, start, end, message.text[start:end])
        for number, (start, end) in enumerate(bounds, start=1)
    ]


def message_numbers(ticket: Ticket) -> dict[str, int]:
    """The place of each message, counted from 1, under its id."""
    return {message.id: number for number, message in enumerate(ticket.messages, start=1)}


def shown_id(id: str, numbers: Mapping[str, int]) -> str:
    """A sentence's id as people are shown it: `m2.1` is the first of the second message, whatever a console calls that."""
    message, _, sentence = id.rpartition(".")
    return f"m{numbers[message]}.{sentence}"


def cut_text(text: str) -> list[tuple[int, int]]:
    """Cut text into (start, end) offsets that tile it; linear in the length of the text."""
    starts = sorted(_after_space(text, _ends(text)) | {0})
    pieces = [(start, end) for start, end in zip(starts, [*starts[1:], len(text)], strict=True) if start < end]
    return [short for start, end in _without_blanks(text, pieces) for short in _shorten(text, start, end)]


def _joined(bounds: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in bounds:
        if joined and end - joined[-1][0] <= MAX_SENTENCE_CHARACTERS:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _ends(text: str) -> set[int]:
    """Offsets just after the last mark of a sentence."""
    ends = {match.end() for match in _FULL_STOP.finditer(text) if not _goes_on_after(text, match)}
    ends |= {match.end() for match in _WIDE_STOP.finditer(text) if not _goes_on_wide(text, match)}
    ends |= {match.end() for match in _GLUED_STOP.finditer(text) if _is_forgotten_space(text, match)}
    ends |= _line_ends(text)
    last = 0
    for match in _THAI_SPACE.finditer(text):
        if match.start() - last >= _THAI_CLAUSE_CHARACTERS:
            ends.add(match.start())
            last = match.start()
    return ends


def _line_ends(text: str) -> set[int]:
    """Offsets behind the line breaks that end a sentence; a break that only wraps a long line ends none."""
    ends = set()
    wrapped = _full_lines(text)
    line_start = 0
    for match in _LINE_BREAK.finditer(text):
        if line_start not in wrapped and not _goes_on_below(text, line_start, match.start(), match.end()):
            ends.add(match.end())
        line_start = match.end()
    return ends


def _full_lines(text: str) -> set[int]:
    """Starts of the lines that a mail program wrapped, told by their width."""
    found: set[int] = set()
    paragraph: list[tuple[int, int]] = []
    start = 0
    for match in [*_LINE_BREAK.finditer(text), None]:
        end = match.start() if match else len(text)
        if end - start < 2 or text[start:end].isspace() or _LINE_OPENER.match(text, start, start + 48):
            if paragraph:
                found |= _wrapped_lines(text, paragraph)
                paragraph = []
        else:
            paragraph.append((start, end))
        start = match.end() if match else end
    return found | _wrapped_lines(text, paragraph)


def _wrapped_lines(text: str, paragraph: list[tuple[int, int]]) -> set[int]:
    """Starts of full lines that stand at least two in a row: long, and the next line's first word did not fit."""
    lengths = [len(text[start:end].rstrip()) for start, end in paragraph]
    width = max(lengths, default=0)
    if width > _WIDEST_WRAP_CHARACTERS:
        return set()
    first_words = [len("".join(text[start:end].split(maxsplit=1)[:1])) for start, end in paragraph]
    full = [
        length >= _WRAPPED_LINE_CHARACTERS and length + 1 + word > width
        for length, word in zip(lengths, first_words[1:], strict=False)
    ]
    in_a_row = [here and (before or after) for before, here, after in zip([False, *full], full, [*full[1:], False], strict=False)]
    return {start for (start, _), wrapped in zip(paragraph, in_a_row, strict=False) if wrapped}


def _goes_on_below(text: str, line_start: int, line_end: int, next_start: int) -> bool:
    """True where a line break is only a wrap inside a sentence."""
    if line_end - line_start < _WRAPPED_LINE_CHARACTERS:
        return False
    following = text[next_start : next_start + 48]
    first = following.lstrip(" \t")[:1]
    return first.isalpha() and first.islower() and not _LINE_OPENER.match(following)


def _goes_on_after(text: str, match: re.Match[str]) -> bool:
    """True where the mark belongs to «e.g.», an initial, a number or quoted speech, and does not end a sentence."""
    following = text[match.end() : match.end() + 24].lstrip()
    if match[0] != ".":
        is_pause = match[0].startswith(("…", "..")) or match[0][-1] in _QUOTE_ENDS
        return is_pause and following[:1].islower() and "\n" not in text[match.end() : match.end() + 2]
    found = re.search(r"[\w.º]*\Z", text[max(0, match.start() - 12) : match.start()])
    word = found[0] if found else ""
    before = text[max(0, match.start() - 24) : match.start() - len(word)]
    if word.isdigit():
        starts_a_list = not before.rpartition("\n")[2].strip()
        return starts_a_list or (len(word) <= 2 and following.partition(" ")[0].lower() in GERMAN_MONTHS)
    return _is_initial(word, before, following) or _is_short_form(word, following)


def _is_short_form(word: str, following: str) -> bool:
    if word.lower() in NEVER_LAST or (word == "St" and following[:1].isupper()):
        return True
    goes_on = following[:1].isdigit() or following[:1].islower()
    return (word.lower() in MAY_BE_LAST and goes_on) or (word.lower() in BEFORE_A_FIGURE and following[:1].isdigit())


def _is_initial(word: str, before: str, following: str) -> bool:
    """True for the J in «J. Smith», but not for the L in «Maria L. She left» or for the word I."""
    if len(word) != 1 or not word.isupper() or word in "IЯ":
        return False
    previous = "".join(before.split()[-1:])
    ends_a_name = previous[:1].isupper() and previous[-1:].isalpha()
    return not (ends_a_name and following[:1].isalpha())


def _goes_on_wide(text: str, match: re.Match[str]) -> bool:
    """True for a pause inside a line, and for speech quoted within a Japanese sentence."""
    if match[0][0] == "…" and match.end() != len(text):
        return True
    return bool(_QUOTED_SPEECH_GOES_ON.match(text, match.end() - 1))


def _is_forgotten_space(text: str, match: re.Match[str]) -> bool:
    """True where a capital (or a script without capitals) follows a glued mark, outside addresses and names such as Node.js."""
    word, mark = match[1], text[match.start()]
    if word[0].islower():
        return False
    if mark == "." and word != "I" and (word.isupper() or word.lower() in HOST_ENDS):
        return False
    before = text[max(0, match.start() - 80) : match.start()].rsplit(maxsplit=1)[-1]
    after = text[match.start() : match.end() + 80].split(maxsplit=1)[0]
    return not re.search(r"[/@=\\]|www\.", before + after)


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
    while limit > furthest and (_clings(text[limit]) or text[limit - 1] == "\u200d"):
        limit -= 1
    return limit


def _clings(character: str) -> bool:
    """True for a mark that belongs to the character before it: an accent, a vowel sign, a joiner, a skin tone."""
    return unicodedata.category(character)[0] == "M" or character in "\u200d\u200c" or "\U0001f3fb" <= character <= "\U0001f3ff"
