"""The gates of this repository, on its own cases: the policy on gold facts, the embedded reader, and every recorded model."""

from pathlib import Path

import pytest

from copilot.evaluation.cases.case import load_cases
from copilot.evaluation.compare.gates import load_gates
from copilot.evaluation.finish import SUMMARY
from copilot.evaluation.score.summary import Summary
from tests.evaluation.conftest import Evaluate

EVALS = Path(__file__).parents[2] / "evals"
CASES = EVALS / "cases"
GATES = EVALS / "gates.toml"
MOST_SLACK = 0.1
RECORDED = sorted((EVALS / "recorded").glob("*.jsonl"))


def test_the_policy_gives_the_gold_decision_for_the_gold_facts_of_every_case() -> None:
    """`load_cases` refuses a case whose facts do not give its label."""
    cases = load_cases([CASES])

    assert len(cases) >= 240
    assert all(case.expect.extraction is not None for case in cases.cases)


def test_the_embedded_reader_passes_its_gates(evaluate: Evaluate) -> None:
    ran = evaluate("run", CASES, "--extractor", "embedded", "--out", "out", "--gates", GATES)

    assert ran.code == 0, ran.out + ran.err
    assert loose_gates("embedded") == []


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_model_passes_its_gates_on_replay(evaluate: Evaluate, recorded: Path) -> None:
    ran = evaluate("run", CASES, "--replay", recorded, "--out", "out", "--gates", GATES)

    assert ran.code == 0, ran.out + ran.err
    assert loose_gates(recorded.stem) == []


def loose_gates(reader: str) -> list[str]:
    """Gates of this very reader that stand further below the run in `out` than they may: they would let a step back pass."""
    figures = Summary.model_validate_json((Path("out") / SUMMARY).read_text(encoding="utf-8")).figures
    gates = load_gates(GATES)
    floors = [(one, figures[one.figure].low - one.limit) for one in gates.floor if one.reader == reader]
    ceilings = [(one, one.limit - figures[one.figure].high) for one in gates.ceiling if one.reader == reader]
    return [f"{one.figure}: raise the limit, {slack:.3f} of slack" for one, slack in floors + ceilings if slack > MOST_SLACK]
