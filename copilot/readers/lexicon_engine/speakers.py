"""Who speaks in which stretch of a ticket: quotation marks, chat lines, quoted and forwarded mail.

In quoted speech "I" is the quoted speaker and "you" the one spoken to, so the persons turn round.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from copilot.readers.lexicon_engine.cast import SUPPORT, Cast
from copilot.readers.lexicon_engine.concepts import ASSETS, WANTS
from copilot.readers.lexicon_engine.text import fold
from copilot.readers.lexicon_engine.view import Part, View, split
from copilot.sentences import Sentence

_LABEL = re.compile(
    r"(?:[\[(]?[\d./:, \-]{2,24}(?:am|pm)?[\])]?\s*[-–]?\s*)?(?P<name>[^\W\d_][\w.' \-]{0,28}?(?:\s?\([\w ]{1,12}\))?)"
    r"(?:[\s,]+[\[(]?\d{1,2}[:.]\d{2}(?:\s?[ap]m)?[\])]?)?\s?:\s",
    re.IGNORECASE,
)
_ARROWS = re.compile(r"((?:> ?)+)")
_SHORT_QUOTE_WORDS = 2
_LONGEST_LABEL = 80
_LONGEST_ATTRIBUTION = 5
_LONGEST_ROLE_LABEL_WORDS = 2
_LONGEST_QUOTE_SENTENCES = 12
_SAYING_REACH = 6
_OWNED_REACH = 3
_OTHER_TELLERS = ("third", "named", "client", "freelancer")
_TELLERS = ("i", "agency", *_OTHER_TELLERS)
_MARKS_OFF = frozenset(",(—")


@dataclass
class _State:
    """What holds from one sentence to the next inside a message."""

    block: str | None = None
    arrow: str | None = None
    header: str | None = None
    quote_open: int = 0
    labels: dict[str, str | None] = field(default_factory=dict)
    in_header: bool = False
    mail_ended: bool = False
    body_seen: bool = False


class Speakers:
    """Turns the sentences of a ticket into parts with a speaker each."""

    def __init__(self, cast: Cast, words: Mapping[str, frozenset[str]]) -> None:
        self._cast = cast
        self._names = cast.names()
        self._own = words["label_me"]
        self._from = words["mail_from"]
        self._to = words["mail_to"]
        self._roles = {role: words[role] for role in ("client", "freelancer", "agency")}

    def mark(self, sentences: list[Sentence], views: list[View]) -> None:
        """Fill `parts` of each view of one message."""
        state = _State()
        self._learn_labels(sentences, views, state)
        previous = ""
        for sentence, view in zip(sentences, views, strict=True):
            if previous.endswith(("\n\n", "\n\r\n", "\n \n")) and (
                state.header is None or (state.header == "announced" and state.body_seen)
            ):
                state.block = state.header = None
            speaker, quoted = self._block_speaker(sentence.text, view, state)
            view.parts = [] if state.in_header else list(self._parts(view, speaker, quoted, state))
            if not state.in_header and not quoted and view.trailing.endswith(":") and view.has("says"):
                state.block, state.header, state.body_seen = self._cast.opponent(speaker), "announced", False
            previous = sentence.text[-4:]
        self._give_back(views)

    def _give_back(self, views: list[View]) -> None:
        """«Pay, I know your street. That is what he wrote»: words without quotation marks, given to their speaker later."""
        for before, view in pairwise(views):
            spoken = {hit.concept for hit in before.hits}
            if not view.has("quoted_back") or not {"you", "your"} & spoken or any(part.quoted for part in before.parts):
                continue
            voice = self._cast.opponent(before.narrator)
            for part in before.parts:
                part.speaker, part.addressee = voice, self._cast.opponent(voice)
                part.quoted, part.reports = True, False

    def _learn_labels(self, sentences: list[Sentence], views: list[View], state: _State) -> None:
        """Chat labels of a message: two or more labelled lines make a chat."""
        narrator = views[0].narrator if views else None
        seen = [self._label(sentence.text) for sentence in sentences]
        named = [label for label in seen if label]
        if len(named) < 2 and not any(label and self._known(label, narrator) for label in named):
            return
        unknown: list[str] = []
        for label in dict.fromkeys(named):
            known = self._known(label, narrator)
            if known is not None:
                state.labels[label] = known
                state.labels.setdefault(label.partition(" ")[0], known)
            elif label.split(" ")[0] not in self._from | self._to:
                unknown.append(label)
        other = self._cast.opponent(narrator)
        taken = set(state.labels.values())
        for number, label in enumerate(unknown):
            if label in state.labels:
                continue
            state.labels[label] = narrator if number == 1 and narrator not in taken and len(unknown) == 2 else other

    def _label(self, text: str) -> str | None:
        start = text.lstrip()[:_LONGEST_LABEL]
        match = _LABEL.match(start) if ":" in start else None
        return fold(match["name"]).strip() if match else None

    def _known(self, label: str, narrator: str | None) -> str | None:
        """The person a label surely means."""
        words = re.findall(r"\w+", label)
        if any(word in self._own for word in words) and len(words) <= 3:
            return narrator
        for word in words:
            if word in self._names:
                return self._names[word]
        for concept in ("client", "freelancer", "agency"):
            if len(words) <= _LONGEST_ROLE_LABEL_WORDS and any(word in self._roles.get(concept, ()) for word in words):
                return self._cast.by_role(concept, None)
        return None

    def _block_speaker(self, text: str, view: View, state: _State) -> tuple[str | None, bool]:
        text = text.lstrip()
        arrows = _ARROWS.match(text)
        body = text[arrows.end() :] if arrows else text
        label = self._label(body)
        head = label if label and " " not in label else ""
        was_header, state.in_header = state.in_header, False
        if label and (head in self._from | self._to or (was_header and label not in state.labels and " " not in label)):
            state.in_header = True
        if label and head in self._from:
            self._read_header(body, view, state, bool(arrows))
            return view.narrator, False
        if label and head in self._to:
            if any(hit.concept == "support" for hit in view.hits):
                state.header = state.block = state.arrow = None
            return view.narrator, False
        if arrows:
            state.mail_ended = state.header == "mail" and state.body_seen
            depth = arrows[1].count(">")
            speaker = state.arrow or self._cast.opponent(view.narrator)
            return (speaker if depth == 1 else self._cast.opponent(speaker)), True
        if state.arrow is not None or state.header == "arrow":
            state.arrow = state.header = state.block = None
        if state.mail_ended:
            state.mail_ended, state.header, state.block = False, None, None
        if label and label in state.labels:
            state.block = state.labels[label]
            return state.block, state.block != view.narrator
        if state.block is not None:
            state.body_seen = True
            return state.block, state.block != view.narrator
        return view.narrator, False

    def _read_header(self, body: str, view: View, state: _State, in_arrows: bool) -> None:
        name = fold(body.partition(":")[2])
        words = re.findall(r"\w+", name)[:3]
        known = next((self._names[word] for word in words if word in self._names), None)
        speaker = known if known is not None else self._cast.opponent(view.narrator)
        if in_arrows:
            state.arrow = speaker
        else:
            state.block = speaker
            state.header = "mail"
            state.body_seen = False

    def _addressee(self, speaker: str | None, view: View, quoted: bool) -> str | None:
        if not quoted and speaker == view.narrator and speaker == self._cast.reporter and not self._is_conversation:
            return SUPPORT
        return self._cast.opponent(speaker)

    _is_conversation = False

    def conversation(self, first_is_reporter: bool, others_write: bool) -> None:
        """Say whether the other side writes in the ticket too, which makes «you» the other side."""
        self._is_conversation = others_write and not first_is_reporter

    def _parts(self, view: View, speaker: str | None, quoted: bool, state: _State) -> Iterator[Part]:
        addressee = self._addressee(speaker, view, quoted)
        stretches = list(_joined(_stretches(view, state)))
        for first, last, inside in stretches:
            told = None if inside or quoted else _attribution(view, first, last) or _inserted(view, first, last)
            if told is not None:
                voice = self._cast.opponent(speaker)
                said = split(view, first, told[0] - 1) + (split(view, told[1] + 1, last) if told[1] < last else [])
                yield Part(voice, self._cast.opponent(voice), True, said, view.names)
                continue
            opened = None if inside else _opened_by_colon(view, first, last)
            if opened is not None:
                reports = not quoted and (speaker == self._cast.reporter or self._cast.is_support(speaker))
                yield Part(speaker, addressee, quoted, split(view, first, opened - 1), view.names, reports=reports)
                voice = self._quoted_voice(view, opened, speaker, quoted)
                yield Part(voice, self._cast.opponent(voice), True, split(view, opened, last), view.names)
                continue
            if not inside:
                reports = not quoted and (speaker == self._cast.reporter or self._cast.is_support(speaker))
                yield Part(speaker, addressee, quoted, split(view, first, last), view.names, reports=reports)
                continue
            voice = self._quoted_voice(view, first, speaker, quoted)
            yield Part(voice, self._cast.opponent(voice), True, split(view, first, last), view.names)

    def _quoted_voice(self, view: View, first: int, speaker: str | None, quoted: bool) -> str | None:
        """Whose words a quotation is: the subject of the nearest word of saying, else the other side's."""
        said = [hit for hit in view.hits if hit.concept == "says" and hit.last < first]
        if said:
            subjects = [
                hit
                for hit in view.hits
                if hit.concept in ("i", "third", "named", "client", "freelancer") and hit.first <= said[-1].first
            ]
            if subjects and subjects[-1].concept == "i":
                return speaker
            if subjects and self._cast.reporter is None and subjects[-1].concept in ("client", "freelancer"):
                return self._cast.by_role(subjects[-1].concept, speaker)
        elif quoted:
            return speaker
        return self._cast.opponent(speaker)


