"""What a model need not know of a ticket is printed under other names: `EMAIL_1` for an address, `NAME_2` for a person.

Comes in: a ticket. Goes out: a `Redaction`, which gives any part of its texts as a model may see it, and gives back the ticket's
own words for what a model copied. The ticket stays as it is, and with it every sentence, offset and quote. A person on record
has one placeholder for all of the name and any word of it. It refuses to work without the extra `redact`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec

from copilot.config.extras import install
from copilot.core.errors import SettingsError
from copilot.core.hidden import HIDDEN
from copilot.core.name_words import WORD, pattern, tells
from copilot.core.ticket import Participant, Ticket
from copilot.core.vocabulary import Role
from copilot.readers.identifiers import Span, find

NAME = "NAME"
_NO_NAMES = frozenset(
    [
        "client",
        "freelancer",
        "agency",
        "support",
        "unknown",
        "customer",
        "agent",
        "reporter",
        "buyer",
        "seller",
        "user",
        "admin",
        "team",
        "the",
    ]
)
_UNSEEN = re.compile(f"[{HIDDEN}\u0300-\u036f\u0591-\u05bd\u0640\u064b-\u0652\u0670]")
"""What is left away in writing, or may be: accents, and the vowels and long strokes of Hebrew and Arabic."""


def check_installed() -> None:
    """Raises `SettingsError` where the libraries that know numbers are missing."""
    if not (find_spec("phonenumbers") and find_spec("stdnum")):
        raise SettingsError(f"COPILOT_REDACT=1 needs more than is installed; {install('redact')}")


def seen(text: str) -> tuple[str, list[int]]:
    """A text as a person sees it, without accents and wide forms, and the place of each of its characters in the text."""
    characters, places = [], []
    for place, character in enumerate(text):
        if character.isascii() and character.isprintable():
            plain = character
        elif _UNSEEN.match(character):
            continue
        else:
            plain = _UNSEEN.sub("", unicodedata.normalize("NFKD", character))
        characters.append(plain if len(plain) == 1 else character)
        places.append(place)
    return "".join(characters), [*places, len(text)]


@dataclass
class Redaction:
    """The placeholders of one ticket."""

    ticket: Ticket
    marketplace: str
    _given: dict[tuple[str, str], str] = field(default_factory=dict)
    _originals: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_installed()
        self._texts = {message.id: message.text for message in self.ticket.messages}
        for number, person in enumerate(self.ticket.participants, start=1):
            if person.name:
                self._placeholder(NAME, f"person {number}", person.name)
        self._spans = {id: self._found(text) for id, text in self._texts.items()}

    def part(self, message: str, start: int, end: int) -> str:
        """What is printed of a message from one offset to another; what is hidden in part is hidden."""
        return self._printed(self._texts[message], self._spans[message], start, end)

    @cached_property
    def subject(self) -> str:
        """The subject as it is printed."""
        subject = self.ticket.subject
        return self._printed(subject, self._found(subject), 0, len(subject))

    def name(self, position: int) -> str:
        """The placeholder of a participant who has a name."""
        return self._given[NAME, f"person {position + 1}"]

    def restored(self, name: str) -> str:
        """A name that a model copied, in the ticket's own words."""
        return self._placeholders.sub(lambda match: self._originals[match[0].upper()], name)

    @cached_property
    def _placeholders(self) -> re.Pattern[str]:
        longest = sorted(self._originals, key=len, reverse=True)
        return re.compile("(?i:" + "|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in longest) + ")" if longest else r"(?!)")

    @cached_property
    def _all_text(self) -> str:
        names = (person.name or "" for person in self.ticket.participants)
        return "\n".join((self.ticket.subject, *names, *(message.text for message in self.ticket.messages))).upper()

    def _placeholder(self, kind: str, key: str, original: str) -> str:
        """What stands for a thing; never a word that the ticket holds itself."""
        if (kind, key) not in self._given:
            word = kind
            while f"{word}_" in self._all_text:
                word += "X"
            number = 1 + sum(known == kind for known, _ in self._given)
            self._given[kind, key] = f"{word}_{number}"
            self._originals[f"{word}_{number}"] = original
        return self._given[kind, key]

    def _found(self, text: str) -> list[tuple[int, int, str]]:
        """Each part of a text that is hidden, by offsets, and what is printed in its place."""
        plain, places = seen(text)
        spans = find(plain)
        taken = bytearray(len(plain))
        for span in spans:
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
        names = [one for one in self._names.find(plain) if not any(taken[one.start : one.end])]
        found = []
        for span in sorted([*spans, *names], key=lambda one: one.start):
            start, end = places[span.start], places[span.end]
            found.append((start, end, self._placeholder(span.kind, span.key, text[start:end])))
        return found

    @cached_property
    def _names(self) -> "NamesOnRecord":
        return NamesOnRecord(self.ticket.participants, self.marketplace)

    def _printed(self, text: str, spans: list[tuple[int, int, str]], start: int, end: int) -> str:
        pieces, reached = [], start
        for begins, ends, placeholder in spans:
            if ends <= start or begins >= end:
                continue
            pieces += [text[reached : max(begins, reached)], placeholder]
            reached = min(ends, end)
        return "".join([*pieces, text[reached:end]])


class NamesOnRecord:
    """Finds people of a ticket's records in a text that went through `seen`, by their whole names and by single words of them."""

    def __init__(self, people: tuple[Participant, ...], marketplace: str) -> None:
        kept_out = _NO_NAMES | {word.casefold() for word in WORD.findall(seen(marketplace)[0])}
        self._owners: dict[str, set[int]] = {}
        self._sizes: dict[int, int] = {}
        patterns: dict[str, str] = {}
        for number, person in enumerate(people, start=1):
            words = [word for word in WORD.findall(seen(person.name or "")[0]) if tells(word) and word.casefold() not in kept_out]
            self._sizes[number] = len(set(words))
            for word in words:
                self._owners.setdefault(word.casefold(), set()).add(number)
                patterns.setdefault(word, pattern(word, as_spelt=person.role is Role.AGENCY))
        units = "|".join(patterns[word] for word in sorted(patterns, key=lambda one: (-len(one), one)))
        initials = {word for person in people for word in WORD.findall(seen(person.name or "")[0]) if not tells(word)}
        initial = rf"(?:[ ](?:{'|'.join(sorted(initials))})\b)?" if initials else ""
        self._unit = re.compile(f"(?:{units})" if units else r"(?!)")
        self._run = re.compile(rf"(?:{units})(?:[ -](?:{units}))*{initial}" if units else r"(?!)")

    def find(self, text: str) -> list[Span]:
        """Every name of a text, each with whose it is; a word that two people share is a name of its own."""
        return [span for run in self._run.finditer(text) for span in self._of(run)]

    def _of(self, run: re.Match[str]) -> Iterator[Span]:
        units = list(self._unit.finditer(run[0]))
        owners = [self._owners_of(unit[0]) for unit in units]
        common = set.intersection(*owners)
        if not common:
            for unit, those in zip(units, owners, strict=True):
                yield Span(run.start() + unit.start(), run.start() + unit.end(), NAME, self._key(those, unit[0]))
            return
        whole = {number for number in common if self._sizes[number] == len(units)}
        yield Span(run.start(), run.end(), NAME, self._key(whole or common, run[0]))

    def _owners_of(self, found: str) -> set[int]:
        word = found.casefold()
        return self._owners[word if word in self._owners else max((one for one in self._owners if word.startswith(one)), key=len)]

    def _key(self, owners: set[int], found: str) -> str:
        return f"person {min(owners)}" if len(owners) == 1 else f"shared {found.casefold()}"
