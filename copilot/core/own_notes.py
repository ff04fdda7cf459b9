"""The copilot's own notes, and its questions to customers, where they stand in a ticket: what it wrote is never read as evidence.

Comes in: the texts of a ticket. Goes out: for each, the spans that say nothing of their own. A note is known by its wording
(`notes/wording.toml`), however its spaces, line ends, bullets and quote marks were changed, in whole or in part. No span
can hide anything: it holds fixed wording, sentences that stand elsewhere in the ticket and are read there, and names from
what is read. So it is of no account who wrote the message, and all else between the lines of a note is read.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import zip_longest

from copilot.core.note_wording import CUT_OFF, ENTITY, LineForm, LineKind, Patterns, forms_at, letters, patterns, places

Span = tuple[int, int]
Cut = Callable[[str], list[Span]]

_MAY_HOLD_A_NOTE = re.compile(
    r"Internal\W+note\W+for|No\W+escalation\W+is|Rule\W+R\d\w+|Triage\W+Copilot|could\W+you\W+please\W+tell\W+us|هل\W+يمكنك\W+أن\W+تخبرنا"
)
_BEFORE = frozenset(" \t\r\n\u00a0>|*•·▪◦(“\"'‹_`#–—-")
_BEHIND = re.compile(r"[.)”\"'›*_`…]*[\s>]*")
_NAME = re.compile(r"[\s>]*[“”\"«»]?([^“”\"«»]{0,200})")
_QUOTE_ENDS = re.compile(rf"(?:{ENTITY}|[^\w“”\"«»])*[“”\"«»]")
_STRONG = 20
"""A unit with at least so many letters is no everyday phrase."""
_MOST_NAMES = 200


def own_notes(texts: Sequence[str], known: Sequence[str], ids: Sequence[str], cut: Cut) -> dict[int, list[Span]]:
    """Spans of the copilot's own notes, by the text's place; `known` holds what else names may come from."""
    noted = {place: Skeleton.of(text) for place, text in enumerate(texts) if _MAY_HOLD_A_NOTE.search(text)}
    if not noted:
        return {}
    marks = patterns([letters(id) for id in ids])
    told = _Told()
    for place, text in enumerate(texts):
        spans = _framed(noted[place], marks) if place in noted else []
        told.add(text, between(text, spans), cut)
    told.close(known)
    found = {place: _spans(skeleton, marks, told) for place, skeleton in noted.items()}
    return {place: spans for place, spans in found.items() if spans}


def between(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """What lies around the spans."""
    reached = 0
    for start, end in spans:
        if reached < start:
            yield reached, start
        reached = end
    if reached < len(text):
        yield reached, len(text)


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A text's letters and their places in it; `starts` is 1 where a word may begin, and behind the last."""

    text: str
    letters: str
    places: list[int]
    starts: bytearray

    @classmethod
    def of(cls, text: str) -> "Skeleton":
        """The letters of a text."""
        at = places(text)
        starts = bytearray(_may_begin(text, place) for place in at)
        return cls(text, letters(text), at, starts + b"\x01")

    def span(self, start: int, end: int) -> Span:
        """Letters from `start` to `end` as a span of the text, with the marks and the white space that belong to them."""
        floor, first = self.places[start - 1] + 1 if start else 0, self.places[start]
        while first > floor and (start == 0 or self.text[first - 1] in _BEFORE):
            first -= 1
        behind = _BEHIND.match(self.text, self.places[end - 1] + 1)
        return first, len(self.text) if end == len(self.letters) or behind is None else behind.end()

    def closes_a_quote(self, end: int) -> bool:
        """Whether a quotation mark stands behind the letter before `end`."""
        return bool(_QUOTE_ENDS.match(self.text, self.places[end - 1] + 1))


def _may_begin(text: str, place: int) -> bool:
    """Whether a word may begin there: a capital does behind a small letter or a figure, where a line break was lost."""
    before = text[place - 1 : place]
    return not before.isalnum() or (text[place].isupper() and not before.isupper())


@dataclass(frozen=True, slots=True)
class _Unit:
    start: int
    end: int
    form: LineForm

    @property
    def is_strong(self) -> bool:
        return self.form.kind in (LineKind.QUOTE, LineKind.NAME) or self.end - self.start >= _STRONG


