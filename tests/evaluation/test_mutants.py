"""Policy mutants: each small break is noticed by the gold facts of a case, or listed with a reason."""

from pathlib import Path

import pytest

from copilot.evaluation.cases import CaseSet
from copilot.evaluation.mutants import MutantError, Trial, read_equivalents, try_mutants
from copilot.evaluation.mutations import MUTATED, mutants
from copilot.policy.rules import RULES
from tests.evaluation.small import small_set

COERCION_QUEUE = "rules.coercion: CONTENT_ENFORCEMENT_QUEUE -> None"


@pytest.fixture(scope="module")
def trial(small: CaseSet) -> Trial:
    return try_mutants(small, {})


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> CaseSet:
    return small_set(tmp_path_factory.mktemp("cases"), 2)


def test_every_mutant_has_its_own_name_and_names_do_not_move() -> None:
    ids = [mutant.id for mutant in mutants()]

    assert len(ids) == len(set(ids)) > 200
    assert ids == [mutant.id for mutant in mutants()]


def test_every_function_that_decides_is_broken_and_neighbouring_rules_are_swapped() -> None:
    ids = [mutant.id for mutant in mutants()]

    for module, functions in MUTATED.items():
        name = module.rpartition(".")[2]
        untouched = [function for function in functions if not any(id.startswith(f"{name}.{function}: ") for id in ids)]
        assert untouched in ([], ["in_order"])
    assert sum(" before " in id for id in ids) == len(RULES) - 1


@pytest.mark.parametrize(
    "id",
    [
        "rules.coercion: Route.CONTENT_ENFORCEMENT -> Route.AGENT_REVIEW",
        COERCION_QUEUE,
        "case.coercing: self.threatens or (self.damages and self.demands) -> self.threatens and (self.damages and self.demands)",
    ],
)
def test_a_wrong_route_queue_or_condition_is_noticed_by_a_plain_threat(trial: Trial, id: str) -> None:
    killed_by = {one.id: one.killed_by for one in trial.tried}

    assert killed_by[id] == "case-0"


def test_what_no_case_tries_survives(trial: Trial) -> None:
    assert "rules: retaliation before coercion" in trial.survivors
    assert trial.killed + len(trial.survivors) == len(trial.tried)


def test_a_listed_survivor_is_none_and_a_listed_mutant_that_is_noticed_is_outdated(trial: Trial) -> None:
    survivor = "rules: retaliation before coercion"

    listed = Trial(trial.tried, {survivor: "made for a test", COERCION_QUEUE: "wrong", "gone": "wrong"})

    assert survivor not in listed.survivors
    assert set(listed.outdated) == {COERCION_QUEUE, "gone"}


def test_the_policy_itself_is_as_it_was_afterwards(small: CaseSet) -> None:
    before = [(rule.id, rule.decide) for rule in RULES]

    try_mutants(small, {})

    assert [(rule.id, rule.decide) for rule in RULES] == before


def test_cases_without_gold_facts_cannot_notice_anything_and_are_refused(small: CaseSet) -> None:
    bare = CaseSet(
        tuple(case.model_copy(update={"expect": case.expect.model_copy(update={"extraction": None})}) for case in small.cases)
    )

    with pytest.raises(MutantError, match="no case has gold facts"):
        try_mutants(bare, {})


def test_a_list_of_equivalents_needs_a_reason_for_each(tmp_path: Path) -> None:
    path = tmp_path / "equivalent.toml"
    path.write_text('[[equivalent]]\nmutant = "m"\nreason = " "\n')

    with pytest.raises(MutantError, match="'m' has no reason"):
        read_equivalents(path)
    assert read_equivalents(tmp_path / "missing.toml") == {}


@pytest.mark.parametrize("content", ["[[equivalent]]\nmutant = 'm'", "equivalent = 3", "[equi"])
def test_a_list_of_equivalents_of_another_shape_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "equivalent.toml"
    path.write_text(content)

    with pytest.raises(MutantError, match=r"equivalent\.toml"):
        read_equivalents(path)
