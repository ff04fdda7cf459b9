"""Cases and results go to other tools and come back the same; what does not fit is told by name, and nothing is guessed."""

import asyncio
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from pydantic_evals import Dataset
from pydantic_evals.reporting import EvaluationReport, EvaluationReportAdapter

from copilot.cli.eval.options import TOOLS
from copilot.evaluation.cases.case import load_cases
from copilot.evaluation.exchange import FORMATS, tool
from copilot.evaluation.exchange.incoming import Entry, Imported, import_entries
from copilot.evaluation.exchange.outgoing import Outgoing
from tests.evaluation.conftest import Evaluate
from tests.evaluation.labelled import shipped_cases
from tests.evaluation.small import case_line
from tests.interop.exported import INSIDE_A_TEMPLATE, exported, finished_run

DATA_SETS = {"inspect": "dataset.jsonl", "promptfoo": "promptfooconfig.json", "pydantic-evals": "dataset.json"}
ROUTE = {"route": "no_escalation", "labels": []}
RULE = {"rule": "R7_outside"}


def imported(**changes: Any) -> Imported:
    """What becomes of one entry that says enough, but for the changes."""
    given: dict[str, Any] = {"where": "sample 1", "id": "a-1", "ticket": "How do I pay?", "expected": ROUTE, "metadata": RULE}
    return import_entries([Entry(**given | changes)])


def test_each_tool_of_the_command_has_its_module() -> None:
    assert set(TOOLS) == set(FORMATS) == set(DATA_SETS)


@pytest.mark.parametrize("name", TOOLS)
def test_every_shipped_case_goes_out_and_comes_back_the_same(name: str, tmp_path: Path) -> None:
    cases = shipped_cases()

    list(tool(FORMATS[name]).export(Outgoing(cases), tmp_path))
    back = import_entries(tool(FORMATS[name]).entries(tmp_path / DATA_SETS[name]))

    assert back.left_out == []
    assert len(back.cases) == len(cases)
    assert [case for case in back.cases if cases.by_id[case.id] != case] == []


@pytest.mark.parametrize("name", TOOLS)
def test_what_is_exported_is_its_owners_alone(name: str, tmp_path: Path) -> None:
    folder = exported(name, tmp_path)

    modes = {stat.S_IMODE(file.stat().st_mode) for file in folder.rglob("*") if file.is_file()}
    assert modes == {0o600}


def test_pydantic_evals_runs_the_data_set(tmp_path: Path) -> None:
    folder = exported("pydantic-evals", tmp_path)

    dataset = Dataset[dict[str, Any], dict[str, Any], dict[str, Any]].from_file(folder / "dataset.json")
    gold = {json.dumps(case.inputs): case.expected_output for case in dataset.cases}
    report = asyncio.run(dataset.evaluate(lambda ticket: gold[json.dumps(ticket)], progress=False))

    averages = report.averages()
    assert len(report.cases) == 6
    assert averages is not None
    assert averages.assertions == 1.0


def test_a_data_set_that_pydantic_evals_wrote_as_yaml_comes_back_the_same(tmp_path: Path) -> None:
    folder = exported("pydantic-evals", tmp_path)
    dataset = Dataset[dict[str, Any], dict[str, Any], dict[str, Any]].from_file(folder / "dataset.json")
    dataset.to_file(folder / "dataset.yaml", schema_path=None)

    back = import_entries(tool("pydantic_evals").entries(folder / "dataset.yaml"))

    assert back.cases == list(load_cases([tmp_path / "run" / "cases.jsonl"]).cases)


def test_pydantic_evals_shows_the_results(tmp_path: Path) -> None:
    folder = exported("pydantic-evals", tmp_path)

    report: EvaluationReport[Any, Any, Any] = EvaluationReportAdapter.validate_json((folder / "report.json").read_bytes())

    right = {case.name: case.assertions["decision"].value for case in report.cases}
    assert right == {f"case-{number}": number != 4 for number in range(5)}
    assert [(one.name, "timeout" in one.error_message) for one in report.failures] == [("case-5", True)]
    assert "stub-1" in report.render() or "embedded" in report.render()


def test_a_ticket_cannot_fill_in_a_template_of_promptfoo(tmp_path: Path) -> None:
    folder = exported("promptfoo", tmp_path)

    ticket = json.loads((folder / "promptfooconfig.json").read_text())["tests"][0]["vars"]["ticket"]

    assert not any(sign in ticket for sign in ("{{", "{%", "{#", "#}"))
    assert json.loads(ticket)["messages"][1]["text"] == INSIDE_A_TEMPLATE


