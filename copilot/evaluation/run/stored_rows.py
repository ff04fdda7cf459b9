"""The rows of a run as they stand on disk: found by case, read when they are looked at, and never all held at once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from copilot.evaluation.run.rows import Row

Key = tuple[str, int]
"""A case's id and the number of the sample."""


class StoredRows:
    """Rows in a file of JSON lines. `places` tells where the line of each begins; their order is that of `places`."""

    def __init__(self, path: Path, places: Mapping[Key, int]) -> None:
        self._path = path
        self._places = places
        self._of_case: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for (case_id, sample), place in places.items():
            self._of_case[case_id].append((sample, place))

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Row]:
        return (Row.model_validate_json(line) for _, line in self.lines())

    def lines(self) -> Iterator[tuple[Key, bytes]]:
        """Each row as it was written, in order, without the end of its line."""
        if not self._places:
            return
        with self._path.open("rb") as file:
            for key, place in self._places.items():
                file.seek(place)
                yield key, file.readline().removesuffix(b"\n")

    def __getitem__(self, case_id: str) -> tuple[Row, ...]:
        """The rows of one case, in the order of their samples; none for a case that was not run."""
        places = sorted(self._of_case.get(case_id, ()))
        if not places:
            return ()
        with self._path.open("rb") as file:
            return tuple(_row_at(file, place) for _, place in places)


def _row_at(file: BinaryIO, place: int) -> Row:
    file.seek(place)
    return Row.model_validate_json(file.readline())


Rows = Sequence[Row] | StoredRows
"""The rows of a run, wherever they are."""
