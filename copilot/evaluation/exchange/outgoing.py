"""What goes out to another tool: cases, and what a run made of each, in plain values.

Every tool is given the same three things of a case: the ticket as an input, route and labels as the expected output, and the
rest (tags, why, rule, gold facts) as metadata, under the names that `incoming` looks for.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from copilot.core.vocabulary import Label, Route
from copilot.evaluation.cases.case import CaseSet, LabelledCase, load_cases
from copilot.evaluation.run.folder import MANIFEST, Manifest, final_rows, read_manifest, stored_cases
from copilot.evaluation.run.rows import Row
from copilot.evaluation.run.stored_rows import StoredRows
from copilot.evaluation.score.tallies import CaseTally, sample_of, tally_of
from copilot.runs.errors import RunError

Plain = dict[str, Any]
_IN_ORDER = {label: place for place, label in enumerate(Label)}


@dataclass(frozen=True, slots=True)
class Run:
    """A run that goes out with its cases. `begun` is when its folder was made."""

    manifest: Manifest
    rows: StoredRows
    begun: datetime

    @property
    def reader(self) -> str:
        """The model that answered, or `embedded`."""
        return self.manifest.model or self.manifest.extractor


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Cases, and a run of them where there is one."""

    cases: CaseSet
    run: Run | None = None

    def answers(self) -> "Iterator[Answer]":
        """Every reading of every case, in the order of the cases; none without a run."""
        if self.run is None:
            return
        for case in self.cases.cases:
            rows = self.run.rows[case.id]
            tally = tally_of(case, rows)
            yield from (Answer(case, row, tally) for row in rows)


@dataclass(frozen=True, slots=True)
class Answer:
    """One reading of a case, beside its label."""

    case: LabelledCase
    row: Row
    tally: CaseTally

    @property
    def is_scored(self) -> bool:
        """False where the reader that was asked for did not answer: it is neither right nor wrong."""
        return self.row.is_scored

    @property
    def right(self) -> dict[str, bool]:
        """Whether the route is right, and whether route and labels are."""
        sample = sample_of(self.tally.gold, self.row)
        return {"route": sample.right_route, "decision": sample.right_labels}

    @property
    def fault(self) -> str:
        """Whose fault a wrong case is, and which facts'; empty for a right one."""
        fault = self.tally.fault
        if fault is None or self.right["decision"]:
            return ""
        return f"{fault.blame.value}: {', '.join(fault.facts)}" if fault.facts else fault.blame.value

    @property
    def about(self) -> Plain:
        """What else there is to say of the reading."""
        row = self.row
        told = {"rule_given": row.rule, "cautions": [one.value for one in row.cautions], "outcome": row.outcome}
        return told | ({"fault": self.fault} if self.fault else {})


def outgoing(paths: tuple[Path, ...]) -> Outgoing:
    """Case files and folders of them, or one run folder. Raises `CaseError` or `RunError`."""
    runs = [path for path in paths if (path / MANIFEST).exists()]
    if not runs:
        return Outgoing(load_cases(paths))
    if len(paths) > 1:
        raise RunError(f"{runs[0]}: is a run folder, which brings its own cases; export it alone")
    begun = datetime.fromtimestamp((runs[0] / MANIFEST).stat().st_mtime, UTC).replace(microsecond=0)
    return Outgoing(stored_cases(runs[0]), Run(read_manifest(runs[0]), final_rows(runs[0]), begun))


def ticket_of(case: LabelledCase) -> Plain:
    """The ticket, as its file has it; what says nothing is left out."""
    return case.ticket.model_dump(mode="json", exclude_defaults=True)


def decision(route: Route, labels: "list[Label] | tuple[Label, ...]") -> Plain:
    """Route and labels, the labels in the policy's order, so that equal decisions are equal values."""
    return {"route": route.value, "labels": [label.value for label in sorted(labels, key=_IN_ORDER.__getitem__)]}


def expected(case: LabelledCase) -> Plain:
    """The labelled decision."""
    return decision(case.expect.route, case.expect.labels)


def given(row: Row) -> Plain:
    """The suggested decision."""
    return decision(row.route, row.labels)


def metadata(case: LabelledCase) -> Plain:
    """What a case says beside its ticket and its decision."""
    gold = case.expect.extraction
    facts = {"extraction": gold.model_dump(mode="json")} if gold else {}
    return {"tags": list(case.tags), "why": case.why, "rule": case.expect.rule} | facts


def compact(value: object) -> str:
    """JSON on one line, of letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
