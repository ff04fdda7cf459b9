"""What is read and where it goes: a file or folder of tickets in, partitions out.

A partition is a stretch of one file, always the same one, so that a later run finds the rows of an earlier one. Input is
JSONL (`.jsonl`, `.ndjson`) or Parquet (`.parquet`); other files of a folder are passed over, as is what begins with `_` or `.`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from copilot.batch.lines import InputLine, Stretch, raw_lines
from copilot.batch.run import BatchPlan, check_source
from copilot.core.errors import reason
from copilot.runs.errors import RunError

JSON_LINES = (".jsonl", ".ndjson")
PARQUET = ".parquet"
ROWS_OF_TABLES = "_rows"
"""The folder of the rows that Parquet files are made of; a run goes on from them."""


@dataclass(frozen=True, slots=True)
class Partition:
    """A stretch of a file, `tickets` of them, and where its rows go. `table` None: no Parquet file is made of them."""

    name: str
    source: Path
    stretch: Stretch
    tickets: int
    rows: Path
    table: Path | None


@dataclass(frozen=True)
class ParquetPlan(BatchPlan):
    """A batch whose input is a Parquet file: a line is a row, counted from 1."""

    def lines(self) -> Iterator[InputLine]:
        """The tickets of the stretch, as JSON."""
        from copilot.batch_ray.tables import tickets_in  # noqa: PLC0415 - PyArrow, which only Parquet needs

        return tickets_in(self.source, self.stretch)


@dataclass(frozen=True, slots=True)
class Ways:
    """Where tickets come from and where suggestions go; `to_tables`: as Parquet. `Ways.of` makes both absolute."""

    source: Path
    out: Path
    to_tables: bool

    @classmethod
    def of(cls, source: Path, out: Path, *, to_tables: bool) -> "Ways":
        """Checked paths. Raises `RunError`."""
        if not source.exists():
            raise RunError(f"{source}: there is no such file or folder")
        if out.exists() and not out.is_dir():
            raise RunError(f"{out}: is a file; with --engine ray, --out is a folder")
        source, out = source.resolve(), out.resolve()
        if source.is_dir() and out.is_relative_to(source):
            raise RunError(f"{out}: is inside the input, and would be read as tickets next time; name another --out")
        return cls(source, out, to_tables)

    def files(self) -> list[Path]:
        """The files of tickets, in order. Raises `RunError` where there is none, or one is no file of tickets."""
        found = [self.source] if self.source.is_file() else sorted(path for path in self.source.rglob("*") if self._counts(path))
        if not found:
            raise RunError(f"{self.source}: holds no .jsonl, .ndjson or .parquet file")
        for path in found:
            if path.suffix.lower() != PARQUET:
                check_source(path)
        return found

    def partitions(self, most_lines: int) -> list[Partition]:
        """Every partition that holds a ticket, of at most so many lines. Raises `RunError`."""
        return [partition for path in self.files() for partition in self._partitions_of(path, most_lines)]

    def tickets(self) -> int:
        """How many there are. Raises `RunError` where there is none."""
        total = sum(partition.tickets for partition in self.partitions(10**9))
        if not total:
            raise RunError(f"{self.source}: holds no tickets")
        return total

    def written(self) -> set[Path]:
        """The files of rows that are there."""
        folder = self.out / ROWS_OF_TABLES if self.to_tables else self.out
        return {path for path in folder.rglob("part-*.jsonl") if self.to_tables or ROWS_OF_TABLES not in path.parts}

    def _counts(self, path: Path) -> bool:
        inside = path.relative_to(self.source).parts
        is_hidden = any(part.startswith(("_", ".")) for part in inside)
        return path.is_file() and path.suffix.lower() in (*JSON_LINES, PARQUET) and not is_hidden

    def _partitions_of(self, path: Path, most_lines: int) -> Iterator[Partition]:
        name = path.name if path == self.source else path.relative_to(self.source).as_posix()
        stretches = _parquet_stretches if path.suffix.lower() == PARQUET else _stretches
        for number, (stretch, tickets) in enumerate(stretches(path, most_lines)):
            if tickets:
                part = f"part-{number:05}"
                table = self.out / name / f"{part}.parquet" if self.to_tables else None
                folder = self.out / ROWS_OF_TABLES / name if self.to_tables else self.out / name
                yield Partition(f"{name}/{part}", path, stretch, tickets, folder / f"{part}.jsonl", table)


def plan_for(partition: Partition, like: BatchPlan) -> BatchPlan:
    """The batch of one partition; all else is as in `like`."""
    kind = ParquetPlan if partition.source.suffix.lower() == PARQUET else BatchPlan
    return kind(
        partition.source, partition.rows, like.made_by, like.concurrency, like.redo, like.waiting, stretch=partition.stretch
    )


def _stretches(path: Path, most_lines: int) -> Iterator[tuple[Stretch, int]]:
    """Stretches of a JSONL file, with the lines of each that are not blank."""
    first, offset, count, tickets = 1, 0, 0, 0
    try:
        with path.open("rb") as file:
            for place, raw in raw_lines(file):
                if count == most_lines:
                    yield Stretch(first, offset, count), tickets
                    first, offset, count, tickets = first + count, place, 0, 0
                count += 1
                tickets += bool(raw.strip())
    except OSError as fault:
        raise RunError(f"{path}: cannot be read ({reason(fault)})") from None
    yield Stretch(first, offset, most_lines), tickets


def _parquet_stretches(path: Path, most_lines: int) -> Iterator[tuple[Stretch, int]]:
    from copilot.batch_ray.tables import rows_in  # noqa: PLC0415 - PyArrow, which only Parquet needs

    total = rows_in(path)
    for first in range(1, total + 1, most_lines):
        yield Stretch(first, 0, most_lines), min(most_lines, total - first + 1)
