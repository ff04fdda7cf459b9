"""What is wrong with a case set itself: cells that no case fills, and policy mutants that no case notices."""

from collections.abc import Iterator
from pathlib import Path

from copilot.evaluation.cases import CaseSet
from copilot.evaluation.coverage import cover, pairs, shortfalls
from copilot.evaluation.gates import Checks
from copilot.evaluation.mutants import read_equivalents, try_mutants

EQUIVALENT = "equivalent-mutants.toml"


def holes(cases: CaseSet, checks: Checks, place: Path) -> Iterator[str]:
    """Every hole that the wanted checks find, in words. The list of equivalent mutants is looked for in `place`."""
    if checks.coverage:
        yield from coverage_holes(cases)
    if checks.mutants:
        trial = try_mutants(cases, read_equivalents(place / EQUIVALENT))
        yield from (f"mutant survived: {id}" for id in trial.survivors)
        yield from (f"mutant listed as equivalent, but noticed or gone: {id}" for id in trial.outdated)


def coverage_holes(cases: CaseSet) -> Iterator[str]:
    """Empty cells, pairs that do not do their work, and kinds of which there are too few."""
    yield from (f"no case: {hole}" for table in cover(cases) for hole in table.holes)
    yield from (f"no pair that changes the decision: {name}" for name in pairs(cases))
    yield from (f"too few {shortfall}" for shortfall in shortfalls(cases))
