"""Of all requests with one key, one is answered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from copilot.core.errors import KeyReused, StillRunning
from copilot.pipeline import decide
from copilot.store import Claim, Feedback, Finished, Store, StoredSuggestion, idempotency
from tests.builders import extraction, suggested, threat, ticket
from tests.store.conftest import DAYS

BODY, OTHER = "a" * 64, "b" * 64


def begin(store: Store, body: str = BODY, key: str = "key-1") -> Claim | Finished:
    return store.idempotency.begin("key_1", "/v1/suggestions", key, body)


def claimed(store: Store) -> Claim:
    claim = begin(store)
    assert isinstance(claim, Claim)
    return claim


def answer(store: Store, claim: Claim | None) -> StoredSuggestion:
    return store.suggestions.add(ticket(), suggested(threat()), "agent-1", claim)


def test_a_finished_request_is_answered_with_what_it_made(store: Store) -> None:
    made = answer(store, claimed(store))

    assert begin(store) == Finished("suggestion", made.id)


def test_decisions_and_feedback_finish_claims_too(store: Store, kept: StoredSuggestion) -> None:
    first, second = begin(store, key="one"), begin(store, key="two")
    assert isinstance(first, Claim)
    assert isinstance(second, Claim)

    decision = store.decisions.add(kept.id, extraction(), None, decide(ticket(), extraction()), "agent-1", first)
    feedback = store.feedback.add(kept.id, Feedback(action="accepted"), "agent-1", second)

    assert begin(store, key="one") == Finished("decision", decision.decision_id or "")
    assert begin(store, key="two") == Finished("feedback", feedback.id)


def test_another_request_with_the_same_key_is_refused(store: Store) -> None:
    claim = claimed(store)

    with pytest.raises(KeyReused):
        begin(store, OTHER)
    answer(store, claim)
    with pytest.raises(KeyReused):
        begin(store, OTHER)


def test_a_key_belongs_to_its_caller_and_path(store: Store) -> None:
    claimed(store)

    assert isinstance(store.idempotency.begin("key_2", "/v1/suggestions", "key-1", OTHER), Claim)
    assert isinstance(store.idempotency.begin("key_1", "/v1/other", "key-1", OTHER), Claim)


def test_a_request_that_still_runs_is_told_when_to_ask_again(store: Store) -> None:
    claimed(store)

    with pytest.raises(StillRunning) as told:
        begin(store)

    assert 1 <= told.value.retry_after_seconds <= 5


def test_an_abandoned_claim_is_free_at_once(store: Store) -> None:
    store.idempotency.abandon(claimed(store))

    assert isinstance(begin(store, OTHER), Claim)


def test_abandoning_never_undoes_an_answer(store: Store) -> None:
    claim = claimed(store)
    made = answer(store, claim)

    store.idempotency.abandon(claim)

    assert begin(store) == Finished("suggestion", made.id)


def test_a_claim_is_taken_over_when_its_lease_is_over_and_not_before(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    claimed(store)
    with pytest.raises(StillRunning):
        begin(store)
    store.idempotency.abandon(Claim("unknown", "unknown"))
    monkeypatch.setattr(idempotency, "LEASE", timedelta(seconds=-10))
    killed = begin(store, key="killed")

    taken = begin(store, key="killed")

    assert isinstance(taken, Claim)
    assert taken != killed


def test_whoever_lost_a_claim_can_keep_nothing_under_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "LEASE", timedelta(seconds=-10))
    slow = claimed(store)
    fast = claimed(store)
    made = answer(store, fast)

    with pytest.raises(StillRunning):
        answer(store, slow)

    assert begin(store) == Finished("suggestion", made.id)
    store.suggestions.get(made.id)


def test_an_answer_that_fails_leaves_neither_row_nor_answer(store: Store, kept: StoredSuggestion) -> None:
    lost = Claim("0" * 64, "not the holder")

    with pytest.raises(StillRunning):
        store.feedback.add(kept.id, Feedback(action="accepted"), "agent-1", lost)

    assert list(store.feedback.rows()) == []


def test_an_answer_is_remembered_for_a_day(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    made = answer(store, claimed(store))
    assert begin(store) == Finished("suggestion", made.id)

    monkeypatch.setattr(idempotency, "KEPT", timedelta(0))

    assert isinstance(begin(store, OTHER), Claim)


def test_of_many_claims_at_once_exactly_one_wins_also_across_processes(store: Store, url: str) -> None:
    other = Store.open(url, DAYS)

    def attempt(number: int) -> str:
        try:
            return type(begin(store if number % 2 else other)).__name__
        except StillRunning:
            return "StillRunning"

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(attempt, range(32)))

    assert sorted(set(outcomes)) == ["Claim", "StillRunning"]
    assert outcomes.count("Claim") == 1
    other.close()


def test_of_many_who_take_over_at_once_one_can_answer(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """With leases that are over at once everybody gets a claim; still one answer is kept."""
    monkeypatch.setattr(idempotency, "LEASE", timedelta(seconds=-10))

    def attempt(_: int) -> bool:
        claim = begin(store)
        if isinstance(claim, Finished):
            return False
        try:
            answer(store, claim)
        except StillRunning:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        answered = list(pool.map(attempt, range(24)))

    assert sum(answered) == 1
