"""The list of cases in the report: one line for each, with all that it can be filtered by.

Comes in: a case and its tally. Goes out: plain values. A line holds the first words of a ticket; of a held-out one it holds
none, for whoever makes a reader better does not look at those one by one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from copilot.core.ticket import Ticket
from copilot.evaluation.cases.case import LabelledCase
from copilot.evaluation.cases.tags import HELD_OUT_TAG
from copilot.evaluation.report.case_view import first_wrong
from copilot.evaluation.score.attribution import Attribution
from copilot.evaluation.score.harms import harm_of
from copilot.evaluation.score.tallies import (
    CaseTally,
    Sample,
    called_all_clear,
    false_escalation,
    missed_escalation,
    right_labels,
    wrong_team,
)
from copilot.output.shown import printable

LONGEST_OPENING = 110
"""Characters of a ticket that stand in its line."""
_TAKEN = 4 * LONGEST_OPENING
WRONG, RIGHT, ARGUABLE, UNSCORED = "wrong", "right", "arguable", "unscored"
ACCUSED = "accused_wrongly"


def _labels_only(sample: Sample) -> bool:
    return sample.right_route and not sample.right_labels


def _wrong_desk(sample: Sample) -> bool:
    return not (sample.right_route or missed_escalation(sample) or false_escalation(sample) or wrong_team(sample))


HARMS = {
    "called_all_clear": (called_all_clear, "all clear given"),
    "missed_escalation": (missed_escalation, "escalation missed, all clear or not"),
    "wrong_team": (wrong_team, "wrong team"),
    "false_escalation": (false_escalation, "false escalation"),
    "wrong_desk": (_wrong_desk, "wrong desk, no team"),
    "labels_only": (_labels_only, "labels only"),
}
"""What a wrong decision does: its name in an address, when it holds, and its words."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One line of the list. What can be filtered by is a tuple: the case fits if the wanted value is in it.

    `rank` is the gravest harm's, 0 being the gravest; `went` is the first wrong sample's route; `ended` says how a case that
    was not scored ended. `wrong` counts samples.
    """

    id: str
    status: str
    held_out: bool
    opening: str
    badge: str
    rank: int
    went: str
    ended: str
    wrong: int
    samples: int
    harm: tuple[str, ...]
    reason: tuple[str, ...]
    gold: tuple[str, ...]
    read: tuple[str, ...]
    tag: tuple[str, ...]
    language: tuple[str, ...]


def status_of(tally: CaseTally) -> str:
    """Which part of the list a case stands in. An arguable one is neither right nor wrong."""
    if not tally.samples:
        return UNSCORED
    if tally.is_arguable:
        return ARGUABLE
    return RIGHT if tally.share(right_labels) == 1 else WRONG


def in_order(tallies: Sequence[CaseTally]) -> list[int]:
    """The places of cases as the list has them: the gravest wrong ones first, then right, arguable, not scored."""
    parts = (WRONG, RIGHT, ARGUABLE, UNSCORED)
    return sorted(range(len(tallies)), key=lambda place: (parts.index(status_of(tallies[place])), _rank(tallies[place])))


def _rank(tally: CaseTally) -> int:
    return harm_of(tally.samples[first_wrong(tally)])[1] if tally.samples else 0


def line_of(case: LabelledCase, tally: CaseTally) -> CaseLine:
    """The line of a case."""
    shown = tally.samples[first_wrong(tally)] if tally.samples else None
    harm, rank = harm_of(shown) if shown else ("", 0)
    held_out = HELD_OUT_TAG in tally.tags
    return CaseLine(
        id=tally.id,
        status=status_of(tally),
        held_out=held_out,
        opening="" if held_out else opening_of(case.ticket),
        badge=harm or ("as labelled" if shown else "not scored"),
        rank=rank,
        went=shown.route.value if shown else "",
        ended="" if shown else ", ".join(dict.fromkeys(tally.unscored)) or "not run",
        wrong=sum(not sample.right_labels for sample in tally.samples),
        samples=len(tally.samples),
        harm=tuple(_harms(tally)),
        reason=tuple(_reasons(tally.fault)),
        gold=(tally.gold.route.value,),
        read=tuple(dict.fromkeys(sample.route.value for sample in tally.samples)),
        tag=tuple(map(printable, tally.tags)),
        language=tuple(_languages(tally.slices)),
    )


def opening_of(ticket: Ticket) -> str:
    """The first words of a ticket in one line, with nothing hidden in them."""
    written = (" ".join(message.text[:_TAKEN].split()) for message in ticket.messages)
    text = printable(next(filter(None, written), ""))
    if len(text) <= LONGEST_OPENING:
        return text
    whole_words = text[: LONGEST_OPENING + 1].rpartition(" ")[0]
    return f"{whole_words or text[:LONGEST_OPENING]} …"


def _harms(tally: CaseTally) -> Iterator[str]:
    yield from (name for name, (holds, _) in HARMS.items() if any(map(holds, tally.samples)))
    if tally.accused:
        yield ACCUSED


def _reasons(fault: Attribution | None) -> Iterator[str]:
    if fault is not None:
        yield fault.blame.value
        yield from (f"{fault.blame.value}: {fact}" for fact in fault.facts)


def _languages(slices: Iterable[str]) -> Iterator[str]:
    return (printable(name.removeprefix("language ")) for name in slices if name.startswith("language "))
