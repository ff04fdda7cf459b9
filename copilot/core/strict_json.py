"""JSON as it has to be before anything is believed: text in, plain values out, or a `JsonFault` that says where.

Refused: a key given twice (two readers of one file would see two tickets), NaN and Infinity, nesting that exhausts the
parser, half of a surrogate pair, and more values than any ticket has: those are counted before one is made. A fault names
line, column or field; it never shows a value.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

Path = tuple[str | int, ...]
"""The way to a value: keys and indexes from the top."""

MAX_VALUES = 100_000
"""One JSON text holds at most so many values."""

_VALUES = re.compile(r'"(?:[^"\\]++|\\.)*+"?+|[\[{,]', re.DOTALL)
"""A string, passed over whole even where it does not end, or what makes room for a value."""
_SPACE = re.compile(r"[ \t\n\r]*")
_NAME = re.compile(r"[A-Za-z_]{1,30}")
_DECODER = json.JSONDecoder()


class JsonFault(ValueError):
    """What is wrong with a JSON text. `line` counts from 1; `column` is None where a whole field is meant.

    `problem` names the field as far as it is one; `nameless` leaves it out.
    """

    def __init__(self, problem: str, line: int, column: int | None = None, nameless: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.nameless = nameless or problem
        self.line = line
        self.column = column


class _Repeating(dict[str, Any]):
    """An object that was given a key twice, and remembers the first such."""

    repeated: str = ""


def parse(text: str, deepest: int | None = None) -> object:
    """Parse JSON text, of at most so many levels where `deepest` says so. Raises `JsonFault`."""
    if len(text) > MAX_VALUES and _holds_too_much(text):
        raise JsonFault(f"holds more than {MAX_VALUES} values", 1)
    try:
        value: object = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except json.JSONDecodeError as fault:
        raise JsonFault(f"not JSON: {fault.msg.lower()}", fault.lineno, fault.colno) from None
    except RecursionError:
        raise JsonFault("nested too deeply", 1) from None
    except ValueError as fault:
        problem = str(fault) if isinstance(fault, _Constant) else "holds a number with too many digits"
        raise JsonFault(problem, 1) from None
    for path, problem in _faults(value, deepest):
        raise JsonFault(f"{show_path(path)} {problem}".lstrip(), line_of(text, path), nameless=problem)
    return value


def show_path(path: Path) -> str:
    """A path as people write it: `messages[0].author`. A key that is no plain name is not shown: it could be anything."""
    shown = ""
    for step in path:
        if isinstance(step, int):
            shown += f"[{step}]"
        else:
            shown += "." * bool(shown) + (step if _NAME.fullmatch(step) else "(a key)")
    return shown


def line_of(text: str, path: Path) -> int:
    """The line on which the value at a path begins, or as near to it as the text goes."""
    position = _skip_space(text, 0)
    for step in path:
        found = _step_into(text, position, step)
        if found is None:
            break
        position = found
    return text.count("\n", 0, position) + 1


class _Constant(ValueError):
    """NaN or an infinity."""


def _refuse_constant(name: str) -> object:
    raise _Constant(f"holds {name}, which is not JSON")


def _holds_too_much(text: str) -> bool:
    found = 0
    for match in _VALUES.finditer(text):
        found += text[match.start()] != '"'
        if found >= MAX_VALUES:
            return True
    return False


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    repeating = _Repeating(made)
    seen: set[str] = set()
    repeating.repeated = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return repeating


def _faults(top: object, deepest: int | None) -> Iterator[tuple[Path, str]]:
    """What is wrong, in the order of the text; without recursion, and with no more memory than the depth needs."""
    if isinstance(top, str) and _is_broken(top):
        yield (), _BROKEN
    yield from _faults_of_keys((), top)
    way: list[str | int] = []
    opened = [_members(top)]
    while opened:
        step, value = next(opened[-1], (None, None))
        if step is None:
            opened.pop()
            way = way[:-1]
        elif isinstance(value, str):
            if _is_broken(value):
                yield (*way, step), _BROKEN
        elif isinstance(value, list | dict):
            way.append(step)
            if deepest is not None and len(way) >= deepest:
                yield tuple(way[:3]), f"is nested too deeply: more than {deepest} levels"
            yield from _faults_of_keys(way, value)
            opened.append(_members(value))


_BROKEN = "holds half of a surrogate pair (a character cut in two)"


def _members(value: object) -> Iterator[tuple[str | int, object]]:
    if isinstance(value, dict):
        return iter(value.items())
    return iter(enumerate(value)) if isinstance(value, list) else iter(())


def _faults_of_keys(way: Sequence[str | int], value: object) -> Iterator[tuple[Path, str]]:
    if isinstance(value, _Repeating):
        yield (*way, value.repeated), "is given twice"
    if isinstance(value, dict) and any(_is_broken(key) for key in value):
        yield tuple(way), "has a key that holds half of a surrogate pair"


def _is_broken(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _step_into(text: str, position: int, step: str | int) -> int | None:
    """Where the value under a key or index begins, in valid JSON text; None where there is none."""
    if text[position] != ("[" if isinstance(step, int) else "{"):
        return None
    position = _skip_space(text, position + 1)
    index = 0
    while text[position] not in "]}":
        key: str | int = index
        if isinstance(step, str):
            key, position = _DECODER.raw_decode(text, position)
            position = _skip_space(text, _skip_space(text, position) + 1)
        if key == step:
            return position
        position = _skip_space(text, _DECODER.raw_decode(text, position)[1])
        position = _skip_space(text, position + 1) if text[position] == "," else position
        index += 1
    return None


def _skip_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position
