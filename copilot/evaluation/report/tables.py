"""The tables of the report: confusion matrix, routes, facts, faults, slices. Scores in, rows of plain values out."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from copilot.core.vocabulary import Route
from copilot.evaluation.cases.tags import MEANINGS
from copilot.evaluation.compare.comparison import SMALL_SLICE
from copilot.evaluation.report.verdict import BLAME_WORDS, fault_name
from copilot.evaluation.score.attribution import Blame
from copilot.evaluation.score.scores import Scores
from copilot.evaluation.score.statistics import Interval, proportion
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


@dataclass(frozen=True, slots=True)
class Cell:
    """A count of the confusion matrix; `kind` is right, missed, false, team or other, and empty where the count is 0."""

    count: int
    kind: str


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One blame: the share of wrong cases, and how often which fact is to be mended."""

    name: str
    meaning: str
    share: Interval
    facts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class SliceRow:
    """One slice. A small one says little, and is shown so."""

    name: str
    meaning: str
    figure: Interval
    is_small: bool


@dataclass(frozen=True, slots=True)
class UnscoredRow:
    """A case that enters no figure: how each of its samples ended; nothing where it was not run."""

    id: str
    outcomes: str


def confusion(scores: Scores) -> Iterator[tuple[str, list[Cell], int]]:
    """For each gold route its cells and their sum."""
    for gold in Route:
        counts = [scores.confusion.get((gold.value, read.value), 0) for read in Route]
        cells = [Cell(count, _kind(gold, read) if count else "") for read, count in zip(Route, counts, strict=True)]
        yield gold.value, cells, sum(counts)


def _kind(gold: Route, read: Route) -> str:
    if gold is read:
        return "right"
    if gold in ESCALATED:
        return "team" if read in ESCALATED else "missed"
    return "false" if read in ESCALATED else "other"


def faults(scores: Scores) -> Iterator[FaultRow]:
    """Whose fault the wrong cases are, the most frequent first. A case that either of two facts would mend counts for both."""
    blamed = Counter(fault.blame for fault in scores.faults.values())
    families = {one.id: one.family for one in scores.tallies}
    for blame, _ in blamed.most_common():
        outcomes = [(families[id], float(fault.blame is blame)) for id, fault in scores.faults.items()]
        facts = Counter(name for fault in scores.faults.values() if fault.blame is blame for name in fault.facts)
        named = tuple((fault_name(name), count) for name, count in facts.most_common())
        yield FaultRow(BLAME_WORDS[blame], BLAME_MEANINGS[blame], proportion(outcomes), named)


def slices(scores: Scores) -> Iterator[tuple[str, list[SliceRow]]]:
    """Slices by kind; within a kind the weakest first, small ones last."""
    groups: dict[str, list[SliceRow]] = defaultdict(list)
    for full_name, figure in scores.slices.items():
        kind, name = full_name.split(" ", 1)
        meaning = MEANINGS.get(name, "") if kind == "tag" else ""
        groups[kind].append(SliceRow(name, meaning, figure, figure.n < SMALL_SLICE))
    for kind, heading in SLICE_KINDS.items():
        if groups[kind]:
            yield heading, sorted(groups[kind], key=_slice_order if kind != "rule" else lambda row: (row.name,))


def _slice_order(row: SliceRow) -> tuple[bool, float, str]:
    return row.is_small, row.figure.value, row.name


def hostile(scores: Scores) -> list[tuple[str, Interval]]:
    """What became of hostile tickets, in words; nothing where there are none."""
    return [(words, scores.hostile[name]) for name, words in HOSTILE_WORDS.items() if name in scores.hostile]


def unscored(scores: Scores) -> list[UnscoredRow]:
    """Cases and samples that could not be scored or were not run."""
    ended = {one.id: one.unscored for one in scores.tallies}
    listed = [*scores.unscored, *scores.partly]
    told = [
        UnscoredRow(id, _counted(ended[id]) + (" (other samples were scored)" if id in scores.partly else "")) for id in listed
    ]
    return told + [UnscoredRow(id, "not run") for id in scores.missing]


def _counted(outcomes: Sequence[str]) -> str:
    return ", ".join(f"{outcome} × {count}" if count > 1 else outcome for outcome, count in Counter(outcomes).most_common())


def tags_of(tallies: Sequence[CaseTally]) -> list[str]:
    """Every tag that some of the cases bear and that slices scores, the most frequent first."""
    return [tag for tag, _ in Counter(tag for one in tallies for tag in one.tags).most_common()]
