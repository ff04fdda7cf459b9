"""The policy on verified facts: the source's own examples, cautions, and readings that cannot be relied on."""

from dataclasses import replace

import pytest

from copilot.core.facts import Dropped, DropReason, Facts, Party
from copilot.core.vocabulary import CONTENT_ENFORCEMENT_QUEUE, Caution, Harm, Label, Origin, Role, Route
from copilot.output.cautions import cautions
from copilot.policy import Circumstances
from copilot.policy import decide as decide_module
from copilot.policy.assess import assess
from copilot.policy.case import Actor, Case
from copilot.policy.decide import ESCALATIONS
from tests.builders import CLIENT, READ_WELL, claim, decide_on, decided, demand, dispute, facts, threat

CR, FB, RE = Label.COERCION_AND_RETALIATION, Label.FEEDBACK_BUILDING, Label.RETALIATION


def dropping(*items: object, kept: tuple[object, ...] = (), **circumstances: object) -> object:
    """The decision where these facts were dropped, and what it would be without any of them."""
    found = replace(facts(*kept), dropped=tuple(Dropped("threats", 0, item, DropReason.NO_EVIDENCE) for item in items))
    return decide_on(found, Circumstances(**circumstances))


def test_an_offer_to_repair_damage_for_money_is_coercion_and_retaliation() -> None:
    """S7, S10."""
    decision = decided(claim("destroy", "website"), demand("money"))

    assert (decision.route, decision.queue, decision.labels) == (Route.CONTENT_ENFORCEMENT, CONTENT_ENFORCEMENT_QUEUE, (CR,))
    assert decision.statements == ("S1", "S7", "S10")


def test_an_offer_to_repair_damage_for_better_feedback_is_feedback_building() -> None:
    """S8, S10."""
    decision = decided(claim("destroy", "website"), demand("feedback"))

    assert (decision.route, decision.labels, decision.statements) == (Route.CONTENT_ENFORCEMENT, (FB,), ("S1", "S8", "S10"))


def test_a_defaced_shop_without_a_demand_is_retaliation() -> None:
    """S2, S9."""
    decision = decided(claim("destroy", "business_listing", motive="retaliation"))

    assert (decision.route, decision.queue, decision.labels) == (Route.CONTENT_ENFORCEMENT, CONTENT_ENFORCEMENT_QUEUE, (RE,))
    assert decision.statements == ("S2", "S9")


def test_a_threat_to_take_over_a_marketplace_account_goes_to_account_security_without_a_queue() -> None:
    """S4."""
    decision = decided(threat("account_breach", "marketplace_account"), demand("money"))

    assert (decision.route, decision.queue, decision.labels, decision.statements) == (Route.ACCOUNT_SECURITY, None, (), ("S4",))


def test_a_claim_that_somebody_got_into_an_account_goes_to_account_security() -> None:
    """S5."""
    decision = decided(claim("account_breach", "marketplace_account"))

    assert (decision.route, decision.statements) == (Route.ACCOUNT_SECURITY, ("S5",))


def test_a_threat_to_an_outside_account_is_property_damage_not_account_security() -> None:
    """S4 speaks of marketplace accounts only."""
    decision = decided(threat("lock_out", "outside_account"))

    assert decision.route is Route.CONTENT_ENFORCEMENT


def test_a_customer_who_qualifies_goes_to_mediation_instead_of_content_enforcement() -> None:
    """S6."""
    decision = decided(threat(), demand(), eligible=True)

    assert (decision.route, decision.queue, decision.labels) == (Route.MEDIATION_DISPUTES, None, ())
    assert Caution.ALSO_COERCION in decision.cautions


def test_an_account_at_risk_is_not_kept_waiting_by_mediation() -> None:
    decision = decided(threat("account_breach"), dispute(), eligible=True)

    assert decision.route is Route.ACCOUNT_SECURITY


def test_suspicion_without_a_report_goes_to_content_enforcement_and_says_so() -> None:
    """S3."""
    decision = decided(demand("feedback"), origin="agent_observation")

    assert (decision.route, decision.labels, decision.report_received) == (Route.CONTENT_ENFORCEMENT, (), False)
    assert Caution.NO_REPORT_RECEIVED in decision.cautions


def test_a_customer_who_describes_their_own_threat_reports_nobody() -> None:
    decision = decided(threat(by="p1", against="p2"))

    assert not decision.report_received
    assert decision.statements == ("S1", "S3", "S7")


