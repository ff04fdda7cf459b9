"""`report.html`: one self-contained page that a manager reads in a minute and an engineer digs into.

Comes in: a finished run. Goes out: a file with its style, its plot and a script for filtering inside. It loads nothing, its
content policy forbids whatever is not its own, and everything that came from a ticket, a label or a model is escaped.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from copilot.evaluation import plots, report_tables, verdict
from copilot.evaluation.cases import CaseSet
from copilot.evaluation.compare import SMALL_SLICE
from copilot.evaluation.rows import Row
from copilot.evaluation.run import read_manifest
from copilot.evaluation.scores import Scored, Scores, right_labels, rows_by_case, scored_cases
from copilot.evaluation.selective import Selection, select
from copilot.evaluation.shown_case import ShownCase, show_case
from copilot.vocabulary import Route

REPORT = "report.html"
TEMPLATES = Path(__file__).parent / "templates"


def write_report(folder: Path, cases: CaseSet, scores: Scores, rows: Sequence[Row]) -> None:
    """Write the report of a finished run into its folder. Raises `RunError` where the folder says nothing of what was run."""
    page = _templates().get_template("report.html.j2")
    with (folder / REPORT).open("w", encoding="utf-8") as file:
        file.writelines(page.generate(_page(folder, cases, scores, rows)))


def _page(folder: Path, cases: CaseSet, scores: Scores, rows: Sequence[Row]) -> dict[str, Any]:
    """All that the page shows."""
    scored = scored_cases(cases, rows_by_case(rows))
    clear = [one for one in scored if not one.case.is_arguable]
    wrong = sorted(_wrong(clear, scores), key=lambda one: one.rank)
    selection = select(clear)
    return {
        "made": read_manifest(folder),
        "scores": scores,
        "lead": verdict.lead(scores),
        "sentences": list(verdict.sentences(scores)),
        "headlines": verdict.headlines(scores),
        "confusion": list(report_tables.confusion(scores)),
        "routes": [route.value for route in Route],
        "faults": list(report_tables.faults(cases, scores)),
        "hostile": report_tables.hostile(scores),
        "small_slice": SMALL_SLICE,
        "slices": list(report_tables.slices(scores)),
        "unscored": report_tables.unscored(scores, rows),
        "selection": selection,
        "plot": _plot(selection),
        "wrong": wrong,
        "wrong_tags": report_tables.tags_of([one.case for one in wrong]),
        "wrong_faults": sorted({one.fault for one in wrong}),
        "wrong_harms": list(dict.fromkeys(one.harm for one in wrong)),
        "arguable": [show_case(one.case, one.rows, None) for one in scored if one.case.is_arguable],
        "style": _static("style.css"),
        "script": _static("filter.js"),
        "script_digest": _digest(_static("filter.js")),
    }


def _wrong(clear: Sequence[Scored], scores: Scores) -> Iterator[ShownCase]:
    """Every case that was decided wrongly at least once."""
    for one in clear:
        if not all(right_labels(one.case, row) for row in one.rows):
            yield show_case(one.case, one.rows, scores.faults.get(one.case.id))


def _plot(selection: Selection | None) -> str:
    """The curve, where there is one and something to draw it with; drawn from figures alone."""
    return plots.risk_coverage(selection) if selection is not None and plots.can_draw() else ""


@cache
def _static(name: str) -> str:
    """A file of the page's own."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """What the content policy calls a script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": verdict.percent, "between": verdict.between, "words": _words}
    return environment


def _words(code: object) -> str:
    """A code of the vocabulary as words."""
    return str(code).replace("_", " ")
