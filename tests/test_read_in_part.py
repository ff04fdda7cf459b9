"""A ticket of which a part was not read goes to a person, unless what was read already escalates it."""

from copilot.extraction import Extraction
from copilot.pipeline import suggest
from copilot.reading import Reading, ReadOutcome
from copilot.sentences import cut
from copilot.ticket import Ticket


def test_a_ticket_read_only_in_part_is_not_called_outside_the_policy() -> None:
    """Property 6: what no reader saw may hold the threat, so a person looks."""
    ticket = Ticket.model_validate({"messages": [{"text": "Hello there. A part that nobody saw."}]})
    in_part = Reading(Extraction.empty(), ReadOutcome.OK, extractor="scripted", unread=("m1.2",))

    suggestion = suggest(ticket, cut(ticket), in_part)

    assert (suggestion.rule, suggestion.route) == ("R6_judgement", "agent_review")
    assert "truncated_ticket" in suggestion.cautions
    assert "Part of the ticket could not be read" in suggestion.note
