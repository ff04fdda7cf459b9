"""What build servers and pull requests get of a run: ids and figures, and no word of a ticket."""

from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

from copilot.core.extraction import Extraction
from copilot.evaluation.report.junit import JUNIT, write_junit
from copilot.evaluation.report.markdown import MARKDOWN, write_markdown
from copilot.evaluation.run.rows import Row
from copilot.evaluation.score.summary import summarise
from tests.evaluation.finished import run_folder
from tests.evaluation.labelled import case, case_set, demand, extraction, threat
from tests.evaluation.small import row, unscored

COERCION = extraction(threats=[threat()], demands=[demand()])
RIGHT = case(COERCION, id="right", tags=("minimal-pair:shop",))
WRONG = case(COERCION, id="wrong")
DOUBT = case(COERCION, id="doubt", tags=("arguable",))
FAILED = case(COERCION, id="failed")
ABSENT = case(COERCION, id="absent")
CASES = case_set(RIGHT, WRONG, DOUBT, FAILED, ABSENT)


def missed(one: object, **changes: object) -> Row:
    return row(one, right=False, extraction=Extraction.empty(), **changes)


def rows() -> list[Row]:
    return [row(RIGHT), missed(WRONG), missed(DOUBT), unscored(FAILED)]


def junit(folder: Path, given: list[Row]) -> Element:
    write_junit(folder, CASES, run_folder(folder, CASES, given).scores.tallies)
    return fromstring((folder / JUNIT).read_text(encoding="utf-8"))


def cases_in(suites: Element) -> dict[str | None, Element]:
    return {test.get("name"): test for test in suites.iter("testcase")}


def test_each_case_is_a_test_with_its_family_as_class(tmp_path: Path) -> None:
    tests = cases_in(junit(tmp_path, rows()))

    assert list(tests) == ["right", "wrong", "doubt", "failed", "absent"]
    assert tests["right"].get("classname") == "minimal-pair:shop"
    assert tests["wrong"].get("classname") == "wrong"
    assert tests["right"].get("time") == "0.100"


def test_a_wrong_decision_fails_with_what_it_was_and_whose_fault(tmp_path: Path) -> None:
    failure = cases_in(junit(tmp_path, rows()))["wrong"].find("failure")

    assert failure is not None
    assert failure.get("type") == "escalation missed"
    assert failure.get("message") == (
        "agent_review by R6_judgement, should be content_enforcement [coercion_and_retaliation] by R3_coercion"
    )
    assert failure.text == "fault: reader (missed threats); Made for a test."


def test_what_was_not_scored_is_an_error_and_an_arguable_case_never_fails(tmp_path: Path) -> None:
    tests = cases_in(junit(tmp_path, rows()))

    assert tests["failed"].find("error").get("message") == "not scored: timeout"
    assert tests["absent"].find("error").get("message") == "not run"
    assert tests["doubt"].find("skipped").get("message").startswith("arguable; agent_review")
    assert list(tests["right"]) == []


def test_the_suite_counts_itself(tmp_path: Path) -> None:
    suites = junit(tmp_path, rows())

    for element in (suites, suites[0]):
        counts = {name: element.get(name) for name in ("tests", "failures", "errors", "skipped", "time")}
        assert counts == {"tests": "5", "failures": "1", "errors": "2", "skipped": "1", "time": "0.400"}


def test_one_wrong_sample_fails_a_case_and_is_counted(tmp_path: Path) -> None:
    failure = cases_in(junit(tmp_path, [row(WRONG, sample=0), missed(WRONG, sample=1)]))["wrong"].find("failure")

    assert failure is not None
    assert failure.text is not None
    assert failure.text.startswith("1 of 2 samples wrong; fault: ")


def test_control_characters_and_mark_up_in_labels_leave_the_file_whole(tmp_path: Path) -> None:
    one = case(COERCION, id="odd", tags=("minimal-pair:<a>\x00\ufffe&",)).model_copy(update={"why": "a\x1b[31m ]]> <b>\nc"})
    given = [missed(one)]

    write_junit(tmp_path, case_set(one), run_folder(tmp_path, case_set(one), given).scores.tallies)
    [test] = fromstring((tmp_path / JUNIT).read_text(encoding="utf-8")).iter("testcase")

    assert test.get("classname") == "minimal-pair:<a>‹U+0000›‹U+FFFE›&"
    assert test[0].text == "fault: reader (missed threats); a‹U+001B›[31m ]]> <b> c"


def test_neither_file_holds_a_word_of_a_ticket(tmp_path: Path) -> None:
    given = rows()
    made = run_folder(tmp_path, CASES, given)

    write_junit(tmp_path, CASES, made.scores.tallies)
    write_markdown(tmp_path, summarise(made), made.scores.tallies)

    for name in (JUNIT, MARKDOWN):
        assert "shop." not in (tmp_path / name).read_text(encoding="utf-8")
        assert "$500" not in (tmp_path / name).read_text(encoding="utf-8")


def test_a_pull_request_gets_the_verdict_the_figures_and_the_gravest_cases(tmp_path: Path) -> None:
    given = rows()

    made = run_folder(tmp_path, CASES, given)
    write_markdown(tmp_path, summarise(made), made.scores.tallies)

    text = (tmp_path / MARKDOWN).read_text(encoding="utf-8").replace("\u00a0", " ")
    assert text.startswith(
        "## Evaluation: embedded reader on 5 cases\n\n**The suggested route was right for 50.0 % of 2 tickets;"
    )
    assert "| route right | 50.0 % | 9.5 to 90.5 % | 2 |" in text
    assert "- `wrong`: escalation missed; agent_review, should be content_enforcement" in text
    assert "`doubt`" not in text
