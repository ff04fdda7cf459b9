"""The evaluation's report as somebody works through it: opened from a disk, filtered, stepped through, shared as a link."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from copilot.core.extraction import Extraction
from copilot.evaluation.cases.case import LabelledCase
from copilot.evaluation.compare.pair import pair_runs
from copilot.evaluation.report.compare_page import COMPARE_PAGE, write_compare_page
from copilot.evaluation.report.page import REPORT, write_report
from copilot.evaluation.run.folder import CASES, ROWS
from copilot.evaluation.run.rows import Row
from copilot.evaluation.score.summary import GateResult, summarise
from tests.browser.watch import WAIT_MS, Watch
from tests.evaluation.finished import run_folder
from tests.evaluation.labelled import case, case_set, demand, extraction, threat
from tests.evaluation.small import row, unscored

COERCION = extraction(threats=[threat()], demands=[demand()])
GATES = (
    GateResult(name="route", passed=True, told="0.5 of 4", reason="made for a test"),
    GateResult(name="labels", passed=False, told="0.5 of 4", reason="made for a test"),
)
MARK_UP = "</script><script>alert(1)</script><img src=x onerror=alert(1)><!--<script> \u202eeurt\u202c "
ARABIC = "هدد بحذف موقعي. يريد 500 دولار."
Open = Callable[..., Any]
Axe = Callable[[Any], list[str]]


def wrong(one: LabelledCase) -> Row:
    return row(one, right=False, extraction=Extraction.empty())


def small_run() -> list[tuple[LabelledCase, Row]]:
    """Cases of every sort; two of the wrong ones are hostile, one is held out."""
    attack = case(COERCION, id="attack", tags=("hostile", "lang:en"), messages=[{"text": f"{MARK_UP}He will wipe it."}])
    arabic = case(COERCION, id="arabic", tags=("hostile", "lang:ar"), messages=[{"text": ARABIC}])
    held_out = case(COERCION, id="held", tags=("held-out",), messages=[{"text": "A secret of zebras."}])
    plain, right, calm = case(COERCION, id="plain"), case(COERCION, id="right"), case(extraction(), id="calm")
    doubt, failed = case(COERCION, id="doubt", tags=("arguable",)), case(id="failed")
    made = [(one, wrong(one)) for one in (attack, arabic, held_out, plain, doubt)]
    return [*made, (right, row(right)), (calm, row(calm)), (failed, unscored(failed))]


def written(folder: Path, run: list[tuple[LabelledCase, Row]]) -> Path:
    """A run folder with its report."""
    folder.mkdir(exist_ok=True)
    cases, rows = case_set(*(one for one, _ in run)), [row for _, row in run]
    made = run_folder(folder, cases, rows)
    (folder / CASES).write_text("".join(f"{one.model_dump_json()}\n" for one, _ in run), encoding="utf-8")
    (folder / ROWS).write_text("".join(f"{row.model_dump_json()}\n" for row in rows), encoding="utf-8")
    write_report(folder, cases, made, summarise(made).model_copy(update={"gates": GATES}))
    return folder / REPORT


@pytest.fixture
def watch() -> Watch:
    return Watch({"file://"})


@pytest.fixture
def opened(chromium: Any, watch: Watch) -> Iterator[Open]:
    """Opens a file at an address: `opened(path, "#cases?show=all", color_scheme="dark")`. The test fails if it misbehaves."""
    contexts = []

    def open_file(path: Path, address: str = "", **given: Any) -> Any:
        context = chromium.new_context(**({"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"} | given))
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        watch.attach(context)
        page = context.new_page()
        page.goto(path.as_uri() + address)
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert watch.faults() == []


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return written(tmp_path / "run", small_run())


def ids(page: Any) -> list[str]:
    """The cases that are listed."""
    return [str(one.get_attribute("data-case")) for one in page.locator("#list a").all()]


def title(page: Any) -> str:
    return str(page.locator("#card-title code").inner_text())


def test_a_cell_of_the_matrix_lists_its_cases_and_the_address_shares_them(opened: Open, report: Path) -> None:
    page = opened(report)
    page.locator(".matrix").get_by_role("link", name="4 labelled content enforcement, suggested agent review").click()

    assert ids(page) == ["attack", "arabic", "held", "plain"]
    assert page.evaluate("document.activeElement.id") == "cases-title"
    shared = page.url
    page.locator("#list a[data-case=plain]").click()
    again = opened(report, "#" + page.url.partition("#")[2])
    assert title(again) == "plain"
    assert ids(again) == ids(page)
    page.go_back()
    assert page.url == shared
    assert page.locator("#right").is_hidden()


def test_keys_and_buttons_lead_from_case_to_case_and_the_focus_stays_in_them(opened: Open, report: Path) -> None:
    page = opened(report, "#cases?show=wrong&case=attack")

    page.keyboard.press("j")
    page.locator("#card-title", has_text="arabic").wait_for()
    page.keyboard.press("ArrowRight")
    page.locator("#card-title", has_text="held").wait_for()
    page.keyboard.press("k")
    page.locator("#card-title", has_text="arabic").wait_for()
    assert page.locator("#place").inner_text() == "2 of 4"
    page.get_by_role("button", name="Next").click()
    page.locator("#card-title", has_text="held").wait_for()
    assert page.evaluate("document.activeElement.id") == "next"
    page.keyboard.press("Escape")

    page.locator("#right").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.dataset.case") == "held"
    assert "case=" not in page.url


def test_at_either_end_there_is_no_further_case(opened: Open, report: Path) -> None:
    page = opened(report, "#cases?show=wrong&case=attack")
    page.keyboard.press("k")
    assert title(page) == "attack"
    assert page.locator("#previous").get_attribute("aria-disabled") == "true"

    page.locator("#list a[data-case=plain]").click()
    page.locator("#card-title", has_text="plain").wait_for()
    page.keyboard.press("j")

    assert title(page) == "plain"
    assert page.locator("#next").get_attribute("aria-disabled") == "true"


@pytest.mark.parametrize(
    ("address", "listed"),
    [
        ("show=wrong", ["attack", "arabic", "held", "plain"]),
        ("show=right", ["right", "calm"]),
        ("show=all&gold=content_enforcement&read=content_enforcement", ["right"]),
        ("show=arguable", ["doubt"]),
        ("show=unscored", ["failed"]),
        ("show=wrong&tag=hostile", ["attack", "arabic"]),
        ("show=wrong&language=ar", ["arabic"]),
        ("show=wrong&harm=missed_escalation", ["attack", "arabic", "held", "plain"]),
        ("show=wrong&reason=reader%3A+threats%3A+missed&language=ar", ["arabic"]),
        ("show=all&words=DELETED+MY", ["plain", "right", "calm"]),
        ("show=all&tag=constructor", []),
        ("show=constructor&%E0%A4%A", []),
    ],
)
def test_a_filter_lists_what_fits(opened: Open, report: Path, address: str, listed: list[str]) -> None:
    page = opened(report, f"#cases?{address}")

    assert ids(page) == listed
    assert page.locator("#shown").inner_text() == (f"{len(listed)} of 8 cases." if listed else "No case fits.")


def test_choosing_and_typing_change_the_list_and_the_address_and_clear_takes_both_back(opened: Open, report: Path) -> None:
    page = opened(report, "#cases")

    page.select_option("select[name=show]", "all")
    page.fill("input[name=words]", "deleted")
    page.locator("#list a").nth(2).wait_for()
    assert ids(page) == ["plain", "right", "calm"]
    assert "show=all" in page.url
    assert page.evaluate("document.activeElement.name") == "words"
    page.get_by_role("button", name="Clear").click()

    page.locator("#list a[data-case=held]").wait_for()
    assert page.locator("input[name=words]").input_value() == ""
    assert ids(page) == ["attack", "arabic", "held", "plain"]


def test_letters_typed_into_the_search_open_no_case(opened: Open, report: Path) -> None:
    page = opened(report, "#cases?show=all")

    page.locator("input[name=words]").press_sequentially("jk")

    page.wait_for_url("**words=jk*")
    assert page.locator("#right").is_hidden()


def test_a_held_out_ticket_is_read_and_searched_only_by_who_asks_for_it(opened: Open, report: Path) -> None:
    page = opened(report, "#cases?show=wrong&case=held")

    assert "zebras" not in page.locator("#cases").inner_text()
    assert "Held out" in page.locator("#card").inner_text()
    page.fill("input[name=words]", "zebras")
    page.get_by_text("No case fits.").wait_for()
    page.check("input[name=held]")

    page.locator("#list a", has_text="A secret of zebras.").click()
    page.locator("#card", has_text="A secret of zebras.").wait_for()
    assert "held=shown" in page.url


def test_hostile_text_is_shown_as_it_was_written(opened: Open, report: Path) -> None:
    page = opened(report, "#cases?show=wrong&case=attack")

    told = page.locator("#card blockquote").inner_text()
    assert "</script><script>alert(1)</script><img src=x onerror=alert(1)><!--<script> ‹U+202E›eurt‹U+202C›" in told
    assert page.locator("#list img, #card img, #card script").count() == 0


def test_text_from_right_to_left_stands_so_and_turns_nothing_around_it(opened: Open, report: Path) -> None:
    page = opened(report, "#cases?show=wrong&case=arabic")

    quote = "getComputedStyle(document.querySelector('#card blockquote'))"
    assert page.evaluate(f"{quote}.direction") == "rtl"
    assert page.evaluate(f"{quote}.unicodeBidi") == "isolate"
    assert page.evaluate("getComputedStyle(document.querySelector('#list a[data-case=arabic] bdi')).direction") == "rtl"
    assert page.evaluate("getComputedStyle(document.querySelector('#card')).direction") == "ltr"


def test_an_unknown_case_and_one_that_was_not_scored_are_said_to_be_so(opened: Open, report: Path) -> None:
    page = opened(report, "#cases?show=wrong&case=nobody")
    assert "no case of that name" in page.locator("#card").inner_text()
    assert page.locator("#place").inner_text() == "not among the 4"

    page.goto(report.as_uri() + "#cases?show=unscored&case=failed")

    page.locator("#card", has_text="Not scored: timeout.").wait_for()


LOOKS = [("light", 1280), ("dark", 1280), ("light", 320), ("dark", 320)]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("address", ["", "#cases?show=all", "#cases?show=wrong&case=arabic", "#cases?show=wrong&case=held"])
def test_axe_finds_nothing_and_no_width_scrolls_sideways(
    opened: Open, report: Path, axe: Axe, look: tuple[str, int], address: str
) -> None:
    page = opened(report, address, color_scheme=look[0], viewport={"width": look[1], "height": 800})

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_on_paper_the_list_and_the_open_case_stand_without_the_controls(opened: Open, report: Path) -> None:
    page = opened(report, "#cases?show=wrong&case=plain")

    page.emulate_media(media="print")

    assert page.locator("#card").is_visible()
    assert page.locator("#list a").first.is_visible()
    assert page.locator("#filter, .walk, nav").filter(visible=True).count() == 0


def test_without_scripts_figures_and_gates_stand_and_the_page_says_what_is_missing(opened: Open, report: Path) -> None:
    page = opened(report, java_script_enabled=False)

    assert "labels" in page.locator("#gates").inner_text()
    assert page.locator(".matrix a").count() > 0
    assert "Without JavaScript no case is shown here" in page.content()


def test_two_thousand_cases_and_a_ticket_of_two_hundred_thousand_characters_are_all_there(opened: Open, tmp_path: Path) -> None:
    long = case(COERCION, id="long", messages=[{"text": "He deleted my shop. " * 10_000}])
    many = [case(COERCION, id=f"case-{number}") for number in range(2_000)]
    page = opened(written(tmp_path / "run", [(one, wrong(one)) for one in (long, *many)]), "#cases?show=wrong&case=case-1998")

    assert page.locator("#place").inner_text() == "2000 of 2001"
    page.keyboard.press("j")
    page.locator("#card-title", has_text="case-1999").wait_for()
    assert page.locator("#list a").count() == 2_001
    page.goto(page.url.partition("#")[0] + "#cases?show=wrong&words=long")
    page.locator("#list a[data-case=long]").click()
    page.locator("#card-title", has_text="long").wait_for()
    assert len(page.locator("#card blockquote").inner_text()) >= 199_990


@pytest.fixture
def compared(tmp_path: Path) -> Path:
    """The page of two runs: `plain` got better, `right` worse."""
    before = small_run()
    other = {"plain": row, "held": row, "right": wrong}
    after = [(one, other[one.id](one) if one.id in other else made) for one, made in before]
    folders = tmp_path / "be fore", tmp_path / "after"
    for folder, run in zip(folders, (before, after), strict=True):
        written(folder, run)
    write_compare_page(*folders, pair_runs(*folders, intersect=False, gates=None))
    return folders[1] / COMPARE_PAGE


def test_a_case_that_changed_leads_into_the_report_of_either_run(opened: Open, compared: Path) -> None:
    page = opened(compared)
    assert "right" in page.locator("#worse tbody").inner_text()
    assert page.locator("#better tbody tr").count() == 2
    assert "zebras" not in page.content()

    page.get_by_role("link", name="plain in the report before").click()
    page.locator("#card-title", has_text="plain").wait_for()
    assert "be%20fore" in page.url
    assert "Was\nagent review" in page.locator("#card").inner_text()
    page.go_back()
    page.get_by_role("link", name="plain in the report after").click()

    page.locator("#card-title", has_text="as labelled").wait_for()


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_two_runs_compared(opened: Open, compared: Path, axe: Axe, look: tuple[str, int]) -> None:
    page = opened(compared, color_scheme=look[0], viewport={"width": look[1], "height": 800})

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
