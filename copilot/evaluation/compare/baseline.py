"""Blessed runs: the decisions that later ones are compared with, kept in the repository, changed only with a reason.

A baseline is `baselines/NAME.jsonl` beside the gates, NAME being the reader's: `embedded`, or the model's name. Its first
line says why it was blessed and what made it; then comes one decision a line, so that a diff shows what changed.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from copilot.core.closed import Closed
from copilot.core.errors import InputError
from copilot.core.vocabulary import Label, Route
from copilot.evaluation.run.folder import Manifest
from copilot.evaluation.run.recordings import slug
from copilot.evaluation.run.rows import Row
from copilot.output.suggestion import TokenUsage
from copilot.runs.journal import whole_lines

FOLDER = "baselines"


class BaselineError(InputError):
    """A baseline that cannot be used or made; the message names the file and the next step."""


class Blessing(Closed):
    """The first line: the reason, in the words of whoever blessed it, and what the decisions were made with."""

    baseline: Literal[1] = 1
    why: str
    manifest: Manifest


class BlessedDecision(Closed):
    """One line: what was decided for a case."""

    case_id: str
    sample: int
    route: Route
    labels: list[Label]
    rule: str


class Baseline(Closed):
    """A blessed run."""

    blessing: Blessing
    decisions: tuple[BlessedDecision, ...]

    @property
    def rows(self) -> list[Row]:
        """The decisions as rows of a run; what a baseline does not keep is empty in them."""
        return [_row(decision, self.blessing.manifest) for decision in self.decisions]


def name_of(manifest: Manifest) -> str:
    """The name of a run's baseline."""
    return slug(manifest.model) if manifest.model else manifest.extractor


def read_baseline(folder: Path, name: str) -> Baseline | None:
    """The blessed run of a name; None where nobody blessed one. Raises `BaselineError`."""
    path = folder / f"{name}.jsonl"
    if not path.exists():
        return None
    blessing: Blessing | None = None
    decisions: list[BlessedDecision] = []
    for number, line in whole_lines(path):
        try:
            if blessing is None:
                blessing = Blessing.model_validate_json(line)
            else:
                decisions.append(BlessedDecision.model_validate_json(line))
        except ValidationError:
            raise BaselineError(f"{path}, line {number}: is not of a baseline of this version; bless a run anew") from None
    if blessing is None:
        raise BaselineError(f"{path}: is empty; bless a run anew")
    return Baseline(blessing=blessing, decisions=tuple(decisions))


def bless(folder: Path, manifest: Manifest, rows: Iterable[Row], why: str, cases: int) -> Path:
    """Make a complete run the baseline of its name.

    Raises `BaselineError` where one of its `cases` was not scored, it is a selection, or no reason is given.
    """
    if manifest.selection:
        raise BaselineError(
            f"the run is a selection of {cases} of {manifest.selection.of} cases ({manifest.selection}), and what later runs "
            "are compared with speaks of the whole set; run all cases, and bless that"
        )
    if not why.strip():
        raise BaselineError("--why is empty; say in a sentence why these decisions are the ones to compare with")
    decisions = []
    scored = 0
    for row in rows:
        decisions.append(_decision(row))
        scored += row.is_scored
    if scored < cases * manifest.samples:
        raise BaselineError(f"only {scored} of {cases * manifest.samples} answers are scored; finish the run first")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name_of(manifest)}.jsonl"
    ordered = sorted(decisions, key=lambda one: (one.case_id, one.sample))
    lines = [Blessing(why=why.strip(), manifest=manifest), *ordered]
    path.write_text("".join(f"{line.model_dump_json()}\n" for line in lines), encoding="utf-8")
    return path


def _decision(row: Row) -> BlessedDecision:
    return BlessedDecision(case_id=row.case_id, sample=row.sample, route=row.route, labels=row.labels, rule=row.rule)


def _row(decision: BlessedDecision, manifest: Manifest) -> Row:
    return Row(
        **decision.model_dump(),
        cautions=[],
        extraction=None,
        outcome="ok",
        degraded=False,
        uncited=[],
        extractor=manifest.extractor,
        model=manifest.model,
        usage=TokenUsage(prompt_tokens=0, cached_tokens=0, completion_tokens=0),
        attempts=0,
        seconds=0.0,
    )
