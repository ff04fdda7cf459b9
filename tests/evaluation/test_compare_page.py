"""compare.html tells what compare.json and the terminal tell, and holds no more of a ticket than it has to."""

import json
from pathlib import Path
from typing import Any

import pytest

from copilot.core.extraction import Extraction
from copilot.evaluation.cases.case import LabelledCase
from copilot.evaluation.report.headlines import KINDS
from copilot.evaluation.report.page import REPORT
from copilot.evaluation.run.folder import CASES, ROWS
from copilot.evaluation.run.rows import Row
from tests.evaluation.conftest import Evaluate, Ran
from tests.evaluation.finished import Page, run_folder
from tests.evaluation.labelled import case, case_set, demand, extraction, threat
from tests.evaluation.small import row

COERCION = extraction(threats=[threat()], demands=[demand()])
PAYLOAD = "</td><script>alert(1)</script> \u202e"
GATES = '[[paired]]\npoints = 0\nreason = "made for a test"\n'


def wrong(one: LabelledCase) -> Row:
    return row(one, right=False, extraction=Extraction.empty())


class Two:
    """Two run folders, the comparison as it was printed and written, and its page."""

    def __init__(self, folder: Path, evaluate: Evaluate) -> None:
        gained = case(COERCION, id="gained", tags=("lang:en",), messages=[{"text": f"{PAYLOAD} He will wipe it."}])
        lost, held = case(COERCION, id="lost"), case(COERCION, id="held", tags=("held-out",), messages=[{"text": "Zebras."}])
        calm = [case(extraction(), id=f"calm-{number}") for number in range(20)]
        cases = (gained, lost, held, *calm)
        self.before = self._run(folder / "before", cases, {"gained", "held"})
        self.after = self._run(folder / "after", cases, {"lost", "calm-3"})
        (folder / "gates.toml").write_text(GATES, encoding="utf-8")
        self.ran: Ran = evaluate("compare", self.before, self.after, "--gates", folder / "gates.toml")
        self.told: dict[str, Any] = json.loads((self.after / "compare.json").read_text(encoding="utf-8"))
        self.path = self.after / "compare.html"
        self.page = Page(self.path.read_text(encoding="utf-8"))
        self.shown = self.page.text.replace("\u00a0", " ")

    def _run(self, folder: Path, cases: tuple[LabelledCase, ...], amiss: set[str]) -> Path:
        folder.mkdir()
        rows = [wrong(one) if one.id in amiss else row(one) for one in cases]
        run_folder(folder, case_set(*cases), rows)
        (folder / CASES).write_text("".join(f"{one.model_dump_json()}\n" for one in cases), encoding="utf-8")
        (folder / ROWS).write_text("".join(f"{row.model_dump_json()}\n" for row in rows), encoding="utf-8")
        (folder / REPORT).touch()
        return folder


@pytest.fixture
def two(tmp_path: Path, evaluate: Evaluate) -> Two:
    return Two(tmp_path, evaluate)


def test_every_figure_is_the_same_on_the_page_in_the_file_and_on_the_terminal(two: Two) -> None:
    for name, one in two.told["measures"].items():
        before, after, difference = one["before"], one["after"], one["difference"]
        apart = "{:+.1f} points [{:+.1f}, {:+.1f}]".format(*(100 * difference[of] for of in ("value", "low", "high")))
        sides = [f"{100 * side['value']:.1f} %" for side in (before, after)]
        ranges = [f"{100 * side['low']:.1f} to {100 * side['high']:.1f} %, n = {side['n']}" for side in (before, after)]
        assert f"{sides[0]} before, {sides[1]} after, {apart} n={difference['n']}" in two.ran.out
        row = f"{sides[0]} {ranges[0]} {sides[1]} {ranges[1]} {apart} n = {difference['n']}"
        assert f"{KINDS[name].words} of {before['n']} {KINDS[name].of} {row}" in two.shown
    assert len(two.told["measures"]) == 6
    assert two.told["verdict"] in two.ran.out
    assert two.told["verdict"] in two.shown
    [gate] = two.told["gates"]
    assert gate["told"] in two.ran.out
    assert gate["told"] in two.shown


def test_worse_and_better_cases_stand_apart_with_links_into_both_reports(two: Two) -> None:
    links = {str(one["aria-label"]): one["href"] for one in two.page.named("a") if "aria-label" in one}

    assert "Worse (2)" in two.shown
    assert "Better (2)" in two.shown
    assert two.shown.index("Worse (2) Case") < two.shown.index("lost He deleted my shop.") < two.shown.index("Better (2) Case")
    assert links["lost in the report before"] == "../before/report.html#cases?show=all&case=lost"
    assert links["lost in the report after"] == "report.html#cases?show=all&case=lost"


def test_a_run_without_a_report_gets_no_link(two: Two, evaluate: Evaluate) -> None:
    (two.before / REPORT).unlink()
    evaluate("compare", two.before, two.after)

    page = Page(two.path.read_text(encoding="utf-8"))

    assert {one["aria-label"] for one in page.named("a") if str(one.get("aria-label")).startswith("lost")} == {
        "lost in the report after"
    }


def test_text_of_tickets_is_only_text_and_held_out_ones_stay_out(two: Two) -> None:
    raw = two.path.read_text(encoding="utf-8")

    assert "</td><script>alert(1)</script> ‹U+202E› He will wipe it." in two.page.words
    assert two.page.named("script") == []
    assert "Zebras" not in raw
    assert two.path.stat().st_mode & 0o777 == 0o600
