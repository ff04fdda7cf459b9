"""`copilot eval`: what is printed, what is written, and the exit code of each end."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from copilot.evaluation.cases.case import load_cases
from tests.evaluation.conftest import Evaluate, Ran
from tests.evaluation.small import NO_FACTS, case_line, reads_rightly, write_cases
from tests.fault_server import Exchange, FaultServer, Step, completion, error, head, says

PRICES = {"COPILOT_PRICE_PROMPT": "1000", "COPILOT_PRICE_COMPLETION": "1000"}
FLOOR = '[[floor]]\nfigure = "route"\nlimit = {}\nreason = "made for a test"\n'


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer([reads_rightly()]) as stub:
        yield stub


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return write_cases(tmp_path / "cases.jsonl")


def asking(server: FaultServer) -> dict[str, str]:
    return {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "k", "COPILOT_MODEL": "stub-1"}


def run(evaluate: Evaluate, cases: Path, *more: str | Path, out: str = "out", **environment: str) -> Ran:
    return evaluate("run", cases, "--out", out, *more, **environment)


def summary(tmp_path: Path, out: str = "out") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((tmp_path / out / "summary.json").read_text())
    return found


def test_a_run_prints_its_headline_with_n_and_interval_and_writes_its_files(
    evaluate: Evaluate, cases: Path, server: FaultServer, tmp_path: Path
) -> None:
    ran = run(evaluate, cases, **asking(server))

    assert ran.code == 0
    assert "openai (stub-1): 6 of 6 cases scored" in ran.out
    assert "route right                     100.0 % [61.0, 100.0]  n=6" in ran.out
    assert {"rows.jsonl", "results.jsonl", "summary.json", "run.json", "cases.jsonl", "answers.jsonl"} <= {
        path.name for path in (tmp_path / "out").iterdir()
    }


def test_results_hold_gold_and_answer_of_each_case(evaluate: Evaluate, cases: Path, server: FaultServer, tmp_path: Path) -> None:
    run(evaluate, cases, **asking(server))

    results = [json.loads(line) for line in (tmp_path / "out" / "results.jsonl").read_text().splitlines()]

    assert sorted(one["case_id"] for one in results) == [f"case-{number}" for number in range(6)]
    assert all(one["right_route"] and one["gold_route"] == one["row"]["route"] for one in results)


def test_a_finished_run_asks_nothing_when_it_is_run_again(evaluate: Evaluate, cases: Path, server: FaultServer) -> None:
    first = run(evaluate, cases, **asking(server))
    calls = server.calls

    second = run(evaluate, cases, **asking(server))

    assert (second.code, second.out) == (first.code, first.out)
    assert server.calls == calls == 6


def test_recorded_answers_are_asked_for_once_over_two_runs(
    evaluate: Evaluate, cases: Path, server: FaultServer, tmp_path: Path
) -> None:
    run(evaluate, cases, "--record", "recorded", **asking(server))

    run(evaluate, cases, "--record", "recorded", out="other", **asking(server))

    assert server.calls == 6
    assert len((tmp_path / "recorded" / "stub-1.jsonl").read_text().splitlines()) == 7


def test_a_replay_needs_no_key_and_gives_the_same_figures(
    evaluate: Evaluate, cases: Path, server: FaultServer, tmp_path: Path
) -> None:
    run(evaluate, cases, "--record", "recorded", **asking(server))
    calls = server.calls

    ran = run(evaluate, cases, "--replay", "recorded", out="replayed")

    assert (ran.code, server.calls) == (0, calls)
    assert summary(tmp_path, "replayed")["figures"] == summary(tmp_path)["figures"]
    assert summary(tmp_path, "replayed")["manifest"] == summary(tmp_path)["manifest"]


def test_a_replay_of_changed_cases_lists_what_is_stale_and_ends_with_three(
    evaluate: Evaluate, cases: Path, server: FaultServer, tmp_path: Path
) -> None:
    run(evaluate, cases, "--record", "recorded", **asking(server))
    changed = [case_line(number) for number in range(7)]
    changed[2]["ticket"]["messages"][0]["text"] += " And more."
    cases.write_text("".join(f"{json.dumps(line)}\n" for line in changed))

    ran = run(evaluate, cases, "--replay", "recorded", out="replayed")

    assert ran.code == 3
    assert "stale: case-2 (sample 0): the ticket changed" in ran.out
    assert "stale: case-6 (sample 0): the case was never recorded" in ran.out
    assert summary(tmp_path, "replayed")["unscored"] == ["case-2", "case-6"]
    assert evaluate("report", "replayed").code == 3


def test_a_case_without_an_answer_is_listed_and_the_run_is_incomplete(evaluate: Evaluate, cases: Path, tmp_path: Path) -> None:
    with FaultServer([says("I will not read this."), reads_rightly()]) as server:
        ran = run(evaluate, cases, "--concurrency", "1", **asking(server))

    assert ran.code == 2
    assert "not scored: case-0" in ran.out
    assert (summary(tmp_path)["scored"], summary(tmp_path)["figures"]["route"]["n"]) == (5, 5)


def test_a_key_that_is_refused_ends_the_run_in_one_line(evaluate: Evaluate, cases: Path) -> None:
    with FaultServer([error(401)]) as server:
        ran = run(evaluate, cases, "--concurrency", "1", **asking(server))

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "copilot: the model cannot be used (auth); mend it (`copilot doctor`), and run the same again\n"


def test_samples_ask_each_case_so_often_and_tell_flips(evaluate: Evaluate, cases: Path, server: FaultServer) -> None:
    ran = run(evaluate, cases, "--samples", "3", **asking(server))

    assert server.calls == 18
    assert "decision flips between samples  0.0 % [0.0, 39.0]  n=6" in ran.out


def test_a_failed_gate_ends_with_one_and_a_passed_one_with_zero(
    evaluate: Evaluate, cases: Path, server: FaultServer, tmp_path: Path
) -> None:
    gates = tmp_path / "gates.toml"
    codes = []
    for limit in (0.5, 0.9):
        gates.write_text(FLOOR.format(limit))
        codes.append(run(evaluate, cases, "--gates", gates, **asking(server)).code)

    assert codes == [0, 1]


def test_gates_in_the_usual_place_are_judged_unless_told_otherwise(
    evaluate: Evaluate, cases: Path, server: FaultServer, tmp_path: Path
) -> None:
    (tmp_path / "evals").mkdir()
    (tmp_path / "evals" / "gates.toml").write_text(FLOOR.format(0.9))

    assert run(evaluate, cases, **asking(server)).code == 1
    assert run(evaluate, cases, "--no-gates", **asking(server)).code == 0


def test_a_gates_file_may_ask_for_coverage_and_a_hole_ends_with_four(
    evaluate: Evaluate, cases: Path, server: FaultServer, tmp_path: Path
) -> None:
    gates = tmp_path / "gates.toml"
    gates.write_text("[checks]\ncoverage = true\n")

    ran = run(evaluate, cases, "--gates", gates, **asking(server))

    assert ran.code == 4


def test_a_limit_on_cost_stops_the_run_and_the_same_command_goes_on(evaluate: Evaluate, cases: Path, server: FaultServer) -> None:
    """An answer of 9,040 tokens costs 9.04 at these prices."""
    environment = asking(server) | PRICES
    limited = ["--limit-cost", "20", "--concurrency", "1"]

    first = run(evaluate, cases, *limited, **environment)
    second = run(evaluate, cases, *limited, **environment)

    assert (first.code, second.code) == (2, 2)
    assert "stopped at a cost of 27.12" in first.err
    assert server.calls == 6


def answers(usage: object, content: str = json.dumps(NO_FACTS)) -> Step:
    """An answer with such an account of its tokens."""
    given = {**completion(content), "usage": usage}

    async def step(exchange: Exchange) -> None:
        raw = json.dumps(given).encode()
        await exchange.send(head(200, len(raw)) + raw)

    return step


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {},
        {"total_tokens": 9},
        {"prompt_tokens": 0, "completion_tokens": 0},
        {"prompt_tokens": 9000},
        {"completion_tokens": 40},
    ],
)
def test_a_limit_on_cost_stops_at_the_first_answer_that_does_not_say_what_it_took(
    evaluate: Evaluate, cases: Path, usage: object
) -> None:
    with FaultServer([answers(usage)]) as server:
        ran = run(evaluate, cases, "--limit-cost", "1", "--concurrency", "1", **asking(server), **PRICES)

    assert (ran.code, server.calls) == (2, 1)
    assert "does not say how many tokens an answer took" in ran.err


def test_without_a_limit_such_answers_are_taken(evaluate: Evaluate, cases: Path) -> None:
    with FaultServer([answers(None)]) as server:
        ran = run(evaluate, cases, **asking(server), **PRICES)

    assert "6 of 6 cases scored" in ran.out


@pytest.mark.parametrize("script", [["I will not read this."], ['{"parties": 5}'] * 2], ids=["refusal", "invalid"])
def test_a_case_that_was_answered_badly_is_asked_of_the_model_again_and_no_other_is(
    evaluate: Evaluate, cases: Path, tmp_path: Path, script: list[str]
) -> None:
    """Kept answers serve for all the rest."""
    with FaultServer([*map(says, script), reads_rightly()]) as server:
        first = run(evaluate, cases, "--concurrency", "1", **asking(server))
        asked = server.calls
        second = run(evaluate, cases, "--concurrency", "1", **asking(server))

        assert (first.code, second.code) == (2, 0)
        assert server.calls == asked + 1
    assert summary(tmp_path)["scored"] == 6


def test_answers_of_which_none_can_be_used_stop_the_run(evaluate: Evaluate, tmp_path: Path) -> None:
    cases = write_cases(tmp_path / "many.jsonl", 40)
    with FaultServer([says('{"parties": 5}')]) as server:
        ran = run(evaluate, cases, "--concurrency", "1", **asking(server))

    assert (ran.code, ran.out) == (2, "")
    assert "20 tickets in a row were not read (invalid 20); mend the model or its settings (`copilot doctor`)" in ran.err


def test_a_limit_on_cost_needs_prices(evaluate: Evaluate, cases: Path, server: FaultServer) -> None:
    ran = run(evaluate, cases, "--limit-cost", "1", **asking(server))

    assert ran.code == 2
    assert "COPILOT_PRICE_PROMPT" in ran.err


@pytest.mark.parametrize("limit", ["nan", "inf", "0", "-1"])
def test_a_limit_on_cost_that_nothing_could_reach_or_all_have_reached_is_refused(
    evaluate: Evaluate, cases: Path, server: FaultServer, limit: str
) -> None:
    ran = run(evaluate, cases, "--limit-cost", limit, **asking(server), **PRICES)

    assert (ran.code, server.calls) == (2, 0)
    assert "--limit-cost" in ran.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--replay", "a", "--record", "b"], "name one of them"),
        (["--extractor", "embedded", "--record", "b"], "asks no model"),
        (["--replay", "nowhere"], "there are no recordings here"),
        (["--gates", "nowhere.toml"], "nowhere.toml: cannot be read"),
        (["--gates", "a.toml", "--no-gates"], "not both"),
    ],
)
def test_arguments_that_do_not_fit_are_told_in_one_line(evaluate: Evaluate, cases: Path, arguments: list[str], told: str) -> None:
    ran = run(evaluate, cases, *arguments)

    assert ran.code == 2
    assert told in ran.err
    assert ran.err.count("\n") == 1


def test_a_report_is_made_again_without_asking_anything(
    evaluate: Evaluate, cases: Path, server: FaultServer, tmp_path: Path
) -> None:
    first = run(evaluate, cases, **asking(server))
    (tmp_path / "out" / "summary.json").unlink()

    again = evaluate("report", "out")

    assert (again.code, again.out) == (0, first.out)
    assert summary(tmp_path)["scored"] == 6


def test_compare_says_what_changed_and_writes_it(evaluate: Evaluate, cases: Path, server: FaultServer, tmp_path: Path) -> None:
    run(evaluate, cases, out="after", **asking(server))
    with FaultServer([says()]) as empty:
        run(evaluate, cases, out="before", **asking(empty))

    ran = evaluate("compare", "before", "after")

    written = json.loads((tmp_path / "after" / "compare.json").read_text())
    assert ran.code == 0
    assert "better: 3" in ran.out
    assert "case-0: no_escalation -> content_enforcement, should be content_enforcement" in ran.out
    assert (len(written["changes"]), written["n"]) == (3, 6)
    assert written["verdict"] in ran.out


def test_compare_tells_only_slices_that_changed_with_their_p_and_keeps_all_in_its_file(
    evaluate: Evaluate, server: FaultServer, tmp_path: Path
) -> None:
    cases = write_cases(tmp_path / "many.jsonl", 24, tags=("lang:en",))
    run(evaluate, cases, out="after", **asking(server))
    with FaultServer([says()]) as empty:
        run(evaluate, cases, out="before", **asking(empty))

    changed, same = evaluate("compare", "before", "after"), evaluate("compare", "after", "after")

    assert "language en: +50.0 points [" in changed.out
    assert "n=24, p = 0.0" in changed.out
    assert "12 changed" in changed.out
    assert "language en" not in same.out
    written = json.loads((tmp_path / "after" / "compare.json").read_text())
    assert written["slice_changes"]["language en"] == 0


def test_compare_judges_paired_gates_with_the_first_run_as_the_one_to_keep_up_with(
    evaluate: Evaluate, tmp_path: Path, server: FaultServer
) -> None:
    cases = write_cases(tmp_path / "cases.jsonl", 20)
    gates = tmp_path / "gates.toml"
    gates.write_text('[[paired]]\npoints = 2\nreason = "made for a test"\n')
    run(evaluate, cases, out="good", **asking(server))
    with FaultServer([says()]) as empty:
        run(evaluate, cases, out="bad", **asking(empty))

    assert evaluate("compare", "good", "bad", "--gates", gates).code == 1
    assert evaluate("compare", "bad", "good", "--gates", gates).code == 0


def test_runs_on_different_cases_are_compared_only_on_what_they_share_and_only_if_asked(
    evaluate: Evaluate, tmp_path: Path, server: FaultServer
) -> None:
    run(evaluate, write_cases(tmp_path / "few.jsonl", 4), out="few", **asking(server))
    run(evaluate, write_cases(tmp_path / "many.jsonl", 6), out="many", **asking(server))

    refused = evaluate("compare", "few", "many")
    shared = evaluate("compare", "few", "many", "--intersect")

    assert refused.code == 2
    assert "0 only in the first, 2 only in the second, 0 changed" in refused.err
    assert (shared.code, json.loads((tmp_path / "many" / "compare.json").read_text())["n"]) == (0, 4)


def test_an_incomplete_run_carries_no_verdict_for_a_shell(evaluate: Evaluate, cases: Path, server: FaultServer) -> None:
    run(evaluate, cases, out="whole", **asking(server))
    with FaultServer([says("I will not read this."), reads_rightly()]) as refusing:
        run(evaluate, cases, "--concurrency", "1", out="part", **asking(refusing))

    ran = evaluate("compare", "whole", "part")

    assert ran.code == 2
    assert "not scored in one run or both: case-0" in ran.out


def test_bless_keeps_a_run_and_needs_a_reason(evaluate: Evaluate, cases: Path, server: FaultServer, tmp_path: Path) -> None:
    run(evaluate, cases, **asking(server))

    codes = [evaluate("bless", "out", *why).code for why in ([], ["--why", " "], ["--why", "the first run"])]

    assert codes == [2, 2, 0]
    assert "the first run" in (tmp_path / "evals" / "baselines" / "stub-1.jsonl").read_text()


def test_coverage_ends_with_four_on_a_hole(evaluate: Evaluate, cases: Path) -> None:
    covered = evaluate("coverage", cases)

    assert covered.code == 4
    assert "no case: rule: R1_account_security" in covered.out


def test_a_folder_that_is_no_run_is_told_in_one_line(evaluate: Evaluate, tmp_path: Path) -> None:
    for command in (
        ["report", "."],
        ["compare", ".", "."],
        ["bless", ".", "--why", "x"],
        ["backtest", ".", "--policy-from", "x"],
    ):
        ran = evaluate(*command)

        assert ran.code == 2
        assert "name a folder that `copilot eval run` wrote" in ran.err


def test_the_cases_of_these_tests_are_cases(cases: Path) -> None:
    assert len(load_cases([cases])) == 6


def test_lint_lists_findings_and_ends_with_one(evaluate: Evaluate, cases: Path) -> None:
    ran = evaluate("lint", cases)

    assert ran.code == 1
    assert "6 cases, " in ran.out
    assert "case-0: " in ran.out


def test_metamorphic_changes_tell_what_broke_and_answers_are_kept(evaluate: Evaluate, cases: Path, server: FaultServer) -> None:
    arguments = ["metamorphic", cases, "--change", "signature", "--record", "kept.jsonl"]

    first, second = evaluate(*arguments, **asking(server)), evaluate(*arguments, **asking(server))

    assert (first.code, second.out) == (0, first.out)
    assert "signature: 6 tickets" in first.out
    assert "right before, wrong after  0.0 % [0.0, 39.0]  n=6" in first.out
    assert server.calls == 12


def test_a_change_that_there_is_not_is_told_with_those_there_are(evaluate: Evaluate, cases: Path) -> None:
    ran = evaluate("metamorphic", cases, "--change", "nothing")

    assert ran.code == 2
    assert "'nothing' is not known; the changes are names, " in ran.err


def test_readings_that_are_not_there_are_told_in_one_line(evaluate: Evaluate, cases: Path) -> None:
    ran = evaluate("agreement", cases)

    assert ran.code == 2
    assert "evals/labels/annotations-a.jsonl: cannot be read" in ran.err
