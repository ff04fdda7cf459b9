"""What the checker has against a package: one line each, with the file and the field."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """An error keeps the app from being installed; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """`file` as it stands in the package; `field` is a path such as `location.support`, or None where the whole file is meant."""

    level: Level
    file: str
    field: str | None
    problem: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.field}" if self.field else self.file
        return f"{self.level.value}: {place}: {self.problem}"


def error(file: str, field: str | None, problem: str) -> Finding:
    """Something that keeps the app out."""
    return Finding(Level.ERROR, file, field, problem)


def warning(file: str, field: str | None, problem: str) -> Finding:
    """Something to look at."""
    return Finding(Level.WARNING, file, field, problem)
