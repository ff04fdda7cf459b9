"""pydantic-evals: `dataset.json` for `Dataset.from_file`, and a run as `report.json` for `EvaluationReportAdapter`.

Its cases compare the output with the expected decision (`EqualsExpected`), so a task has to return route and labels.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from copilot.evaluation.exchange.files import a_list, read_any, write_json
from copilot.evaluation.exchange.incoming import Entry
from copilot.evaluation.exchange.outgoing import Answer, Outgoing, Plain, Run, expected, given, metadata, ticket_of

NAME = "triage-copilot"
_OF_A_CASE = ("name", "inputs", "expected_output", "metadata")
_OF_A_SET = ("cases", "name", "$schema")
_REASON_LEFT_OUT = "the reader that was asked for did not answer"


def export(out: Outgoing, folder: Path) -> Iterator[Path]:
    """Write the files and give their paths. Raises `ExchangeError`."""
    cases = [
        {"name": case.id, "inputs": ticket_of(case), "metadata": metadata(case), "expected_output": expected(case)}
        for case in out.cases.cases
    ]
    yield write_json(folder / "dataset.json", {"name": NAME, "cases": cases, "evaluators": ["EqualsExpected"]})
    if out.run is not None:
        yield write_json(folder / "report.json", _report(out, out.run))


def entries(path: Path) -> Iterator[Entry]:
    """The cases of a data set. Raises `ExchangeError`."""
    whole = read_any(path)
    beside = tuple(name for name in whole if name not in _OF_A_SET) if isinstance(whole, dict) else ()
    cases = a_list(whole.get("cases") if isinstance(whole, dict) else None, path, "list of `cases`")
    for place, case in enumerate(cases):
        more = tuple(name for name in case if name not in _OF_A_CASE)
        given = (case.get(name) for name in _OF_A_CASE)
        id, ticket, decided, about = given
        yield Entry(f"{path}, cases[{place}]", id, ticket, decided, about, more if place else (*beside, *more))


def _report(out: Outgoing, run: Run) -> Plain:
    samples = run.manifest.samples
    answers = list(out.answers())
    return {
        "name": f"{NAME}, {run.reader}",
        "dataset_name": NAME,
        "experiment_metadata": run.manifest.model_dump(mode="json"),
        "cases": [_case(one, samples) for one in answers if one.is_scored],
        "failures": [_failure(one, samples) for one in answers if not one.is_scored],
        "analyses": [],
        "report_evaluator_failures": [],
    }


def _of_both(one: Answer, samples: int) -> Plain:
    repeated = {"source_case_name": one.case.id} if samples > 1 else {}
    return {
        "name": f"{one.case.id} [{one.row.sample + 1}/{samples}]" if samples > 1 else one.case.id,
        "inputs": ticket_of(one.case),
        "metadata": metadata(one.case),
        "expected_output": expected(one.case),
    } | repeated


def _case(one: Answer, samples: int) -> Plain:
    usage = one.row.usage
    return _of_both(one, samples) | {
        "output": given(one.row),
        "metrics": {"prompt_tokens": usage.prompt_tokens, "completion_tokens": usage.completion_tokens},
        "attributes": one.about,
        "scores": {},
        "labels": {},
        "assertions": {name: _assertion(name, right, one.fault) for name, right in one.right.items()},
        "task_duration": one.row.seconds,
        "total_duration": one.row.seconds,
        "evaluator_failures": [],
    }


def _assertion(name: str, right: bool, fault: str) -> dict[str, Any]:
    reason = None if right else fault or None
    return {"name": name, "value": right, "reason": reason, "source": {"name": name, "arguments": None}}


def _failure(one: Answer, samples: int) -> Plain:
    told = f"{_REASON_LEFT_OUT}: {one.row.outcome}"
    return _of_both(one, samples) | {"error_message": told, "error_stacktrace": ""}
