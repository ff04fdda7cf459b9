"""What agents say is kept as they said it, and read back in order."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from copilot.core.errors import NotFound
from copilot.core.vocabulary import Label, Route
from copilot.pipeline import decide
from copilot.store import Feedback, FeedbackReason, Outcome, Store, StoredSuggestion
from copilot.store import feedback as feedback_module
from copilot.store.ids import new_id
from tests.builders import extraction, ticket

ELSEWHERE = {"route": "account_security", "labels": []}


@pytest.mark.parametrize(
    "given",
    [
        {"action": "accepted"},
        {"action": "accepted", "note": "as sent", "comment": "well done"},
        {"action": "changed", "changed_to": ELSEWHERE, "reason": "wrong_team"},
        {"action": "dismissed", "reason": "test_ticket"},
        {"action": "dismissed", "reason": "other", "comment": "because"},
        {"action": "dismissed", "reason": "other", "comment": "x" * 2_000, "note": "x" * 100_000},
    ],
)
def test_feedback_comes_back_as_it_was_given(store: Store, kept: StoredSuggestion, given: dict[str, Any]) -> None:
    feedback = Feedback.model_validate(given)

    added = store.feedback.add(kept.id, feedback, "agent-2")

    assert {name: getattr(added, name) for name in Feedback.model_fields} == dict(feedback)
    assert (added.suggestion_id, added.agent, added.ticket_id) == (kept.id, "agent-2", kept.ticket_id)
    assert (added.route, added.labels, added.rule) == (kept.route, kept.labels, kept.rule)
    assert store.feedback.get(added.id) == added
    assert list(store.feedback.rows()) == [added]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"action": "accepted", "reason": "too_slow"}, "reason"),
        ({"action": "accepted", "changed_to": ELSEWHERE}, "changed_to"),
        ({"action": "changed", "reason": "wrong_team"}, "changed_to"),
        ({"action": "changed", "changed_to": ELSEWHERE}, "reason"),
        ({"action": "dismissed"}, "reason"),
        ({"action": "dismissed", "reason": "other"}, "comment"),
        ({"action": "dismissed", "reason": "other", "comment": "  "}, "comment"),
        ({"action": "dismissed", "reason": "test_ticket", "comment": "x" * 2_001}, "comment"),
        ({"action": "accepted", "note": "x" * 100_001}, "note"),
        ({"action": "accepted", "agent": "somebody else"}, "agent"),
    ],
)
def test_feedback_that_contradicts_itself_is_refused(given: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        Feedback.model_validate(given)


@pytest.mark.parametrize(
    "given",
    [{"route": "no_escalation", "labels": ["retaliation"]}, {"route": "content_enforcement", "labels": ["retaliation"] * 2}],
)
def test_an_outcome_has_labels_only_where_the_policy_has_some(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="labels"):
        Outcome.model_validate(given)


@pytest.mark.parametrize(
    ("note", "edited"),
    [(None, False), ("", False), ("\r\n  as suggested  \r\n", False), ("  and a word more", True)],
)
def test_a_note_is_edited_where_its_words_differ(store: Store, kept: StoredSuggestion, note: str | None, edited: bool) -> None:
    sent = (
        None
        if note is None
        else (note.replace("as suggested", kept.note.replace("\n", "  \r\n")) if "as" in note else kept.note + note)
    )

    added = store.feedback.add(kept.id, Feedback(action="accepted", note=sent), "agent-1")

    assert added.edited is edited


def test_a_suggestion_with_corrected_facts_counts_as_edited_and_shows_what_the_agent_saw(
    store: Store, kept: StoredSuggestion
) -> None:
    decision = store.decisions.add(kept.id, extraction(), None, decide(ticket(), extraction()), "agent-1")

    added = store.feedback.add(kept.id, Feedback(action="accepted", decision_id=decision.decision_id), "agent-1")

    assert added.edited
    assert (added.route, added.rule) == (decision.route, decision.rule)


def test_a_decision_of_another_suggestion_is_not_found(store: Store, add: Callable[..., StoredSuggestion]) -> None:
    one, other = add(), add()
    decision = store.decisions.add(one.id, extraction(), None, decide(ticket(), extraction()), "agent-1")

    with pytest.raises(NotFound, match="decision_id"):
        store.feedback.add(other.id, Feedback(action="accepted", decision_id=decision.decision_id), "agent-1")
    with pytest.raises(NotFound):
        store.feedback.add(new_id("sug"), Feedback(action="accepted"), "agent-1")
    assert list(store.feedback.rows()) == []


def test_rows_come_oldest_first_whatever_the_size_of_a_page(
    store: Store, kept: StoredSuggestion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback_module, "_ROWS_AT_A_TIME", 3)
    added = [store.feedback.add(kept.id, Feedback(action="accepted"), f"agent-{n}") for n in range(7)]

    for limit in (None, 0, 1, 3, 4, 6, 7, 8):
        assert list(store.feedback.rows(limit=limit)) == added[:limit]


def test_rows_begin_at_since_and_end_before_until(store: Store, kept: StoredSuggestion) -> None:
    first, second = (store.feedback.add(kept.id, Feedback(action="accepted"), "agent-1") for _ in range(2))
    instant = timedelta(microseconds=1)

    assert list(store.feedback.rows(since=second.created_at)) == [second]
    assert list(store.feedback.rows(since=second.created_at + instant)) == []
    assert list(store.feedback.rows(until=second.created_at)) == [first]
    assert list(store.feedback.rows(until=second.created_at + instant)) == [first, second]


def test_the_last_outcome_counts_and_is_shown_with_the_feedback(store: Store, kept: StoredSuggestion) -> None:
    store.feedback.add(kept.id, Feedback(action="dismissed", reason=FeedbackReason.WRONG_TEAM), "agent-1")
    store.outcomes.put(kept.id, Outcome(route=Route.NO_ESCALATION, labels=[]), "agent-1")
    last = Outcome(route=Route.CONTENT_ENFORCEMENT, labels=[Label.RETALIATION])

    recorded = store.outcomes.put(kept.id, last, "agent-2")

    assert (recorded.route, recorded.labels, recorded.agent) == (last.route, last.labels, "agent-2")
    assert [row.outcome for row in store.feedback.rows()] == [last]


def test_an_outcome_needs_a_suggestion_that_is_there(store: Store) -> None:
    with pytest.raises(NotFound):
        store.outcomes.put(new_id("sug"), Outcome(route=Route.NO_ESCALATION, labels=[]), "agent-1")
