"""Labelled tickets to what a network learns from: windows with a row of targets for each sentence.

Two sources: `training/*.jsonl`, and the cases of `evals/cases` that are not held out, whose gold facts become labels. A
weight of 0 marks a target that nobody gave, as who acts where a case has several other parties.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copilot.core.extraction import ExtractedDamageClaim, ExtractedDemand, ExtractedDispute, ExtractedThreat, Extraction
from copilot.core.sentences import cut
from copilot.core.vocabulary import Asset, Motive, Origin, Role
from copilot.evaluation.cases.case import LabelledCase
from copilot.readers.embedded.encoder import Encoder, Text, Window, text_of
from copilot.readers.embedded.labels import COLUMN, LABELS, OTHER, REPORTER, REPORTERS, STAFF, THIRD, columns

PEOPLE = {"r": REPORTER, "o": OTHER, "x": THIRD, "s": STAFF}
_TAKEN_BACK = {"bigword": "big_word"}


@dataclass(frozen=True)
class Labels:
    """The labels of one sentence; `unsure` holds kinds of label that its writer could not or did not give."""

    given: frozenset[str]
    unsure: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Example:
    """A ticket to learn from. `key` names its file and line, or its case."""

    key: str
    text: Text
    labels: tuple[Labels, ...]
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """One window: the targets and their weights, a row a sentence."""

    key: str
    window: Window
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]


def from_training(file: Path) -> Iterator[Example]:
    """The tickets of one training file."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
        ticket = json.loads(line)
        text = Text(Origin(ticket["origin"]), Role(ticket["role"]), tuple((None, sentence) for sentence, _ in ticket["sents"]))
        labels = tuple(Labels(frozenset(_translated(labels))) for _, labels in ticket["sents"])
        yield Example(f"{file.stem}:{number}", text, labels)


def _translated(labels: Sequence[str]) -> Iterator[str]:
    """Labels as the writers put them, in the model's words."""
    for label in labels:
        kind, *rest = label.split(":")
        if kind == "neg":
            yield f"taken_back:{_TAKEN_BACK.get(rest[0], rest[0])}"
        elif kind in ("threat", "demand", "claim"):
            yield f"{kind}:{rest[0]}"
            actor, victim = rest[1].split(">")
            yield f"{kind}_by:{PEOPLE[actor]}"
            yield f"{kind}_on:{PEOPLE[victim]}"
            if kind == "claim":
                yield f"intent:{rest[2]}"
                if rest[3] != Motive.NOT_STATED:
                    yield f"motive:{rest[3]}"
        elif label in COLUMN:
            yield label


def from_case(case: LabelledCase) -> Example | None:
    """A labelled case whose facts are known; None for one that has a decision only."""
    if case.expect.extraction is None:
        return None
    ticket, gold = case.ticket, case.expect.extraction
    sentences = cut(ticket)
    who = _people(gold)
    found: dict[str, set[str]] = {sentence.id: set() for sentence in sentences}
    unsure: dict[str, set[str]] = {sentence.id: {"taken_back"} for sentence in sentences}
    for fact in (*gold.threats, *gold.demands, *gold.damage_claims, *gold.disputes):
        for id in fact.evidence:
            for label in _of_fact(fact, who):
                (unsure if label.endswith(":?") else found)[id].add(label.removesuffix(":?"))
    labels = tuple(Labels(frozenset(found[s.id]), frozenset(unsure[s.id])) for s in sentences)
    return Example(case.id, text_of(ticket, sentences), labels, frozenset(case.tags))


def _people(gold: Extraction) -> dict[str, str]:
    """Gold parties in the model's words; `?` where there are several others and none is the other party."""
    others = [party for party in gold.parties if not party.is_reporter and party.role is not Role.SUPPORT]
    only = others[0].id if len(others) == 1 else None
    return {
        party.id: REPORTER if party.is_reporter else STAFF if party.role is Role.SUPPORT else OTHER if party.id == only else "?"
        for party in gold.parties
    }


def _of_fact(fact: ExtractedThreat | ExtractedDemand | ExtractedDamageClaim | ExtractedDispute, who: dict[str, str]) -> list[str]:
    if isinstance(fact, ExtractedDispute):
        return [f"dispute:{fact.kind}"]
    if isinstance(fact, ExtractedDemand):
        return [f"demand:{fact.kind}", f"demand_by:{who[fact.by]}", f"demand_on:{who[fact.of]}"]
    kind = "claim" if isinstance(fact, ExtractedDamageClaim) else "threat"
    labels = [f"{kind}:{fact.harm}", f"{kind}_by:{who[fact.by]}", f"{kind}_on:{who[fact.against]}"]
    if fact.asset is not Asset.NOT_STATED:
        labels.append(f"asset:{fact.asset}")
    if isinstance(fact, ExtractedDamageClaim):
        labels.append(f"intent:{fact.intent}")
        if fact.motive is not Motive.NOT_STATED:
            labels.append(f"motive:{fact.motive}")
    return labels


def without_role(example: Example) -> Example:
    """The same ticket where the records do not say what the reporter is."""
    return replace(example, text=replace(example.text, role=Role.UNKNOWN))


def rows(example: Example, role: Role, encoder: Encoder) -> list[Row]:
    """The windows of a ticket with their targets; `role` is what the reporter is, whatever the text tells of it."""
    targets = np.zeros((len(example.labels), len(LABELS)), np.float32)
    weights = np.ones_like(targets)
    if role in REPORTERS:
        targets[:, COLUMN[f"reporter:{role}"]] = 1
    else:
        weights[:, columns("reporter")] = 0
    for place, labels in enumerate(example.labels):
        targets[place, [COLUMN[label] for label in labels.given]] = 1
        for kind in labels.unsure:
            weights[place, columns(kind)] = 0
    return [
        Row(example.key, window, targets[slice_], weights[slice_])
        for window in encoder.windows(example.text)
        for slice_ in [slice(window.first, window.first + window.sentences)]
    ]
