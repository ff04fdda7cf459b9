"""The report holds everything, loads nothing, and runs nothing that a ticket brought."""

import base64
import hashlib
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from copilot.core.extraction import Extraction
from copilot.evaluation.cases.case import CaseSet, LabelledCase
from copilot.evaluation.report import page as report_module
from copilot.evaluation.report import plots
from copilot.evaluation.report.page import REPORT, write_report
from copilot.evaluation.run.rows import Row
from copilot.evaluation.score.selective import select
from copilot.evaluation.score.tallies import tally_of
from tests.evaluation.finished import Page, run_folder
from tests.evaluation.labelled import CLIENT, case, case_set, claim, demand, extraction, party, threat
from tests.evaluation.small import row, unscored

COERCION = extraction(threats=[threat()], demands=[demand()])
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</blockquote></details></style></script><iframe src='javascript:alert(1)'>",
    '"><svg onload=alert(1)>',
    "{{ 7 * 7 }}{% raw %}{{ cycler.__init__.__globals__ }}",
    "<!--",
    "]]>&lt;b&gt;",
    "javascript:alert(1)",
    "@import url(https://example.com/x.css);",
)


def page(folder: Path, cases: CaseSet, rows: Sequence[Row], samples: int = 1) -> Page:
    scores = run_folder(folder, cases, rows, samples)
    write_report(folder, cases, scores, rows)
    return Page((folder / REPORT).read_text(encoding="utf-8"))


def wrong(one: LabelledCase, **changes: object) -> Row:
    return row(one, right=False, **{"extraction": Extraction.empty(), **changes})


def small_run() -> tuple[CaseSet, list[Row]]:
    """One case of each sort: right, wrong, hostile, arguable, not scored, not run."""
    right, bad = case(COERCION, id="right"), case(COERCION, id="wrong", tags=("coercion", "lang:en"))
    hostile = case(COERCION, id="attack", tags=("hostile",))
    arguable, failed, absent = case(COERCION, id="doubt", tags=("arguable",)), case(id="failed"), case(id="absent")
    cases = case_set(right, bad, hostile, arguable, failed, absent)
    return cases, [row(right), wrong(bad), wrong(hostile), wrong(arguable), unscored(failed)]


def test_a_manager_reads_the_verdict_first(tmp_path: Path) -> None:
    text = page(tmp_path, *small_run()).text

    lead = text.index(
        "The suggested route was right for 33.3 % of 3 tickets; on tickets like these, 6.1 to 79.2 % can be expected."
    )
    assert (
        lead
        < text.index("Somebody who needs help waits: of 3 tickets that had to reach a team, 66.7 %")
        < text.index("Headline and harm")
    )
    assert "Not complete: of 6 cases, 1 could not be scored and 1 were not run." in text
    assert "These figures speak of the cases in this set" in text


def test_cases_that_the_reader_had_seen_do_not_speak_for_new_tickets(tmp_path: Path) -> None:
    seen, new = case(COERCION, id="seen"), case(COERCION, id="new", tags=("held-out",))

    text = page(tmp_path, case_set(seen, new), [row(seen), wrong(new)]).text

    assert "for 50.0 % of 2 tickets, and for 0.0 % of the 1 that were kept from whoever wrote the reader" in text
    assert "on new tickets like those, 0.0 to 79.3 % can be expected" in text


def test_every_section_is_there(tmp_path: Path) -> None:
    report = page(tmp_path, *small_run())

    ids = {attributes.get("id") for _, attributes in report.elements}
    sections = {
        "verdict",
        "figures",
        "confusion",
        "faults",
        "facts",
        "hostile",
        "selective",
        "slices",
        "wrong",
        "arguable",
        "unscored",
    }
    assert sections <= ids
    assert {anchor["href"] for anchor in report.named("a")} == {f"#{one}" for one in sections - {"verdict"}}


def test_every_wrong_case_is_shown_with_ticket_facts_and_fault(tmp_path: Path) -> None:
    report = page(tmp_path, *small_run())

    cards = {attributes["id"]: attributes for attributes in report.named("details")}
    assert set(cards) == {"case-wrong", "case-attack", "case-doubt"}
    assert cards["case-wrong"]["data-gold"] == "content_enforcement"
    assert cards["case-wrong"]["data-fault"] == "reader (missed threats)"
    assert "He deleted my shop." in report.text
    assert "p2 → p1: destroy, website [m1.1] – missed" in report.text


def test_arguable_and_unscored_cases_are_listed_apart(tmp_path: Path) -> None:
    text = page(tmp_path, *small_run()).text

    assert "Wrong cases (2) harm" in text
    assert "Arguable cases (1) Two careful people may well differ on these." in text
    assert "failed timeout absent not run" in text[text.index("Neither right nor wrong") :]


