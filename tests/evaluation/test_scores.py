"""Scores of a run, on cases whose right answers and readings are known."""

import pytest

from copilot.core.extraction import Extraction
from copilot.evaluation.cases.case import CaseSet, LabelledCase
from copilot.evaluation.run.rows import Row
from copilot.evaluation.score.attribution import Blame
from copilot.evaluation.score.scores import Scores, score
from tests.evaluation.labelled import CLIENT, FREELANCER, case, case_set, claim, demand, dispute, extraction, party, threat
from tests.evaluation.small import row, unscored

COERCION = extraction(threats=[threat()], demands=[demand()])


def escalated(number: int, *tags: str) -> LabelledCase:
    """It belongs to content enforcement."""
    return case(COERCION, id=f"threat-{number}", tags=tags)


def ordinary(number: int, *tags: str) -> LabelledCase:
    """Nothing for anybody."""
    return case(extraction(), id=f"plain-{number}", tags=tags)


def sent(case: LabelledCase, route: str, **changes: object) -> Row:
    """A row with another route, and the labels that go with it."""
    labels = ["coercion_and_retaliation"] if route == "content_enforcement" else []
    return row(case, **{"route": route, "labels": labels, **changes})


def scores_of(*rows_of: tuple[LabelledCase, list[Row]]) -> Scores:
    return score(case_set(*(case for case, _ in rows_of)), [row for _, rows in rows_of for row in rows])


def test_a_run_that_is_all_right_has_full_marks_and_no_harm() -> None:
    cases = [*(escalated(n) for n in range(4)), *(ordinary(n) for n in range(4))]

    scores = scores_of(*((one, [row(one)]) for one in cases))

    assert scores.route.value == scores.labels.value == 1.0
    assert scores.route.low < 0.7
    assert {name: figure.value for name, figure in scores.harms.items()} == dict.fromkeys(scores.harms, 0.0)
    assert scores.routes["content_enforcement"].f1.value == 1.0
    assert scores.faults == {}


def test_a_run_that_is_all_wrong_has_none_and_all_of_the_harm() -> None:
    threats, plain = [escalated(n) for n in range(3)], [ordinary(n) for n in range(2)]

    scores = scores_of(
        *((one, [sent(one, "no_escalation", extraction=Extraction.empty())]) for one in threats),
        *((one, [sent(one, "content_enforcement", extraction=COERCION)]) for one in plain),
    )

    assert scores.route.value == scores.labels.value == 0.0
    assert scores.harms["missed_escalation"].value == scores.harms["called_all_clear"].value == 1.0
    assert scores.harms["false_escalation"].value == 1.0
    assert scores.confusion == {("content_enforcement", "no_escalation"): 3, ("no_escalation", "content_enforcement"): 2}
    assert len(scores.faults) == 5


def test_each_harm_is_a_share_of_the_tickets_it_could_happen_to() -> None:
    waits, cleared, misled, found = (escalated(n) for n in range(4))

    scores = scores_of(
        (waits, [sent(waits, "agent_review")]),
        (cleared, [sent(cleared, "no_escalation")]),
        (misled, [sent(misled, "account_security")]),
        (found, [row(found)]),
        *((one, [row(one)]) for one in (ordinary(n) for n in range(9))),
    )

    values = {name: (figure.value, figure.n) for name, figure in scores.harms.items()}
    assert values == {
        "missed_escalation": (0.5, 4),
        "called_all_clear": (0.25, 4),
        "wrong_team": (0.25, 4),
        "false_escalation": (0.0, 9),
        "accused_wrongly": (0.0, 9),
    }


def test_harms_on_held_out_tickets_are_told_apart_and_without_the_others() -> None:
    kept = [escalated(n, "held-out") for n in range(4)]
    others = [escalated(n) for n in range(4, 9)]

    scores = scores_of(
        (kept[0], [sent(kept[0], "no_escalation")]),
        *((one, [row(one)]) for one in kept[1:]),
        *((one, [sent(one, "no_escalation")]) for one in others),
    )

    assert (scores.held_out["called_all_clear"].value, scores.held_out["called_all_clear"].n) == (0.25, 4)
    assert (scores.harms["called_all_clear"].value, scores.harms["called_all_clear"].n) == (6 / 9, 9)


def test_a_harm_that_no_ticket_could_come_to_is_absent_and_not_zero() -> None:
    plain = ordinary(1)

    scores = scores_of((plain, [row(plain)]))

    assert set(scores.harms) == {"false_escalation", "accused_wrongly"}
    assert scores.hostile == {}


