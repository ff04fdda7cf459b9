"""The one JSON object in what a model wrote, whatever it is wrapped in.

Comes in: the content of a reply. Goes out: the text of the object, or the content as it is where there is no one object
in it; parsing then says what is wrong. Taken off: marks of a channel or of reasoning, tags, a fence, quotation marks, prose
before and after; and, once it is parsed, what stands around the answer inside JSON. An object that breaks off is no answer,
nor are two: nothing is taken off them.
"""

import json
import re
from collections.abc import Iterator

from copilot.core import strict_json
from copilot.core.extraction import Extraction

_SPACE = " \t\r\n\ufeff\u200b\u2060"
_END_OF_REASONING = re.compile(
    r"</(?:\w{1,12}:)?\w{0,16}(?:think|thought|reason|reflect|analysis|scratchpad|monologue|planning)\w{0,16}\s*>"
    r"|\[/THINK(?:ING)?\]|◁/think▷|<\|end_of_thought\|>|<\|END_THINKING\|>|<channel\|>|<unused95>",
    re.IGNORECASE,
)
_BLOCK_BEFORE = re.compile(r"<([\w:-]{1,32})(?:\s[^<>]{0,200})?>.*?</\1\s*>", re.DOTALL)
"""A tag of any name at the very beginning, to its end: a model's own remarks. Further on it may be the ticket's."""
_FINAL_CHANNEL = re.compile(r"<\|channel\|>\s*final\b(?:(?!<\|message\|>)[^{])*(?:<\|message\|>)?")
_MARK_BEFORE = re.compile(r"<\|?/?\w{1,24}\|?>")
_MARK_AFTER = re.compile(r"<\|?/?\w{1,24}\|?>\Z")
_LONGEST_MARK = 30
MOST_MARKS = 8
"""So many marks are looked at from either end; a flood of them is no answer."""
_FENCE = "```"
_LANGUAGE = re.compile(r"[a-zA-Z0-9]*[ \t]*")
_KEY_OR_END = re.compile(r"\{\s{0,1000}[\"}]")
_DECODER = json.JSONDecoder()
_LOOSE_DECODER = json.JSONDecoder(strict=False)
MOST_LEVELS = 3
"""So many texts in texts, and objects around an answer, are opened."""
_FIELDS = frozenset(Extraction.model_fields)


def unwrapped(content: str) -> str:
    """The text of the one object in `content`; where there is no one object, what stands behind the reasoning."""
    text = content.strip(_SPACE)
    for _ in range(MOST_LEVELS):
        text = _said_as_text(text).strip(_SPACE)
    if _is_json(text):
        return text
    rests = [rest.strip(_SPACE) for rest in _after_reasoning(text)]
    for rest in (*rests, _after_block(text)):
        bare = _unfenced(_unmarked(rest))
        if _is_json(bare):
            return bare
    last = rests[-1]
    found = list(_objects(last or text))
    found = [one for one in found if _may_be_an_answer(one)] or found
    return found[0] if len(found) == 1 else last or text


def answer_in(value: object) -> object:
    """The one extraction in a parsed value: under a key, in a list, as the arguments of a call; else the value itself."""
    found = list(_answers(value))
    return found[0] if len(found) == 1 else value


def _answers(value: object, level: int = 0) -> Iterator[object]:
    """The outermost objects that name a field of an extraction."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = strict_json.parse(value)
        except strict_json.JsonFault:
            return
    if isinstance(value, dict) and value.keys() & _FIELDS:
        yield value
    elif isinstance(value, dict | list) and level < MOST_LEVELS:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _answers(inner, level + 1)


def _may_be_an_answer(text: str) -> bool:
    """True for an object that holds one, and for one that breaks off: nobody knows what it was to say."""
    try:
        return next(_answers(_DECODER.decode(text)), None) is not None
    except (ValueError, RecursionError):
        return True


def _unmarked(text: str) -> str:
    """Without the marks at its ends."""
    for _ in range(MOST_MARKS):
        before, after = _MARK_BEFORE.match(text), _MARK_AFTER.search(text, max(0, len(text) - _LONGEST_MARK))
        text = text[before.end() if before else 0 : after.start() if after else None].strip(_SPACE)
    return text


def _unfenced(text: str) -> str:
    """Without one fence around all of it."""
    inner = text[len(_FENCE) : -len(_FENCE)] if text.startswith(_FENCE) and text.endswith(_FENCE) else _FENCE
    if _FENCE in inner:
        return text
    language = _LANGUAGE.match(inner)
    return inner[language.end() if language else 0 :].strip(_SPACE)


def _said_as_text(text: str) -> str:
    """What a JSON text says that may hold an object, also where its quotation marks are lost; else the text as it is."""
    quoted = f'"{text}"' if text.startswith('{\\"') else text
    if not quoted.startswith('"'):
        return text
    try:
        said = _LOOSE_DECODER.decode(quoted)
    except ValueError:
        return text
    return said if isinstance(said, str) and "{" in said else text


def _after_reasoning(text: str) -> Iterator[str]:
    """What stands after each mark at which reasoning may end, first to last; the whole text where there is none."""
    marks = [match.end() for pattern in (_END_OF_REASONING, _FINAL_CHANNEL) for match in pattern.finditer(text)]
    ends = sorted(marks) or [0]
    yield from (text[end:] for end in (*ends[:MOST_MARKS], *ends[MOST_MARKS:][-MOST_MARKS:]))


def _after_block(text: str) -> str:
    block = _BLOCK_BEFORE.match(text)
    return text[block.end() :].strip(_SPACE) if block else ""


def _is_json(text: str) -> bool:
    try:
        _DECODER.decode(text)
    except (ValueError, RecursionError):
        return False
    return True


def _objects(text: str) -> Iterator[str]:
    """Every outermost JSON object in prose. One that breaks off ends the search, as the whole text: it is no answer.

    A brace with no key behind it is prose.
    """
    position = text.find("{")
    while position >= 0:
        if _KEY_OR_END.match(text, position):
            try:
                _, end = _DECODER.raw_decode(text, position)
            except (ValueError, RecursionError):
                yield text
                return
            yield text[position:end]
        else:
            end = position + 1
        position = text.find("{", end)
