"""Gates: what a run must not fall below, each with its reason, judged by an interval or a paired test.

`gates.toml` holds `[[floor]]`, `[[ceiling]]` and `[[paired]]` tables. A floor is passed by the lower end of a figure's 95%
interval, a ceiling by its upper end, so a lucky point on few cases passes nothing. A paired gate fails where the run is worse
than the blessed one by more than it may be and a paired test carries that. A figure that was not measured fails.
"""

import tomllib
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path

from pydantic import Field, ValidationError

from copilot.core.closed import Closed
from copilot.core.errors import InputError, reason
from copilot.core.validation import first_problem
from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.compare.baseline import FOLDER, name_of, read_baseline
from copilot.evaluation.compare.comparison import ALPHA, Paired, compare_runs, p_words
from copilot.evaluation.run.folder import Manifest
from copilot.evaluation.run.stored_rows import Rows
from copilot.evaluation.score.summary import GateResult, Summary

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


class Checks(Closed):
    """What must hold of the case set itself."""

    coverage: bool = False


class Gates(Closed):
    """A gates file."""

    floor: tuple[Bound, ...] = ()
    ceiling: tuple[Bound, ...] = ()
    paired: tuple[PairedGate, ...] = ()
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


def is_for(gate: Bound | PairedGate, manifest: Manifest) -> bool:
    """Whether a gate is for the reader of a run."""
    return gate.reader in (EVERY_READER, manifest.extractor, name_of(manifest))


def judge(gates: Gates, summary: Summary) -> list[GateResult]:
    """Floors and ceilings, for the reader of this run."""
    floors = [_floor(bound, summary) for bound in gates.floor if is_for(bound, summary.manifest)]
    return floors + [_ceiling(bound, summary) for bound in gates.ceiling if is_for(bound, summary.manifest)]


def judge_against_blessed(gates: Gates, folder: Path, summary: Summary, cases: CaseSet, rows: Rows) -> list[GateResult]:
    """Paired gates against the baseline of this reader, which is looked for under `folder`."""
    reader = name_of(summary.manifest)
    wanted = [gate for gate in gates.paired if is_for(gate, summary.manifest)]
    if not wanted:
        return []
    baseline = read_baseline(folder / FOLDER, reader)
    if baseline is None:
        told = f"nobody blessed a run of {reader}; `copilot eval bless` does"
        return [GateResult(name="paired", passed=None, told=told, reason=gate.reason) for gate in wanted]
    return judge_pair(wanted, compare_runs(cases, baseline.rows, rows))


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
