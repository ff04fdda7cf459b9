"""`copilot eval agreement`: how far two independent readings of the cases agree."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copilot.cli.eval.options import cases_argument
from copilot.cli.faults import DONE
from copilot.cli.lines import StyledLine, print_lines

if TYPE_CHECKING:
    from copilot.evaluation.score.agreement import Agreement, Agreements

LABELS = Path("evals/labels")


def _readings(letter: str) -> Path:
    return LABELS / f"annotations-{letter}.jsonl"


@click.command()
@cases_argument
@click.option("--first", default=_readings("a"), show_default=True, metavar="FILE", type=click.Path(path_type=Path))
@click.option("--second", default=_readings("b"), show_default=True, metavar="FILE", type=click.Path(path_type=Path))
def command(cases: tuple[Path, ...], first: Path, second: Path) -> int:
    """Compare two independent readings with each other and with the labels, field by field: Cohen's kappa, raw agreement.

    \b
    Example:
      copilot eval agreement evals/cases
    """
    from copilot.evaluation.cases.annotations import load_annotations
    from copilot.evaluation.cases.case import load_cases
    from copilot.evaluation.score.agreement import agree

    print_lines(_lines(agree(load_cases(cases), load_annotations(first), load_annotations(second))))
    return DONE


def _lines(found: "Agreements") -> Iterator[StyledLine]:
    for name, fields in found.tables.items():
        yield StyledLine(f"{name}", style="heading")
        width = max(len(field.field) for field in fields)
        for field in fields:
            yield StyledLine(f"{field.field:<{width}}  {_told(field)}", " " * (width + 4), "  ")
        yield StyledLine("")
    for words, ids in (
        ("read by one person alone", found.single),
        ("  of these without the tag that says so", found.unmarked),
        ("called doubtful by one reading or both", found.doubted),
    ):
        yield StyledLine(f"{words}: {len(ids)}" + (f" ({', '.join(ids[:8])}{' …' if len(ids) > 8 else ''})" if ids else ""), "  ")


def _told(field: "Agreement") -> str:
    kappa = "kappa not defined"
    if field.kappa is not None:
        between = "too few to say" if field.is_thin else f"{field.kappa.low:.2f}, {field.kappa.high:.2f}"
        kappa = f"kappa {field.kappa.value:.2f} [{between}]"
    positive = f", positive {field.positive:.2f}" if field.positive is not None else ""
    raw = f"raw {field.raw.value:.3f} [{field.raw.low:.3f}, {field.raw.high:.3f}]"
    return f"{kappa}, {raw}{positive}, n={field.n}, {field.differ} differ"
