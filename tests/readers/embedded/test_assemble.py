"""Marks to facts: thresholds, who is meant, and what is the same fact."""

import numpy as np
import pytest

from copilot.core.extraction import Extraction
from copilot.core.sentences import cut
from copilot.core.ticket import Ticket
from copilot.core.vocabulary import Asset, Harm, Intent, Motive, Role
from copilot.readers.embedded.assemble import Marks, Thresholds, assemble, doubtful
from copilot.readers.embedded.labels import COLUMN, LABELS

HALF = Thresholds(dict.fromkeys(Harm, 0.5), dict.fromkeys(Harm, 0.5), 0.5, 0.5, 0.5, 0.3)
TEXT = "He deleted my shop. He wants 500 dollars."


def marked(*sentences: dict[str, float]) -> Marks:
    marks = np.zeros((len(sentences), len(LABELS)), np.float32)
    for row, labels in zip(marks, sentences, strict=True):
        for label, chance in labels.items():
            row[COLUMN[label]] = chance
    return marks


def read(ticket: dict[str, object], *sentences: dict[str, float], thresholds: Thresholds = HALF) -> Extraction:
    made = Ticket.model_validate(ticket)
    return assemble(made, cut(made), marked(*sentences), thresholds)


def told(text: str = TEXT, **given: object) -> dict[str, object]:
    return {"messages": [{"text": text}], **given}


CLAIM = {"claim:destroy": 0.9, "claim_by:other": 0.8, "claim_on:reporter": 0.9, "intent:deliberate": 0.9, "asset:website": 0.7}
DEMAND = {"demand:money": 0.8, "demand_by:other": 0.9, "demand_on:reporter": 0.9}


def test_marks_become_facts_of_the_reporter_and_the_other_party() -> None:
    found = read(told(), CLAIM, DEMAND)

    (claim,), (demand,) = found.damage_claims, found.demands
    assert [party.is_reporter for party in found.parties] == [True, False]
    assert (claim.by, claim.against, claim.harm, claim.asset) == ("p2", "p1", Harm.DESTROY, Asset.WEBSITE)
    assert (claim.intent, claim.motive, claim.evidence) == (Intent.DELIBERATE, Motive.NOT_STATED, ["m1.1"])
    assert (demand.by, demand.of, demand.kind, demand.evidence) == ("p2", "p1", "money", ["m1.2"])


@pytest.mark.parametrize(("chance", "facts"), [(0.49, 0), (0.5, 1)])
def test_a_mark_under_its_threshold_is_no_fact(chance: float, facts: int) -> None:
    found = read(told(), {**CLAIM, "claim:destroy": chance}, {})

    assert len(found.damage_claims) == facts


def test_each_harm_has_a_threshold_of_its_own() -> None:
    strict = Thresholds({**HALF.threat, Harm.DESTROY: 0.95}, HALF.claim, 0.5, 0.5, 0.5, 0.3)
    marks = {"threat:destroy": 0.9, "threat:disclose": 0.9, "threat_by:other": 0.9, "threat_on:reporter": 0.9}

    assert [threat.harm for threat in read(told(), marks, {}, thresholds=strict).threats] == [Harm.DISCLOSE]


def test_the_same_fact_in_two_sentences_is_one_with_both_and_the_gravest_intent() -> None:
    found = read(told(), {**CLAIM, "intent:deliberate": 0.1, "intent:accidental": 0.9}, CLAIM)

    (claim,) = found.damage_claims
    assert claim.evidence == ["m1.1", "m1.2"]
    assert claim.intent is Intent.DELIBERATE


