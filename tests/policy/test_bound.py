"""Facts without number: what is kept is bounded, told, and never less careful than all of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.core.facts import DamageClaim, Demand, Dispute, Dropped, DropReason, Fact, Facts, Party, Threat
from copilot.core.vocabulary import Asset, Caution, DemandKind, DisputeKind, Harm, Intent, Label, Motive, Origin, Role, Route
from copilot.pipeline import decide, decide_again
from copilot.policy import Circumstances, decide_facts, within_bounds
from copilot.policy.bound import MAX_FACTS_OF_A_KIND, MAX_PARTIES
from copilot.policy.decide import ESCALATIONS
from tests.builders import CLIENT, claim, demand, dispute, extraction, facts, threat, ticket

MANY = 400


def crowd(count: int) -> tuple[Party, ...]:
    return (CLIENT, *(Party(f"p{number}", Role.FREELANCER, is_reporter=False) for number in range(2, count + 1)))


people = st.sampled_from([party.id for party in crowd(60)])
pairs = st.tuples(people, people).filter(lambda pair: pair[0] != pair[1])
any_fact: st.SearchStrategy[Fact] = st.one_of(
    st.builds(lambda pair, h, a: Threat(*pair, h, a, ("m1.1",)), pairs, st.sampled_from(Harm), st.sampled_from(Asset)),
    st.builds(lambda pair, k: Demand(*pair, k, ("m1.1",)), pairs, st.sampled_from(DemandKind)),
    st.builds(
        lambda pair, h, a, i, m: DamageClaim(*pair, h, a, i, m, ("m1.1",)),
        pairs,
        st.sampled_from(Harm),
        st.sampled_from(Asset),
        st.sampled_from(Intent),
        st.sampled_from(Motive),
    ),
    st.builds(lambda kind: Dispute(kind, ("m1.1",)), st.sampled_from(DisputeKind)),
)


@pytest.mark.parametrize("count", [MAX_FACTS_OF_A_KIND - 1, MAX_FACTS_OF_A_KIND, MAX_FACTS_OF_A_KIND + 1])
def test_as_many_facts_as_there_is_room_for_stay_and_one_more_is_left_out(count: int) -> None:
    found = facts(*(threat(by=f"p{number}") for number in range(2, count + 2)), parties=crowd(count + 1)[:MAX_PARTIES])

    kept, left_out = within_bounds(found)

    assert len(kept.of(Threat)) + left_out == count
    assert len(kept.of(Threat)) <= MAX_FACTS_OF_A_KIND


def test_parties_that_no_fact_needs_go_first() -> None:
    found = facts(threat(by="p90"), parties=crowd(90))

    kept, left_out = within_bounds(found)

    assert left_out == 0
    assert len(kept.parties) == MAX_PARTIES
    assert {"p1", "p90"} <= {party.id for party in kept.parties}


def test_the_one_breach_of_an_account_among_hundreds_of_small_threats_stays() -> None:
    small = [threat("bad_feedback", by=f"p{number}") for number in range(2, MANY)]
    found = facts(*small, threat("account_breach", "marketplace_account", by=f"p{MANY}"), parties=crowd(MANY))

    kept, left_out = within_bounds(found)

    assert decide_facts(kept, Circumstances())[0].route is Route.ACCOUNT_SECURITY
    assert left_out == MANY - 1 - len(kept.of(Threat))


def test_the_demand_that_gives_the_label_stays_with_its_threat() -> None:
    idle = [demand("money", by=f"p{number}") for number in range(2, MANY)]
    found = facts(*idle, threat(by=f"p{MANY}"), demand("feedback", by=f"p{MANY}"), parties=crowd(MANY))

    kept, _ = within_bounds(found)

    assert decide_facts(kept, Circumstances())[0].labels == (Label.FEEDBACK_BUILDING,)


@given(st.lists(any_fact, min_size=20, max_size=120), st.sampled_from(Origin), st.sampled_from([True, False, None]))
@settings(max_examples=200, deadline=None)
def test_what_is_kept_never_decides_with_less_care_than_everything(
    items: list[Fact], origin: Origin, eligible: bool | None
) -> None:
    found = facts(*items, parties=crowd(60))
    given = Circumstances(origin, eligible)
    all_of_them = decide_facts(found, given)[0].route

    kept, left_out = within_bounds(found)
    decided = decide_facts(kept, Circumstances(origin, eligible, reading_failed=bool(left_out)))[0].route

    assert decided is all_of_them or all_of_them not in ESCALATIONS
    assert decided is not Route.NO_ESCALATION or all_of_them is Route.NO_ESCALATION


def test_more_dropped_facts_than_can_be_tried_make_the_reading_unreliable() -> None:
    dropped = tuple(
        Dropped("disputes", number, threat("lawful_remedy", by=f"?{number}"), DropReason.UNKNOWN_PARTY) for number in range(MANY)
    )

    decision, _ = decide_facts(Facts((CLIENT,), dropped=dropped), Circumstances(mediation_eligible=False))

    assert decision.route is Route.AGENT_REVIEW


def test_a_suggestion_tells_that_facts_were_left_out_and_is_no_all_clear() -> None:
    many = [dispute(), *(demand("money", by=f"p{number}", evidence="m1.1") for number in range(2, MANY))]

    suggestion = decide(ticket(eligible=False), extraction(*many, parties=crowd(MANY)))

    assert suggestion.route is Route.AGENT_REVIEW
    assert Caution.TRUNCATED_TICKET in suggestion.cautions
    assert suggestion.provenance.left_out == MANY - 2 - sum(fact.type == "demand" for fact in suggestion.facts)
    assert "more facts than a ticket can" in suggestion.note


def test_facts_left_out_stay_told_when_an_agent_corrects_the_rest() -> None:
    first = decide(ticket(), extraction(*(claim(by=f"p{number}") for number in range(2, MANY)), parties=crowd(MANY)))

    second = decide_again(ticket(), extraction(claim()), first.provenance)

    assert second.provenance.left_out == first.provenance.left_out > 0
    assert Caution.TRUNCATED_TICKET in second.cautions