def test_evidence_is_marked_by_who_cites_it(tmp_path: Path) -> None:
    one = case(
        extraction(threats=[threat(evidence="m1.1 m1.2")]),
        id="a",
        messages=[{"text": "He will wipe it. Soon. Or so. Not cited."}],
    )
    read = extraction(threats=[threat("disclose", evidence="m1.2 m1.3")])

    report = page(tmp_path, case_set(one), [wrong(one, extraction=read)])

    assert [mark["class"] for mark in report.named("mark")] == ["gold", "both", "read"]


def test_facts_stand_side_by_side_in_the_same_parties(tmp_path: Path) -> None:
    one = case(extraction(damage_claims=[claim()]), id="a")
    read = extraction(
        parties=(party("x9", "client", reporter=True), party("x7", "freelancer"), party("x1", "agency")),
        damage_claims=[claim(by="x7", against="x9", motive="retaliation")],
        threats=[threat(by="x1", against="x9")],
    )

    text = page(tmp_path, case_set(one), [wrong(one, extraction=read)]).text

    assert "damage claim p2 → p1: destroy, website, deliberate, leverage [m1.1]" in text
    assert "p2 → p1: destroy, website, deliberate, retaliation [m1.1] other motive" in text
    assert "threat – “x1” → p1: destroy, website [m1.1] invented" in text


def test_the_gravest_errors_come_first(tmp_path: Path) -> None:
    cases = [case(COERCION, id=name) for name in ("label", "team", "waits", "clear")]
    label, team, waits, clear = cases
    rows = [
        row(label, labels=["feedback_building"]),
        wrong(team, route="account_security"),
        wrong(waits),
        wrong(clear, route="no_escalation"),
    ]

    report = page(tmp_path, case_set(*cases), rows)

    assert [card["data-case"] for card in report.named("details")] == ["clear", "waits", "team", "label"]


def test_a_run_without_errors_says_so(tmp_path: Path) -> None:
    one = case(COERCION, id="a")

    text = page(tmp_path, case_set(one), [row(one)]).text

    assert "No ticket was decided wrongly." in text
    assert "No case was decided wrongly." in text
    assert "Wrong cases (0) None." in text
    assert "None: every case was scored." in text


def test_cases_without_labelled_facts_are_not_called_invented(tmp_path: Path) -> None:
    one = case(None, id="a")

    text = page(tmp_path, case_set(one), [wrong(one, extraction=COERCION)]).text

    assert "No case has labelled facts." in text
    assert "invented" not in text
    assert "no gold facts" in text


def test_of_several_samples_the_first_wrong_one_is_shown(tmp_path: Path) -> None:
    one = case(COERCION, id="a")
    rows = [row(one, sample=0), wrong(one, sample=1), wrong(one, sample=2, route="no_escalation")]

    report = page(tmp_path, case_set(one), rows, samples=3)

    assert "(2 of 3 samples wrong)" in report.text
    assert report.named("details")[0]["data-read"] == "agent_review"
    assert "Asked again, the decision changed" in report.text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_a_ticket_a_label_or_a_model_says_becomes_mark_up(tmp_path: Path, payload: str) -> None:
    ticket = {
        "subject": payload,
        "participants": [{"id": payload, "role": "client", "name": payload}],
        "reporter": payload,
        "messages": [{"text": f"{payload} He will wipe it. {payload}", "author": payload}],
    }
    gold = extraction(parties=(CLIENT | {"name": payload[:80]}, party("p2", "freelancer")), threats=[threat(evidence="m1.1")])
    one = case(gold, id="a", tags=(payload.replace(" ", ""), "hostile"), **ticket).model_copy(update={"why": payload})
    plain = case(gold, id="a", tags=("harmless", "hostile"), subject="Help", messages=[{"text": "He will wipe it."}])
    read = extraction(threats=[threat(by=payload, against="p1", evidence=payload.replace(" ", ""))])

    report = page(tmp_path, case_set(one), [wrong(one, extraction=read, uncited=[payload])])
    harmless = page(tmp_path, case_set(plain), [wrong(plain, extraction=COERCION)])

    assert {tag for tag, _ in report.elements} <= {tag for tag, _ in harmless.elements}
    assert len(report.named("script")) == 1
    assert not [name for _, attributes in report.elements for name in attributes if name.startswith("on")]
    assert payload in report.words


def test_hidden_characters_are_made_visible(tmp_path: Path) -> None:
    one = case(COERCION, id="a", messages=[{"text": "He deleted\u202e it.\x07 He wants\u200b $500."}])

    text = page(tmp_path, case_set(one), [wrong(one)]).text

    assert "He deleted‹U+202E› it.‹U+0007›" in text
    assert "wants‹U+200B› $500." in text