@dataclass
class _Told:
    """What is read anyway: sentences by their letters, and everything that a name may be part of."""

    sentences: set[str] = field(default_factory=set)
    lengths: list[int] = field(default_factory=list)
    all: str = ""
    names: int = 0

    def add(self, text: str, spans: Iterator[Span], cut: Cut) -> None:
        for start, end in spans:
            part = text[start:end]
            self.sentences.update(filter(None, (letters(part[first:last]) for first, last in cut(part))))

    def close(self, known: Sequence[str]) -> None:
        self.lengths = sorted({len(sentence) for sentence in self.sentences}, reverse=True)
        self.all = "\n".join([*self.sentences, *map(letters, known)])

    def quote_end(self, skeleton: Skeleton, at: int) -> int | None:
        """Where a sentence that is read elsewhere ends, if one begins here; it may be cut off by the end of the text."""
        for length in self.lengths:
            end = at + length
            if end <= len(skeleton.letters) and skeleton.letters[at:end] in self.sentences and skeleton.closes_a_quote(end):
                return end
        if not self.lengths or len(skeleton.letters) - at > self.lengths[0]:
            return None
        rest = skeleton.letters[at:]
        return len(skeleton.letters) if any(sentence.startswith(rest) for sentence in self.sentences) else None

    def name_end(self, skeleton: Skeleton, at: int) -> int | None:
        """Where a name ends that begins here and stands in what is read."""
        self.names += 1
        named = _NAME.match(skeleton.text, skeleton.places[at - 1] + 1)
        if named is None or self.names > _MOST_NAMES:
            return None
        is_known = any(letters(name) in self.all for name in (named[1], unescape(named[1])))
        return bisect_left(skeleton.places, named.end(1)) if is_known else None


def _framed(skeleton: Skeleton, marks: Patterns) -> list[Span]:
    """Everything that may be part of a note, quotes up to the next wording: a first look, to know what is read at all."""
    spans: list[Span] = []
    units = [unit for unit in _units(skeleton, marks) if unit.is_strong]
    for unit, following in zip_longest(units, units[1:]):
        is_open = unit.form.kind in (LineKind.QUOTE, LineKind.NAME)
        end = (following.start if following else len(skeleton.letters)) if is_open else unit.end
        start, last = skeleton.span(unit.start, end)
        spans.append((max(start, spans[-1][1]) if spans else start, last))
    return spans


def _spans(skeleton: Skeleton, marks: Patterns, told: _Told) -> list[Span]:
    """The spans of the notes of a text; none where nothing marks one."""
    units = list(_units(skeleton, marks, told))
    if not any(unit.form.kind in (LineKind.MARK, LineKind.CLOSING) for unit in units):
        return []
    runs: list[list[_Unit]] = []
    for unit in units:
        if runs and runs[-1][-1].end == unit.start:
            runs[-1].append(unit)
        else:
            runs.append([unit])
    return [skeleton.span(run[0].start, run[-1].end) for run in runs if any(unit.is_strong for unit in run)]


def _units(skeleton: Skeleton, marks: Patterns, told: _Told | None = None) -> Iterator[_Unit]:
    """The units of fixed wording in a text, with what they quote where `told` says what is read anyway."""
    at, before = skeleton.starts.find(1), None
    while at < len(skeleton.letters):
        unit = _unit(skeleton, at, before, marks, told)
        if unit is None:
            at = skeleton.starts.find(1, at + 1)
            continue
        yield unit
        at, before = unit.end, unit


def _unit(skeleton: Skeleton, at: int, before: _Unit | None, marks: Patterns, told: _Told | None) -> _Unit | None:
    """The longest unit that begins at `at`; one cut off by the end of the text only right behind another."""
    may_be_cut_off = before is not None and before.end == at and before.form.kind is not LineKind.CLOSING
    found: list[_Unit] = []
    for form in forms_at(skeleton.letters, at):
        for end in form.ends(skeleton.letters, at, marks):
            reached = (
                (len(skeleton.letters) if may_be_cut_off else None) if end == CUT_OFF else _behind(skeleton, form, end, told)
            )
            if reached is not None and skeleton.starts[reached]:
                found.append(_Unit(at, reached, form))
    return max(found, key=lambda unit: unit.end, default=None)


def _behind(skeleton: Skeleton, form: LineForm, end: int, told: _Told | None) -> int | None:
    """Where a form ends with what it quotes; None where that is read nowhere else."""
    if told is None or form.kind not in (LineKind.QUOTE, LineKind.NAME):
        return end
    return told.quote_end(skeleton, end) if form.kind is LineKind.QUOTE else told.name_end(skeleton, end)
