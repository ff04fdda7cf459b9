"""What would change the decision: every listed change comes true, and none is missing."""

from dataclasses import replace
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.core.facts import DamageClaim, Demand, Dispute, Facts, Threat
from copilot.core.vocabulary import DemandKind, Origin
from copilot.output.suggestion import Suggestion
from copilot.pipeline import decide
from copilot.policy import Circumstances, Trials, ask_next, decide_facts, would_change
from copilot.policy import trials as trials_module
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


def brute_force(found: Facts, given: Circumstances) -> set[tuple[str, str | None, object]]:
    """Every single change there is, tried: (what, which one, the decision it brings)."""
    now = decide_facts(found, given)[0].destination
    tried: list[tuple[str, str | None, Facts, Circumstances]] = []
    if given.mediation_eligible is None:
        tried += [(f"mediation_{str(one).lower()}", None, found, replace(given, mediation_eligible=one)) for one in (True, False)]
    for place, one in enumerate(found.all):
        tried.append(("fact_removed", one.id, replace(found, all=(*found.all[:place], *found.all[place + 1 :])), given))
        if isinstance(one, Demand):
            is_feedback = one.kind is DemandKind.FEEDBACK
            other = replace(one, kind=DemandKind.MONEY if is_feedback else DemandKind.FEEDBACK)
            changed = (*found.all[:place], other, *found.all[place + 1 :])
            what = "demand_not_for_feedback" if is_feedback else "demand_for_feedback"
            tried.append((what, one.id, replace(found, all=changed), given))
    decisions = [(what, which, decide_facts(*variant)[0]) for what, which, *variant in tried]
    return {(what, which, then.destination) for what, which, then in decisions if then.destination != now}


@given(some_facts, circumstances)
def test_no_single_change_is_missing_and_none_is_made_up(found: Facts, given: Circumstances) -> None:
    listed = {(change.code.value, change.fact, change.then.destination) for change in would_change(Trials(found, given))}

    assert listed == brute_force(found, given)


@given(some_facts, circumstances)
def test_the_policy_is_asked_each_question_once(found: Facts, given: Circumstances) -> None:
    """What to ask next and what would change the decision try the same things."""
    with mock.patch.object(trials_module, "decide_facts", side_effect=decide_facts) as asked:
        trials = Trials(found, given)
        ask_next(trials)
        would_change(trials)

    questions = [call.args for call in asked.call_args_list]
    assert len(questions) == len(set(questions))


@given(st.lists(st.sampled_from(POOL), max_size=4, unique=True), st.sampled_from([True, False, None]))
@settings(max_examples=50)
def test_every_listed_change_comes_true_for_a_ticket_and_an_extraction_that_were_really_changed(
    items: list[object], eligible: bool | None
) -> None:
    """The same change, made to the ticket or to the extraction that was sent, gives the decision that was told."""
    suggestion = decide(ticket(eligible=eligible), extraction(*items))

    for change in suggestion.would_change:
        changed_ticket, changed = ticket(eligible=eligible), [*items]
        if change.code in ("mediation_true", "mediation_false"):
            changed_ticket = ticket(eligible=change.code == "mediation_true")
        else:
            target = _in_order(items)[int(change.parameters["fact"].removeprefix("f")) - 1]
            changed.remove(target)
            if change.code != "fact_removed":
                kind = DemandKind.OTHER if target.kind is DemandKind.FEEDBACK else DemandKind.FEEDBACK
                changed.append(replace(target, kind=kind))
        again = decide(changed_ticket, extraction(*changed))
        assert destination(again) == (change.then.route, tuple(change.then.labels))
        assert (again.rule, again.queue) == (change.then.rule, change.then.queue)


def test_unknown_eligibility_is_listed_where_it_decides() -> None:
    changes = {change.code: change.then.rule for change in suggested(threat(), demand()).would_change}

    assert changes["mediation_true"] == "R2_mediation"
    assert "mediation_false" not in changes


def test_known_eligibility_is_never_listed() -> None:
    for eligible in (True, False):
        conditions = [change.code for change in suggested(threat(), demand(), eligible=eligible).would_change]

        assert not any("mediation" in condition for condition in conditions)


def test_a_demand_that_picks_the_label_is_listed_with_the_label_it_would_pick() -> None:
    changes = {
        change.code: [label.value for label in change.then.labels] for change in suggested(threat(), demand()).would_change
    }

    assert changes["demand_for_feedback"] == ["feedback_building"]


def test_a_demand_for_feedback_that_picks_the_label_is_listed_the_other_way_round() -> None:
    suggestion = suggested(threat(), demand("feedback"))
    changes = {change.code: [label.value for label in change.then.labels] for change in suggestion.would_change}

    assert changes["demand_not_for_feedback"] == ["coercion_and_retaliation"]


def test_one_of_two_threats_changes_nothing_when_it_is_struck() -> None:
    conditions = [change.code for change in suggested(threat("destroy"), threat("lock_out"), demand()).would_change]

    assert not any("removed" in condition for condition in conditions)


def test_the_queue_alone_is_no_change() -> None:
    """Only another route or other labels count."""
    conditions = [change.code for change in suggested(claim(), threat(), demand("money"), demand("work")).would_change]

    assert conditions == ["mediation_true", "demand_for_feedback", "demand_for_feedback"]


def _in_order(items: list[object]) -> list[object]:
    """Facts as a suggestion lists them."""
    return [item for kind in (Threat, Demand, DamageClaim, Dispute) for item in items if isinstance(item, kind)]
