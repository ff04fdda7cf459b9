"""Two run folders, compared: what they were made with, which cases changed, and how paired gates go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.core.closed import Closed
from copilot.core.errors import InputError
from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.compare.comparison import Paired, compare_runs
from copilot.evaluation.compare.gates import Exit, Gates, is_for, judge_pair, of_selection
from copilot.evaluation.compare.measures import Measured, measure_runs
from copilot.evaluation.run.folder import Manifest, final_rows, read_manifest, stored_cases
from copilot.evaluation.run.stored_rows import Rows
from copilot.evaluation.score.summary import Figure, GateResult, as_figure
from copilot.runs.private import write_private

COMPARISON = "compare.json"


class ChangedCase(Closed):
    """One case that changed; shares of right samples from 0 to 1."""

    case_id: str
    before: float
    after: float
    before_route: str
    after_route: str
    gold_route: str


class ComparedMeasure(Closed):
    """A figure of both runs on the same cases. `difference` is after less before, paired."""

    before: Figure
    after: Figure
    difference: Figure


class RunComparison(Closed):
    """`compare.json`. `detectable` is the least true difference that a set of this size finds four times out of five."""

    format: int = 1
    verdict: str
    n: int
    left_out: int
    incomplete: tuple[str, ...]
    before: float
    after: float
    difference: Figure
    p_value: float
    test: str
    detectable: float
    made_with: dict[str, tuple[str, str]]
    changes: tuple[ChangedCase, ...]
    slices: dict[str, Figure]
    slice_p_values: dict[str, float]
    slice_changes: dict[str, int]
    measures: dict[str, ComparedMeasure]
    gates: tuple[GateResult, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A comparison with all around it, on `cases`. `incomplete` names those that one run or both did not score."""

    cases: CaseSet
    compared: Paired
    measures: Mapping[str, Measured]
    made_with: Sequence[tuple[str, str, str]]
    incomplete: tuple[str, ...]
    judged: Sequence[GateResult]

    @property
    def exit(self) -> Exit:
        """Incomplete runs carry no verdict, so that comes first."""
        if self.incomplete:
            return Exit.INCOMPLETE
        return Exit.GATE_FAILED if any(one.passed is False for one in self.judged) else Exit.PASS


def pair_runs(before: Path, after: Path, *, intersect: bool, gates: Gates | None) -> Pair:
    """Compare two run folders. Raises `InputError` where they were run on different cases and `intersect` is not asked for."""
    cases = _shared(before, after, intersect)
    first, second = final_rows(before), final_rows(after)
    compared = compare_runs(cases, first, second)
    made = read_manifest(before), read_manifest(after)
    wanted = [gate for gate in (gates.paired if gates else ()) if is_for(gate, made[1])]
    selection = made[0].selection or made[1].selection
    judged = [of_selection("paired", selection, len(cases))] if wanted and selection else judge_pair(wanted, compared)
    return Pair(
        cases=cases,
        compared=compared,
        measures=measure_runs(cases, first, second),
        made_with=_differences(*made),
        incomplete=_incomplete(cases, first, second),
        judged=judged,
    )


def write_pair(folder: Path, pair: Pair) -> None:
    """Write `compare.json`."""
    one = pair.compared
    comparison = RunComparison(
        verdict=one.verdict,
        n=one.n,
        left_out=one.left_out,
        incomplete=pair.incomplete,
        before=round(one.before, 6),
        after=round(one.after, 6),
        difference=as_figure(one.difference),
        p_value=round(one.p_value, 6),
        test=one.test,
        detectable=round(one.detectable, 6),
        made_with={name: (was, now) for name, was, now in pair.made_with},
        changes=tuple(
            ChangedCase(
                case_id=change.case_id,
                before=change.before,
                after=change.after,
                before_route=change.before_route,
                after_route=change.after_route,
                gold_route=change.gold_route,
            )
            for change in one.changes
        ),
        slices={name: as_figure(difference) for name, difference in one.slices.items()},
        slice_p_values={name: round(p_value, 6) for name, p_value in one.slice_p_values.items()},
        slice_changes=dict(one.slice_changes),
        measures={name: _compared(measured) for name, measured in pair.measures.items()},
        gates=tuple(pair.judged),
    )
    write_private(folder / COMPARISON, comparison.model_dump_json(indent=1) + "\n")


def _compared(one: Measured) -> ComparedMeasure:
    return ComparedMeasure(before=as_figure(one.before), after=as_figure(one.after), difference=as_figure(one.difference))


def _shared(before: Path, after: Path, intersect: bool) -> CaseSet:
    first, second = stored_cases(before), stored_cases(after)
    if first.sha256 == second.sha256:
        return second
    same = tuple(case for case in second.cases if first.by_id.get(case.id) == case)
    if intersect:
        return CaseSet(same)
    changed = len(first.by_id.keys() & second.by_id.keys()) - len(same)
    only = len(first.by_id.keys() - second.by_id.keys()), len(second.by_id.keys() - first.by_id.keys())
    raise InputError(
        f"{before} and {after} were run on different cases ({only[0]} only in the first, {only[1]} only in the second, "
        f"{changed} changed); compare runs of one set, or add --intersect"
    )


def _incomplete(cases: CaseSet, *runs: Rows) -> tuple[str, ...]:
    scored = [{row.case_id for row in rows if row.is_scored} for rows in runs]
    return tuple(case.id for case in cases.cases if not all(case.id in ids for ids in scored))


def _differences(before: Manifest, after: Manifest) -> list[tuple[str, str, str]]:
    """What the two runs were made with, where it differs."""
    names = (
        "extractor",
        "model",
        "marketplace",
        "prompt_sha256",
        "schema_sha256",
        "policy_version",
        "copilot_version",
        "samples",
        "selection",
    )
    found = [(name, str(getattr(before, name)), str(getattr(after, name))) for name in names]
    return [(name, was[:12], now[:12]) if name.endswith("sha256") else (name, was, now) for name, was, now in found if was != now]
