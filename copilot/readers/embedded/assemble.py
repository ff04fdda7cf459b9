"""Marks to facts: what is marked firmly enough, who it is of, merged over sentences, as an extraction.

Each kind of mark has its own threshold (`thresholds.toml`), chosen on development tickets for the harm of errors.
"""

import tomllib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from copilot.core.extraction import ExtractedDamageClaim, ExtractedDemand, ExtractedDispute, ExtractedThreat, Extraction
from copilot.core.sentences import Sentence, Sentences
from copilot.core.ticket import Ticket
from copilot.core.vocabulary import Asset, DemandKind, DisputeKind, Harm, Intent, Motive, Role
from copilot.readers.embedded.labels import ASSETS, COLUMN, MOTIVES, PEOPLE, REPORTERS, columns
from copilot.readers.embedded.people import People

Marks = NDArray[np.float32]
"""Probabilities: a row a sentence, a column a label of `labels.LABELS`."""

Fact = TypeVar("Fact", ExtractedThreat, ExtractedDemand, ExtractedDamageClaim, ExtractedDispute)
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value", bound=Hashable)

_HARMS, _KINDS, _DISPUTES, _INTENTS = tuple(Harm), tuple(DemandKind), tuple(DisputeKind), tuple(Intent)
SOFT = (Harm.BAD_FEEDBACK, Harm.WITHHOLD, Harm.LAWFUL_REMEDY, Harm.DEFAME)
"""Harms that count only beside something else."""
_COUNTED = [(kind, harm) for kind in ("threat", "claim") for harm in Harm if harm not in SOFT]
_GRAVEST_INTENT = (Intent.DELIBERATE, Intent.UNCLEAR, Intent.ACCIDENTAL)
_ASSET_STATED = 0.4
LEAST_CONFIDENCE = 0.01
_TYPES = {"threat": "threat", "demand": "demand", "claim": "damage_claim", "dispute": "dispute"}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From what probability on a mark becomes a fact: threats and claims by harm, the rest by kind of fact.

    `unsure`: from there on, a harm that would count and is no fact leaves the reading unsure.
    """

    threat: Mapping[Harm, float]
    claim: Mapping[Harm, float]
    demand: float
    dispute: float
    motive: float
    unsure: float

    def at_least(self, floor: float) -> "Thresholds":
        """The same, none under a floor; what is under it is then no fact."""
        threat, claim = ({harm: max(value, floor) for harm, value in one.items()} for one in (self.threat, self.claim))
        return Thresholds(threat, claim, max(self.demand, floor), max(self.dispute, floor), max(self.motive, floor), self.unsure)

    @classmethod
    def load(cls, file: Path) -> "Thresholds":
        """Read them from a TOML file."""
        given = tomllib.loads(file.read_text(encoding="utf-8"))
        threat, claim = ({harm: float(given[kind][harm]) for harm in Harm} for kind in ("threat", "claim"))
        return cls(threat, claim, float(given["demand"]), float(given["dispute"]), float(given["motive"]), float(given["unsure"]))


def standing(marks: Marks) -> Marks:
    """The same marks, a threat or claim only as likely as that nothing in its sentence takes it back."""
    found = marks.copy()
    found[:, columns("threat") + columns("claim")] *= 1 - marks[:, columns("taken_back")].max(1, keepdims=True)
    return found


def assemble(ticket: Ticket, sentences: Sentences, marks: Marks, thresholds: Thresholds) -> Extraction:
    """The facts of a ticket whose sentences are marked, a row of `marks` each."""
    people = People(ticket, _reporter_role(marks))
    found = _Found(people, thresholds)
    for sentence, row in zip(sentences, marks, strict=True):
        found.add(sentence, row)
    return Extraction(
        parties=people.parties,
        threats=list(found.threats.values()),
        demands=list(found.demands.values()),
        damage_claims=list(found.claims.values()),
        disputes=list(found.disputes.values()),
    )


def doubtful(marks: Marks, thresholds: Thresholds) -> list[int]:
    """Places of sentences in which a harm that would count is likely, and not marked firmly enough for a fact."""
    under = np.array([getattr(thresholds, kind)[harm] for kind, harm in _COUNTED])
    chances = marks[:, [COLUMN[f"{kind}:{harm}"] for kind, harm in _COUNTED]]
    return [int(place) for place in np.flatnonzero(((chances >= thresholds.unsure) & (chances < under)).any(1))]


def confidence(sentences: Sentences, marks: Marks) -> dict[tuple[str, str, str], float]:
    """How likely each sentence tells each harm, demand and dispute, as `Reading.confidence` has it."""
    named = [(label.split(":"), column) for label, column in COLUMN.items()]
    wanted = [(_TYPES[kind], value, column) for (kind, value), column in named if kind in _TYPES]
    return {
        (kind, value, sentence.id): float(row[column])
        for sentence, row in zip(sentences, marks, strict=True)
        for kind, value, column in wanted
        if row[column] >= LEAST_CONFIDENCE
    }


class _Found:
    """Facts so far, under what makes two of them the same."""

    def __init__(self, people: People, thresholds: Thresholds) -> None:
        self._people = people
        self._from = thresholds
        self.threats: dict[tuple[str, ...], ExtractedThreat] = {}
        self.demands: dict[tuple[str, ...], ExtractedDemand] = {}
        self.claims: dict[tuple[str, ...], ExtractedDamageClaim] = {}
        self.disputes: dict[DisputeKind, ExtractedDispute] = {}

    def add(self, sentence: Sentence, row: Marks) -> None:
        """Everything that one sentence tells."""
        self._people.hear(sentence)
        asset = _asset(row)
        for harm in _marked("threat", _HARMS, row, self._from.threat):
            by, against = self._pair("threat", row)
            fact = ExtractedThreat(by=by, against=against, harm=harm, asset=asset, evidence=[sentence.id])
            _keep(self.threats, (by, against, harm, asset), fact)
        for kind in _marked("demand", _KINDS, row, dict.fromkeys(_KINDS, self._from.demand)):
            by, of = self._pair("demand", row)
            _keep(self.demands, (by, of, kind), ExtractedDemand(by=by, of=of, kind=kind, evidence=[sentence.id]))
        for harm in _marked("claim", _HARMS, row, self._from.claim):
            self._claim(harm, asset, sentence, row)
        for dispute in _marked("dispute", _DISPUTES, row, dict.fromkeys(_DISPUTES, self._from.dispute)):
            _keep(self.disputes, dispute, ExtractedDispute(kind=dispute, evidence=[sentence.id]))

    def _claim(self, harm: Harm, asset: Asset, sentence: Sentence, row: Marks) -> None:
        by, against = self._pair("claim", row)
        intent = _INTENTS[int(row[columns("intent")].argmax())]
        motives = row[columns("motive")]
        motive = MOTIVES[int(motives.argmax())] if motives.max() >= self._from.motive else Motive.NOT_STATED
        fact = ExtractedDamageClaim(
            by=by, against=against, harm=harm, asset=asset, intent=intent, motive=motive, evidence=[sentence.id]
        )
        key = (by, against, harm, asset)
        before = self.claims.get(key)
        if before is not None:
            gravest = min((before.intent, intent), key=_GRAVEST_INTENT.index)
            stated = before.motive if before.motive is not Motive.NOT_STATED else motive
            fact = fact.model_copy(update={"intent": gravest, "motive": stated})
        _keep(self.claims, key, fact)

    def _pair(self, act: str, row: Marks) -> tuple[str, str]:
        by, on = (dict(zip(PEOPLE, row[columns(f"{act}_{side}")].tolist(), strict=True)) for side in ("by", "on"))
        return self._people.pair(by, on)


def _keep(found: dict[Key, Fact], key: Key, fact: Fact) -> None:
    """Keep a fact; one that says the same as another adds its sentence to it."""
    if key in found:
        fact = fact.model_copy(update={"evidence": [*found[key].evidence, *fact.evidence]})
    found[key] = fact


def _marked(kind: str, values: Sequence[Value], row: Marks, thresholds: Mapping[Value, float]) -> list[Value]:
    """The values of one kind of label that are marked firmly enough."""
    return [value for value, chance in zip(values, row[columns(kind)].tolist(), strict=True) if chance >= thresholds[value]]


def _asset(row: Marks) -> Asset:
    chances = row[columns("asset")]
    return ASSETS[int(chances.argmax())] if chances.max() >= _ASSET_STATED else Asset.NOT_STATED


def _reporter_role(marks: Marks) -> Role:
    """What the sentences take the reporter for; unknown where none is likelier than not."""
    if not len(marks):
        return Role.UNKNOWN
    chances = marks[:, columns("reporter")].mean(0)
    return REPORTERS[int(chances.argmax())] if chances.max() >= 0.5 else Role.UNKNOWN