def _joined(stretches: Iterator[tuple[int, int, bool]]) -> Iterator[tuple[int, int, bool]]:
    """A word or two in quotation marks belong to the sentence around them."""
    kept: list[tuple[int, int, bool]] = []
    given = list(stretches)
    if len(given) == 1:
        yield from given
        return
    for first, last, marked in given:
        inside = marked and last - first >= _SHORT_QUOTE_WORDS
        start = kept.pop()[0] if kept and not inside and not kept[-1][2] else first
        kept.append((start, last, inside))
    yield from kept


def _opened_by_colon(view: View, first: int, last: int) -> int | None:
    """Where direct speech without quotation marks starts: after «he writes:»."""
    if view.direct_speech or _speaks_to_someone(view, first, last):
        said = [hit.last for hit in view.hits if hit.concept == "says" and first <= hit.first < last - _SHORT_QUOTE_WORDS]
        if said and _turns_to_direct_speech(view, said[0]):
            return said[0] + 1
    for place in range(first + 1, last - _SHORT_QUOTE_WORDS):
        if ":" in view.tokens[place].before:
            reach = range(place - _SAYING_REACH, place)
            return place if any(hit.concept == "says" and first <= hit.first and hit.last in reach for hit in view.hits) else None
    return None


def _speaks_to_someone(view: View, first: int, last: int) -> bool:
    """«She goes pay me or I'm posting your chat»: in a report to support, «your chat» is in the other side's own words."""
    said = [hit for hit in view.hits if hit.concept == "says" and first <= hit.first <= last]
    before = [hit.concept for hit in view.hits if said and hit.first <= said[0].first and hit.concept in _TELLERS]
    if not before or before[-1] == "i":
        return False
    owned = [hit.last for hit in view.hits if hit.concept == "your" and hit.first > said[0].last]
    return any(hit.concept in ASSETS and place < hit.first <= place + _OWNED_REACH for hit in view.hits for place in owned)


