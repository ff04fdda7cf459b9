"""An agent takes back what they said of a suggestion: the record stays, and nothing counts it any more."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from copilot.store import By, Feedback, FeedbackReason, Store, StoredSuggestion
from copilot.store.queue import Wanted

ACCEPTED = Feedback(action="accepted")
DISMISSED = Feedback(action="dismissed", reason=FeedbackReason.TEST_TICKET)
UNDONE = Feedback(action="undone")


def test_what_was_taken_back_is_no_last_decision(store: Store, kept: StoredSuggestion) -> None:
    store.feedback.add(kept.id, ACCEPTED, "agent-1")

    store.feedback.add(kept.id, UNDONE, "agent-1")

    assert store.sights.of(kept, "agent-1", 0).decided is None


def test_the_word_of_another_agent_stands_again(store: Store, kept: StoredSuggestion) -> None:
    first = store.feedback.add(kept.id, ACCEPTED, "agent-1")
    store.feedback.add(kept.id, DISMISSED, "agent-2")

    store.feedback.add(kept.id, UNDONE, "agent-2")

    last = store.sights.of(kept, "agent-1", 0).decided
    assert last is not None
    assert last.id == first.id


def test_what_was_said_after_taking_back_stands(store: Store, kept: StoredSuggestion) -> None:
    for word in (ACCEPTED, UNDONE):
        store.feedback.add(kept.id, word, "agent-1")

    again = store.feedback.add(kept.id, DISMISSED, "agent-1")

    last = store.sights.of(kept, "agent-1", 0).decided
    assert last is not None
    assert last.id == again.id


def test_a_ticket_whose_decision_was_taken_back_is_open_in_the_queue(store: Store, kept: StoredSuggestion) -> None:
    store.feedback.add(kept.id, ACCEPTED, "agent-1")
    store.feedback.add(kept.id, UNDONE, "agent-1")

    (ticket,) = store.queue.page(Wanted(), None, 10).tickets

    assert ticket.is_open
    assert ticket.decided is None


def test_no_figure_counts_what_was_taken_back(store: Store, add: Callable[..., StoredSuggestion]) -> None:
    for words in ((ACCEPTED, UNDONE), (DISMISSED,)):
        id = add().id
        for word in words:
            store.feedback.add(id, word, "agent-1")
    now = datetime.now(UTC)

    (figures,) = store.agents.metrics()
    found = store.used.insights(now - timedelta(days=1), now + timedelta(days=1), By.TIME).all

    assert (figures.n, figures.accepted.count, figures.dismissed.count) == (1, 0, 1)
    assert (found.accepted.count, found.accepted.n) == (0, 1)


def test_an_export_tells_what_was_taken_back(store: Store, kept: StoredSuggestion) -> None:
    for word in (ACCEPTED, UNDONE, DISMISSED):
        store.feedback.add(kept.id, word, "agent-1")

    rows = [(row.action, row.taken_back) for row in store.feedback.rows()]

    assert rows == [("accepted", True), ("undone", False), ("dismissed", False)]
