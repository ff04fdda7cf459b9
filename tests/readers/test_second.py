"""A second opinion informs: it changes no fact and no route."""

from dataclasses import replace

import pytest

from copilot.pipeline import triage
from copilot.readers.base import Reading, ReadOutcome
from copilot.readers.second import SecondOpinionReader
from copilot.sentences import Sentences, cut
from copilot.ticket import Ticket
from copilot.vocabulary import Caution, Route
from tests.builders import claim, demand, dispute, extraction, threat, ticket
from tests.scripted_reader import Scripted

TICKET = ticket()
SENTENCES = cut(TICKET)


def cues(*ids: str) -> object:
    def strong_cues(ticket: Ticket, sentences: Sentences) -> tuple[str, ...]:
        assert (ticket, sentences) == (TICKET, SENTENCES)
        return ids

    return strong_cues


async def read(reading: Reading, *ids: str) -> Reading:
    reader = SecondOpinionReader(Scripted(reading), cues(*ids))
    now, later = reader.read(TICKET, SENTENCES), await reader.aread(TICKET, SENTENCES)
    assert now == later
    return now


def answer(*items: object) -> Reading:
    return Reading(extraction(*items), ReadOutcome.OK, extractor="openai")


async def test_a_strong_cue_that_no_fact_cites_is_reported() -> None:
    reading = await read(answer(threat(evidence="m1.1")), "m1.1", "m1.2", "m1.3")

    assert reading.uncited == ("m1.2", "m1.3")


@pytest.mark.parametrize("item", [threat(evidence="m1.2"), demand(evidence="m1.2"), claim(evidence="m1.2")], ids=repr)
async def test_a_cue_that_a_threat_demand_or_claim_cites_is_answered(item: object) -> None:
    assert (await read(answer(item), "m1.2")).uncited == ()


async def test_a_dispute_does_not_answer_a_strong_cue() -> None:
    """Else a threat could be talked down to a disagreement."""
    assert (await read(answer(dispute(evidence="m1.2")), "m1.2")).uncited == ("m1.2",)


async def test_no_cue_no_disagreement() -> None:
    given = answer(threat())

    assert await read(given) == given


@pytest.mark.parametrize(
    "reading",
    [
        Reading(None, ReadOutcome.TIMEOUT, extractor="openai"),
        replace(answer(), degraded=True),
    ],
    ids=["failed", "degraded"],
)
async def test_the_second_reader_is_not_compared_with_itself_or_with_nothing(reading: Reading) -> None:
    assert await read(reading, "m1.1") == reading


def test_disagreement_adds_a_caution_and_the_sentence_and_moves_nothing() -> None:
    without = triage(TICKET, Scripted(answer()))
    disagreeing = triage(TICKET, SecondOpinionReader(Scripted(answer()), cues("m1.2")))

    assert (disagreeing.route, disagreeing.labels, disagreeing.facts) == (without.route, without.labels, without.facts)
    assert without.route is Route.NO_ESCALATION
    assert set(disagreeing.cautions) - set(without.cautions) == {Caution.SECOND_READER_DISAGREES}
    assert disagreeing.provenance.disagreement == ["m1.2"]
    assert "“He wants $500 to put it back.”" in disagreeing.note