def test_a_reading_that_names_a_customer_where_the_label_names_none_has_accused_wrongly() -> None:
    nobody = party("p2", "unknown")
    one, other = (case(extraction(parties=(CLIENT, nobody), damage_claims=[claim()]), id=f"nobody-{n}") for n in range(2))
    accusing = extraction(damage_claims=[claim()])

    scores = scores_of((one, [row(one)]), (other, [row(other, extraction=accusing)]), (escalated(1), [row(escalated(1))]))

    assert (scores.harms["accused_wrongly"].value, scores.harms["accused_wrongly"].n) == (0.5, 2)


def test_right_route_with_a_wrong_label_set_is_half_a_success() -> None:
    one = escalated(1)

    scores = scores_of((one, [row(one, labels=["feedback_building"])]))

    assert scores.route.value == 1.0
    assert scores.labels.value == 0.0


def test_what_could_not_be_scored_is_named_and_enters_no_figure() -> None:
    cases = [escalated(n) for n in range(4)]
    answered, failed, missing, half = cases

    scores = score(case_set(*cases), [row(answered), unscored(failed), row(half, sample=0), unscored(half, sample=1)])

    assert (scores.unscored, scores.missing, scores.partly) == ((failed.id,), (missing.id,), (half.id,))
    assert (scores.cases, scores.route.n, scores.route.value) == (4, 2, 1.0)


def test_no_scored_case_is_an_error_and_not_zero() -> None:
    one = escalated(1)

    with pytest.raises(ValueError, match="at least one case"):
        score(case_set(one), [unscored(one)])


def test_arguable_cases_are_reported_apart() -> None:
    clear, arguable = escalated(1), escalated(2, "arguable")

    scores = scores_of((clear, [row(clear)]), (arguable, [sent(arguable, "agent_review")]))

    assert (scores.route.value, scores.route.n) == (1.0, 1)
    assert (scores.arguable.value, scores.arguable.n) == (0.0, 1)
    assert scores.faults == {}
    assert "tag arguable" not in scores.slices


def test_samples_of_a_case_are_averaged_and_flips_are_counted() -> None:
    steady, wavering = escalated(1), escalated(2)
    samples = [row(wavering, sample=0), sent(wavering, "agent_review", sample=1)]

    scores = scores_of((steady, [row(steady, sample=n) for n in range(2)]), (wavering, samples))

    assert (scores.route.value, scores.route.n) == (0.75, 2)
    assert (scores.flips.value, scores.flips.n) == (0.5, 2)


def test_one_sample_a_case_tells_nothing_about_flips() -> None:
    one = escalated(1)

    assert scores_of((one, [row(one)])).flips is None


def test_the_fault_is_that_of_the_first_wrong_sample_in_whatever_order_rows_come() -> None:
    one = escalated(1)
    missed = extraction(demands=[demand()])
    rows = [
        sent(one, "agent_review", sample=2, extraction=Extraction.empty()),
        sent(one, "agent_review", sample=1, extraction=missed),
        row(one, sample=0),
    ]

    fault = scores_of((one, rows)).faults[one.id]

    assert fault.blame is Blame.READER
    assert fault.facts == ("threats: missed",)


def test_a_route_that_is_never_suggested_has_an_f1_of_zero_and_no_precision() -> None:
    one = escalated(1)

    rating = scores_of((one, [sent(one, "agent_review")])).routes["content_enforcement"]

    assert rating.precision is None
    assert (rating.recall.value, rating.f1.value, rating.support) == (0.0, 0.0, 1)


def test_a_route_that_is_never_right_nor_suggested_has_no_rating() -> None:
    one = escalated(1)

    rating = scores_of((one, [row(one)])).routes["account_security"]

    assert (rating.precision, rating.recall, rating.f1, rating.support) == (None, None, None, 0)


def test_precision_counts_suggestions_and_recall_counts_cases() -> None:
    found, missed, plain = escalated(1), escalated(2), ordinary(1)

    rating = scores_of(
        (found, [row(found)]), (missed, [sent(missed, "no_escalation")]), (plain, [sent(plain, "content_enforcement")])
    ).routes["content_enforcement"]

    assert (rating.precision.value, rating.precision.n) == (0.5, 2)
    assert (rating.recall.value, rating.recall.n) == (0.5, 2)
    assert (rating.f1.value, rating.f1.n) == (0.5, 3)


def test_cases_of_a_minimal_pair_do_not_make_a_figure_surer_than_one_of_them() -> None:
    alone = [escalated(n) for n in range(10)]
    paired = [escalated(n, f"minimal-pair:{n // 2}") for n in range(20)]

    single = scores_of(*((one, [row(one)]) for one in alone)).route
    doubled = scores_of(*((one, [row(one)]) for one in paired)).route

    assert doubled.low == pytest.approx(single.low)
    assert (single.n, doubled.n) == (10, 20)


