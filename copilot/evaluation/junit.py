"""`junit.xml`: a run as build servers show it, one test case for each case, its family as the class.

It holds ids, routes and faults, and no word of a ticket.
"""

from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from copilot.evaluation.cases import CaseSet, LabelledCase
from copilot.evaluation.faults import Fault
from copilot.evaluation.harms import harm_of
from copilot.evaluation.rows import Row
from copilot.evaluation.scores import Scores, right_labels, rows_by_case
from copilot.evaluation.verdict import fault_words
from copilot.shown import printable

JUNIT = "junit.xml"


def write_junit(folder: Path, cases: CaseSet, scores: Scores, rows: Sequence[Row]) -> None:
    """Write `junit.xml` of a finished run into its folder.

    A wrong decision is a failure, a case that could not be scored or was not run an error. An arguable case never fails:
    where it is decided otherwise, it is skipped.
    """
    by_case = rows_by_case(rows)
    suites = Element("testsuites")
    suite = SubElement(suites, "testsuite", name="copilot eval")
    for case in cases.cases:
        suite.append(_test(case, by_case[case.id], scores.faults.get(case.id)))
    counts = {"tests": len(cases)} | {f"{kind}s": len(suite.findall(f"testcase/{kind}")) for kind in ("failure", "error")}
    counts["skipped"] = len(suite.findall("testcase/skipped"))
    for element in (suites, suite):
        element.attrib |= {name: str(count) for name, count in counts.items()}
        element.set("time", _seconds(rows))
    indent(suites)
    ElementTree(suites).write(folder / JUNIT, encoding="utf-8", xml_declaration=True)


def _test(case: LabelledCase, rows: Sequence[Row], fault: Fault | None) -> Element:
    test = Element("testcase", classname=_safe(case.family), name=_safe(case.id), time=_seconds(rows))
    scored = [row for row in rows if row.is_scored]
    wrong = [row for row in scored if not right_labels(case, row)]
    if not rows:
        SubElement(test, "error", type="not run", message="not run")
    elif not scored:
        SubElement(test, "error", type="not scored", message=_safe(f"not scored: {rows[0].outcome}"))
    elif wrong and case.is_arguable:
        SubElement(test, "skipped", message=_safe(f"arguable; {_difference(case, wrong[0])}"))
    elif wrong:
        failure = SubElement(test, "failure", type=harm_of(case, wrong[0])[0], message=_safe(_difference(case, wrong[0])))
        failure.text = _safe("; ".join(filter(None, [_samples(wrong, scored), f"fault: {fault_words(fault)}", case.why])))
    return test


def _difference(case: LabelledCase, row: Row) -> str:
    wanted, got = case.expect, row
    return f"{_decision(got.route, got.labels, got.rule)}, should be {_decision(wanted.route, wanted.labels, wanted.rule)}"


def _decision(route: str, labels: Sequence[str], rule: str) -> str:
    return f"{route} [{', '.join(labels)}] by {rule}" if labels else f"{route} by {rule}"


def _samples(wrong: Sequence[Row], scored: Sequence[Row]) -> str:
    return f"{len(wrong)} of {len(scored)} samples wrong" if len(scored) > 1 else ""


def _seconds(rows: Sequence[Row]) -> str:
    return f"{sum(row.seconds for row in rows):.3f}"


def _safe(text: str) -> str:
    """Text that XML may hold, and that no terminal or page obeys."""
    return printable(" ".join(text.split()))
