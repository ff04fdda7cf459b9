"""Which cases failed in a run, as `junit.xml` counts them: wrong in a sample, not scored, or not run.

An arguable case fails only where it could not be scored: two careful people may differ on its decision.
"""

from pathlib import Path

from copilot.evaluation.cases.case import LabelledCase
from copilot.evaluation.run.folder import final_rows, read_manifest, stored_cases
from copilot.evaluation.run.rows import Row


def failed_in(folder: Path) -> frozenset[str]:
    """The ids of a run's failed cases. Raises `RunError` where the folder holds no run."""
    samples, rows = read_manifest(folder).samples, final_rows(folder)
    return frozenset(case.id for case in stored_cases(folder).cases if _failed(case, rows[case.id], samples))


def _failed(case: LabelledCase, rows: tuple[Row, ...], samples: int) -> bool:
    scored = [row for row in rows if row.is_scored]
    return len(scored) < samples or not (case.is_arguable or all(_is_right(case, row) for row in scored))


def _is_right(case: LabelledCase, row: Row) -> bool:
    return row.route is case.expect.route and set(row.labels) == set(case.expect.labels)
