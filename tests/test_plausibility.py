"""What no sane reading gives is told, and every answer that a strong model gave is taken."""

from pathlib import Path

import pytest

from copilot.core.extraction import Extraction
from copilot.core.facts import Party
from copilot.core.plausibility import implausible
from copilot.core.vocabulary import Harm, Role
from copilot.evaluation.cases.case import load_cases
from copilot.evaluation.run.recordings import Recording
from copilot.readers.base import Usage
from copilot.readers.model.decoding import read_answer
from copilot.readers.model.envelope import Reply
from tests.builders import CLIENT, FREELANCER, STAFF, claim, demand, dispute, extraction, threat, ticket

EVALS = Path(__file__).parent.parent / "evals"
THIRD = Party("p3", Role.UNKNOWN, is_reporter=False)
FOURTH = Party("p4", Role.UNKNOWN, is_reporter=False)
FIFTH = Party("p5", Role.UNKNOWN, is_reporter=False)


def test_nobody_at_all_is_no_reading() -> None:
    for origin in ("customer_report", "agent_observation"):
        assert implausible(Extraction.empty(), ticket(origin=origin)) == ("parties: none",)


def test_a_customers_report_has_a_reporter_and_an_observation_may_have_none() -> None:
    unreported = extraction(threat(by="p2", against="p3"), parties=(FREELANCER, THIRD))

    assert implausible(unreported, ticket()) == ("parties: no_reporter",)
    assert implausible(unreported, ticket(origin="agent_observation")) == ()


def test_a_customer_on_record_is_not_staff() -> None:
    staffed = extraction(parties=(Party("p1", Role.SUPPORT, is_reporter=True),))

    assert implausible(staffed, ticket()) == ("parties: reporter_is_staff",)
    assert implausible(staffed, ticket(people=False)) == ()
    assert implausible(staffed, ticket(origin="agent_observation", people=False)) == ()


@pytest.mark.parametrize(
    ("items", "parties", "told"),
    [
        ((), (CLIENT, FREELANCER), ()),
        ((), (CLIENT, FREELANCER, STAFF), ("parties: unused",)),
        ((threat(),), (CLIENT, FREELANCER, THIRD, FOURTH), ()),
        ((threat(),), (CLIENT, FREELANCER, THIRD, FOURTH, FIFTH), ("parties: unused",)),
        ((demand(), claim()), (CLIENT, FREELANCER, THIRD, FOURTH, FIFTH), ("parties: unused",)),
        ((dispute(),), (CLIENT, FREELANCER, THIRD, FOURTH), ()),
        ((dispute(),), (CLIENT, FREELANCER, THIRD, FOURTH, FIFTH), ("parties: unused",)),
    ],
    ids=["two, no fact", "three, no fact", "two spare", "three spare", "demand and claim", "dispute of four", "dispute of five"],
)
def test_three_parties_that_no_fact_uses_are_too_many_and_a_dispute_takes_two(
    items: tuple[object, ...], parties: tuple[Party, ...], told: tuple[str, ...]
) -> None:
    assert implausible(extraction(*items, parties=parties), ticket()) == told


@pytest.mark.parametrize(("make", "name"), [(threat, "threats"), (claim, "damage_claims")])
def test_a_sentence_that_holds_most_kinds_of_harm_is_the_vocabulary_read_out(make: object, name: str) -> None:
    five, six = ([make(harm=harm.value) for harm in list(Harm)[:count]] for count in (5, 6))
    apart = [make(harm=harm.value, evidence=f"m1.{place % 4 + 1}") for place, harm in enumerate(Harm)]

    assert implausible(extraction(*five), ticket()) == ()
    assert implausible(extraction(*six), ticket()) == (f"{name}: every_harm",)
    assert implausible(extraction(*apart), ticket()) == ()


def test_two_reporters_are_refused_with_the_shape() -> None:
    two = extraction(parties=(CLIENT, FREELANCER)).model_dump_json().replace('"is_reporter":false', '"is_reporter":true')

    answer = read_answer(Reply(two, "stop", refused=False, model=None, usage=Usage()))

    assert (answer.outcome.value, answer.extraction) == ("invalid", None)


def test_no_recorded_answer_is_implausible() -> None:
    tickets = {case.id: case.ticket for case in load_cases([EVALS / "cases"]).cases}
    lines = (EVALS / "recorded" / "claude-reader.jsonl").read_text(encoding="utf-8").splitlines()[1:]
    recorded = [Recording.model_validate_json(line) for line in lines]

    told = [implausible(Extraction.model_validate_json(one.content or ""), tickets[one.case_id]) for one in recorded]

    assert len(told) >= len(tickets)
    assert set(told) == {()}
