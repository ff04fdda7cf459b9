"""Labelled cases, gold facts and readings in a line each, for tests of what judges them."""

from functools import cache
from pathlib import Path
from typing import Any

from copilot.core.extraction import Extraction
from copilot.core.ticket import Ticket
from copilot.evaluation.cases.case import CaseSet, LabelledCase, load_cases
from copilot.pipeline import decide
from tests.packaging.tree import ROOT

TEXT = "He deleted my shop. He wants $500 to put it back. We disagree about the price. He is rude."
"""Four sentences: m1.1 to m1.4."""

Facts = dict[str, Any]


def party(id: str, role: str = "client", reporter: bool = False, name: str | None = None) -> Facts:
    return {"id": id, "role": role, "is_reporter": reporter, "name": name}


CLIENT = party("p1", "client", reporter=True)
FREELANCER = party("p2", "freelancer")


def threat(harm: str = "destroy", by: str = "p2", against: str = "p1", evidence: str = "m1.1", asset: str = "website") -> Facts:
    return {"by": by, "against": against, "harm": harm, "asset": asset, "evidence": evidence.split()}


def claim(harm: str = "destroy", by: str = "p2", against: str = "p1", evidence: str = "m1.1", **more: str) -> Facts:
    told = {"asset": "website", "intent": "deliberate", "motive": "leverage"} | more
    return {"by": by, "against": against, "harm": harm, "evidence": evidence.split(), **told}


def demand(kind: str = "money", by: str = "p2", of: str = "p1", evidence: str = "m1.2") -> Facts:
    return {"by": by, "of": of, "kind": kind, "evidence": evidence.split()}


def dispute(kind: str = "payment", evidence: str = "m1.3") -> Facts:
    return {"kind": kind, "evidence": evidence.split()}


def extraction(*, parties: tuple[Facts, ...] = (CLIENT, FREELANCER), **lists: list[Facts]) -> Extraction:
    """Facts by list: `threats=[threat()]`; lists that are not named are empty."""
    every = {"threats": [], "demands": [], "damage_claims": [], "disputes": []} | lists
    return Extraction.model_validate({"parties": parties, **every})


def case(
    gold: Extraction | None = None, *, id: str = "case-1", tags: tuple[str, ...] = ("lang:en",), **ticket: Any
) -> LabelledCase:
    """A case whose label is what its gold facts give; no gold facts: nothing happened."""
    made = Ticket.model_validate({"id": f"T-{id}", "messages": [{"text": TEXT}]} | ticket)
    decided = decide(made, gold or Extraction.empty())
    expect = {"route": decided.route, "labels": decided.labels, "rule": decided.rule, "extraction": gold}
    return LabelledCase.model_validate({"id": id, "tags": tags, "ticket": made, "expect": expect, "why": "Made for a test."})


def case_set(*cases: LabelledCase) -> CaseSet:
    return CaseSet(cases)


@cache
def shipped_cases() -> CaseSet:
    """The cases that the evaluation runs on."""
    return load_cases([Path(ROOT, "evals", "cases")])
