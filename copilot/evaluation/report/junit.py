"""`junit.xml`: a run as build servers show it, one test case for each case, its family as the class.

It holds ids, routes and faults, and no word of a ticket.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring
from xml.sax.saxutils import quoteattr

from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.report.case_view import first_wrong
from copilot.evaluation.report.verdict import fault_words
from copilot.evaluation.score.harms import harm_of
from copilot.evaluation.score.tallies import CaseTally, Gold, Sample
from copilot.output.shown import printable
from copilot.runs.private import open_private

JUNIT = "junit.xml"


def write_junit(folder: Path, cases: CaseSet, tallies: Sequence[CaseTally]) -> None:
    """Write `junit.xml` of a finished run into its folder, one case after the other.

    A wrong decision is a failure, a case that could not be scored or was not run an error. An arguable case never fails:
    where it is decided otherwise, it is skipped.
    """
    kinds = [_kind(one) for one in tallies]
    counts = {"tests": len(kinds), "failures": kinds.count("failure"), "errors": kinds.count("error")}
    counts["skipped"] = kinds.count("skipped")
    told = {name: str(count) for name, count in counts.items()}
    attributes = _attributes(told | {"time": f"{sum(one.seconds for one in tallies):.3f}"})
    with open_private(folder / JUNIT) as file:
        file.write("<?xml version='1.0' encoding='utf-8'?>\n")
        file.write(f"<testsuites{attributes}>\n  <testsuite{_attributes({'name': 'copilot eval'})}{attributes}>\n")
        file.writelines(_tests(cases, tallies))
        file.write("  </testsuite>\n</testsuites>\n")


def _attributes(of: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in of.items())


def _tests(cases: CaseSet, tallies: Sequence[CaseTally]) -> Iterator[str]:
    """One element for each case. What a wrong one should have been is looked up; the rest is in the tallies."""
    for place, tally in enumerate(tallies):
        test = _test(tally, cases.cases[place].why if _kind(tally) == "failure" else "")
        indent(test, level=2)
        yield f"    {tostring(test, encoding='unicode')}\n"


def _kind(tally: CaseTally) -> str:
    """What stands in a case's element; nothing for a right one."""
    if not tally.samples:
        return "error"
    if all(sample.right_labels for sample in tally.samples):
        return ""
    return "skipped" if tally.is_arguable else "failure"


def _test(tally: CaseTally, why: str) -> Element:
    test = Element("testcase", classname=_safe(tally.family), name=_safe(tally.id), time=f"{tally.seconds:.3f}")
    match _kind(tally):
        case "error" if not tally.unscored:
            SubElement(test, "error", type="not run", message="not run")
        case "error":
            SubElement(test, "error", type="not scored", message=_safe(f"not scored: {tally.unscored[0]}"))
        case "skipped":
            SubElement(test, "skipped", message=_safe(f"arguable; {_difference(tally)}"))
        case "failure":
            harm, _ = harm_of(tally.samples[first_wrong(tally)])
            failure = SubElement(test, "failure", type=harm, message=_safe(_difference(tally)))
            failure.text = _safe("; ".join(filter(None, [_samples(tally), f"fault: {fault_words(tally.fault)}", why])))
    return test


def _difference(tally: CaseTally) -> str:
    return f"{_decision(tally.samples[first_wrong(tally)])}, should be {_decision(tally.gold)}"


def _decision(one: Gold | Sample) -> str:
    return f"{one.route} [{', '.join(one.labels)}] by {one.rule}" if one.labels else f"{one.route} by {one.rule}"


def _samples(tally: CaseTally) -> str:
    wrong = sum(not sample.right_labels for sample in tally.samples)
    return f"{wrong} of {len(tally.samples)} samples wrong" if len(tally.samples) > 1 else ""


def _safe(text: str) -> str:
    """Text that XML may hold, and that no terminal or page obeys."""
    return printable(" ".join(text.split()))
