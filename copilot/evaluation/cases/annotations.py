"""Independent readings of the cases: what one more person says each ticket is, as a JSONL file of one line a case.

Comes in: a file of `evals/labels`. Goes out: validated `Annotation`s, and the fields on which readings are compared. A
reading names parties in its own words, so readings are compared by kinds of facts, never by who.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import Field, ValidationError

from copilot.core.closed import Closed
from copilot.core.errors import InputError, reason
from copilot.core.strict_json import JsonFault, parse
from copilot.core.validation import first_problem
from copilot.core.vocabulary import DemandKind, DisputeKind, Harm, Intent, Label, Motive, Route
from copilot.evaluation.cases.case import LabelledCase

Actor = str
Value = str | bool


class ReadingError(InputError):
    """A file of readings that cannot be used; the message names file, line and field."""


class Annotation(Closed):
    """How one person reads one ticket. Facts are lists that begin with the actor, in the person's own word for them.

    `doubt` says that two careful people may well differ; `remark` says why.
    """

    id: str = Field(min_length=1)
    route: Route
    rule: str
    labels: list[Label]
    threats: list[tuple[Actor, Harm]]
    demands: list[tuple[Actor, DemandKind]]
    damage: list[tuple[Actor, Harm, Intent, Motive]]
    disputes: list[DisputeKind]
    doubt: bool = False
    remark: str = ""


def load_annotations(path: Path) -> dict[str, Annotation]:
    """Readings by case id. Raises `ReadingError`."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise ReadingError(f"{path}: cannot be read ({reason(fault)}); name a JSONL file of readings") from None
    found: dict[str, Annotation] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        reading = _parse(line, f"{path}, line {number}")
        if reading.id in found:
            raise ReadingError(f"{path}, line {number}: id {reading.id!r} is read twice; one reading a case")
        found[reading.id] = reading
    if not found:
        raise ReadingError(f"{path}: holds no reading; name a JSONL file of readings")
    return found


def _parse(line: str, where: str) -> Annotation:
    try:
        return Annotation.model_validate(parse(line))
    except JsonFault as fault:
        raise ReadingError(f"{where}: {fault.problem}; each line must be one JSON object") from None
    except ValidationError as fault:
        raise ReadingError(f"{where}: {first_problem(fault, 'the line')}; see evals/labels/README.md") from None


def gold_reading(case: LabelledCase) -> Annotation | None:
    """The label of a case in the shape of a reading; None where it has no gold facts."""
    gold, expect = case.expect.extraction, case.expect
    if gold is None:
        return None
    return Annotation(
        id=case.id,
        route=expect.route,
        rule=expect.rule,
        labels=expect.labels,
        threats=[(threat.by, threat.harm) for threat in gold.threats],
        demands=[(demand.by, demand.kind) for demand in gold.demands],
        damage=[(claim.by, claim.harm, claim.intent, claim.motive) for claim in gold.damage_claims],
        disputes=[dispute.kind for dispute in gold.disputes],
    )


def fields_of(reading: Annotation) -> Iterator[tuple[str, Value]]:
    """Every field that any two readings can be compared on: name and value. Yes-or-no fields are booleans."""
    yield "route", reading.route.value
    yield "rule", reading.rule
    yield from _each("label", Label, {label.value for label in reading.labels})
    yield from _each("threatened", Harm, {harm.value for _, harm in reading.threats})
    yield from _each("claimed", Harm, {claim[1].value for claim in reading.damage})
    yield from _each("demanded", DemandKind, {kind.value for _, kind in reading.demands})
    yield from _each("dispute", DisputeKind, {kind.value for kind in reading.disputes})


def _each(
    name: str, kinds: type[Label] | type[Harm] | type[DemandKind] | type[DisputeKind], given: set[str]
) -> Iterator[tuple[str, Value]]:
    for kind in kinds:
        yield f"{name} {kind.value}", kind.value in given


def circumstances(reading: Annotation) -> Mapping[str, tuple[str, str]]:
    """Intent and motive of each harm claimed once; a harm claimed of several people is left out."""
    harms = [claim[1].value for claim in reading.damage]
    return {
        harm.value: (intent.value, motive.value) for _, harm, intent, motive in reading.damage if harms.count(harm.value) == 1
    }
