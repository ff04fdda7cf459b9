"""The fixed wording of notes as forms that letters can be compared with.

Comes in: `notes/wording.toml`. Goes out: forms, each of which says where it may end in a run of letters, or that the
letters ran out within it. It knows wording, and nothing of tickets.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from pathlib import Path

from copilot.core.hidden import HIDDEN

CUT_OFF = -1
"""Said in place of an end: the letters ran out within the form."""

Patterns = Mapping[str, re.Pattern[str]]


class LineKind(Enum):
    """What a form does in a note."""

    MARK = auto()
    CLOSING = auto()
    QUOTE = auto()
    NAME = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Variable:
    """A place in a form for what a pattern says."""

    name: str


Part = str | Variable | tuple["tuple[Part, ...]", ...]
"""Letters, a variable, or a choice between runs of parts."""

_MARKS = r"\s>|*•·▪◦–—\-_“”„«»'‘’‹›`ˋ<(),.;#\\+…!" + '"'
ENTITY = r"&(?:#0{0,4}(?:3[49]|6[02]|160)|#x0{0,4}(?:2[27]|3[ce]|a0)|quot|apos|lt|gt|nbsp);"
"""How a page spells a mark or a space."""
_NO_LETTER = re.compile(rf"{ENTITY}|‹U\+[0-9A-F]{{4,6}}›|\[(?=[.:]\])|(?<=\[[.:])\]|[{_MARKS}{HIDDEN}]")
"""What copying, mail, mark-up and the note itself add or change: the signs that it puts for what is not seen, too."""
_DEAD_LINK = re.compile(r"(?i)h(?:tt|xx)p")
_STAMP = r"\d{8}\d\d:\d\d(?:(?:UTC)?[\d:]{0,5}\Z|UT?\Z|(?:UTC)?(?:\d\d:\d\d)?)|[\d:]{0,12}\Z"
_ID = r"[A-Za-z]{1,2}\d{1,30}"


def letters(text: str) -> str:
    """Letters, figures, colons and what else no copying changes, without anything between them."""
    return _DEAD_LINK.sub("hxxp", _NO_LETTER.sub("", text))


def places(text: str) -> list[int]:
    """For each of the `letters` of a text, its offset in it."""
    found: list[int] = []
    reached = 0
    for match in _NO_LETTER.finditer(text):
        found.extend(range(reached, match.start()))
        reached = match.end()
    found.extend(range(reached, len(text)))
    return found


def patterns(message_ids: Sequence[str]) -> Patterns:
    """What may stand for the variables: ids of this ticket, or of the usual shape, and never a word."""
    own = "|".join(sorted((rf"{re.escape(letters(id))}\d{{1,6}}" for id in message_ids), key=len, reverse=True))
    one = f"(?:{own}|{_ID})" if own else _ID
    cut_off = r"(?:[A-Za-z]{1,2}\Z)?"
    spelt = {
        "id": one + "|" + cut_off,
        "ids": f"(?:{one})*{cut_off}",
        "party": r"p\d{1,4}|p?\Z",
        "stamp": _STAMP,
        "number": r"\d{1,7}",
        "statements": r"(?:S\d{1,2})*(?:S\Z)?",
    }
    return {name: re.compile(pattern) for name, pattern in spelt.items()}


@dataclass(frozen=True, slots=True)
class LineForm:
    """One unit of fixed wording."""

    kind: LineKind
    parts: tuple[Part, ...]

    def ends(self, text: str, at: int, given: Patterns) -> set[int]:
        """Where it may end in `text` if it begins at `at`; CUT_OFF where the text ends first, nothing where it does not stand."""
        return _ends(self.parts, text, at, given)


def _ends(parts: tuple[Part, ...], text: str, at: int, given: Patterns) -> set[int]:
    if not parts:
        return {at}
    if at == len(text):
        return {CUT_OFF}
    first, rest = parts[0], parts[1:]
    if isinstance(first, str):
        if text.startswith(first, at):
            return _ends(rest, text, at + len(first), given)
        return {CUT_OFF} if len(text) - at < len(first) and first.startswith(text[at:]) else set()
    if isinstance(first, Variable):
        match = given[first.name].match(text, at)
        return _ends(rest, text, match.end(), given) if match else set()
    return set[int]().union(*(_ends((*option, *rest), text, at, given) for option in first))


def forms_at(text: str, at: int) -> Sequence[LineForm]:
    """The forms that may begin with the letter at `at`."""
    return _by_first_letter().get(text[at], ())


@cache
def _by_first_letter() -> Mapping[str, tuple[LineForm, ...]]:
    found: dict[str, list[LineForm]] = {}
    for form in _forms():
        first = form.parts[0]
        found.setdefault(first[0] if isinstance(first, str) else "p", []).append(form)
    return {letter: tuple(forms) for letter, forms in found.items()}


def _forms() -> list[LineForm]:
    wording = tomllib.loads((Path(__file__).parents[1] / "notes" / "wording.toml").read_text(encoding="utf-8"))
    kinds = {
        "marks": LineKind.MARK,
        "closings": LineKind.CLOSING,
        "quotes": LineKind.QUOTE,
        "names": LineKind.NAME,
        "texts": LineKind.TEXT,
    }
    return [
        LineForm(kind, parts)
        for name, kind in kinds.items()
        for form in wording[name]
        for parts in _opened(_parts(form, wording["choices"]))
    ]


def _opened(parts: tuple[Part, ...]) -> list[tuple[Part, ...]]:
    """A form that begins with a choice as one form an option."""
    first = parts[0]
    return [(*option, *parts[1:]) for option in first] if isinstance(first, tuple) else [parts]


def _parts(form: str, choices: Mapping[str, Sequence[str]]) -> tuple[Part, ...]:
    found: list[Part] = []
    for place, piece in enumerate(re.split(r"\{(\w+)\}", form)):
        if place % 2 == 0:
            found.extend([letters(piece)] if letters(piece) else [])
        elif piece in choices:
            found.append(tuple(_parts(option, choices) for option in choices[piece]))
        else:
            found.append(Variable(piece))
    return tuple(found)
