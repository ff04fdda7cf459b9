"""Suggestions and decisions come back as they were kept."""

from datetime import UTC, datetime, timedelta

import pytest

from copilot.core.errors import NotFound, TextGone
from copilot.core.ticket import Context, Ticket
from copilot.output.suggestion import Suggestion
from copilot.pipeline import decide
from copilot.store import Feedback, FirstChoice, Store, StoredSuggestion, look_of
from copilot.store.ids import NO_NAMES, new_id
from tests.builders import extraction, suggested, threat, ticket
from tests.store.conftest import DAYS

HOSTILE = "nul \0, backslash \\0 \\\\, quote ' \" -- ; DROP TABLE suggestions; %s :x {y} \u202e 🛒 \u2028"


def test_a_suggestion_comes_back_as_it_was_kept(store: Store) -> None:
    given = ticket()
    suggestion = suggested(threat(), given=given)

    added = store.suggestions.add(given, suggestion, "agent-1")

    assert store.suggestions.get(added.id) == added
    assert store.suggestions.with_ticket(added.id)[0] == given
    assert {name: getattr(added, name) for name in Suggestion.model_fields} == dict(suggestion)
    assert (added.decision_id, added.changed) == (None, ())


@pytest.mark.parametrize("id", ["T-1", *sorted(NO_NAMES)])
@pytest.mark.parametrize("share", [0.0, 1.0])
@pytest.mark.parametrize("before", ["nothing", "a suggestion", "a first choice", "feedback"])
def test_a_suggestion_is_shown_as_it_is_kept_as_anybody_is_shown_it_later(
    store: Store, id: str, share: float, before: str
) -> None:
    """Keeping it asks the store for less: nobody can have said anything on a ticket that is new."""
    given = ticket().model_copy(update={"id": id})
    if before != "nothing":
        first = store.suggestions.add(given, suggested(threat(), given=given), "agent-1")
        if before == "a first choice":
            store.first_choices.add(first.id, FirstChoice(route=None), "agent-1", share)
        if before == "feedback":
            store.feedback.add(first.id, Feedback(action="accepted"), "agent-1")

    for agent in ("agent-1", "agent-2"):
        shown = store.suggestions.add(given, suggested(threat(), given=given), agent, look=look_of(agent, share))

        assert shown == store.sights.of(store.suggestions.get(shown.id), agent, share)


def test_a_corrected_decision_is_shown_as_it_is_kept_as_it_is_later(store: Store, kept: StoredSuggestion) -> None:
    """With the first suggestion at hand or without it."""
    store.feedback.add(kept.id, Feedback(action="accepted"), "agent-1")
    given, first = store.suggestions.with_ticket(kept.id)
    facts = extraction()
    now = decide(given, facts, by_person=True)

    at_hand = store.decisions.add(kept.id, facts, given.context, now, "agent-1", first=first, look=look_of("agent-1", 0))
    read_again = store.decisions.add(kept.id, facts, given.context, now, "agent-1")

    assert at_hand.changed == read_again.changed != ()
    for shown in (at_hand, read_again):
        later = store.decisions.get(shown.decision_id or "")
        assert store.sights.of(shown, "agent-1", 0) == store.sights.of(later, "agent-1", 0)
    assert at_hand == store.sights.of(at_hand, "agent-1", 0)
    assert at_hand.decided is not None


def test_a_suggestion_says_when_it_was_made_and_until_when_its_text_is_kept(kept: StoredSuggestion) -> None:
    assert kept.text_until is not None
    assert kept.text_until - kept.created_at == timedelta(days=DAYS)
    assert abs(datetime.now(UTC) - kept.created_at) < timedelta(minutes=1)
    assert kept.created_at.tzinfo is UTC


def test_ids_sort_by_the_time_of_their_making() -> None:
    ids = [new_id("sug") for _ in range(3)]

    assert all(id.startswith("sug_") and len(id) == 30 for id in ids)
    assert new_id("sug")[:10] >= ids[0][:10]
    assert len(set(ids)) == 3


def test_text_of_any_characters_comes_back_whole(store: Store) -> None:
    given = Ticket.model_validate({"id": HOSTILE, "subject": HOSTILE, "messages": [{"id": HOSTILE, "text": HOSTILE}]})

    added = store.suggestions.add(given, decide(given, extraction(parties=())), HOSTILE)

    assert store.suggestions.with_ticket(added.id)[0] == given
    assert store.suggestions.get(added.id).ticket_id == HOSTILE


def test_an_id_that_nobody_gave_out_is_not_found(store: Store) -> None:
    for id in ("", "sug_", *map(new_id, ("sug", "dec", "fb")), "sug_" + "\0" * 26, "' OR 1=1 --", "é" * 300):
        for ask in (store.suggestions.get, store.suggestions.with_ticket, store.decisions.get, store.feedback.get):
            with pytest.raises(NotFound):
                ask(id)


def test_a_corrected_decision_says_what_it_changed(store: Store, kept: StoredSuggestion) -> None:
    corrected = extraction()
    again = decide(ticket(), corrected)

    decision = store.decisions.add(kept.id, corrected, None, again, "agent-1")

    assert decision.id == kept.id
    assert decision.decision_id is not None
    assert decision.text_until == kept.text_until
    assert decision.route == again.route != kept.route
    changed = {one.field: (one.from_, one.to) for one in decision.changed}
    assert changed["route"] == (kept.route, again.route)
    assert changed["note"] == (None, None)
    assert store.decisions.get(decision.decision_id) == decision


def test_a_decision_on_the_same_facts_changes_nothing(store: Store, kept: StoredSuggestion) -> None:
    same = extraction(threat())

    decision = store.decisions.add(kept.id, same, Context(mediation_eligible=None), decide(ticket(), same), "agent-1")

    assert decision.changed == ()


def test_a_decision_leaves_the_first_suggestion_as_it_was(store: Store, kept: StoredSuggestion) -> None:
    store.decisions.add(kept.id, extraction(), None, decide(ticket(), extraction()), "agent-1")

    assert store.suggestions.get(kept.id) == kept


def test_a_decision_needs_a_suggestion_that_is_there(store: Store) -> None:
    with pytest.raises(NotFound):
        store.decisions.add(new_id("sug"), extraction(), None, suggested(), "agent-1")


def test_text_past_its_time_is_gone_before_anything_purges_it(url: str) -> None:
    at_once = Store.open(url, 0)
    given = ticket()

    added = at_once.suggestions.add(given, suggested(threat(), given=given), "agent-1")

    with pytest.raises(TextGone):
        at_once.suggestions.get(added.id)
    with pytest.raises(TextGone):
        at_once.suggestions.with_ticket(added.id)
    with pytest.raises(TextGone):
        at_once.decisions.add(added.id, extraction(), None, suggested(), "agent-1")
    at_once.close()
