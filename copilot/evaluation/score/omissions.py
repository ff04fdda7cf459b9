"""Would anybody notice a model that answers in good form and leaves facts out?

Comes in: labelled cases. Each is triaged with simulated models that know its labelled facts: one gives them all, one drops
each with probability one half, one gives none; the embedded reader reads beside them, as it does beside a real one. Goes
out: of decisions that are less careful than the labels', and of right ones, how many carry the second reader's caution.
Chance is seeded with the case, so the same cases give the same figures.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from copilot.core.extraction import FACT_LISTS, Extraction
from copilot.core.sentences import Sentences, cut
from copilot.core.ticket import Ticket
from copilot.core.vocabulary import Caution, Route
from copilot.evaluation.cases.case import LabelledCase
from copilot.evaluation.cases.tags import HELD_OUT_TAG
from copilot.evaluation.score.statistics import Interval, proportion
from copilot.evaluation.score.tallies import ESCALATED
from copilot.output.disagreement import care
from copilot.output.suggestion import Suggestion
from copilot.pipeline import triage
from copilot.readers.base import Reader, Reading, ReadOutcome
from copilot.readers.second import SecondOpinionReader

KEPT_SHARES = {"reads as labelled": 1.0, "drops each fact with probability 1/2": 0.5, "reads nothing": 0.0}
DRAWS = 10
"""So often the model that drops facts by chance reads each case."""


@dataclass(frozen=True, slots=True)
class OmissionTrial:
    """One case read once by a simulated model: the labelled route, the suggested one, and whether the caution was there."""

    model: str
    case: LabelledCase
    suggested: Route
    is_right: bool
    is_flagged: bool

    @property
    def is_wrong_all_clear(self) -> bool:
        """A team should have had it, and nothing is suggested."""
        return self.case.expect.route in ESCALATED and self.suggested is Route.NO_ESCALATION

    @property
    def is_less_careful(self) -> bool:
        """The suggestion takes less care than the label asks for."""
        return care(self.suggested) < care(self.case.expect.route)


COUNTED: Mapping[str, Callable[[OmissionTrial], bool]] = {
    "wrong all-clears": lambda trial: trial.is_wrong_all_clear,
    "less careful than the label": lambda trial: trial.is_less_careful,
    "right": lambda trial: trial.is_right,
    "right, no escalation": lambda trial: trial.is_right and trial.suggested is Route.NO_ESCALATION,
}
"""Of which decisions the flagged ones are counted; a flag on a right one is a false alarm."""


@dataclass(frozen=True, slots=True)
class OmissionCount:
    """The share of such decisions that carry the caution; None where there are none."""

    model: str
    decisions: str
    on: str
    flagged: Interval | None


def try_models(cases: Iterable[LabelledCase], embedded: Reader, seed: int = 0) -> Iterator[OmissionTrial]:
    """Every simulated model on every case that has labelled facts."""
    for case in cases:
        gold = case.expect.extraction
        if gold is None:
            continue
        beside = embedded.read(case.ticket, cut(case.ticket))
        chance = random.Random(f"{seed}:{case.id}")  # noqa: S311 - a simulation
        for model, share in KEPT_SHARES.items():
            for _ in range(DRAWS if 0 < share < 1 else 1):
                reading = Reading(_without_some(gold, share, chance), ReadOutcome.OK, extractor="simulated")
                yield _trial(model, case, triage(case.ticket, SecondOpinionReader(_Says(reading), _Says(beside))))


def lines_of(trials: Iterable[OmissionTrial]) -> Iterator[OmissionCount]:
    """The figures, for each model, on all cases and on those that were held out."""
    known = list(trials)
    for model in KEPT_SHARES:
        for decisions, belongs in COUNTED.items():
            chosen = [trial for trial in known if trial.model == model and belongs(trial)]
            held = [trial for trial in chosen if HELD_OUT_TAG in trial.case.tags]
            yield OmissionCount(model, decisions, "all", _flagged(chosen))
            yield OmissionCount(model, decisions, HELD_OUT_TAG, _flagged(held))


def _without_some(gold: Extraction, share: float, chance: random.Random) -> Extraction:
    """The facts that are kept; the parties stay, as a model keeps them that answers in good form."""
    kept = {name: [fact for fact in getattr(gold, name) if chance.random() < share] for name in FACT_LISTS}
    return gold.model_copy(update=kept)


def _trial(model: str, case: LabelledCase, suggestion: Suggestion) -> OmissionTrial:
    return OmissionTrial(
        model=model,
        case=case,
        suggested=suggestion.route,
        is_right=(suggestion.route, suggestion.labels) == (case.expect.route, case.expect.labels),
        is_flagged=Caution.SECOND_READER_DISAGREES in suggestion.cautions,
    )


def _flagged(trials: list[OmissionTrial]) -> Interval | None:
    return proportion([(trial.case.family, float(trial.is_flagged)) for trial in trials]) if trials else None


@dataclass(frozen=True, slots=True)
class _Says:
    """A reader that gives one reading, whatever it is asked."""

    reading: Reading

    def read(self, _ticket: Ticket, _sentences: Sentences) -> Reading:
        return self.reading

    async def aread(self, _ticket: Ticket, _sentences: Sentences) -> Reading:
        return self.reading