def test_labels_of_two_actors_stand_together_in_the_fixed_order() -> None:
    decision = decided(claim(by="p4"), threat(), demand("feedback"), demand("money"))

    assert decision.labels == (CR, FB, RE)


def test_what_a_demand_names_is_not_known_until_it_is_told() -> None:
    """A demand of no stated kind is not for feedback."""
    decision = decided(threat(), demand("not_stated"))

    assert decision.labels == (CR,)


def test_a_lawful_remedy_alone_is_a_dispute() -> None:
    assert decided(threat("lawful_remedy"), eligible=None).rule == "R6_judgement"
    assert decided(threat("lawful_remedy"), eligible=True).rule == "R2_mediation"
    assert decided(threat("lawful_remedy"), eligible=False).rule == "R7_outside"


def test_a_request_for_feedback_without_force_is_for_a_person() -> None:
    assert decided(demand("feedback"), eligible=False).rule == "R6_judgement"


def test_a_ticket_with_nothing_in_it_is_not_escalated() -> None:
    decision = decided()

    assert (decision.route, decision.rule, decision.cautions, decision.report_received) == (
        Route.NO_ESCALATION,
        "R7_outside",
        (),
        True,
    )


def test_a_threat_to_staff_is_for_a_person_and_never_coercion() -> None:
    decision = decided(threat("violence", against="p3"), demand("money", of="p3"))

    assert (decision.route, decision.cautions) == (Route.AGENT_REVIEW, (Caution.SAFETY_RISK, Caution.THREAT_TO_STAFF))


@pytest.mark.parametrize("item", [threat("violence"), claim("violence"), claim("violence", intent="accidental")], ids=repr)
def test_violence_adds_a_caution_for_safety(item: object) -> None:
    assert Caution.SAFETY_RISK in decided(item).cautions


def test_no_other_harm_adds_a_caution_for_safety() -> None:
    for harm in Harm:
        if harm is not Harm.VIOLENCE:
            assert Caution.SAFETY_RISK not in decided(threat(harm), claim(harm), demand("feedback")).cautions


def test_claims_are_called_unverified_on_every_escalation_and_on_nothing_else() -> None:
    decisions = [
        decided(threat("account_breach")),
        decided(dispute(), eligible=True),
        decided(threat()),
        decided(claim()),
        decided(demand("feedback"), origin="agent_observation"),
        decided(demand("feedback")),
        decided(),
    ]

    assert [Caution.CLAIMS_UNVERIFIED in one.cautions for one in decisions] == [one.route in ESCALATIONS for one in decisions]
    assert [one.rule[:2] for one in decisions] == ["R1", "R2", "R3", "R4", "R5", "R6", "R7"]


def test_a_failed_reading_is_for_a_person() -> None:
    decision = decide_on(Facts(), Circumstances(reading_failed=True))

    assert (decision.route, decision.rule) == (Route.AGENT_REVIEW, "R6_judgement")


def test_a_dropped_fact_that_would_have_changed_the_decision_sends_the_ticket_to_a_person() -> None:
    decision = dropping(threat())

    assert (decision.route, decision.cautions) == (Route.AGENT_REVIEW, (Caution.UNVERIFIED_FACT,))


def test_a_dropped_request_for_feedback_matters_although_it_is_only_for_judgement() -> None:
    decision = dropping(demand("feedback"), mediation_eligible=False)

    assert (decision.route, decision.cautions) == (Route.AGENT_REVIEW, (Caution.UNVERIFIED_FACT,))


def test_a_dropped_fact_that_changes_nothing_only_adds_a_caution() -> None:
    decision = dropping(threat("lawful_remedy"), mediation_eligible=False)

    assert (decision.route, decision.cautions) == (Route.NO_ESCALATION, (Caution.UNVERIFIED_FACT,))


def test_a_dropped_name_only_adds_a_caution() -> None:
    decision = dropping(Party("p2", Role.FREELANCER, False, "Nobody"))

    assert (decision.route, decision.cautions) == (Route.NO_ESCALATION, (Caution.UNVERIFIED_FACT,))


def test_dropped_facts_that_matter_only_together_send_the_ticket_to_a_person() -> None:
    """A threat of bad feedback counts with a demand; a demand for money alone is nothing, once eligibility is known."""
    together = dropping(threat("bad_feedback"), demand("money"), mediation_eligible=False)
    apart = [dropping(one, mediation_eligible=False) for one in (threat("bad_feedback"), demand("money"))]

    assert together.route is Route.AGENT_REVIEW
    assert {one.route for one in apart} == {Route.NO_ESCALATION}


