"""Lines for a terminal: wrapped to its width, coloured where that is wanted, with nothing in them that it would obey.

Comes in: `StyledLine` lines. Goes out: text on standard output; in a pipe a line stays whole and has no colour.
"""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import click

NARROWEST = 24


@dataclass(frozen=True)
class StyledLine:
    """One line before it is wrapped. Each wrapped part begins with `prefix`; the first with `lead`, where given."""

    text: str
    prefix: str = ""
    lead: str | None = None
    style: str = "plain"


STYLES: dict[str, dict[str, object]] = {
    "plain": {},
    "route": {"bold": True, "fg": "cyan"},
    "heading": {"bold": True},
    "caution": {"fg": "yellow"},
    "aside": {"dim": True},
}


def print_lines(lines: Iterable[StyledLine]) -> None:
    """Print lines on standard output, as wide as the terminal; NO_COLOR and a dumb terminal are respected."""
    from copilot.output.shown import write_out

    to_terminal = sys.stdout.isatty()
    columns = shutil.get_terminal_size().columns if to_terminal else None
    coloured = to_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    write_out("\n".join(rendered(lines, columns, coloured)))


def rendered(lines: Iterable[StyledLine], columns: int | None, coloured: bool) -> Iterator[str]:
    """Lines wrapped to `columns` cells (None: not wrapped), with or without colour."""
    from copilot.output.shown import printable

    for line in lines:
        for part in _wrapped(line, columns if columns is None else max(NARROWEST, columns)):
            text = printable(part)
            yield click.style(text, **STYLES[line.style]) if coloured and text else text  # type: ignore[arg-type]


def _wrapped(line: StyledLine, columns: int | None) -> Iterator[str]:
    """Cut a line at spaces so that no part is wider than `columns` cells; a word that is wider is cut inside."""
    lead = line.prefix if line.lead is None else line.lead
    if columns is None:
        yield (lead + line.text).rstrip()
        return
    part, room = "", columns - len(line.prefix)
    for word in _short_words(line.text, room):
        if part and _cells(part) + _cells(word.rstrip()) > room:
            yield (lead + part).rstrip()
            part, lead = "", line.prefix
        part += word
    yield (lead + part).rstrip()


def _short_words(text: str, room: int) -> Iterator[str]:
    """Words with the space behind them, none wider than `room` cells without it."""
    from rich.cells import chop_cells

    for word in text.split(" "):
        *full, last = chop_cells(word, room) or [""]
        yield from full
        yield last + " "


def _cells(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)
