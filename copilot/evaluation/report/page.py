"""`report.html`: one self-contained page that a manager reads in a minute and an engineer digs into.

Comes in: a finished run. Goes out: a file with its style, its plot and a script for filtering inside. It loads nothing, its
content policy forbids whatever is not its own, and everything that came from a ticket, a label or a model is escaped. It is
written piece by piece: the text of one ticket is held at a time.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from copilot.core.vocabulary import Route
from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.compare.comparison import SMALL_SLICE
from copilot.evaluation.report import plots, tables, verdict
from copilot.evaluation.report.case_view import CaseView, first_wrong, show_case
from copilot.evaluation.run.folder import read_manifest
from copilot.evaluation.run.rows import Row
from copilot.evaluation.run.stored_rows import Rows, StoredRows
from copilot.evaluation.score.harms import harm_of
from copilot.evaluation.score.scores import Scores, rows_by_case
from copilot.evaluation.score.selective import Selection, select
from copilot.evaluation.score.tallies import CaseTally, right_labels
from copilot.runs.private import open_private

REPORT = "report.html"
TEMPLATES = Path(__file__).parent / "templates"
MOST_CARDS = 500
"""A browser opens a page of so many tickets at ease; the others are in `results.jsonl`."""


def write_report(folder: Path, cases: CaseSet, scores: Scores, rows: Rows, draw: plots.Draw = plots.risk_coverage) -> None:
    """Write the report of a finished run into its folder. Raises `RunError` where the folder says nothing of what was run."""
    page = _templates().get_template("report.html.j2")
    with open_private(folder / REPORT) as file:
        file.writelines(page.generate(_page(folder, cases, scores, rows, draw)))


def _page(folder: Path, cases: CaseSet, scores: Scores, rows: Rows, draw: plots.Draw) -> dict[str, Any]:
    """All that the page shows. Cases are looked up again one by one, while the page is written."""
    scored = [(place, one) for place, one in enumerate(scores.tallies) if one.samples]
    wrong = sorted(((place, one) for place, one in scored if not one.is_arguable and one.share(right_labels) < 1), key=_rank)
    arguable = [(place, one) for place, one in scored if one.is_arguable]
    selection = select([one for _, one in scored if not one.is_arguable])
    shown = _Shelf(cases, rows_by_case(rows))
    return {
        "made": read_manifest(folder),
        "scores": scores,
        "lead": verdict.lead(scores),
        "sentences": list(verdict.sentences(scores)),
        "headlines": verdict.headlines(scores),
        "confusion": list(tables.confusion(scores)),
        "routes": [route.value for route in Route],
        "faults": list(tables.faults(scores)),
        "hostile": tables.hostile(scores),
        "small_slice": SMALL_SLICE,
        "slices": list(tables.slices(scores)),
        "unscored": tables.unscored(scores),
        "selection": selection,
        "plot": _plot(selection, draw),
        "wrong": shown.show(wrong),
        "wrong_count": len(wrong),
        "wrong_tags": tables.tags_of([one for _, one in wrong]),
        "wrong_faults": sorted({verdict.fault_words(one.fault) for _, one in wrong}),
        "wrong_harms": list(dict.fromkeys(harm_of(one.samples[first_wrong(one)])[0] for _, one in wrong)),
        "arguable": shown.show(arguable),
        "arguable_count": len(arguable),
        "most_cards": MOST_CARDS,
        "style": _static("style.css"),
        "script": _static("filter.js"),
        "script_digest": _digest(_static("filter.js")),
    }


def _rank(placed: tuple[int, CaseTally]) -> int:
    return harm_of(placed[1].samples[first_wrong(placed[1])])[1]


class _Shelf:
    """Cases and rows, fetched only when a card is written."""

    def __init__(self, cases: CaseSet, rows: "Mapping[str, Sequence[Row]] | StoredRows") -> None:
        self._cases = cases.cases
        self._rows = rows

    def show(self, placed: Sequence[tuple[int, CaseTally]]) -> Iterator[CaseView]:
        """The first cards of a list, one after the other."""
        return (show_case(self._cases[place], self._rows[one.id], one) for place, one in placed[:MOST_CARDS])


def _plot(selection: Selection | None, draw: plots.Draw) -> str:
    """The curve, where there is one and something to draw it with; drawn from figures alone."""
    is_curve = selection is not None and len(selection.points) > 1
    return draw(selection) if selection is not None and is_curve and plots.can_draw() else ""


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
        auto_reload=False,
    )
    environment.filters |= {"percent": verdict.percent, "between": verdict.between, "words": _words}
    return environment


def _words(code: object) -> str:
    """A code of the vocabulary as words."""
    return str(code).replace("_", " ")
