"""Where a second reading asks for more care, the sentences are told: at first, and after every correction."""

import asyncio

import pytest

from copilot.core.extraction import Extraction
from copilot.core.facts import Fact
from copilot.core.reading import Reading, ReadOutcome
from copilot.core.ticket import Ticket
from copilot.core.vocabulary import Caution, Route
from copilot.output.suggestion import Suggestion
from copilot.pipeline import atriage, decide_again, triage
from copilot.readers.second import SecondOpinionReader
from tests.builders import claim, demand, dispute, extraction, threat, ticket
from tests.making import embedded_reader
from tests.scripted_reader import Scripted

TICKET = ticket()
SETTLED = ticket(eligible=False)
"""Here a dispute is no reason for a person to judge."""


def suggested(first: Extraction, second: Extraction, given: Ticket = TICKET) -> Suggestion:
    read = [Reading(one, ReadOutcome.OK, extractor="scripted") for one in (first, second)]
    reader = SecondOpinionReader(*map(Scripted, read))
    now, later = triage(given, reader), asyncio.run(atriage(given, reader))
    assert now == later
    return now


def told(suggestion: Suggestion) -> str:
    """The sentences, and no caution without them."""
    ids = suggestion.provenance.disagreement
    assert (Caution.SECOND_READER_DISAGREES in suggestion.cautions) is bool(ids)
    return " ".join(ids)


TEAM = extraction(threat(evidence="m1.1"), demand(evidence="m1.2"), dispute(evidence="m1.3"))
REVIEW = extraction(demand("feedback", evidence="m1.4"), dispute(evidence="m1.3"))
CLEAR = extraction(claim("withhold", evidence="m1.2"))


@pytest.mark.parametrize(
    ("first", "second", "sentences"),
    [
        (CLEAR, TEAM, "m1.1"),
        (REVIEW, TEAM, "m1.1 m1.2"),
        (extraction(), TEAM, "m1.1 m1.2"),
        (extraction(), REVIEW, "m1.3 m1.4"),
        (CLEAR, REVIEW, "m1.3 m1.4"),
        (extraction(), extraction(), ""),
        (extraction(), CLEAR, ""),
        (TEAM, TEAM, ""),
        (TEAM, REVIEW, ""),
        (REVIEW, REVIEW, ""),
        (REVIEW, CLEAR, ""),
        (TEAM, extraction(), ""),
    ],
)
def test_a_decision_that_is_less_careful_tells_the_sentences_that_led_to_the_other(
    first: Extraction, second: Extraction, sentences: str
) -> None:
    suggestion = suggested(first, second, SETTLED)

    assert told(suggestion) == sentences
    assert suggestion.route is triage(SETTLED, Scripted(Reading(first, ReadOutcome.OK, extractor="scripted"))).route


def test_where_every_sentence_is_cited_by_milder_facts_they_are_told_all_the_same() -> None:
    milder = extraction(threat("lawful_remedy", evidence="m1.1"), demand(evidence="m1.2"))

    assert told(suggested(milder, TEAM, SETTLED)) == "m1.1 m1.2"


@pytest.mark.parametrize(
    ("items", "sentences"),
    [
        ([claim(evidence="m1.2")], "m1.1"),
        ([claim(evidence="m1.2"), dispute(evidence="m1.1")], "m1.1"),
        ([claim(evidence="m1.2"), threat(evidence="m1.1", by="p2", against="p2")], "m1.1"),
        ([claim(evidence="m1.2"), threat(evidence="m1.1 m9.9")], "m1.1"),
        ([claim(evidence="m1.2"), demand(evidence="m1.1")], ""),
        ([claim(evidence="m1.1")], ""),
    ],
    ids=["left out", "called a dispute", "dropped: against oneself", "dropped: no such sentence", "demand", "claim"],
)
def test_a_harm_that_no_verified_fact_touches_is_told_wherever_the_ticket_goes(items: list[Fact], sentences: str) -> None:
    suggestion = suggested(extraction(*items), extraction(threat("account_breach", evidence="m1.1")))

    assert suggestion.route is Route.CONTENT_ENFORCEMENT
    assert told(suggestion) == sentences


def test_what_does_not_count_is_not_missed_where_the_decisions_are_alike() -> None:
    lesser = extraction(claim("lawful_remedy", evidence="m1.4"), dispute(evidence="m1.3"))

    assert told(suggested(TEAM, lesser)) == ""


@pytest.mark.parametrize("first", [extraction(), CLEAR, REVIEW, TEAM, extraction(threat(by="p2", against="p2"))])
@pytest.mark.parametrize("second", [extraction(), CLEAR, REVIEW, TEAM])
@pytest.mark.parametrize("uncited", [(), ("m1.3",)])
def test_the_same_facts_sent_back_by_an_agent_give_the_same_suggestion(
    first: Extraction, second: Extraction, uncited: tuple[str, ...]
) -> None:
    reading = Reading(first, ReadOutcome.OK, extractor="scripted", uncited=uncited, second=second)
    suggestion = triage(TICKET, Scripted(reading))

    again = decide_again(TICKET, first, suggestion.provenance)

    provenance = suggestion.provenance.model_copy(update={"extractor": "agent"})
    assert again == suggestion.model_copy(update={"provenance": provenance})


@pytest.mark.parametrize(
    ("corrected", "sentences"),
    [
        (extraction(dispute(evidence="m1.1"), dispute("refund", evidence="m1.2")), "m1.1 m1.2"),
        (extraction(threat(evidence="m1.1")), "m1.2"),
        (extraction(threat(evidence="m1.4")), "m1.1 m1.2"),
        (extraction(threat(evidence="m1.1"), demand(evidence="m1.2")), ""),
    ],
    ids=["called disputes", "one of two", "another sentence", "covered"],
)
def test_a_correction_removes_the_caution_only_where_it_covers_what_was_seen(corrected: Extraction, sentences: str) -> None:
    before = suggested(extraction(), TEAM, SETTLED).provenance

    assert told(decide_again(SETTLED, corrected, before)) == sentences


def test_a_correction_that_strikes_what_both_readers_saw_is_told_of_it() -> None:
    agreed = suggested(TEAM, TEAM)

    removed = decide_again(TICKET, extraction(), agreed.provenance)

    assert told(agreed) == ""
    assert told(removed) == "m1.1 m1.2"


def test_a_suggestion_that_was_stored_without_a_second_reading_keeps_what_it_told() -> None:
    stored = suggested(extraction(), TEAM).provenance.model_dump()
    del stored["second"]
    before = triage(TICKET, Scripted(Reading(extraction(), ReadOutcome.OK, extractor="x"))).provenance.model_validate(stored)

    assert told(decide_again(TICKET, extraction(), before)) == "m1.1 m1.2"


def test_five_empty_lists_are_no_all_clear_where_the_embedded_reader_sees_more() -> None:
    text = "We ended the contract on Monday. He deleted my whole shop. He says he will put it back if I pay him $500."
    given = ticket(text)
    empty = Reading(Extraction.empty(), ReadOutcome.OK, extractor="openai")

    suggestion = triage(given, SecondOpinionReader(Scripted(empty), embedded_reader()))

    assert suggestion.route is Route.NO_ESCALATION
    assert {"m1.2", "m1.3"} <= set(told(suggestion).split())
    assert suggestion.note.index("A second reader also noticed") < suggestion.note.index("Looked for:")