PEOPLE = [
    {"id": "me", "role": "client", "name": "Ada"},
    {"id": "dev", "role": "freelancer", "name": "Bo Lind"},
    {"id": "firm", "role": "agency", "name": "Corvid"},
]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Bo deleted my shop.", Role.FREELANCER),
        ("Corvid deleted my shop.", Role.AGENCY),
        ("The agency deleted my shop.", Role.AGENCY),
        ("My shop is gone.", Role.FREELANCER),
    ],
)
def test_of_several_others_on_record_the_one_whom_the_sentence_names_is_meant(text: str, role: Role) -> None:
    found = read(told(text, reporter="me", participants=PEOPLE), CLAIM)

    assert {party.id: party.role for party in found.parties}[found.damage_claims[0].by] is role


def test_a_sentence_that_names_nobody_is_of_the_one_last_named() -> None:
    found = read(told("Corvid was late. The shop is gone.", reporter="me", participants=PEOPLE), {}, CLAIM)

    assert {party.id: party.role for party in found.parties}[found.damage_claims[0].by] is Role.AGENCY


@pytest.mark.parametrize(
    ("mark", "role", "opposite"), [("client", "client", "freelancer"), ("freelancer", "freelancer", "client")]
)
def test_where_the_records_say_nothing_the_sentences_tell_what_the_reporter_is(mark: str, role: str, opposite: str) -> None:
    found = read(told(), {**CLAIM, f"reporter:{mark}": 0.9}, {f"reporter:{mark}": 0.8})

    assert [party.role for party in found.parties] == [role, opposite]


def test_a_third_person_has_no_role_and_staff_has_its_own() -> None:
    stranger = read(told(), {**CLAIM, "claim_by:other": 0.1, "claim_by:third": 0.9}, {})
    staff = read(told(), {"threat:violence": 0.9, "threat_by:reporter": 0.9, "threat_on:staff": 0.9}, {})

    assert [party.role for party in stranger.parties] == [Role.UNKNOWN, Role.UNKNOWN]
    assert [party.role for party in staff.parties] == [Role.UNKNOWN, Role.SUPPORT]


def test_an_agents_observation_has_no_reporter_and_two_sides() -> None:
    people = [{"id": "c", "role": "client", "name": "Ada"}, {"id": "f", "role": "freelancer", "name": "Bo"}]
    marks = {**CLAIM, "claim_on:reporter": 0.1, "claim_on:third": 0.9}

    found = read(told("Bo deleted what Ada had paid for.", origin="agent_observation", participants=people), marks)

    roles = {party.id: party.role for party in found.parties}
    assert (roles[found.damage_claims[0].by], roles[found.damage_claims[0].against]) == (Role.FREELANCER, Role.CLIENT)
    assert not any(party.is_reporter for party in found.parties)


def test_nobody_ever_acts_on_themselves() -> None:
    same = {"threat:destroy": 0.9, "threat_by:other": 0.9, "threat_on:other": 0.95, "threat_on:reporter": 0.2}

    (threat,) = read(told(), same, {}).threats

    assert threat.by != threat.against


@pytest.mark.parametrize(
    ("marks", "unsure"),
    [
        ({"claim:destroy": 0.29}, []),
        ({"claim:destroy": 0.3}, [0]),
        ({"threat:violence": 0.49}, [0]),
        ({"threat:violence": 0.5}, []),
        ({"threat:lawful_remedy": 0.4, "claim:withhold": 0.4, "demand:money": 0.4}, []),
    ],
)
def test_a_harm_between_the_thresholds_is_told_as_doubtful(marks: dict[str, float], unsure: list[int]) -> None:
    assert doubtful(marked(marks), HALF) == unsure


def test_a_floor_lifts_every_threshold_that_is_under_it_and_no_other() -> None:
    low = Thresholds(dict.fromkeys(Harm, 0.1), {**HALF.claim, Harm.DESTROY: 0.8}, 0.2, 0.6, 0.1, 0.3)

    lifted = low.at_least(0.5)

    assert set(lifted.threat.values()) == {0.5}
    assert (lifted.claim[Harm.DESTROY], lifted.demand, lifted.dispute, lifted.motive, lifted.unsure) == (0.8, 0.5, 0.6, 0.5, 0.3)