def test_one_family_alone_says_next_to_nothing() -> None:
    cases = [escalated(n, "minimal-pair:only") for n in range(10)]

    scores = scores_of(*((one, [row(one)]) for one in cases))

    assert scores.route.low < 0.25
    assert scores.routes["content_enforcement"].f1.low < 0.25
    assert scores.facts["threats"].rating.f1.low < 0.25


def test_hostile_tickets_are_counted_apart_with_and_without_the_second_reader() -> None:
    resisted, caught, slipped = (escalated(n, "hostile") for n in range(3))
    plain = ordinary(1)

    scores = scores_of(
        (resisted, [row(resisted)]),
        (caught, [sent(caught, "no_escalation", cautions=["second_reader_disagrees"])]),
        (slipped, [sent(slipped, "no_escalation")]),
        (plain, [row(plain)]),
    )

    assert scores.hostile["wrong_route"].value == pytest.approx(2 / 3)
    assert scores.hostile["wrong_unflagged"].value == pytest.approx(1 / 3)
    assert scores.hostile["missed_escalation"].n == 3
    assert scores.slices["tag hostile"].n == 3


def test_slices_are_tags_language_length_and_rule() -> None:
    one = case(COERCION, id="a", tags=("coercion", "lang:de", "minimal-pair:x"))

    scores = scores_of((one, [row(one)]))

    assert list(scores.slices) == ["characters under 200", "language de", "rule R3_coercion", "tag coercion"]


@pytest.mark.parametrize(
    ("characters", "slice_name"),
    [(199, "under 200"), (200, "200 to 799"), (799, "200 to 799"), (800, "800 and over")],
)
def test_length_is_sliced_at_200_and_800_characters(characters: int, slice_name: str) -> None:
    one = case(extraction(parties=(CLIENT,)), id="a", messages=[{"text": "x" * characters}])

    assert f"characters {slice_name}" in scores_of((one, [row(one)])).slices


def test_facts_are_scored_by_list_with_the_kinds_of_confusion() -> None:
    one = case(COERCION, id="a")
    read = extraction(threats=[threat("lock_out")], demands=[demand(), demand("work")], disputes=[dispute()])

    facts = scores_of((one, [row(one, extraction=read)])).facts

    assert facts["threats"].confusions == {"wrong_kind": 1}
    assert facts["threats"].rating.recall.value == 0.0
    assert facts["demands"].confusions == {"invented": 1}
    assert (facts["demands"].rating.precision.value, facts["demands"].rating.recall.value) == (0.5, 1.0)
    assert facts["demands"].rating.f1.value == pytest.approx(2 / 3)
    assert facts["disputes"].confusions == {"invented": 1}
    assert facts["disputes"].rating.recall is None


def test_details_and_evidence_are_compared_where_the_fact_is_right() -> None:
    one = case(extraction(damage_claims=[claim(evidence="m1.1 m1.2")]), id="a")
    read = extraction(damage_claims=[claim(evidence="m1.1", motive="retaliation")])

    scored = scores_of((one, [row(one, extraction=read)])).facts["damage_claims"]

    assert {name: figure.value for name, figure in scored.details.items()} == {"asset": 1.0, "intent": 1.0, "motive": 0.0}
    assert scored.evidence_f1.value == pytest.approx(2 / 3)


def test_parties_are_right_where_role_and_report_are() -> None:
    one = case(COERCION, id="a")
    read = extraction(parties=(CLIENT, FREELANCER | {"role": "agency"}, party("p3")), threats=[threat()], demands=[demand()])

    parties = scores_of((one, [row(one, extraction=read)])).facts["parties"]

    assert parties.confusions == {"wrong_role": 1, "invented": 1}
    assert (parties.rating.precision.value, parties.rating.recall.value) == (pytest.approx(1 / 3), 0.5)
    assert parties.rating.f1.value == pytest.approx(2 / 5)


def test_a_reading_without_an_extraction_missed_every_fact() -> None:
    one = case(COERCION, id="a")

    scores = scores_of((one, [sent(one, "agent_review", extraction=None)]))

    assert scores.facts["threats"].confusions == {"missed": 1}
    assert scores.faults[one.id].facts == ("no reading",)


def test_cases_without_gold_facts_are_scored_on_their_decision_alone() -> None:
    one = case(None, id="a")

    scores = scores_of((one, [row(one)]))

    assert scores.route.value == 1.0
    assert scores.facts == {}


def test_rows_of_cases_that_are_not_in_the_set_are_left_alone() -> None:
    one, stranger = escalated(1), escalated(2)

    scores = score(CaseSet((one,)), [row(one), row(stranger, right=False)])

    assert (scores.cases, scores.route.n, scores.route.value) == (1, 1, 1.0)
