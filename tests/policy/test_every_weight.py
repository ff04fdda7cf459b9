"""Which facts count: every harm, asset, intent, motive, victim and pressure against an independent table."""

from collections.abc import Callable
from itertools import combinations, product

import pytest

from copilot.core.facts import Demand, Fact, Facts
from copilot.core.vocabulary import Asset, DemandKind, Harm, Intent, Motive, Origin
from copilot.policy.assess import Reason, Weight, assess
from copilot.policy.case import Case
from tests.builders import claim, demand, dispute, facts, threat
from tests.policy import oracle

PRESSURES = (
    demand("feedback"),
    demand("money"),
    demand("not_stated"),
    demand("feedback", of="p3"),
    demand("money", of="p3"),
    demand("feedback", by="p4"),
)
"""What may be demanded beside a harm: by the same actor of a customer or of staff, or by somebody else."""
CONTEXTS = tuple(chosen for count in range(len(PRESSURES) + 1) for chosen in combinations(PRESSURES, count))
STAFF = "p3"

Signs = tuple[frozenset[str], frozenset[str]]


def seen(case: Case) -> Signs:
    """What a case says of the actor p2, and of the ticket, in the oracle's words. p4, who only demands, is left out."""
    words = {
        "threatens": "threat",
        "damages": "damage",
        "threatens_account": "account threat",
        "breached_account": "account claim",
        "asks_feedback": "asks feedback",
        "asks_other": "asks other",
    }
    flags = {"tells_dispute": "dispute", "tells_bad_feedback": "poor feedback", "threat_to_staff": "staff"}
    actor = case.actors[0]
    return (
        frozenset(word for name, word in words.items() if getattr(actor, name)),
        frozenset(word for name, word in flags.items() if getattr(case, name)),
    )


def expected(signs: frozenset[str], victim: str, context: tuple[Demand, ...]) -> Signs:
    """The same from the table: what the fact adds, what is demanded of customers, and what is aimed at staff."""
    asked = kinds(context)
    actor = {f"asks {'feedback' if kind == 'feedback' else 'other'}" for kind in asked}
    ticket = {"staff"} if victim == STAFF or any(one.of == STAFF for one in context) else set()
    if victim != STAFF:
        actor |= signs - {"dispute", "poor feedback"}
        ticket |= signs & {"dispute", "poor feedback"}
    return frozenset(actor), frozenset(ticket)


def kinds(context: tuple[Demand, ...]) -> frozenset[str]:
    return frozenset(one.kind.value for one in context if one.by == "p2" and one.of != STAFF)


def weighed(found: Facts) -> Case:
    return assess(found, Origin.CUSTOMER_REPORT, None).case


def test_every_threat_counts_exactly_as_the_table_says(record_property: Callable[[str, object], None]) -> None:
    compared = 0

    for harm, asset, victim, context in product(Harm, Asset, ("p1", STAFF), CONTEXTS):
        found = facts(threat(harm, asset, against=victim), *context)
        sign = oracle.threat_sign(harm.value, asset.value, kinds(context))
        assert seen(weighed(found)) == expected(frozenset({sign} - {""}), victim, context), (harm, asset, victim, context)
        compared += 1

    record_property("threats", compared)
    assert compared == 10 * 11 * 2 * 64


def test_every_damage_claim_counts_exactly_as_the_table_says(record_property: Callable[[str, object], None]) -> None:
    compared = 0
    contexts = [context for context in CONTEXTS if len(context) <= 2]

    for harm, asset, intent, motive, victim in product(Harm, Asset, Intent, Motive, ("p1", STAFF)):
        signs = oracle.claim_signs(harm.value, asset.value, intent.value, motive.value)
        for context in contexts:
            found = facts(claim(harm, asset, intent, motive, against=victim), *context)
            assert seen(weighed(found)) == expected(signs, victim, context), (harm, asset, intent, motive, victim, context)
            compared += 1

    record_property("damage claims", compared)
    assert compared == 10 * 11 * 3 * 3 * 2 * 22


def test_a_fact_is_marked_as_counted_exactly_where_it_adds_to_its_actor() -> None:
    for harm, asset, intent, motive, victim in product(Harm, Asset, Intent, Motive, ("p1", STAFF)):
        found = facts(threat(harm, asset, against=victim), claim(harm, asset, intent, motive, against=victim))
        both = assess(found, Origin.CUSTOMER_REPORT, None)
        actor = both.case.actors[0]

        assert both.weights["f1"].counted == (actor.threatens or actor.threatens_account)
        assert both.weights["f2"].counted == (actor.damages or actor.breached_account)
        assert both.weights["f1"].security == actor.threatens_account
        assert both.weights["f2"].security == actor.breached_account


