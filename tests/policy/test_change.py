"""What would change the decision: every listed change comes true, and none is missing."""

import re
from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.facts import Facts
from copilot.pipeline import decide
from copilot.policy import Circumstances, decide_facts, would_change
from copilot.suggestion import Suggestion
from copilot.vocabulary import DemandKind, Origin
from tests.builders import claim, demand, dispute, extraction, facts, suggested, threat, ticket

POOL = (
    threat("destroy", "website"),
    threat("bad_feedback"),
    threat("lawful_remedy"),
    threat("account_breach", "marketplace_account"),
    threat("violence", against="p3"),
    threat("unspecified", by="p4"),
    claim("bad_feedback"),
    claim("destroy", intent="unclear", by="p4", against="p2"),
    threat("withhold", by="p1", against="p2"),
    demand("feedback"),
    demand("money"),
    demand("not_stated", by="p1", of="p2"),
    demand("work", by="p4"),
    claim("destroy", "website"),
    claim("lock_out", intent="accidental"),
    claim("withhold", motive="retaliation", by="p1", against="p2"),
    claim("account_breach", by="p4"),
    dispute("payment"),
    dispute("quality"),
)
some_facts = st.lists(st.sampled_from(POOL), max_size=6, unique=True).map(lambda items: facts(*items))
circumstances = st.builds(Circumstances, st.sampled_from(Origin), st.sampled_from([True, False, None]))


def destination(suggestion: Suggestion) -> tuple[object, ...]:
    return suggestion.route, tuple(suggestion.labels)


def brute_force(found: Facts, given: Circumstances) -> set[tuple[str, str, object]]:
    """Every single change there is, tried: (what, which one, the decision it brings)."""
    now = decide_facts(found, given)[0].destination
    tried: list[tuple[str, str, Facts, Circumstances]] = []
    if given.mediation_eligible is None:
        tried += [("eligible", str(answer), found, replace(given, mediation_eligible=answer)) for answer in (True, False)]
    for name in ("threats", "demands", "damage_claims", "disputes"):
        items = getattr(found, name)
        rests = combinations(items, len(items) - 1) if items else ()
        for index, rest in zip(reversed(range(len(items))), rests, strict=True):
            tried.append(("struck", f"{name}[{index}]", replace(found, **{name: rest}), given))
    for index, one in enumerate(found.demands):
        kind = DemandKind.MONEY if one.kind is DemandKind.FEEDBACK else DemandKind.FEEDBACK
        changed = [replace(other, kind=kind) if other is one else other for other in found.demands]
        tried.append(("kind", f"demands[{index}]", replace(found, demands=tuple(changed)), given))
    decisions = [(what, which, decide_facts(*variant)[0]) for what, which, *variant in tried]
    return {(what, which, then.destination) for what, which, then in decisions if then.destination != now}


def parsed(condition: str) -> tuple[str, str]:
    if match := re.fullmatch(r"mediation_eligible is (true|false)", condition):
        return "eligible", match[1].capitalize()
    match = re.fullmatch(r"(\w+\[\d+\]) \([^)]*\) (is struck|is for feedback|is not for feedback)", condition)
    assert match, condition
    return ("struck" if match[2] == "is struck" else "kind"), match[1]


@given(some_facts, circumstances)
def test_no_single_change_is_missing_and_none_is_made_up(found: Facts, given: Circumstances) -> None:
    listed = {(*parsed(change.condition), change.then.destination) for change in would_change(found, given)}

    assert listed == brute_force(found, given)


@given(some_facts, circumstances)
def test_each_change_is_listed_once(found: Facts, given: Circumstances) -> None:
    conditions = [change.condition for change in would_change(found, given)]

    assert len(conditions) == len(set(conditions))


@settings(max_examples=40)
@given(st.lists(st.sampled_from(POOL), max_size=5, unique=True), st.sampled_from([True, False, None]))
def test_each_listed_change_comes_true_when_the_ticket_is_decided_again(items: list[object], eligible: bool | None) -> None:
    """Through `decide`, on a ticket and an extraction that were really changed."""
    given = ticket(eligible=eligible)
    suggestion = decide(given, extraction(*items))

    for change in suggestion.would_change:
        what, which = parsed(change.if_)
        changed_ticket, changed = given, [*items]
        if what == "eligible":
            changed_ticket = ticket(eligible=which == "True")
        else:
            name, index = which.rstrip("]").split("[")
            target = [item for item in items if _list_of(item) == name][int(index)]
            changed.remove(target)
            if what == "kind":
                kind = DemandKind.OTHER if target.kind is DemandKind.FEEDBACK else DemandKind.FEEDBACK
                changed.append(replace(target, kind=kind))
        again = decide(changed_ticket, extraction(*changed))
        assert destination(again) == (change.then.route, tuple(change.then.labels))
        assert (again.rule, again.queue) == (change.then.rule, change.then.queue)


def test_unknown_eligibility_is_listed_where_it_decides() -> None:
    changes = {change.if_: change.then.rule for change in suggested(threat(), demand()).would_change}

    assert changes["mediation_eligible is true"] == "R2_mediation"
    assert "mediation_eligible is false" not in changes


def test_known_eligibility_is_never_listed() -> None:
    for eligible in (True, False):
        conditions = [change.if_ for change in suggested(threat(), demand(), eligible=eligible).would_change]

        assert not any("mediation_eligible" in condition for condition in conditions)


def test_a_demand_that_picks_the_label_is_listed_with_the_label_it_would_pick() -> None:
    changes = {change.if_: [label.value for label in change.then.labels] for change in suggested(threat(), demand()).would_change}

    assert changes["demands[0] (money by p2) is for feedback"] == ["feedback_building"]


def test_a_demand_for_feedback_that_picks_the_label_is_listed_the_other_way_round() -> None:
    suggestion = suggested(threat(), demand("feedback"))
    changes = {change.if_: [label.value for label in change.then.labels] for change in suggestion.would_change}

    assert changes["demands[0] (feedback by p2) is not for feedback"] == ["coercion_and_retaliation"]


def test_one_of_two_threats_changes_nothing_when_it_is_struck() -> None:
    conditions = [change.if_ for change in suggested(threat("destroy"), threat("lock_out"), demand()).would_change]

    assert not any("struck" in condition for condition in conditions)


def test_the_queue_alone_is_no_change() -> None:
    """Only another route or other labels count."""
    conditions = [change.if_ for change in suggested(claim(), threat(), demand("money"), demand("work")).would_change]

    assert conditions == ["mediation_eligible is true", *[c for c in conditions if "is for feedback" in c]]


def _list_of(item: object) -> str:
    return {"Threat": "threats", "Demand": "demands", "DamageClaim": "damage_claims", "Dispute": "disputes"}[type(item).__name__]
