"""The one JSON object in what a model wrote, whatever it is wrapped in.

Comes in: the content of a reply. Goes out: the text of the object, or the content as it is where there is no one object
in it; parsing then says what is wrong. Taken off: marks of a channel or of reasoning, a fence, prose before and after.
An object that breaks off is no answer, nor are two: nothing is taken off them.
"""

import json
import re
from collections.abc import Iterator

_SPACE = " \t\r\n\ufeff\u200b\u2060"
_END_OF_REASONING = re.compile(
    r"</(?:\w{1,12}:)?(?:think|thinking|thought|thoughts|reason|reasoning|reflection|analysis|scratchpad)>"
    r"|\[/THINK(?:ING)?\]|◁/think▷|<\|end_of_thought\|>|<\|END_THINKING\|>|<channel\|>",
    re.IGNORECASE,
)
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


def unwrapped(content: str) -> str:
    """The text of the one object in `content`; where there is no one object, what stands behind the reasoning."""
    text = content.strip(_SPACE)
    said = _said_as_text(text)
    if said is not None:
        return said
    rests = [rest.strip(_SPACE) for rest in _after_reasoning(text)]
    for rest in rests:
        bare = _unfenced(_unmarked(rest))
        if _is_json(bare):
            return bare
    last = rests[-1] or text
    found = list(_objects(last))
    return found[0] if len(found) == 1 else last


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


def _said_as_text(text: str) -> str | None:
    """The text itself where it is JSON; where that is a text that holds JSON, the inner one."""
    if not _is_json(text):
        return None
    value = _DECODER.decode(text) if text.startswith('"') else None
    return value.strip(_SPACE) if isinstance(value, str) and _is_json(value.strip(_SPACE)) else text


def _after_reasoning(text: str) -> Iterator[str]:
    """What stands after each mark at which reasoning may end, first to last; the whole text where there is none."""
    marks = [match.end() for pattern in (_END_OF_REASONING, _FINAL_CHANNEL) for match in pattern.finditer(text)]
    ends = sorted(marks) or [0]
    tried = [*ends[:MOST_MARKS], *ends[MOST_MARKS:][-MOST_MARKS:]]
    yield from (text[end:] for end in tried)


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
