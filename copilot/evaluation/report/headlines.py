"""The figures of a run that a person reads first, in one order and under one name wherever they are shown.

Comes in: a `Summary`. Goes out: its headline figures in words, for the terminal, `summary.md` and `report.html`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from copilot.evaluation.score.statistics import Interval
from copilot.evaluation.score.summary import Figure, Summary

_MUST, _FREE = "tickets that had to reach a team", "tickets that no team had to see"


@dataclass(frozen=True, slots=True)
class Kind:
    """A headline that a run may have: its words, what it is counted on, which way is good, and which cases it counts.

    `is_part`: it is part of the figure above. `cases` is what an address says to show those cases; empty where no list does.
    """

    words: str
    of: str
    cases: str = ""
    more_is_better: bool = False
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline figure of one run. `path` is its name in `summary.json`."""

    path: str
    kind: Kind
    figure: Figure


KINDS = {
    "route": Kind("route right", "tickets", "show=all", more_is_better=True),
    "slices.tag held-out": Kind(
        "route right, held-out",
        "tickets kept from whoever wrote the reader",
        "show=all&tag=held-out",
        more_is_better=True,
        is_part=True,
    ),
    "labels": Kind("route and labels right", "tickets", "show=all", more_is_better=True),
    "harms.missed_escalation": Kind("escalation missed", _MUST, "show=all&harm=missed_escalation"),
    "harms.called_all_clear": Kind("of these called all clear", _MUST, "show=all&harm=called_all_clear", is_part=True),
    "held_out.called_all_clear": Kind(
        "called all clear, held-out",
        f"{_MUST}, kept from whoever wrote the reader",
        "show=all&harm=called_all_clear&tag=held-out",
        is_part=True,
    ),
    "harms.false_escalation": Kind("escalated without cause", _FREE, "show=all&harm=false_escalation"),
    "harms.accused_wrongly": Kind(
        "accused wrongly", "tickets by which no customer in particular did anything", "show=all&harm=accused_wrongly"
    ),
    "harms.wrong_team": Kind("sent to the wrong team", _MUST, "show=all&harm=wrong_team"),
    "slices.tag hostile": Kind(
        "route right, hostile tickets", "tickets that attack the reader", "show=all&tag=hostile", more_is_better=True
    ),
    "arguable": Kind(
        "route right, arguable cases", "tickets on which careful people differ", "show=arguable", more_is_better=True
    ),
    "pass_k": Kind("all readings right (pass^k)", "tickets asked more than once", more_is_better=True),
    "flips": Kind("decision flips between samples", "tickets asked more than once"),
}


def headlines(summary: Summary) -> Iterator[Headline]:
    """The headline figures that this run has."""
    for name, kind in KINDS.items():
        path = f"{name}.{summary.manifest.samples}" if name == "pass_k" else name
        if (figure := summary.figures.get(path)) is not None:
            yield Headline(path, kind, figure)


def percent(share: float) -> str:
    """A share in per cent, at one decimal; a line never breaks before the sign."""
    return f"{100 * share:.1f}\u00a0%"


def between(figure: Figure | Interval) -> str:
    """The interval of a share in per cent."""
    return f"{100 * figure.low:.1f} to {percent(figure.high)}"


def told(figure: Figure | Interval) -> str:
    """A share in per cent with its interval; what it was counted on stands elsewhere."""
    return f"{percent(figure.value)} [{between(figure)}]"


def points(difference: Figure | Interval) -> str:
    """A difference of shares in percentage points with its interval."""
    low, value, high = (100 * number for number in (difference.low, difference.value, difference.high))
    return f"{value:+.1f} points [{low:+.1f}, {high:+.1f}]"


def wrong_of(summary: Summary) -> str:
    """How many cases are wrong, of how many."""
    return f"{summary.wrong} of {summary.clear} {'case' if summary.clear == 1 else 'cases'} wrong in route or labels"