def test_a_dropped_fact_matters_even_where_the_others_would_hide_it() -> None:
    """Alone, the threat makes a coercion for feedback; with the second demand the labels are others again."""
    decision = dropping(threat(), demand("money"), kept=(demand("feedback"),), mediation_eligible=False)

    assert decision.route is Route.AGENT_REVIEW


def test_a_dropped_fact_is_no_reason_to_hold_back_an_escalation() -> None:
    """The first rule that holds decides, and judgement stands after coercion."""
    decision = dropping(threat("account_breach"), kept=(threat(),))

    assert (decision.route, Caution.UNVERIFIED_FACT in decision.cautions) == (Route.CONTENT_ENFORCEMENT, True)


def test_a_fact_dropped_many_times_over_is_weighed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    weighings = []
    monkeypatch.setattr(decide_module, "assess", lambda *given: weighings.append(1) or assess(*given))

    many = dropping(*[threat("lawful_remedy", evidence=f"m1.{number}") for number in range(300)], mediation_eligible=False)

    assert many.route is Route.NO_ESCALATION
    assert len(weighings) < 10


def test_a_dropped_fact_is_tried_under_the_tickets_own_origin() -> None:
    """Poor feedback that does not count is suspicious only where an agent noticed it."""
    noticed, reported = (
        dropping(claim("bad_feedback"), origin=origin, mediation_eligible=False)
        for origin in (Origin.AGENT_OBSERVATION, Origin.CUSTOMER_REPORT)
    )

    assert (noticed.route, reported.route) == (Route.AGENT_REVIEW, Route.NO_ESCALATION)


def test_coercion_and_retaliation_are_cautions_where_another_team_gets_them_and_nowhere_else() -> None:
    both = {Caution.ALSO_COERCION, Caution.ALSO_RETALIATION}

    def told(*items: object, **kind: object) -> set[Caution]:
        return both & set(decided(*items, **kind).cautions)

    assert told(threat(), threat("account_breach")) == told(threat(), eligible=True) == {Caution.ALSO_COERCION}
    assert told(claim(by="p4"), threat("account_breach")) == told(claim(), eligible=True) == {Caution.ALSO_RETALIATION}
    assert told(threat(), claim(by="p4"), eligible=True) == both
    assert told(dispute(), eligible=True) == told(threat("account_breach")) == told(threat(), claim(by="p4")) == set()


def test_unknown_eligibility_is_asked_about_where_there_is_coercion_or_retaliation() -> None:
    for items in ([threat()], [claim()]):
        assert Caution.CHECK_MEDIATION in decided(*items).cautions
        assert Caution.CHECK_MEDIATION not in decided(*items, eligible=False).cautions
        assert Caution.CHECK_MEDIATION not in decided(*items, eligible=True).cautions
    assert Caution.CHECK_MEDIATION not in decided(dispute()).cautions


def test_cautions_stand_in_one_order_whichever_of_them_hold() -> None:
    read_badly = replace(READ_WELL, degraded=True, unread=("m1.1",), uncited=("m1.2",))
    found = replace(facts(threat("violence", against="p3")), dropped=(Dropped("threats", 0, threat(), DropReason.NO_EVIDENCE),))
    everything = Case(Origin.AGENT_OBSERVATION, actors=(Actor(threatens=True), Actor(damages=True)), threat_to_staff=True)

    assert cautions(everything, Route.ACCOUNT_SECURITY, found, read_badly, is_partial=True) == tuple(Caution)
    assert cautions(Case(), Route.NO_ESCALATION, Facts(), READ_WELL, is_partial=False) == ()


def test_deciding_twice_gives_the_same() -> None:
    found = facts(threat(), demand("feedback"), claim(by="p4"), dispute())

    assert decide_on(found, Circumstances()) == decide_on(found, Circumstances())


def test_who_a_party_is_beside_staff_or_reporter_changes_no_route() -> None:
    """No rule asks for client or freelancer: either side can coerce the other."""
    for role in (Role.CLIENT, Role.FREELANCER, Role.AGENCY, Role.UNKNOWN):
        parties = (CLIENT, Party("p2", role, is_reporter=False))
        decision = decide_on(facts(threat(), demand(), parties=parties), Circumstances(Origin.CUSTOMER_REPORT))

        assert decision.route is Route.CONTENT_ENFORCEMENT
