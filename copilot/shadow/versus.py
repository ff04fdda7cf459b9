"""A contender against what was suggested: pairs of decisions in, their agreement, differences and a paired test out.

The test asks which of the two names the team and labels that people chose, on the tickets of which that is known. Texts of one
ticket vary together, and are tested as a family. An agent who accepts a suggestion has seen it: such tickets favour what was
suggested, so the sources of what is right are told apart.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from copilot.evaluation.compare.comparison import ALPHA, Paired, PairedCase, compare_pairs
from copilot.evaluation.compare.gates import Exit
from copilot.evaluation.compare.other_policy import Decided
from copilot.evaluation.score.statistics import Interval, proportion
from copilot.store.past import PastText, Right

SIDES = ("both", "The contender")
SOURCES = ("outcome", "changed", "accepted")
"""How it is known where a ticket belongs."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A text on which the contender decides otherwise: what was suggested, what it says, and what people said."""

    text: PastText
    suggested: Decided
    contender: Decided

    @property
    def right(self) -> Right | None:
        """Where people sent it; None: nobody said."""
        return self.text.right


@dataclass(frozen=True, slots=True)
class Versus:
    """The comparison. `agreement` is the share with the same team and labels, None of no texts; `paired` None: nowhere is it
    known what is right. `sources` counts how it is known. `by_route` counts differences from one team to another.
    """

    n: int
    agreement: Interval | None
    differences: tuple[Difference, ...]
    paired: Paired | None
    sources: Counter[str]

    @property
    def by_route(self) -> Counter[tuple[str, str]]:
        """How often each team would become another, or the same with other labels."""
        return Counter((one.suggested.route, one.contender.route) for one in self.differences)

    @property
    def is_worse(self) -> bool:
        """Whether the test and the interval both carry that the contender names the right team and labels less often."""
        return self.paired is not None and self.paired.p_value < ALPHA and self.paired.difference.high < 0


def versus(pairs: Iterable[tuple[PastText, Decided]]) -> Versus:
    """Compare what was suggested on each text with what the contender decides."""
    cases: list[PairedCase] = []
    same: list[tuple[str, float]] = []
    differences: list[Difference] = []
    sources: Counter[str] = Counter()
    for text, contender in pairs:
        suggested = Decided(text.route, text.labels, text.rule)
        agree = suggested.goes_as(contender)
        same.append((_family(text), float(agree)))
        if not agree:
            differences.append(Difference(text, suggested, contender))
        if text.right is not None:
            sources[text.right.how] += 1
            cases.append(_case(text, text.right, suggested, contender))
    return Versus(
        n=len(same),
        agreement=proportion(same) if same else None,
        differences=tuple(differences),
        paired=compare_pairs(cases, left_out=len(same) - len(cases), sides=SIDES) if cases else None,
        sources=sources,
    )


def exit_of(compared: Versus, undecided: int) -> Exit:
    """As `eval compare` ends: incomplete where the contender could not decide on some; else failed where it is worse."""
    if undecided:
        return Exit.INCOMPLETE
    return Exit.GATE_FAILED if compared.is_worse else Exit.PASS


def _family(text: PastText) -> str:
    return text.ticket_id or text.suggestion_id


def _case(text: PastText, right: Right, *sides: Decided) -> PairedCase:
    wanted = right.route, set(right.labels)
    was, now = (float((side.route, set(side.labels)) == wanted) for side in sides)
    slices = (f"known by {right.how}", f"belongs to {right.route}")
    return PairedCase(text.suggestion_id, _family(text), slices, was, now, (sides[0].route, sides[1].route, right.route))


def sources_told(sources: "Counter[str]") -> str:
    """Such as `outcome 12, changed 3, accepted 40`."""
    return ", ".join(f"{name} {sources[name]}" for name in SOURCES if sources[name])


def latest(differences: Sequence[Difference], most: int) -> list[Difference]:
    """The latest of them, the last one first."""
    return sorted(differences, key=lambda one: (one.text.created_at, one.text.suggestion_id), reverse=True)[:most]
