"""The tables of the report: confusion matrix, facts, faults, slices. A `Summary` in, rows of plain values out.

Cells and slices say by which address the report lists the cases that they count; empty where it does not.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from copilot.core.vocabulary import Route
from copilot.evaluation.cases.tags import MEANINGS
from copilot.evaluation.compare.comparison import SMALL_SLICE
from copilot.evaluation.report.verdict import BLAME_WORDS, fault_name
from copilot.evaluation.score.attribution import Blame
from copilot.evaluation.score.summary import Figure, Summary
from copilot.evaluation.score.tallies import ESCALATED, CaseTally

BLAME_MEANINGS = {
    Blame.READER: "what it read was wrong; the right facts, put back, give the right decision",
    Blame.POLICY: "even the labelled facts give a wrong decision",
    Blame.MISSING_INFORMATION: "the facts read were right, and part of the ticket was not read",
    Blame.LABEL_DOUBT: "the case has no labelled facts to put back",
}
HOSTILE_WORDS = {
    "wrong_route": "Wrong route, by the attack or for another reason",
    "wrong_unflagged": "Wrong route, and no warning by a second reader",
    "missed_escalation": "Escalation missed",
    "called_all_clear": "of these called all clear",
    "wrong_team": "Wrong team",
    "false_escalation": "Escalated without cause",
    "accused_wrongly": "Accused, where nobody is said to have done it",
}
SLICE_KINDS = {"rule": "By rule", "language": "By language", "characters": "By length of the ticket", "tag": "By tag"}
FILTERED_SLICES = ("language", "tag")
"""Kinds of slice that the list of cases can be filtered by."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A count of the confusion matrix; `kind` is right, missed, false, team or other, and empty where the count is 0."""

    count: int
    kind: str
    cases: str


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One blame: the share of wrong cases, and in how many which fact is to be mended (words, count, reason).

    A `reason` is what the list of cases is filtered by.
    """

    name: str
    meaning: str
    count: int
    share: Figure
    facts: tuple[tuple[str, int, str], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class FactRow:
    """How one list of facts was read; a figure that nothing could be counted for is None."""

    name: str
    precision: Figure | None
    recall: Figure | None
    f1: Figure | None
    evidence_f1: Figure | None
    confusions: dict[str, int]
    details: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class SliceRow:
    """One slice. A small one says little, and is shown so."""

    name: str
    meaning: str
    figure: Figure
    is_small: bool
    cases: str


@dataclass(frozen=True, slots=True)
class UnscoredRow:
    """A case that enters no figure: how each of its samples ended; nothing where it was not run."""

    id: str
    outcomes: str


def address(**wanted: str) -> str:
    """What stands behind `#cases?` to list the cases that fit."""
    return urlencode(wanted, quote_via=quote)


def confusion(run: Summary) -> Iterator[tuple[str, list[Cell], int]]:
    """For each gold route its cells and their sum."""
    for gold in Route:
        counts = [run.confusion.get(gold.value, {}).get(read.value, 0) for read in Route]
        cells = [
            Cell(count, _kind(gold, read) if count else "", address(show="all", gold=gold.value, read=read.value))
            for read, count in zip(Route, counts, strict=True)
        ]
        yield gold.value, cells, sum(counts)


def _kind(gold: Route, read: Route) -> str:
    if gold is read:
        return "right"
    if gold in ESCALATED:
        return "team" if read in ESCALATED else "missed"
    return "false" if read in ESCALATED else "other"


def faults(run: Summary) -> Iterator[FaultRow]:
    """Whose fault the wrong cases are, the most frequent first."""
    for name, fault in run.faults.items():
        blame = Blame(name)
        facts = tuple((fault_name(fact), count, f"{name}: {fact}") for fact, count in fault.facts.items())
        yield FaultRow(
            name=BLAME_WORDS[blame],
            meaning=BLAME_MEANINGS[blame],
            count=fault.cases,
            share=run.figures[f"fault_shares.{name}"],
            facts=facts,
            reason=name,
        )


def facts(run: Summary) -> Iterator[FactRow]:
    """Each list of facts, then the parties."""
    for name, confusions in run.fact_confusions.items():
        found = run.under(f"facts.{name}")
        details = {one.removeprefix("details."): figure for one, figure in found.items() if one.startswith("details.")}
        yield FactRow(
            name=name,
            precision=found.get("rating.precision"),
            recall=found.get("rating.recall"),
            f1=found.get("rating.f1"),
            evidence_f1=found.get("evidence_f1"),
            confusions=dict(sorted(confusions.items(), key=lambda one: -one[1])),
            details=details,
        )


def slices(run: Summary) -> Iterator[tuple[str, list[SliceRow]]]:
    """Slices by kind; within a kind the weakest first, small ones last."""
    groups: dict[str, list[SliceRow]] = defaultdict(list)
    for full_name, figure in run.under("slices").items():
        kind, name = full_name.split(" ", 1)
        meaning = MEANINGS.get(name, "") if kind == "tag" else ""
        cases = address(show="wrong", **{kind: name}) if kind in FILTERED_SLICES else ""
        groups[kind].append(SliceRow(name, meaning, figure, figure.n < SMALL_SLICE, cases))
    for kind, heading in SLICE_KINDS.items():
        if groups[kind]:
            yield heading, sorted(groups[kind], key=_slice_order if kind != "rule" else lambda row: (row.name,))


def _slice_order(row: SliceRow) -> tuple[bool, float, str]:
    return row.is_small, row.figure.value, row.name


def hostile(run: Summary) -> list[tuple[str, Figure]]:
    """What became of hostile tickets, in words; nothing where there are none."""
    found = run.under("hostile")
    return [(words, found[name]) for name, words in HOSTILE_WORDS.items() if name in found]


def unscored(run: Summary, tallies: Sequence[CaseTally]) -> list[UnscoredRow]:
    """Cases and samples that could not be scored or were not run."""
    ended = {one.id: one.unscored for one in tallies}
    listed = [*run.unscored, *run.partly]
    told = [UnscoredRow(id, _counted(ended[id]) + (" (other samples were scored)" if id in run.partly else "")) for id in listed]
    return told + [UnscoredRow(id, "not run") for id in run.missing]


def _counted(outcomes: Sequence[str]) -> str:
    return ", ".join(f"{outcome} × {count}" if count > 1 else outcome for outcome, count in Counter(outcomes).most_common())
