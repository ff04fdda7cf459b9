"""A ticket of which a part was not read goes to a person, unless what was read already escalates it."""

import pytest

from copilot.core.extraction import Extraction
from copilot.core.reading import Reading, ReadOutcome
from copilot.core.sentences import cut
from copilot.core.ticket import Ticket
from copilot.pipeline import decide, decide_again, suggest
from tests.builders import claim, extraction, ticket


def test_a_ticket_read_only_in_part_is_not_called_outside_the_policy() -> None:
    """Property 6: what no reader saw may hold the threat, so a person looks."""
    ticket = Ticket.model_validate({"messages": [{"text": "Hello there. A part that nobody saw."}]})
    in_part = Reading(Extraction.empty(), ReadOutcome.OK, extractor="scripted", unread=("m1.2",))

    suggestion = suggest(ticket, cut(ticket), in_part)

    assert (suggestion.rule, suggestion.route) == ("R6_judgement", "agent_review")
    assert "truncated_ticket" in suggestion.cautions
    assert "Part of the ticket could not be read" in suggestion.note


def test_a_conversation_that_was_handed_over_in_part_is_no_quiet_all_clear() -> None:
    """Property 6: what the console did not hand over may hold the threat as well."""
    messages = [{"text": "Where is my invoice?"}]
    whole, part = (Ticket.model_validate({"messages": messages, "is_partial": is_partial}) for is_partial in (False, True))

    complete, suggestion = decide(whole, Extraction.empty()), decide(part, Extraction.empty())

    assert (complete.route, complete.cautions) == ("no_escalation", [])
    assert (suggestion.rule, suggestion.route) == ("R6_judgement", "agent_review")
    assert "truncated_ticket" in suggestion.cautions
    assert "Only part of the conversation was handed over" in suggestion.note


def test_a_correction_leaves_a_conversation_as_partial_as_it_was() -> None:
    part = Ticket.model_validate({"messages": [{"text": "Where is my invoice?"}], "is_partial": True})
    first = decide(part, Extraction.empty())

    again = decide_again(part, Extraction.empty(), first.provenance)

    assert (again.route, "truncated_ticket" in again.cautions) == ("agent_review", True)


def test_a_second_reading_cut_short_is_told_as_such_and_stays_so_after_a_correction() -> None:
    """The first reader saw everything, so nothing is unread; only the comparison has a gap."""
    given = ticket()
    reading = Reading(
        Extraction.empty(), ReadOutcome.OK, extractor="scripted", second=Extraction.empty(), second_unread=("m1.2",)
    )

    first = suggest(given, cut(given), reading)
    again = decide_again(given, Extraction.empty(), first.provenance)

    assert (first.provenance.second_unread, again.provenance.second_unread) == (["m1.2"], ["m1.2"])
    assert "truncated_ticket" not in first.cautions


@pytest.mark.parametrize(("is_answered", "words"), [(True, "By an agent's answer"), (False, "By the marketplace's records")])
def test_the_note_tells_an_agents_answer_from_the_marketplaces_records(is_answered: bool, words: str) -> None:
    first = ticket(eligible=True)
    facts = extraction(claim())

    note = decide_again(first, facts, decide(first, facts).provenance, is_answered).note

    assert f"{words}, the customer qualifies for mediation" in note
