"""`compare.html`: two runs of the same cases as a page, with links from each case that changed to both reports.

Comes in: two run folders and their comparison. Goes out: one file without a script; it loads nothing. It holds the first words
of tickets that changed, but of held-out ones none.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.cases.tags import HELD_OUT_TAG
from copilot.evaluation.compare.comparison import Change
from copilot.evaluation.compare.pair import Pair
from copilot.evaluation.report import tables
from copilot.evaluation.report.case_rows import opening_of
from copilot.evaluation.report.headlines import KINDS
from copilot.evaluation.report.page import REPORT
from copilot.evaluation.report.templating import static, template
from copilot.evaluation.run.folder import Manifest, read_manifest
from copilot.runs.private import open_private

COMPARE_PAGE = "compare.html"


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A case that changed. `links` are (words, address) of the reports that there are; `opening` is None if it is held out."""

    change: Change
    opening: str | None
    links: tuple[tuple[str, str], ...]


def write_compare_page(before: Path, after: Path, pair: Pair) -> None:
    """Write the page into the folder of the second run."""
    with open_private(after / COMPARE_PAGE) as file:
        file.writelines(template("compare.html.j2").generate(_page(before, after, pair)))


def _page(before: Path, after: Path, pair: Pair) -> dict[str, Any]:
    compared = pair.compared
    reports = [(words, place) for words, folder in (("before", before), ("after", after)) if (place := _report(folder, after))]
    return {
        "pair": pair,
        "compared": compared,
        "runs": [("before", _who(read_manifest(before)), before.name), ("after", _who(read_manifest(after)), after.name)],
        "measures": [(KINDS[name], one) for name, one in pair.measures.items()],
        "slices": [
            (name, compared.slices[name], compared.slice_p_values[name], compared.slice_changes[name])
            for name in compared.changed_slices
        ],
        "worse": _lines(compared.worse, pair.cases, reports),
        "better": _lines(compared.better, pair.cases, reports),
        "reports": reports,
        "style": static("style.css"),
    }


def _who(made: Manifest) -> str:
    return made.model or f"{made.extractor} reader"


def _report(folder: Path, seen_from: Path) -> str:
    """Where the report of a run is for a page in another folder; empty where there is none, or no way to it."""
    if not (folder / REPORT).exists():
        return ""
    try:
        way = os.path.relpath((folder / REPORT).resolve(), seen_from.resolve())
    except ValueError:  # another drive
        return ""
    return quote(Path(way).as_posix())


def _lines(changes: Sequence[Change], cases: CaseSet, reports: Sequence[tuple[str, str]]) -> list[ChangedLine]:
    return [_line(change, cases, reports) for change in changes]


def _line(change: Change, cases: CaseSet, reports: Sequence[tuple[str, str]]) -> ChangedLine:
    case = cases.by_id[change.case_id]
    place = tables.address(show="all", case=change.case_id)
    return ChangedLine(
        change=change,
        opening=None if HELD_OUT_TAG in case.tags else opening_of(case.ticket),
        links=tuple((words, f"{report}#cases?{place}") for words, report in reports),
    )