def test_the_page_loads_nothing_and_lets_no_script_run_but_its_own(tmp_path: Path) -> None:
    report = page(tmp_path, *sampled_run())
    raw = (tmp_path / REPORT).read_text(encoding="utf-8")

    loading = {"src", "srcset", "data", "poster", "action", "background", "formaction", "ping"}
    assert not [(tag, name) for tag, attributes in report.elements for name in attributes if name in loading]
    links = [value for _, attributes in report.elements for name, value in attributes.items() if name in ("href", "xlink:href")]
    assert all(str(link).startswith("#") for link in links)
    assert not re.search(r"@import|url\((?!#)", raw)
    assert set(re.findall(r"https?://[^\s\"'<]+", raw)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_the_content_policy_names_the_one_script(tmp_path: Path) -> None:
    report = page(tmp_path, *small_run())

    digest = base64.b64encode(hashlib.sha256(report.text_in["script"].encode()).digest()).decode()
    [policy] = [meta["content"] for meta in report.named("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert f"script-src 'sha256-{digest}'" in policy


def sampled_run() -> tuple[CaseSet, list[Row]]:
    """Cases of which some are firmer than others."""
    cases = case_set(*(case(COERCION, id=f"case-{n}") for n in range(6)))
    rows = [row(one, right=n > 1, uncited=["m1.3"] if n < 3 else []) for n, one in enumerate(cases.cases)]
    return cases, rows


def test_the_risk_coverage_plot_takes_its_colours_from_the_page(tmp_path: Path) -> None:
    report = page(tmp_path, *sampled_run())
    raw = (tmp_path / REPORT).read_text(encoding="utf-8")

    [plot] = report.named("svg")
    assert plot["role"] == "img"
    assert plot["aria-label"]
    assert "width" not in plot
    drawing = raw[raw.index("<svg") : raw.index("</svg>")]
    assert "var(--accent)" in drawing
    assert not re.search(r"#0[1-4]0[1-4]0[1-4]|<metadata|<style", drawing)
    assert "no sentence disputed 50.0 %" in report.text


def test_a_plot_drawn_in_another_process_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    cases, rows = sampled_run()
    selection = select([tally_of(one, [given]) for one, given in zip(cases.cases, rows, strict=True)])
    assert selection is not None
    here = plots.risk_coverage(selection)
    monkeypatch.setattr(plots, "WORTH_A_PROCESS", 6)
    monkeypatch.delitem(sys.modules, "matplotlib")

    with plots.drawing_beside(6) as draw:
        beside = draw(selection)

    assert draw is not plots.risk_coverage
    assert beside == here


def test_a_drawing_process_that_dies_costs_nothing_but_time(monkeypatch: pytest.MonkeyPatch) -> None:
    cases, rows = sampled_run()
    selection = select([tally_of(one, [given]) for one, given in zip(cases.cases, rows, strict=True)])
    assert selection is not None
    here = plots.risk_coverage(selection)
    loaded = sys.modules["matplotlib"]
    monkeypatch.delitem(sys.modules, "matplotlib")
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with plots.drawing_beside(plots.WORTH_A_PROCESS) as draw:
        monkeypatch.setitem(sys.modules, "matplotlib", loaded)

        assert draw(selection) == here


def test_without_matplotlib_the_figures_stay_and_the_page_says_how_to_get_the_plot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plots, "can_draw", lambda: False)

    report = page(tmp_path, *sampled_run())

    assert report.named("svg") == []
    assert "The plot needs matplotlib: pip install '.[eval]'" in report.text
    assert "no sentence disputed 50.0 %" in report.text


def test_a_run_that_tells_nothing_of_stability_has_one_line_and_no_plot(tmp_path: Path) -> None:
    right, bad = case(COERCION, id="right"), case(COERCION, id="wrong")

    report = page(tmp_path, case_set(right, bad), [row(right), row(bad, right=False)])

    assert report.named("svg") == []
    assert "In this run all decisions look equally firm" in report.text
    assert "every decision 100.0 % 50.0 %" in report.text.replace("\u00a0", " ")


def test_a_run_of_one_sample_names_the_signal_that_sorts_it(tmp_path: Path) -> None:
    report = page(tmp_path, *small_run())

    assert "Firm decisions are told from others by: how many facts were read." in report.text
    assert len(report.named("svg")) == 1


def test_every_figure_has_its_size_and_interval(tmp_path: Path) -> None:
    raw = page(tmp_path, *small_run())

    figures = re.findall(r"\d+\.\d %", raw.text)
    assert figures
    assert "n = 3" in raw.text.replace("\u00a0", " ")
    assert "of 3 tickets that had to reach a team" in raw.text


def test_the_same_run_gives_the_same_page(tmp_path: Path) -> None:
    cases, rows = sampled_run()

    first = page(tmp_path, cases, rows).elements
    again = page(tmp_path, cases, list(reversed(rows))).elements

    assert first == again


def test_a_page_shows_the_gravest_of_very_many_wrong_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_module, "MOST_CARDS", 2)
    mild = [case(id=f"mild-{number}") for number in range(3)]
    grave = [case(COERCION, id=f"grave-{number}") for number in range(2)]

    report = page(tmp_path, case_set(*mild, *grave), [wrong(one) for one in (*mild, *grave)])

    assert [attributes["id"] for attributes in report.named("details")] == ["case-grave-0", "case-grave-1"]
    assert "Wrong cases (5)" in report.text
    assert "The 2 gravest are shown; results.jsonl has them all." in report.text