def test_metadata_fills_in_no_variable_of_the_environment_and_comes_back(evaluate: Evaluate, tmp_path: Path) -> None:
    line = case_line(0) | {"why": "He wrote {{ env.HOME }} and {{{{."}
    (tmp_path / "cases.jsonl").write_text(json.dumps(line) + "\n")

    evaluate("export", "promptfoo", "cases.jsonl", "--out", "out")
    config = tmp_path / "out" / "promptfooconfig.json"
    evaluate("import", "promptfoo", str(config), "--out", "back.jsonl")

    assert "{{" not in json.loads(config.read_text())["tests"][0]["metadata"]["why"]
    assert json.loads((tmp_path / "back.jsonl").read_text())["why"] == line["why"]


def test_a_reading_that_was_not_scored_is_neither_right_nor_wrong_in_any_tool(tmp_path: Path) -> None:
    tests = json.loads((exported("promptfoo", tmp_path) / "promptfooconfig.json").read_text())["tests"]
    (log,) = (exported("inspect", tmp_path) / "logs").glob("*.json")
    samples = {one["id"]: one for one in json.loads(log.read_text())["samples"]}

    assert [test["description"] for test in tests] == [f"case-{number}" for number in range(5)]
    assert "scores" not in samples["case-5"]
    assert "timeout" in samples["case-5"]["error"]["message"]


def test_a_run_folder_is_exported_alone(evaluate: Evaluate, tmp_path: Path) -> None:
    finished_run(tmp_path / "run")

    ran = evaluate("export", "inspect", "run", "other", "--out", "out")

    assert ran.code == 2
    assert "run: is a run folder, which brings its own cases; export it alone" in ran.err


def test_a_text_is_the_only_message_of_its_ticket_and_a_route_may_stand_alone() -> None:
    made = imported(expected="no_escalation", metadata=RULE | {"labels": []})

    (case,) = made.cases
    assert [message.text for message in case.ticket.messages] == ["How do I pay?"]
    assert (case.expect.route, case.expect.extraction) == ("no_escalation", None)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"metadata": None}, "sample 1: no case without metadata.rule"),
        ({"expected": "no_escalation"}, "sample 1: no case without the expected output's labels"),
        ({"expected": None}, "no case without the expected output's route, the expected output's labels"),
        ({"id": None, "ticket": ""}, "sample 1: no case without an id, a ticket"),
        ({"expected": {"route": "somewhere", "labels": []}}, "sample 1: expect.route"),
        ({"id": "with a space"}, "sample 1: id"),
        ({"metadata": {"rule": "R99_new"}}, "sample 1: 'a-1': expect.rule 'R99_new' is no rule"),
        ({"ticket": {"messages": []}}, "sample 1: ticket"),
    ],
)
def test_what_says_too_little_is_left_out_and_told(changes: dict[str, Any], told: str) -> None:
    made = imported(**changes)

    assert made.cases == []
    assert told in made.left_out[0]


def test_a_ticket_nested_too_deeply_costs_its_entry_alone(evaluate: Evaluate, tmp_path: Path) -> None:
    """As a ticket it is a text; as a decision it is none."""
    deep = {"name": "a", "inputs": "[" * 100_000, "expected_output": '{"a":' * 50_000, "metadata": {}}
    (tmp_path / "set.json").write_text(json.dumps({"cases": [deep]}))

    ran = evaluate("import", "pydantic-evals", "set.json", "--out", "cases.jsonl")

    assert "left out: set.json, cases[0]: no case without the expected output's labels" in ran.err


def test_gold_facts_that_give_another_decision_are_left_out() -> None:
    threat = case_line(0)

    made = imported(ticket=threat["ticket"], metadata=RULE | {"extraction": threat["expect"]["extraction"]})

    assert made.cases == []
    assert "the gold facts give R3_coercion" in made.left_out[0]


def test_what_a_case_has_no_place_for_is_told_by_name() -> None:
    made = imported(metadata=RULE | {"difficulty": 3}, expected=ROUTE | {"queue": "x"}, beside=("choices",))

    assert len(made.cases) == 1
    assert dict(made.unmapped) == {"metadata.difficulty": 1, "expected.queue": 1, "choices": 1}