R = Reason


@pytest.mark.parametrize(
    ("items", "counted", "reason"),
    [
        ([threat("destroy")], True, R.PROPERTY_THREAT),
        ([threat("account_breach")], True, R.ACCOUNT_THREAT),
        ([threat("bad_feedback"), demand()], True, R.THREAT_WITH_DEMAND),
        ([threat("bad_feedback")], False, R.THREAT_WITHOUT_DEMAND),
        ([threat("withhold"), demand("feedback")], True, R.RIGHT_USED_FOR_FEEDBACK),
        ([threat("lawful_remedy"), demand("money")], False, R.RIGHT_NOT_FOR_FEEDBACK),
        ([threat(against=STAFF)], False, R.AGAINST_STAFF),
        ([claim("account_breach")], True, R.ACCOUNT_CLAIM),
        ([claim("destroy")], True, R.DAMAGE),
        ([claim("destroy", intent="accidental")], False, R.ACCIDENT),
        ([claim("account_breach", intent="accidental")], False, R.ACCIDENT),
        ([claim("defame", motive="retaliation")], True, R.RETALIATORY),
        ([claim("defame")], False, R.NOT_RETALIATORY),
        ([claim("lawful_remedy", motive="retaliation")], False, R.LAWFUL),
        ([claim(against=STAFF)], False, R.AGAINST_STAFF),
        ([demand(), threat()], True, R.COERCED),
        ([demand(), threat("account_breach")], True, R.UNDER_ACCOUNT_HARM),
        ([demand(), threat("account_breach"), claim()], True, R.COERCED),
        ([demand(), threat("lawful_remedy")], False, R.NOT_COERCED),
        ([demand(of=STAFF), threat()], False, R.AGAINST_STAFF),
        ([dispute()], False, R.DISPUTE),
    ],
    ids=lambda one: one.name if isinstance(one, Reason) else "",
)
def test_each_fact_is_told_why_it_counts_or_does_not(items: list[Fact], counted: bool, reason: Reason) -> None:
    found = facts(*items)

    weight = assess(found, Origin.CUSTOMER_REPORT, None).weights["f1"]

    assert weight.counted is counted
    assert weight.reason is reason


def test_a_demand_is_coerced_where_its_own_actor_has_something_that_counts() -> None:
    def first_demand(*items: object) -> Weight:
        return assess(facts(*items), Origin.CUSTOMER_REPORT, None).weights["f1"]

    counted = [threat(), claim(), threat("account_breach"), claim("account_breach")]
    not_counted = [threat("lawful_remedy"), claim(intent="accidental"), threat(by="p4"), threat(against=STAFF), dispute()]

    assert all(first_demand(demand(), item).counted for item in counted)
    assert not any(first_demand(demand(), item).counted for item in not_counted)
    assert not first_demand(demand(of=STAFF), threat()).counted


def test_every_kind_of_demand_but_feedback_asks_for_something_else() -> None:
    for kind in DemandKind:
        actor = weighed(facts(demand(kind))).actors[0]

        assert actor.asks_feedback == (kind is DemandKind.FEEDBACK)
        assert actor.asks_other == (kind is not DemandKind.FEEDBACK)


def test_each_actor_is_weighed_by_their_own_facts_only() -> None:
    case = weighed(facts(threat("bad_feedback"), demand("money", by="p4"), claim(by="p4", against="p2")))

    assert [(actor.threatens, actor.damages, actor.demands) for actor in case.actors] == [
        (False, False, False),
        (False, True, True),
    ]


def test_a_dispute_never_counts_as_harm_and_makes_the_ticket_like_a_dispute() -> None:
    found = assess(facts(dispute()), Origin.CUSTOMER_REPORT, None)

    assert found.case.tells_dispute
    assert not found.weights["f1"].counted


def test_only_the_party_who_wrote_in_is_the_reporter() -> None:
    case = weighed(facts(threat(by="p1", against="p2"), threat()))

    assert [actor.is_reporter for actor in case.actors] == [True, False]


def test_the_case_carries_the_circumstances_as_given() -> None:
    for origin, eligible, reliable in product(Origin, (True, False, None), (True, False)):
        case = assess(facts(), origin, eligible, reliable).case

        assert (case.origin, case.mediation_eligible, case.reliable, case.actors) == (origin, eligible, reliable, ())
