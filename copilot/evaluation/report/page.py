"""`report.html`: one self-contained page that a manager reads in a minute and an engineer digs into.

Comes in: a finished run and its summary. Goes out: a file with its style, its plot, its cases and a script inside. It loads
nothing, and its content policy forbids whatever is not its own. Every figure is the summary's. Cases stand in it as JSON that
the script shows as text and as nothing else. It is written piece by piece: the text of one ticket is held at a time.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from markupsafe import Markup

from copilot.core.vocabulary import Route
from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.compare.comparison import SMALL_SLICE
from copilot.evaluation.report import case_rows, plots, tables, verdict
from copilot.evaluation.report.case_view import show_case, words_of
from copilot.evaluation.report.headlines import headlines, wrong_of
from copilot.evaluation.report.templating import digest, json_in_script, script, static, template
from copilot.evaluation.score.scores import rows_by_case
from copilot.evaluation.score.summary import ScoredRun, Summary
from copilot.evaluation.score.tallies import CaseTally
from copilot.runs.private import open_private

REPORT = "report.html"
MODULES = ("address.js", "filter.js", "dom.js", "case_list.js", "case_card.js", "page.js")
"""The script, in the order in which one builds on the other."""
MOST_CHARACTERS = 24_000_000
"""So much of cases a page opens with at ease, some eight thousand of usual length; others have their line and no more."""


def write_report(folder: Path, cases: CaseSet, run: ScoredRun, summary: Summary) -> None:
    """Write the report of a finished run into its folder."""
    with open_private(folder / REPORT) as file:
        file.writelines(template("report.html.j2").generate(_page(cases, run, summary)))


def _page(cases: CaseSet, run: ScoredRun, summary: Summary) -> dict[str, Any]:
    """All that the page shows. Cases are looked up one by one, while the page is written."""
    tallies = run.scores.tallies
    order = case_rows.in_order(tallies)
    program = script(MODULES)
    return {
        "made": summary.manifest,
        "run": summary,
        "figures": summary.figures,
        "lead": verdict.lead(summary),
        "sentences": list(verdict.sentences(summary)),
        "headlines": list(headlines(summary)),
        "wrong_of": wrong_of(summary),
        "confusion": list(tables.confusion(summary)),
        "routes": [route.value for route in Route],
        "faults": list(tables.faults(summary)),
        "facts": list(tables.facts(summary)),
        "hostile": tables.hostile(summary),
        "small_slice": SMALL_SLICE,
        "slices": list(tables.slices(summary)),
        "unscored": tables.unscored(summary, tallies),
        "plot": _plot(summary),
        "counts": Counter(map(case_rows.status_of, tallies)),
        "filters": _filters(tallies, summary),
        "lines": (json_in_script(asdict(case_rows.line_of(cases.cases[place], tallies[place]))) for place in order),
        "cards": _cards(cases, run, order),
        "style": static("style.css") + static("cases.css"),
        "script": program,
        "script_digest": digest(program),
    }


def _filters(tallies: Sequence[CaseTally], summary: Summary) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Each filter: its name in an address, its label, and its choices with their words."""
    reasons = [
        (value, f"{words} ({count})")
        for row in tables.faults(summary)
        for words, count, value in [(row.name, row.count, row.reason), *row.facts]
    ]
    harms = [(name, words) for name, (_, words) in case_rows.HARMS.items()]
    routes = [(route.value, words_of(route.value)) for route in Route]
    tags = Counter(tag for one in tallies for tag in one.tags)
    languages = Counter(name.split(" ", 1)[1] for one in tallies for name in one.slices if name.startswith("language "))
    return [
        ("harm", "harm", [*harms, (case_rows.ACCUSED, "accused wrongly")]),
        ("reason", "reason", reasons),
        ("gold", "labelled", routes),
        ("read", "suggested", routes),
        ("tag", "tag", [(tag, tag) for tag, _ in tags.most_common()]),
        ("language", "language", [(one, one) for one, _ in languages.most_common()]),
    ]


def _cards(cases: CaseSet, run: ScoredRun, order: Sequence[int]) -> Iterator[tuple[str, Markup]]:
    """Each case's id and all that is shown once it is opened, the gravest first, as far as there is room in a page."""
    rows, left = rows_by_case(run.rows), MOST_CHARACTERS
    for tally in (run.scores.tallies[place] for place in order):
        if tally.samples:
            shown = json_in_script(asdict(show_case(cases.by_id[tally.id], rows[tally.id], tally)))
            if len(shown) <= left:
                left -= len(shown)
                yield tally.id, shown


def _plot(summary: Summary) -> str:
    """The curve, where there is one and something to draw it with; drawn from figures alone."""
    curve = summary.selection
    return plots.risk_coverage(curve) if curve is not None and len(curve.points) > 1 and plots.can_draw() else ""
