"""Gates: what a run must not fall below, each with its reason, judged by an interval or a paired test.

`gates.toml` holds `[[floor]]`, `[[ceiling]]`, `[[pass_k]]` and `[[paired]]` tables. A floor is passed by the lower end of a
figure's 95% interval, a ceiling by its upper end, so a lucky point on few cases passes nothing. A paired gate fails where the run
is worse than the blessed one by more than it may be and a paired test carries that. A figure that was not measured fails. Floors,
ceilings and paired gates speak of whole sets, and are not judged on a selection of cases.
"""

import tomllib
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import Self

from pydantic import Field, ValidationError, model_validator

from copilot.core.closed import Closed
from copilot.core.errors import InputError, reason
from copilot.core.validation import first_problem
from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.cases.selection import CaseSelection
from copilot.evaluation.compare.baseline import FOLDER, name_of, read_baseline
from copilot.evaluation.compare.comparison import ALPHA, Paired, compare_runs, p_words
from copilot.evaluation.run.folder import Manifest
from copilot.evaluation.run.stored_rows import Rows
from copilot.evaluation.score.pass_k import pass_k
from copilot.evaluation.score.summary import GateResult, Summary
from copilot.evaluation.score.tallies import CaseTally

EVERY_READER = "any"


class Exit(IntEnum):
    """How an evaluation ends, for a shell."""

    PASS = 0
    GATE_FAILED = 1
    INCOMPLETE = 2
    STALE = 3
    HOLE = 4


class GateError(InputError):
    """A gates file that cannot be used; the message names the file and the field."""


class Bound(Closed):
    """A floor or a ceiling for a figure of `summary.json`. `reader` is `embedded`, `openai` (any model), a model, or `any`."""

    figure: str
    limit: float
    reader: str = EVERY_READER
    reason: str = Field(min_length=1)


class PairedGate(Closed):
    """How much worse than the blessed run a run may be. `points` is the drop in percentage points that is let pass."""

    points: float = Field(ge=0, le=100)
    reader: str = EVERY_READER
    reason: str = Field(min_length=1)


class PassKGate(Closed):
    """How often all of `k` readings must be right, for the case of an id or for all cases with a tag.

    `least` is a share from 0 to 1. The lower end of a tag's interval over its cases must reach it. One case has no interval:
    its own pass^k must.
    """

    k: int = Field(ge=2, le=100)
    least: float = Field(ge=0, le=1)
    id: str | None = None
    tag: str | None = None
    reader: str = EVERY_READER
    reason: str = Field(min_length=1)

    @model_validator(mode="after")
    def _check_of(self) -> Self:
        if (self.id is None) == (self.tag is None):
            raise ValueError("name either an id or a tag")
        return self

    @property
    def name(self) -> str:
        """What a person knows the gate by."""
        return f"pass^{self.k} of {f'case {self.id}' if self.id is not None else f'tag {self.tag}'}"


class Checks(Closed):
    """What must hold of the case set itself."""

    coverage: bool = False


class Gates(Closed):
    """A gates file."""

    floor: tuple[Bound, ...] = ()
    ceiling: tuple[Bound, ...] = ()
    paired: tuple[PairedGate, ...] = ()
    pass_k: tuple[PassKGate, ...] = ()
    checks: Checks = Checks()


