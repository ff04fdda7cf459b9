"""Which thresholds: tried on the development tickets, by what their errors would cost.

The mix of routes is weighed to be like that of real accounts, of which two thirds are ordinary. A missed escalation costs
twice what a needless one does. Harms that seldom differ share a threshold, so that few tickets choose few numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from copilot.core.sentences import Sentence, Sentences
from copilot.core.ticket import Message, Participant, Ticket
from copilot.core.verification import verify
from copilot.core.vocabulary import Harm, Route
from copilot.policy import Circumstances, decide_facts
from copilot.policy.decide import ESCALATIONS
from copilot.readers.embedded.assemble import SOFT, Marks, Thresholds, assemble, doubtful, standing
from copilot.readers.embedded.labels import COLUMN, LABELS
from trainer.data import Example

ORDINARY_SHARE = 2 / 3
MISSED, CLEARED, NEEDLESS, ELSEWHERE, LABEL = 2.0, 1.5, 1.0, 0.5, 0.1
"""Costs: an escalation missed, what it costs more if called clear, an escalation without cause, another wrong route; and each
threat, demand, claim or dispute that a ticket tells and was not marked, or the other way round."""
GRID = (0.03, 0.05, 0.07, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8)
FACTS = ("threat", "demand", "claim", "dispute")
Setting = dict[str, float]
START: Setting = dict.fromkeys(("threat", "soft_threat", "claim", "soft_claim", "demand", "dispute", "motive", "unsure"), 0.5)


@dataclass(frozen=True)
class Tried:
    """A development ticket with what the policy decides on its own labels."""

    ticket: Ticket
    sentences: Sentences
    route: Route
    told: frozenset[str]


def development(examples: Sequence[Example], routes: Mapping[str, tuple[Ticket, Sentences, Route]]) -> dict[str, Tried]:
    """Development tickets by key; `routes` holds those that are cases, with the decision that was labelled."""
    return {one.key: Tried(*routes[one.key], _told(one)) if one.key in routes else _of_training(one) for one in examples}


def _of_training(example: Example) -> Tried:
    person = Participant(id="r", role=example.text.role)
    text = "\n".join(sentence for _, sentence in example.text.sentences)
    ticket = Ticket(
        origin=example.text.origin, reporter="r", participants=(person,), messages=(Message(id="m1", author="r", text=text),)
    )
    told = enumerate((sentence for _, sentence in example.text.sentences), start=1)
    pieces = tuple(Sentence(f"m1.{number}", "m1", "r", 0, 0, sentence) for number, sentence in told)
    sentences = Sentences(pieces)
    marks = np.zeros((len(pieces), len(LABELS)), np.float32)
    for row, labels in zip(marks, example.labels, strict=True):
        row[[COLUMN[label] for label in labels.given]] = 1
    return Tried(ticket, sentences, decided(ticket, sentences, marks, thresholds(START)), _told(example))


def _told(example: Example) -> frozenset[str]:
    """The facts that a ticket tells, as labels."""
    return frozenset(label for labels in example.labels for label in labels.given if label.split(":")[0] in FACTS)


def decided(ticket: Ticket, sentences: Sentences, marks: Marks, given: Thresholds) -> Route:
    """The route that marks lead to."""
    facts = verify(ticket, sentences, assemble(ticket, sentences, marks, given), by_person=True)
    unsure = bool(doubtful(marks, given))
    decision, _ = decide_facts(facts, Circumstances(ticket.origin, ticket.context.mediation_eligible, reading_failed=unsure))
    return decision.route


def thresholds(setting: Setting) -> Thresholds:
    """Thresholds of every harm out of the few that are chosen."""
    threat, claim = ({harm: setting[f"soft_{kind}" if harm in SOFT else kind] for harm in Harm} for kind in ("threat", "claim"))
    return Thresholds(threat, claim, setting["demand"], setting["dispute"], setting["motive"], setting["unsure"])


@dataclass
class Score:
    """What one setting costs, and the counts that people ask for."""

    cost: float = 0.0
    right: int = 0
    tickets: int = 0
    counts: dict[str, list[int]] = field(default_factory=lambda: {"missed": [0, 0], "cleared": [0, 0], "needless": [0, 0]})


class Development:
    """The development tickets with the marks of one epoch."""

    def __init__(self, tried: Mapping[str, Tried], marks: Mapping[str, Marks]) -> None:
        self._tried = tried
        self._marks = marks
        self._routes: dict[tuple[str, bytes], Route] = {}
        grave = sum(one.route in ESCALATIONS for one in tried.values())
        self._weights = {True: (1 - ORDINARY_SHARE) / grave, False: ORDINARY_SHARE / (len(tried) - grave)}

    def best(self, rounds: int = 2) -> tuple[Setting, Score]:
        """One threshold after the other, each to where the cost is least; of equals the middle one."""
        setting = dict(START)
        for name in [*setting] * rounds:
            costs = [self.score({**setting, name: value}).cost for value in GRID]
            least = [value for value, cost in zip(GRID, costs, strict=True) if cost <= min(costs) + 1e-9]
            setting[name] = least[len(least) // 2]
        return setting, self.score(setting)

    def score(self, setting: Setting) -> Score:
        """Decide every ticket, and count."""
        found = Score()
        given = thresholds(setting)
        for key, one in self._tried.items():
            route = self._route(key, one, given)
            is_grave, escalated = one.route in ESCALATIONS, route in ESCALATIONS
            missed, needless = is_grave and not escalated, escalated and not is_grave
            cleared = missed and route is Route.NO_ESCALATION
            elsewhere = route != one.route and not missed and not needless
            cost = MISSED * missed + CLEARED * cleared + NEEDLESS * needless + ELSEWHERE * elsewhere
            cost += LABEL * len(one.told ^ _marked(self._marks[key], given))
            found.cost += self._weights[is_grave] * cost
            found.right += route == one.route
            found.tickets += 1
            for name, happened in (("missed", missed), ("cleared", cleared), ("needless", needless)):
                found.counts[name][0] += happened
                found.counts[name][1] += is_grave is not (name == "needless")
        return found

    def _route(self, key: str, one: Tried, given: Thresholds) -> Route:
        """Decided once for every pattern of marks that pass their thresholds."""
        marks = self._marks[key]
        passed = (marks >= _cuts(given)).tobytes() + bytes([bool(doubtful(marks, given))])
        if (key, passed) not in self._routes:
            self._routes[key, passed] = decided(one.ticket, one.sentences, marks, given)
        return self._routes[key, passed]


def _marked(marks: Marks, given: Thresholds) -> frozenset[str]:
    """The facts that are marked firmly enough anywhere in a ticket, as labels."""
    passed = (marks >= _cuts(given)).any(0)
    return frozenset(label for label in np.array(LABELS)[passed] if label.split(":")[0] in FACTS)


def _cuts(given: Thresholds) -> NDArray[np.float32]:
    """The threshold of each column; one that is no fact by itself never passes."""
    cuts = {f"{kind}:{harm}": chance for kind in ("threat", "claim") for harm, chance in getattr(given, kind).items()}
    by_kind = {"demand": given.demand, "dispute": given.dispute, "motive": given.motive}
    return np.array([cuts.get(label, by_kind.get(label.split(":")[0], np.inf)) for label in LABELS], np.float32)


def probabilities(file: Mapping[str, NDArray[np.float32]], keys: Iterable[str]) -> dict[str, Marks]:
    """Logits as the probabilities that the reader decides on."""
    return {key: standing(np.asarray(1 / (1 + np.exp(-file[key])), np.float32)) for key in keys}
