"""The report holds everything, loads nothing, and runs nothing that a ticket brought."""

import base64
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from copilot.core.extraction import Extraction
from copilot.evaluation.cases.case import CaseSet, LabelledCase
from copilot.evaluation.report import page as report_module
from copilot.evaluation.report import plots
from copilot.evaluation.report.case_rows import opening_of
from copilot.evaluation.report.page import REPORT, write_report
from copilot.evaluation.run.rows import Row
from copilot.evaluation.score.summary import GateResult, summarise
from tests.evaluation.finished import Page, run_folder
from tests.evaluation.labelled import CLIENT, TEXT, case, case_set, claim, demand, extraction, party, threat
from tests.evaluation.small import row, unscored

FACTS_MISSED = {
    "list": "threat",
    "gold": "p2 → p1: destroy, website [m1.1]",
    "read": "",
    "differs": "missed",
    "is_right": False,
}
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
    run = run_folder(folder, cases, rows, samples)
    write_report(folder, cases, run, summarise(run))
    return Page((folder / REPORT).read_text(encoding="utf-8"))


def wrong(one: LabelledCase, **changes: object) -> Row:
    return row(one, right=False, **{"extraction": Extraction.empty(), **changes})


def written(card: dict[str, Any]) -> str:
    """The text of a ticket as its card holds it."""
    return "".join(piece["text"] for message in card["messages"] for piece in message["pieces"])


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
        "gates",
        "confusion",
        "faults",
        "facts",
        "hostile",
        "selective",
        "slices",
        "cases",
        "unscored",
    }
    links = {str(anchor["href"]) for anchor in report.named("a")}
    assert sections <= ids
    assert {link for link in links if "?" not in link} == {f"#{one}" for one in sections - {"verdict"}}
    assert all(link.startswith("#cases?show=") for link in links if "?" in link)


def test_every_scored_case_is_there_right_ones_too_with_ticket_facts_and_fault(tmp_path: Path) -> None:
    report = page(tmp_path, *small_run())

    cards = report.cards()
    assert set(cards) == {"right", "wrong", "attack", "doubt"}
    assert cards["wrong"]["fault"] == "reader (missed threats)"
    assert cards["right"]["fault"] == ""
    assert "He deleted my shop." in written(cards["right"])
    assert FACTS_MISSED in cards["wrong"]["facts"]


def test_every_case_has_a_line_with_its_first_words_the_gravest_first(tmp_path: Path) -> None:
    lines = page(tmp_path, *small_run()).lines()

    assert [(one["id"], one["status"]) for one in lines] == [
        ("wrong", "wrong"),
        ("attack", "wrong"),
        ("right", "right"),
        ("doubt", "arguable"),
        ("failed", "unscored"),
        ("absent", "unscored"),
    ]
    assert {one["opening"] for one in lines} == {TEXT}
    assert [one["ended"] for one in lines[-2:]] == ["timeout", "not run"]
    assert lines[0]["harm"] == ["missed_escalation"]
    assert lines[0]["reason"] == ["reader", "reader: threats: missed"]


def test_the_line_of_a_held_out_case_holds_no_word_of_its_ticket(tmp_path: Path) -> None:
    one = case(COERCION, id="new", tags=("held-out",))

    [line] = page(tmp_path, case_set(one), [wrong(one)]).lines()

    assert (line["held_out"], line["opening"]) == (True, "")


@pytest.mark.parametrize(("length", "is_cut"), [(109, False), (110, False), (111, True)])
def test_first_words_are_cut_past_their_length(length: int, is_cut: bool) -> None:
    opening = opening_of(case(messages=[{"text": "a" * length}]).ticket)

    assert opening == ("a" * min(length, 110) + (" …" if is_cut else ""))


def test_first_words_end_with_a_word_and_begin_with_the_first_message_that_has_one() -> None:
    opening = opening_of(case(messages=[{"text": " \n "}, {"text": "Help \n me " * 40}]).ticket)

    assert opening.startswith("Help me Help")
    assert opening.endswith(("Help …", "me …"))


def test_arguable_and_unscored_cases_are_told_apart(tmp_path: Path) -> None:
    text = page(tmp_path, *small_run()).text

    assert "wrong (2) right (1) all scored (3) arguable (1) not scored (2)" in text
    assert "failed timeout absent not run" in text[text.index("Neither right nor wrong; they enter no figure above") :]


def test_gates_are_shown_with_their_results(tmp_path: Path) -> None:
    cases, rows = small_run()
    run = run_folder(tmp_path, cases, rows)
    told = {"told": "0.333 of 3", "reason": "made for a test"}
    gates = (GateResult(name="route", passed=False, **told), GateResult(name="labels", passed=True, **told))

    write_report(tmp_path, cases, run, summarise(run).model_copy(update={"gates": gates}))

    text = Page((tmp_path / REPORT).read_text(encoding="utf-8")).text
    assert "1 of 2 gates FAILED: route." in text
    assert "route FAILED 0.333 of 3 made for a test labels passed 0.333 of 3 made for a test" in text


