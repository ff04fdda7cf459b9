"""Figures about agents, each with its n and an interval."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from copilot.core.intervals import wilson
from copilot.core.vocabulary import Route
from copilot.store import Feedback, FeedbackReason, Outcome, Share, Store, StoredSuggestion

ACCEPTED = Feedback(action="accepted")
DISMISSED = Feedback(action="dismissed", reason=FeedbackReason.TEST_TICKET)
ELSEWHERE = Outcome(route=Route.NO_ESCALATION, labels=[])
CHANGED = Feedback(action="changed", reason=FeedbackReason.WRONG_TEAM, changed_to=ELSEWHERE)


def test_every_share_has_its_n_and_wilsons_interval() -> None:
    share = Share.of(3, 4)

    low, high = wilson(3, 4)
    assert (share.count, share.n, share.share) == (3, 4, 0.75)
    assert (share.low, share.high) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))


def test_of_no_cases_nothing_is_known() -> None:
    assert Share.of(0, 0) == Share(count=0, n=0, share=None, low=None, high=None)


def test_an_agents_words_are_counted(store: Store, add: Callable[..., StoredSuggestion]) -> None:
    edited = Feedback(action="accepted", note="my own words")
    for word in (ACCEPTED, edited, edited, DISMISSED, CHANGED):
        store.feedback.add(add().id, word, "agent-1")

    (found,) = store.agents.metrics()

    assert (found.agent, found.n) == ("agent-1", 5)
    assert (found.accepted.count, found.accepted.n) == (3, 5)
    assert (found.edited.count, found.edited.n) == (2, 3)
    assert (found.changed.count, found.changed.n) == (1, 5)
    assert (found.dismissed.count, found.dismissed.n) == (1, 5)
    assert (found.outcome_known.count, found.outcome_known.n) == (0, 5)
    assert found.accepted_though_wrong == Share.of(0, 0)


def test_of_several_words_on_one_suggestion_the_last_counts(store: Store, kept: StoredSuggestion) -> None:
    for word in (ACCEPTED, DISMISSED, CHANGED):
        store.feedback.add(kept.id, word, "agent-1")

    (found,) = store.agents.metrics()

    assert (found.n, found.accepted.count, found.dismissed.count, found.changed.count) == (1, 0, 0, 1)


def test_accepted_though_wrong_counts_accepted_ones_with_another_outcome(
    store: Store, add: Callable[..., StoredSuggestion]
) -> None:
    right, wrong_route, wrong_label, unknown, dismissed = (add() for _ in range(5))
    for one in (right, wrong_route, wrong_label, unknown):
        store.feedback.add(one.id, ACCEPTED, "agent-1")
    store.feedback.add(dismissed.id, DISMISSED, "agent-1")
    same = Outcome(route=right.route, labels=right.labels)
    for one, outcome in (
        (right, same),
        (wrong_route, ELSEWHERE),
        (wrong_label, Outcome(route=right.route, labels=[])),
        (dismissed, ELSEWHERE),
    ):
        store.outcomes.put(one.id, outcome, "agent-9")

    (found,) = store.agents.metrics()

    assert (found.outcome_known.count, found.outcome_known.n) == (4, 5)
    assert (found.accepted_though_wrong.count, found.accepted_though_wrong.n) == (2, 3)


def test_the_order_of_labels_is_no_difference(store: Store, kept: StoredSuggestion) -> None:
    store.feedback.add(kept.id, ACCEPTED, "agent-1")
    store.outcomes.put(kept.id, Outcome(route=kept.route, labels=list(reversed(kept.labels))), "agent-9")

    assert store.agents.metrics()[0].accepted_though_wrong.count == 0


def test_agents_are_told_apart_and_listed_by_name(store: Store, kept: StoredSuggestion) -> None:
    for agent in ("zoë", "agent-1", "nul\0"):
        store.feedback.add(kept.id, ACCEPTED, agent)

    assert [(found.agent, found.n) for found in store.agents.metrics()] == [("agent-1", 1), ("nul\0", 1), ("zoë", 1)]


def test_only_feedback_of_the_asked_time_is_counted(store: Store, kept: StoredSuggestion) -> None:
    store.feedback.add(kept.id, ACCEPTED, "agent-1")
    now = datetime.now(UTC)

    assert store.agents.metrics(since=now + timedelta(hours=1)) == []
    assert store.agents.metrics(until=now - timedelta(hours=1)) == []
    assert len(store.agents.metrics(now - timedelta(hours=1), now + timedelta(hours=1))) == 1
