"""Whose fault a wrong case is, found by asking the policy again."""

from copilot.core.vocabulary import Route
from copilot.evaluation.cases.case import LabelledCase
from copilot.evaluation.score.attribution import NO_READING, NOT_ALL_READ, PARTIES, SEVERAL, Attribution, Blame, attribute
from tests.evaluation.labelled import CLIENT, FREELANCER, case, claim, demand, extraction, party, threat

COERCED = case(extraction(threats=[threat()], demands=[demand()]))


def test_a_missed_threat_is_the_readers_fault_and_is_named() -> None:
    fault = attribute(COERCED, extraction(demands=[demand()]))

    assert fault == Attribution(Blame.READER, ("threats: missed",))


def test_a_wrong_kind_of_demand_is_named() -> None:
    """The label follows the demand."""
    fault = attribute(COERCED, extraction(threats=[threat()], demands=[demand("feedback")]))

    assert fault == Attribution(Blame.READER, ("demands: wrong_kind",))


def test_an_invented_fact_is_named() -> None:
    fault = attribute(case(extraction()), extraction(threats=[threat()]))

    assert fault == Attribution(Blame.READER, ("threats: invented",))


def test_a_detail_of_a_fact_that_was_found_is_named() -> None:
    by_mistake = case(extraction(damage_claims=[claim(intent="accidental", motive="not_stated")]))

    fault = attribute(by_mistake, extraction(damage_claims=[claim()]))

    assert fault == Attribution(Blame.READER, ("damage_claims: details",))


def test_two_facts_that_each_mend_the_case_are_named_once() -> None:
    """Missed twice over: either threat alone would have been enough."""
    twice = case(extraction(threats=[threat(), threat("disclose")], demands=[demand()]))

    fault = attribute(twice, extraction())

    assert fault == Attribution(Blame.READER, ("threats: missed",))


def test_facts_that_only_together_mend_the_case_are_several() -> None:
    """The damage was missed and the demand too: alone, neither gives the label."""
    damaged = case(extraction(damage_claims=[claim()], demands=[demand("feedback")]))

    fault = attribute(damaged, extraction())

    assert fault == Attribution(Blame.READER, (SEVERAL,))


def test_a_wrong_role_is_told_apart_from_the_facts() -> None:
    """The victim was taken for staff; every fact is right."""
    fault = attribute(
        COERCED, extraction(parties=(party("p1", "support", reporter=True), FREELANCER), threats=[threat()], demands=[demand()])
    )

    assert fault == Attribution(Blame.READER, (PARTIES,))


def test_no_reading_is_the_readers_fault() -> None:
    assert attribute(COERCED, None) == Attribution(Blame.READER, (NO_READING,))


def test_right_facts_under_a_wrong_decision_were_not_all_that_was_to_be_read() -> None:
    fault = attribute(COERCED, COERCED.expect.extraction)

    assert fault == Attribution(Blame.MISSING_INFORMATION, (NOT_ALL_READ,))


def test_gold_facts_that_give_another_decision_are_the_policys_fault() -> None:
    wrong_label = COERCED.expect.model_copy(update={"route": Route.NO_ESCALATION, "labels": []})

    fault = attribute(COERCED.model_copy(update={"expect": wrong_label}), extraction())

    assert fault == Attribution(Blame.POLICY)


def test_an_arguable_case_and_one_without_gold_facts_are_in_doubt() -> None:
    arguable: LabelledCase = COERCED.model_copy(update={"tags": ("arguable",)})

    assert attribute(arguable, extraction()).blame is Blame.LABEL_DOUBT
    assert attribute(case(None), extraction(threats=[threat()])).blame is Blame.LABEL_DOUBT


def test_a_fact_about_a_party_that_was_not_listed_stays_unbelieved_when_another_is_mended() -> None:
    """`p3` is the reader's own slip: if it became the gold party of that name, mending the demand would be enough."""
    crowd = (CLIENT, FREELANCER, party("p3", "agency"))
    gold = case(extraction(parties=crowd, damage_claims=[claim(by="p3")], demands=[demand(by="p3", kind="feedback")]))

    fault = attribute(gold, extraction(damage_claims=[claim(by="p3")]))

    assert fault == Attribution(Blame.READER, (SEVERAL,))


def test_evidence_that_does_not_exist_is_a_detail_of_its_fact() -> None:
    fault = attribute(COERCED, extraction(threats=[threat(evidence="m9.9")], demands=[demand()]))

    assert fault == Attribution(Blame.READER, ("threats: details",))


def test_a_stranger_is_kept_apart_from_every_gold_party() -> None:
    """The stranger's account threat outranks all else; taking it away is what mends the case."""
    crowd = (CLIENT, FREELANCER, party("p9", "unknown"))
    stranger = threat("account_breach", by="p9", asset="marketplace_account")

    fault = attribute(COERCED, extraction(parties=crowd, threats=[threat(), stranger], demands=[demand()]))

    assert fault == Attribution(Blame.READER, ("threats: invented",))