def test_evidence_is_marked_by_who_cites_it(tmp_path: Path) -> None:
    one = case(
        extraction(threats=[threat(evidence="m1.1 m1.2")]),
        id="a",
        messages=[{"text": "He will wipe it. Soon. Or so. Not cited."}],
    )
    read = extraction(threats=[threat("disclose", evidence="m1.2 m1.3")])

    report = page(tmp_path, case_set(one), [wrong(one, extraction=read)])

    [message] = report.cards()["a"]["messages"]
    assert [piece["cited"] for piece in message["pieces"]] == ["gold", "both", "read", ""]
    assert message["pieces"][-1] == {"id": "", "text": "Not cited.", "cited": ""}


def test_facts_stand_side_by_side_in_the_same_parties(tmp_path: Path) -> None:
    one = case(extraction(damage_claims=[claim()]), id="a")
    read = extraction(
        parties=(party("x9", "client", reporter=True), party("x7", "freelancer"), party("x1", "agency")),
        damage_claims=[claim(by="x7", against="x9", motive="retaliation")],
        threats=[threat(by="x1", against="x9")],
    )

    facts = page(tmp_path, case_set(one), [wrong(one, extraction=read)]).cards()["a"]["facts"]

    told = {(fact["list"], fact["gold"], fact["read"], fact["differs"]) for fact in facts}
    assert told == {
        (
            "damage claim",
            "p2 → p1: destroy, website, deliberate, leverage [m1.1]",
            "p2 → p1: destroy, website, deliberate, retaliation [m1.1]",
            "other motive",
        ),
        ("threat", "", "“x1” → p1: destroy, website [m1.1]", "invented"),
    }


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

    assert [line["id"] for line in report.lines()] == ["clear", "waits", "team", "label"]
    assert list(report.cards()) == ["clear", "waits", "team", "label"]


def test_a_run_without_errors_says_so(tmp_path: Path) -> None:
    one = case(COERCION, id="a")

    text = page(tmp_path, case_set(one), [row(one)]).text

    assert "No ticket was decided wrongly." in text
    assert "No case was decided wrongly." in text
    assert "wrong (0) right (1)" in text
    assert "None: every case was scored." in text


def test_cases_without_labelled_facts_are_not_called_invented(tmp_path: Path) -> None:
    one = case(None, id="a")

    report = page(tmp_path, case_set(one), [wrong(one, extraction=COERCION)])

    assert "No case has labelled facts." in report.text
    assert {(fact["differs"], fact["is_right"]) for fact in report.cards()["a"]["facts"]} == {("no gold facts", True)}


def test_of_several_samples_the_first_wrong_one_is_shown(tmp_path: Path) -> None:
    one = case(COERCION, id="a")
    rows = [row(one, sample=0), wrong(one, sample=1), wrong(one, sample=2, route="no_escalation")]

    report = page(tmp_path, case_set(one), rows, samples=3)

    [line] = report.lines()
    assert (line["wrong"], line["samples"], line["went"]) == (2, 3, "agent_review")
    assert line["read"] == ["content_enforcement", "agent_review", "no_escalation"]
    assert report.cards()["a"]["was"]["route"] == "agent review"
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
    assert [one.get("type") for one in report.named("script")] == ["application/json", "application/json", "module"]
    assert not [name for _, attributes in report.elements for name in attributes if name.startswith("on")]
    assert payload in written(report.cards()["a"])
    assert payload in report.lines()[0]["opening"]


def test_hidden_characters_are_made_visible(tmp_path: Path) -> None:
    one = case(COERCION, id="a", messages=[{"text": "He deleted\u202e it.\x07 He wants\u200b $500."}])

    report = page(tmp_path, case_set(one), [wrong(one)])

    for text in (written(report.cards()["a"]), report.lines()[0]["opening"]):
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

    digest = base64.b64encode(hashlib.sha256(report.scripts["program"].encode()).digest()).decode()
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


def test_a_page_holds_the_text_of_the_gravest_cases_and_the_lines_of_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mild = [case(id=f"mild-{number}") for number in range(3)]
    grave = [case(COERCION, id=f"grave-{number}") for number in range(2)]
    cases, rows = case_set(*mild, *grave), [wrong(one) for one in (*mild, *grave)]
    whole = [len(text) for id, text in page(tmp_path, cases, rows).scripts.items() if id.startswith("case-")]
    monkeypatch.setattr(report_module, "MOST_CHARACTERS", sum(whole[:2]))

    report = page(tmp_path, cases, rows)

    assert list(report.cards()) == ["grave-0", "grave-1"]
    assert len(report.lines()) == 5


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    page(tmp_path, *small_run())

    assert (tmp_path / REPORT).stat().st_mode & 0o777 == 0o600
