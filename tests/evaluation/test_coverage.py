"""What a case set covers, and the holes in it."""

from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.cases.coverage import cover, languages, pairs, shortfalls
from tests.evaluation.labelled import case, case_set, claim, demand, dispute, extraction, shipped_cases, threat

THREATENED = extraction(threats=[threat()], demands=[demand()])


def _counts(cases: CaseSet, name: str) -> dict[str, int]:
    return dict(next(table for table in cover(cases) if table.name == name).counts)


def test_every_value_is_counted_once_a_case_and_the_rest_are_holes() -> None:
    """Two threats of one kind in one case are one case."""
    cases = case_set(case(extraction(threats=[threat(), threat(evidence="m1.2", asset="other")])), case(THREATENED, id="case-2"))

    assert _counts(cases, "harm threatened")["destroy"] == 2
    assert "harm threatened: lock_out" in next(table for table in cover(cases) if table.name == "harm threatened").holes


def test_facts_circumstances_and_the_acting_reporter_are_counted() -> None:
    told = extraction(damage_claims=[claim(by="p1", against="p2", motive="retaliation")], disputes=[dispute("scope")])

    cases = case_set(case(told, context={"mediation_eligible": True}, origin="agent_observation"))

    assert _counts(cases, "motive")["retaliation"] == _counts(cases, "dispute kind")["scope"] == 1
    assert _counts(cases, "mediation eligible") == {"true": 1, "false": 0, "null": 0}
    assert _counts(cases, "origin")["agent_observation"] == _counts(cases, "reporter is the actor")["yes"] == 1


def test_a_case_without_gold_facts_counts_for_its_route_alone() -> None:
    cases = case_set(case(None))

    assert _counts(cases, "route")["no_escalation"] == 1
    assert sum(_counts(cases, "harm claimed").values()) == sum(_counts(cases, "reporter is the actor").values()) == 0


def test_a_minimal_pair_whose_changed_fact_changes_nothing_is_named() -> None:
    tags = ("minimal-pair:same",)
    flat = case_set(case(THREATENED, tags=tags), case(THREATENED, id="case-2", tags=tags))
    steep = case_set(case(THREATENED, tags=tags), case(extraction(), id="case-2", tags=tags))

    assert pairs(flat) == ("minimal-pair:same",)
    assert pairs(steep) == ()
    assert pairs(case_set(case(THREATENED, tags=tags))) == ("minimal-pair:same",)


def test_languages_are_counted_by_tag() -> None:
    cases = case_set(case(tags=("lang:tl",)), case(id="case-2", tags=()))

    assert dict(languages(cases).counts) == {"en": 1, "tl": 1}


def test_a_small_set_falls_short_of_every_number() -> None:
    told = shortfalls(case_set(case()))

    assert "labelled cases: 1 of at least 240" in told
    assert len(told) == 6


def test_the_shipped_cases_leave_no_hole() -> None:
    cases = shipped_cases()

    assert [hole for table in cover(cases) for hole in table.holes] == []
    assert shortfalls(cases) == pairs(cases) == ()