def _attribution(view: View, first: int, last: int) -> tuple[int, int] | None:
    """Where a closing «, he wrote» or «(his words)» stands that makes everything before it that person's own words."""
    for place in range(last, max(first + 2, last - _LONGEST_ATTRIBUTION), -1):
        if not _MARKS_OFF.isdisjoint(view.tokens[place].before):
            before = {hit.concept for hit in view.hits if first <= hit.first < place}
            return (place, last) if before and _is_told(view, place, last) and _is_spoken(before) else None
    return None


def _inserted(view: View, first: int, last: int) -> tuple[int, int] | None:
    """Where an inserted «, he said,» stands between the two halves of somebody's own words."""
    commas = [place for place in range(first + 1, last + 1) if "," in view.tokens[place].before]
    for place, following in pairwise(commas):
        if following - place <= _LONGEST_ATTRIBUTION - 1 and _is_told(view, place, following - 1):
            around = {hit.concept for hit in view.hits if first <= hit.first < place or following <= hit.first <= last}
            return (place, following - 1) if {"you", "your"} & around and _is_spoken(around) else None
    return None


def _is_told(view: View, first: int, last: int) -> bool:
    """True for «he wrote», «the client said», «his words»: a word of saying and somebody else who says it."""
    here = [hit for hit in view.hits if first <= hit.first and hit.last <= last]
    seen = {hit.concept for hit in here}
    noun = any(hit.concept == "says" and hit.last > hit.first for hit in here) and "third_object" in seen
    return bool({"says", "asks"} & seen) and "i" not in seen and (noun or not seen.isdisjoint(_OTHER_TELLERS))


def _is_spoken(around: set[str]) -> bool:
    """True where the words speak to somebody, or announce something, as a report of another's words would not."""
    return bool({"you", "your"} & around) or {"i", "will"} <= around or not {"i", *_OTHER_TELLERS} & around


def _turns_to_direct_speech(view: View, said: int) -> bool:
    """True where a first person follows a word of saying that was not the writer's own."""
    before = any(hit.concept == "i" and hit.first <= said for hit in view.hits)
    first_person = [
        hit.first for hit in view.hits if hit.first > said and (hit.concept in ("i", "you", "your") or hit.concept in WANTS)
    ]
    third = [hit.first for hit in view.hits if hit.concept == "third" and hit.first > said]
    return not before and bool(first_person) and not (third and third[0] < first_person[0])


def _stretches(view: View, state: _State) -> Iterator[tuple[int, int, bool]]:
    """Runs of words inside and outside quotation marks; a quotation may go on from the sentence before."""
    first = 0
    inside = state.quote_open > 0
    if inside:
        state.quote_open += 1
        inside = state.quote_open <= _LONGEST_QUOTE_SENTENCES
    for place, token in enumerate(view.tokens):
        marks = token.before.count('"')
        if marks % 2 or (marks and inside):
            if place > first:
                yield first, place - 1, inside
            first = place
            inside = not inside if marks % 2 else inside
    if first < len(view.tokens):
        yield first, len(view.tokens) - 1, inside
    closes = view.trailing.count('"') % 2 == 1
    state.quote_open = max(state.quote_open, 1) if inside and not closes else 0
