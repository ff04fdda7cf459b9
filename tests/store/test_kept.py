"""A suggestion is kept with its ticket's text once, and comes back as it was."""

import json

import pytest

from copilot.core.ticket import Ticket
from copilot.pipeline import decide, triage
from copilot.store import Store
from copilot.store.kept import kept, whole
from tests.builders import claim, extraction, ticket
from tests.making import embedded_reader


@pytest.mark.parametrize(
    "given",
    [
        ticket(),
        ticket("", "One. Two.\0 Three.\\ \U0001f600 Four."),
        Ticket.model_validate({"messages": [{"id": "a.1", "text": "One. Two."}, {"id": 'b"c.', "text": "Three. Four."}]}),
    ],
    ids=["usual", "empty and strange", "dots in ids"],
)
def test_a_suggestion_comes_back_as_it_was(given: Ticket) -> None:
    suggestion = triage(given, embedded_reader())

    assert whole(kept(suggestion), given) == suggestion


def test_what_no_fact_quotes_stands_in_the_ticket_only() -> None:
    given = ticket("He deleted my shop. CANARY is a bird.")

    text = kept(decide(given, extraction(claim())))

    assert "CANARY" not in text
    assert "He deleted my shop." in text


def test_a_ticket_of_tiny_sentences_is_kept_in_a_few_times_its_size() -> None:
    given = ticket("a. " * 30_000)

    assert len(kept(decide(given, extraction(claim())))) < 4 * 90_000


def test_a_suggestion_that_was_kept_with_its_sentences_written_out_is_still_read(store: Store) -> None:
    given = ticket()
    suggestion = decide(given, extraction(claim()))

    assert whole(suggestion.model_dump_json(), given) == suggestion
    added = store.suggestions.add(given, suggestion, "agent-1")
    assert store.suggestions.get(added.id) == added


def test_a_corrected_decision_keeps_no_words_of_its_sentences_either(store: Store) -> None:
    given = ticket("He deleted my shop. CANARY is a bird.")
    suggestion = decide(given, extraction(claim()))
    first = store.suggestions.add(given, suggestion, "agent-1")

    decided = store.decisions.add(first.id, extraction(claim()), None, suggestion, "agent-1")

    assert store.decisions.get(decided.decision_id or "") == decided
    assert [one.text for one in decided.sentences] == ["He deleted my shop. ", "CANARY is a bird."]
    assert "CANARY" not in json.dumps(json.loads(kept(suggestion)))
