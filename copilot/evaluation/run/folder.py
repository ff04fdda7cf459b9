"""The folder of a run: what stands in it, and what of it a later run may believe.

`rows.jsonl` is the journal: one line per finished case and sample. A case that the reader that was asked for did not read
gets a row too, and is tried again by the next run: the last row of a case counts. `run.json` says what the rows were made
with, `cases.jsonl` holds the cases themselves; a folder goes on only with the same.
"""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from copilot.core.closed import Closed
from copilot.evaluation.cases.case import CaseSet, WrittenCases
from copilot.evaluation.cases.selection import CaseSelection
from copilot.evaluation.run.recordings import Shape
from copilot.evaluation.run.rows import Row
from copilot.evaluation.run.stored_rows import StoredRows
from copilot.pipeline import COPILOT_VERSION
from copilot.policy import POLICY_VERSION
from copilot.readers.model.api_errors import STOPS
from copilot.runs.errors import RunError
from copilot.runs.journal import whole_lines
from copilot.runs.patience import LATER
from copilot.runs.private import open_private, write_private

ROWS = "rows.jsonl"
MANIFEST = "run.json"
CASES = "cases.jsonl"


class Manifest(Closed):
    """What a run was made with. A run goes on only where all of it is the same. `selection` None: it was made on whole files."""

    cases_sha256: str
    extractor: str
    marketplace: str
    settings: Shape | None
    prompt_sha256: str | None
    schema_sha256: str | None
    policy_version: str = POLICY_VERSION
    copilot_version: str = COPILOT_VERSION
    samples: int = 1
    selection: CaseSelection | None = None

    @property
    def model(self) -> str | None:
        """The model that was asked for; None for the embedded reader."""
        return self.settings.model if self.settings else None


def done_in(folder: Path) -> set[tuple[str, int]]:
    """Cases and samples that need no further asking. Raises `RunError`."""
    return {(row.case_id, row.sample) for row in read_rows(folder) if row.is_scored}


def answered_badly_in(folder: Path) -> set[tuple[str, int]]:
    """Cases and samples whose kept answer could not be used, so that asking again means asking the model."""
    faults = (*LATER, *STOPS)
    return {(row.case_id, row.sample) for row in read_rows(folder) if not row.is_scored and row.outcome not in faults}


def read_rows(folder: Path) -> Iterator[Row]:
    """Every row that was written, in order; a case that was tried again has several. Raises `RunError`."""
    return (row for row, _ in _placed_rows(folder / ROWS))


def _placed_rows(path: Path) -> Iterator[tuple[Row, int]]:
    """Every row, with the place in the file at which it begins."""
    place = 0
    for number, line in whole_lines(path):
        try:
            row = Row.model_validate_json(line)
        except ValidationError:
            raise RunError(f"{path}, line {number}: is not a row of this version; run into another folder") from None
        yield row, place
        place += len(line)


def final_rows(folder: Path) -> StoredRows:
    """The last row of each case and sample, in the order of first writing. They stay on disk. Raises `RunError`."""
    path = folder / ROWS
    return StoredRows(path, {(row.case_id, row.sample): place for row, place in _placed_rows(path)})


def read_manifest(folder: Path) -> Manifest:
    """What a run was made with. Raises `RunError` where the folder holds none."""
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError:
        raise RunError(f"{folder}: holds no {MANIFEST}; name a folder that `copilot eval run` wrote") from None
    except ValidationError:
        raise RunError(f"{path}: is not a manifest of this version; run again into another folder") from None


def stored_cases(folder: Path) -> CaseSet:
    """The cases that a run was made on, as they were then. Raises `RunError`."""
    path, manifest = folder / CASES, read_manifest(folder)
    cases = CaseSet(WrittenCases([line.removesuffix(b"\n") for _, line in whole_lines(path)]), manifest.selection)
    if cases.sha256 != manifest.cases_sha256:
        raise RunError(f"{path}: is not what the run was made on; run again into another folder")
    try:
        for _ in cases.cases:
            pass
    except ValidationError:
        raise RunError(f"{path}: does not hold cases of this version; run again into another folder") from None
    return cases


def claim(folder: Path, manifest: Manifest, cases: CaseSet) -> None:
    """Make the folder this run's, or check that it is. Raises `RunError`."""
    path = folder / MANIFEST
    if path.exists():
        before = read_manifest(folder)
        for name in ("selection", *Manifest.model_fields):  # a selection tells more than the digest of its cases
            was, now = getattr(before, name), getattr(manifest, name)
            if was != now:
                raise RunError(f"{path}: the run was begun with {_difference(name, was, now)}; name another folder")
        return
    if (folder / ROWS).exists() and (folder / ROWS).stat().st_size:
        raise RunError(f"{folder}: holds {ROWS} and no {MANIFEST}; name another folder")
    with open_private(folder / CASES, "wb") as file:
        file.writelines(line + b"\n" for line in cases.lines)
    begun = path.with_suffix(".begun")
    write_private(begun, manifest.model_dump_json(indent=1) + "\n")
    begun.replace(path)


def _difference(name: str, was: object, now: object) -> str:
    if isinstance(was, Shape) and isinstance(now, Shape):
        name = next(one for one in Shape.model_fields if getattr(was, one) != getattr(now, one))
        was, now = getattr(was, name), getattr(now, name)
    if name == "selection":
        was, now = (f"({one})" if one else "(all cases)" for one in (was, now))
        return f"the selection {was}, now it is {now}"
    return f"{name} {was!r}, now it is {now!r}"