def test_an_id_that_is_used_twice_is_left_out() -> None:
    entries = [Entry(f"sample {number}", "a-1", "How do I pay?", ROUTE, RULE) for number in (1, 2)]

    made = import_entries(entries)

    assert len(made.cases) == 1
    assert made.left_out == ["sample 2: id 'a-1' is used twice; case ids must be unique"]


@pytest.mark.parametrize(
    ("name", "file", "content"),
    [
        ("inspect", "set.json", [{"id": "a-1", "input": "How do I pay?", "target": json.dumps(ROUTE), "metadata": RULE}]),
        (
            "inspect",
            "set.json",
            [
                {
                    "id": "a-1",
                    "input": [{"role": "user", "content": "How do I pay?"}],
                    "target": json.dumps(ROUTE),
                    "metadata": RULE,
                }
            ],
        ),
        (
            "promptfoo",
            "set.yaml",
            [
                {
                    "description": "a-1",
                    "vars": {"ticket": "How do I pay?"},
                    "assert": [{"type": "equals", "value": ROUTE}, {"type": "latency", "threshold": 5}],
                    "metadata": RULE,
                }
            ],
        ),
        (
            "pydantic-evals",
            "set.yaml",
            {"cases": [{"name": "a-1", "inputs": "How do I pay?", "expected_output": ROUTE, "metadata": RULE}]},
        ),
    ],
)
def test_a_data_set_made_in_the_tool_becomes_cases(
    evaluate: Evaluate, tmp_path: Path, name: str, file: str, content: object
) -> None:
    (tmp_path / file).write_text(json.dumps(content))  # JSON is YAML

    ran = evaluate("import", name, file, "--out", "cases.jsonl")

    (case,) = load_cases([tmp_path / "cases.jsonl"]).cases
    assert ran.code == 0
    assert (case.id, case.expect.route) == ("a-1", "no_escalation")
    assert ("assert.latency (1 times)" in ran.err) == (name == "promptfoo")


def test_an_import_says_what_it_left_out_and_ends_with_1(evaluate: Evaluate, tmp_path: Path) -> None:
    good = {"id": "a-1", "input": "How do I pay?", "target": json.dumps(ROUTE), "metadata": RULE}
    (tmp_path / "set.jsonl").write_text(f"{json.dumps(good)}\n{json.dumps(good | {'id': 'a-2', 'metadata': {}})}\n")

    ran = evaluate("import", "inspect", "set.jsonl", "--out", "cases.jsonl")

    assert ran.code == 1
    assert "left out: set.jsonl, sample 2: no case without metadata.rule" in ran.err
    assert "1 cases written to cases.jsonl, 1 entries left out" in ran.err


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (("inspect", "set.csv", "a,b"), "set.csv: its name ends in none of .json, .jsonl, .yaml, .yml"),
        (("inspect", "set.jsonl", '{"id": 1}\n{oops\n'), "set.jsonl, line 2, column 2: not JSON"),
        (("inspect", "set.json", '{"id": 1}'), "set.json: holds no list of samples"),
        (("pydantic-evals", "set.yaml", "cases: ["), "set.yaml, line 1: not YAML"),
        (("pydantic-evals", "set.json", "{}"), "set.json: holds no list of `cases`"),
        (("promptfoo", "set.json", '{"tests": "file://t.json"}'), "set.json: its tests stand in another file"),
        (("inspect", "set.jsonl", "[" * 100_000), "set.jsonl, line 1: nested too deeply"),
        (("pydantic-evals", "set.yaml", "[" * 5_000), "set.yaml: nested too deeply"),
    ],
)
def test_a_file_that_is_no_data_set_is_an_error_that_says_why(
    evaluate: Evaluate, tmp_path: Path, file: tuple[str, str, str], told: str
) -> None:
    format, name, content = file
    (tmp_path / name).write_text(content)

    ran = evaluate("import", format, name, "--out", "cases.jsonl")

    assert ran.code == 2
    assert told in ran.err
    assert not (tmp_path / "cases.jsonl").exists()


def test_an_import_writes_over_nothing(evaluate: Evaluate, tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text("mine")

    ran = evaluate("import", "inspect", "set.jsonl", "--out", "cases.jsonl")

    assert ran.code == 2
    assert (tmp_path / "cases.jsonl").read_text() == "mine"