def load_gates(path: Path) -> Gates:
    """Read a gates file. Raises `GateError`."""
    try:
        return Gates.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as fault:
        raise GateError(f"{path}: cannot be read ({reason(fault)})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise GateError(f"{path}: not TOML ({fault}); mend it") from None
    except ValidationError as fault:
        raise GateError(f"{path}: {first_problem(fault, 'the file')}") from None


def is_for(gate: Bound | PairedGate | PassKGate, manifest: Manifest) -> bool:
    """Whether a gate is for the reader of a run."""
    return gate.reader in (EVERY_READER, manifest.extractor, name_of(manifest))


def judge(gates: Gates, summary: Summary) -> list[GateResult]:
    """Floors and ceilings, for the reader of this run; on a selection, one result that says why none is judged."""
    if summary.manifest.selection:
        return [of_selection("floor, ceiling and paired", summary.manifest.selection, summary.cases)]
    floors = [_floor(bound, summary) for bound in gates.floor if is_for(bound, summary.manifest)]
    return floors + [_ceiling(bound, summary) for bound in gates.ceiling if is_for(bound, summary.manifest)]


def of_selection(name: str, selection: CaseSelection, cases: int) -> GateResult:
    """Why gates that speak of whole sets are not judged on a part of one."""
    told = f"the run is a selection of {cases} of {selection.of} cases, and such gates speak of whole sets"
    return GateResult(name=name, passed=None, told=told, reason="run all cases to have them judged")


def judge_against_blessed(gates: Gates, folder: Path, summary: Summary, cases: CaseSet, rows: Rows) -> list[GateResult]:
    """Paired gates against the baseline of this reader, which is looked for under `folder`."""
    if summary.manifest.selection:
        return []
    reader = name_of(summary.manifest)
    wanted = [gate for gate in gates.paired if is_for(gate, summary.manifest)]
    if not wanted:
        return []
    baseline = read_baseline(folder / FOLDER, reader)
    if baseline is None:
        told = f"nobody blessed a run of {reader}; `copilot eval bless` does"
        return [GateResult(name="paired", passed=None, told=told, reason=gate.reason) for gate in wanted]
    return judge_pair(wanted, compare_runs(cases, baseline.rows, rows))


def judge_pass_k(gates: Gates, manifest: Manifest, tallies: Sequence[CaseTally]) -> list[GateResult]:
    """Gates on repeated readings, for the reader of this run. What was not read often enough, or left out, is not judged."""
    wanted = [gate for gate in gates.pass_k if is_for(gate, manifest)]
    if manifest.samples > 1:
        return [_pass_k(gate, manifest, tallies) for gate in wanted]
    told = "each case was read once; run with --samples"
    return [GateResult(name=gate.name, passed=None, told=f"{told} {gate.k}", reason=gate.reason) for gate in wanted]


def _pass_k(gate: PassKGate, manifest: Manifest, tallies: Sequence[CaseTally]) -> GateResult:
    def result(passed: bool | None, told: str) -> GateResult:
        return GateResult(name=gate.name, passed=passed, told=told, reason=gate.reason)

    if manifest.samples < gate.k:
        return result(None, f"each case was read {manifest.samples} times; run with --samples {gate.k}")
    meant = [one for one in tallies if (one.id == gate.id if gate.tag is None else gate.tag in one.tags and not one.is_arguable)]
    selection = manifest.selection
    if selection and not (meant if gate.tag is None else selection.holds_all_with(gate.tag)):
        return result(None, "the selection leaves such cases out; run them all to have it judged")
    if not meant:
        return result(False, "there is no such case among those that were run")
    figure = pass_k(meant, gate.k)
    if figure is None or figure.n < len(meant):
        return result(False, f"{figure.n if figure else 0} of {len(meant)} cases have {gate.k} scored readings; run again")
    if gate.tag is None:
        return result(figure.value >= gate.least, f"{figure.value:.3f} of {_readings(meant[0])}; it must reach {gate.least:g}")
    return result(figure.low >= gate.least, f"{figure}; the lower end must reach {gate.least:g}")


def _readings(one: CaseTally) -> str:
    right = sum(sample.right_labels for sample in one.samples)
    return f"a case with {right} of {len(one.samples)} readings right"


def judge_pair(gates: Sequence[PairedGate], pair: Paired) -> list[GateResult]:
    """Paired gates for one comparison: both a drop past what is let pass, and a test that carries it, fail."""
    drop = -100 * pair.difference.value
    return [
        GateResult(
            name="paired",
            passed=not (drop > gate.points and pair.p_value < ALPHA),
            told=_paired_words(gate, pair),
            reason=gate.reason,
        )
        for gate in gates
    ]


def _paired_words(gate: PairedGate, pair: Paired) -> str:
    allowed = f"fails past a drop of {gate.points:g} points with p < {ALPHA}"
    return f"{100 * pair.difference.value:+.1f} points on {pair.n} cases, {pair.test} {p_words(pair.p_value)}; {allowed}"


def _floor(bound: Bound, summary: Summary) -> GateResult:
    figure = summary.figures.get(bound.figure)
    if figure is None:
        return _judged(bound, False, "was not measured")
    return _judged(bound, figure.low >= bound.limit, f"{figure}; the lower end must reach {bound.limit:g}")


def _ceiling(bound: Bound, summary: Summary) -> GateResult:
    figure = summary.figures.get(bound.figure)
    if figure is None:
        return _judged(bound, False, "was not measured")
    return _judged(bound, figure.high <= bound.limit, f"{figure}; the upper end must not pass {bound.limit:g}")


def _judged(bound: Bound, passed: bool, told: str) -> GateResult:
    return GateResult(name=bound.figure, passed=passed, told=told, reason=bound.reason)
