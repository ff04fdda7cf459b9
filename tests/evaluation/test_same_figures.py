"""Terminal, summary.json, summary.md and report.html tell the same figures, and a count in a table leads to so many cases."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from copilot.core.extraction import Extraction
from copilot.evaluation.cases.case import LabelledCase
from copilot.evaluation.report.headlines import KINDS
from copilot.evaluation.report.page import REPORT
from copilot.evaluation.run.folder import CASES, ROWS
from copilot.evaluation.run.rows import Row
from copilot.pipeline import decide
from tests.evaluation.conftest import Evaluate
from tests.evaluation.finished import Page, run_folder
from tests.evaluation.labelled import case, case_set, claim, demand, extraction, party, threat
from tests.evaluation.small import row, unscored

NOTHING = extraction()
THREAT, DEMAND = extraction(threats=[threat()]), extraction(demands=[demand()])
COERCION = extraction(threats=[threat()], demands=[demand()])
ACCIDENT = extraction(damage_claims=[claim(intent="accidental")])
FIGURE = re.compile(r"(\d+\.\d) % \[?(\d+\.\d)(?: to|,) (\d+\.\d)(?: %)?\]?,? *(?:of|n ?=) ?(\d+)")
GATES = "".join(
    f'[[{kind}]]\nfigure = "{figure}"\nlimit = 0.5\nreason = "made for a test"\n'
    for kind, figure in (("floor", "route"), ("ceiling", "harms.missed_escalation"), ("floor", "never measured"))
)


def reading(one: LabelledCase, read: Extraction, sample: int = 0) -> Row:
    """The row of a reader that read these facts."""
    made = decide(one.ticket, read)
    return row(one, sample=sample, extraction=read, route=made.route, labels=made.labels, rule=made.rule)


def readings() -> Iterator[tuple[LabelledCase, list[Row]]]:
    """Cases of every sort, each asked twice: right, wrong by one fact or several or once only, arguable, not scored."""
    both = extraction(threats=[threat()], damage_claims=[claim()], demands=[demand()])
    account = "account_breach", "marketplace_account"
    breach = extraction(threats=[threat(account[0], asset=account[1])], damage_claims=[claim(account[0], asset=account[1])])
    stranger = extraction(parties=(party("p1", "client", reporter=True), party("p2", "agency")), threats=[threat(by="p2")])
    read = {
        "right": (COERCION, COERCION, ("lang:en", "held-out")),
        "missed": (COERCION, NOTHING, ("hostile", "lang:de")),
        "either-of-two": (breach, NOTHING, ("held-out", "lang:en")),
        "pair-a": (THREAT, NOTHING, ("minimal-pair:x", "coercion")),
        "pair-b": (NOTHING, THREAT, ("minimal-pair:x", "coercion")),
        "invented": (NOTHING, COERCION, ("hostile", "lang:ar")),
        "accident": (ACCIDENT, both, ("lang:en",)),
        "other-party": (THREAT, stranger, ()),
        "doubtful": (COERCION, DEMAND, ("arguable",)),
    }
    for id, (gold, found, tags) in read.items():
        one = case(gold, id=id, tags=tags)
        yield one, [reading(one, found), reading(one, found, sample=1)]
    once = case(COERCION, id="once", tags=("lang:de",))
    yield once, [reading(once, COERCION), reading(once, NOTHING, sample=1)]
    failed = case(COERCION, id="failed")
    yield failed, [unscored(failed), unscored(failed, sample=1)]


class Told:
    """What one run says in each of its places."""

    def __init__(self, folder: Path, evaluate: Evaluate) -> None:
        made = list(readings())
        rows = [row for _, rows in made for row in rows]
        run_folder(folder, case_set(*(one for one, _ in made)), rows, samples=2)
        (folder / CASES).write_text("".join(f"{one.model_dump_json()}\n" for one, _ in made), encoding="utf-8")
        (folder / ROWS).write_text("".join(f"{row.model_dump_json()}\n" for row in rows), encoding="utf-8")
        (folder / "gates.toml").write_text(GATES, encoding="utf-8")
        self.terminal = evaluate("report", folder, "--gates", folder / "gates.toml").out
        self.summary: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        self.page = Page((folder / REPORT).read_text(encoding="utf-8"))
        self.markdown = (folder / "summary.md").read_text(encoding="utf-8").replace("\u00a0", " ")
        self.shown = self.page.text.replace("\u00a0", " ")


@pytest.fixture
def told(tmp_path: Path, evaluate: Evaluate) -> Told:
    return Told(tmp_path, evaluate)


def shown(figure: dict[str, Any]) -> tuple[str, str, str, str]:
    """A figure of `summary.json` as texts have it."""
    return (*(f"{100 * figure[name]:.1f}" for name in ("value", "low", "high")), str(figure["n"]))


def test_every_headline_is_the_same_in_all_four(told: Told) -> None:
    named = {"pass_k" if path == "pass_k.2" else path: one for path, one in told.summary["figures"].items()}
    wanted = {KINDS[name].words: shown(one) for name, one in named.items() if name in KINDS}

    for words, (value, low, high, n) in wanted.items():
        assert re.search(rf"  {re.escape(words)} +{value} % \[{low}, {high}\]  n={n}\n", told.terminal), words
        assert f"| {words} | {value} % | {low} to {high} % | {n} |" in told.markdown
        assert f"{words} {value} % {low} to {high} % of {n} " in told.shown
    assert len(wanted) == len(KINDS)
    assert len(FIGURE.findall(told.terminal)) == len(wanted)


def test_no_figure_of_the_page_is_of_its_own(told: Told) -> None:
    curve = told.summary["selection"]
    known = {shown(one) for one in (*told.summary["figures"].values(), curve["aurc"], *(one["risk"] for one in curve["points"]))}

    found = set(FIGURE.findall(told.shown))

    assert found <= known
    assert len(found) > 30


def test_gates_are_told_in_the_same_words(told: Told) -> None:
    gates = told.summary["gates"]

    assert [one["passed"] for one in gates] == [False, False, False]
    for one in gates:
        assert f"gate {one['name']} FAILED: {one['told']} ({one['reason']})" in told.terminal
        assert f"{one['name']} FAILED {one['told']} {one['reason']}" in told.shown


def test_faults_are_counted_by_case_and_by_fact_in_one_way(told: Told) -> None:
    faults = told.summary["faults"]

    lines = {line["id"]: line for line in told.page.lines()}
    for blame, fault in faults.items():
        assert fault["cases"] == sum(blame in line["reason"] for line in lines.values())
        assert f"wrong by {blame.replace('_', ' ')}: {fault['cases']} (" in told.terminal
        for name, count in fault["facts"].items():
            assert count == sum(f"{blame}: {name}" in line["reason"] for line in lines.values())
            assert re.search(rf"[(,] ?{re.escape(name)} {count}[,)]", told.terminal)
    assert any(len(line["reason"]) > 2 for line in lines.values()), "a case that either of two facts would mend"
    assert told.summary["wrong"] == sum(fault["cases"] for fault in faults.values())


def test_the_number_of_wrong_cases_is_one_number(told: Told) -> None:
    wrong, clear = told.summary["wrong"], told.summary["clear"]

    assert wrong == sum(line["status"] == "wrong" for line in told.page.lines())
    assert f"{wrong} of {clear} cases wrong in route or labels" in told.terminal
    assert f"{wrong} of {clear} cases wrong in route or labels" in told.shown
    assert f"wrong ({wrong}) right ({clear - wrong}) all scored ({clear})" in told.shown
    assert f"{wrong} wrong cases, the gravest first" in told.markdown
    assert clear == told.summary["figures"]["route"]["n"]


def test_a_cell_of_the_confusion_matrix_leads_to_its_cases(told: Told) -> None:
    links = [parse_qs(str(link["href"]).partition("?")[2]) for link in told.page.named("a")]

    cells = {(wanted["gold"][0], wanted["read"][0]) for wanted in links if "gold" in wanted}
    assert cells == {(gold, read) for gold, counts in told.summary["confusion"].items() for read in counts}
    for gold, read in cells:
        fitting = [line for line in told.page.lines() if line["status"] in ("wrong", "right") and gold in line["gold"]]
        samples = [line for line in fitting if read in line["read"]]
        assert samples
        assert len(samples) <= told.summary["confusion"][gold][read] <= 2 * len(samples)


@pytest.mark.parametrize("harm", ["missed_escalation", "called_all_clear", "false_escalation", "wrong_team", "accused_wrongly"])
def test_a_harm_leads_to_its_cases(told: Told, harm: str) -> None:
    figure = told.summary["figures"][f"harms.{harm}"]

    cases = [line for line in told.page.lines() if harm in line["harm"] and line["status"] in ("wrong", "right")]

    halves = sum(0.5 if line["id"] == "once" else 1 for line in cases)
    assert halves == pytest.approx(figure["value"] * figure["n"], abs=1e-4)
