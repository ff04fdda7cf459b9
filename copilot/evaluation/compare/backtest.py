"""Stored extractions of a run, decided again by another version of the policy: which decisions would change.

Nothing is read again, so no model is asked and it takes seconds. Both versions decide on the same stored extractions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from copilot.core.extraction import Extraction
from copilot.evaluation.cases.case import CaseSet, LabelledCase
from copilot.evaluation.compare.other_policy import Decided, Given, PolicyError, other_policy
from copilot.evaluation.run.stored_rows import Rows
from copilot.pipeline import decide


@dataclass(frozen=True, slots=True)
class Moved:
    """A row that the two versions decide differently. `gold` is the case's own label."""

    case_id: str
    sample: int
    then: Decided
    now: Decided
    gold: Decided


@dataclass(frozen=True, slots=True)
class Backtest:
    """How the decisions of another version (`then`) and of this one (`now`) differ."""

    revision: str
    policy_version: str
    decided: int
    left_out: int
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A stored extraction, and the case and sample that it was read for."""

    case: LabelledCase
    sample: int
    extraction: Extraction


def backtest(cases: CaseSet, rows: Rows, revision: str, repository: Path) -> Backtest:
    """Decide every stored extraction by the policy of `revision` and by this one.

    Rows without an extraction are left out and counted. Raises `PolicyError`.
    """
    kept = [_Kept(cases.by_id[row.case_id], row.sample, row.extraction) for row in rows if row.extraction is not None]
    if not kept:
        raise PolicyError("the run holds no extraction to decide again; name a folder with scored rows")
    with other_policy(repository, revision) as other:
        then = other.decide(Given(one.case.ticket, one.extraction) for one in kept)
    now = [Decided.of(decide(one.case.ticket, one.extraction)) for one in kept]
    moved = []
    for one, before, after in zip(kept, then, now, strict=True):
        if before is None:
            raise PolicyError(f"{revision!r}: its policy cannot decide stored extractions; name a later revision")
        if before != after:
            moved.append(Moved(one.case.id, one.sample, before, after, _gold(one.case)))
    return Backtest(revision, other.version, len(kept), len(rows) - len(kept), tuple(moved))


def _gold(case: LabelledCase) -> Decided:
    return Decided(case.expect.route.value, tuple(label.value for label in case.expect.labels), case.expect.rule)


def moves(made: Backtest) -> Iterator[tuple[str, list[Moved]]]:
    """Moved rows, grouped by what this version makes of them beside the label: better, worse, neither."""
    groups: dict[str, list[Moved]] = {"better now": [], "worse now": [], "otherwise": []}
    for one in made.moved:
        was, now = (side.goes_as(one.gold) for side in (one.then, one.now))
        groups["better now" if now and not was else "worse now" if was and not now else "otherwise"].append(one)
    return iter(groups.items())
