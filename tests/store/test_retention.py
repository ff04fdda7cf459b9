"""Text goes when its time is over or a customer asks, and nothing of it is left."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from copilot.core.errors import BytesLeft, StoreUnavailable, TextGone
from copilot.core.extraction import Extraction
from copilot.core.ticket import Context, Ticket
from copilot.core.vocabulary import Route
from copilot.pipeline import decide
from copilot.store import Feedback, FeedbackReason, Outcome, Store, StoredSuggestion
from copilot.store import retention as retention_module
from tests.builders import suggested, threat
from tests.store.conftest import DAYS
from tests.store.everything import everything_in

MARK = "zyzzyva"
"""In every text of a ticket that is to go, and in nothing else."""


def marked(number: int, size: int = 1, customer: str = f"{MARK}-customer") -> Ticket:
    """A ticket with the mark in each of its texts."""
    words = " ".join(f"{MARK}{number}." for _ in range(size))
    return Ticket.model_validate(
        {
            "id": f"{MARK}-{number}",
            "subject": f"{MARK} subject",
            "participants": [{"id": customer, "role": "client", "name": f"{MARK} name"}, {"id": "dev", "role": "freelancer"}],
            "reporter": customer,
            "messages": [{"id": f"{MARK}-m", "author": customer, "text": words}],
        }
    )


def named() -> Extraction:
    """Facts that name somebody."""
    party = {"id": "p1", "role": "client", "is_reporter": True, "name": f"{MARK} name"}
    return Extraction.model_validate({"parties": [party], "threats": [], "demands": [], "damage_claims": [], "disputes": []})


def keep_everything(store: Store, given: Ticket) -> StoredSuggestion:
    """A suggestion with a decision, feedback and an outcome, with the mark wherever text may stand."""
    kept = store.suggestions.add(given, decide(given, named()), "agent-1")
    decision = store.decisions.add(kept.id, named(), Context(), decide(given, named()), "agent-1")
    spoken = Feedback(
        action="dismissed",
        reason=FeedbackReason.OTHER,
        comment=f"{MARK} comment",
        note=f"{MARK} note",
        decision_id=decision.decision_id,
    )
    store.feedback.add(kept.id, spoken, "agent-1")
    store.outcomes.put(kept.id, Outcome(route=Route.NO_ESCALATION, labels=[]), "agent-1")
    return kept


def test_after_a_purge_no_text_is_left_anywhere(store: Store, url: str) -> None:
    chance = random.Random(7)
    for number in range(60):
        keep_everything(store, marked(number, size=chance.choice([1, 3, 20, 60, 400])))
    store.database.engine.dispose()
    assert MARK.encode() in everything_in(store, url)

    purged = store.retention.purge(datetime.now(UTC) + timedelta(days=DAYS))

    assert purged == 60
    held = everything_in(store, url).replace(f"{MARK}-".encode(), b"")
    assert f"{MARK} ".encode() not in held
    assert not [number for number in range(60) if f"{MARK}{number}.".encode() in held]


def test_after_an_erasure_not_even_ids_are_left(store: Store, url: str) -> None:
    chance = random.Random(11)
    other = Ticket.model_validate({"id": "stays", "messages": [{"text": "words of another"}]})
    for number in range(40):
        keep_everything(store, marked(number, size=chance.choice([1, 10, 50, 300])))
        store.suggestions.add(other, decide(other, Extraction.empty()), "agent-1")

    erased = store.retention.erase(f"{MARK}-customer")

    held = everything_in(store, url)
    assert erased == 40
    assert MARK.encode() not in held
    assert b"words of another" in held or b"somebody else''s words" in held


def test_an_erasure_finds_a_customer_whose_text_was_purged_before(store: Store, url: str) -> None:
    keep_everything(store, marked(1))
    store.retention.purge(datetime.now(UTC) + timedelta(days=DAYS))
    assert f"{MARK}-1".encode() in everything_in(store, url)

    assert store.retention.erase(f"{MARK}-customer") == 1

    assert MARK.encode() not in everything_in(store, url)
    assert store.retention.erase(f"{MARK}-customer") == 0


def test_an_erasure_is_of_that_customer_alone(store: Store) -> None:
    mine, theirs = (keep_everything(store, marked(number, customer=name)) for number, name in ((1, "cust-1"), (2, "cust-10")))

    assert store.retention.erase("cust-1") == 1

    with pytest.raises(TextGone):
        store.suggestions.get(mine.id)
    assert store.suggestions.get(theirs.id) == theirs
    assert store.retention.erase("cust-2") == 0


def test_text_goes_at_its_time_and_not_before(store: Store, kept: StoredSuggestion) -> None:
    assert kept.text_until is not None

    before = store.retention.purge(kept.text_until - timedelta(microseconds=1))
    due = store.retention.due(kept.text_until)

    assert (before, due) == (0, 1)
    assert store.suggestions.get(kept.id) == kept
    assert store.retention.purge(kept.text_until) == 1
    assert store.retention.due(kept.text_until) == 0
    with pytest.raises(TextGone):
        store.suggestions.get(kept.id)


def test_a_shorter_period_counts_for_what_was_kept_before(store: Store, kept: StoredSuggestion, url: str) -> None:
    shorter = Store.open(url, 1)

    assert shorter.retention.purge(kept.created_at + timedelta(days=1) - timedelta(microseconds=1)) == 0
    assert shorter.retention.purge(kept.created_at + timedelta(days=1)) == 1
    shorter.close()


def test_figures_are_the_same_after_a_purge(store: Store) -> None:
    kept = keep_everything(store, marked(1))
    before = store.agents.metrics()

    store.retention.purge(datetime.now(UTC) + timedelta(days=DAYS))

    assert store.agents.metrics() == before
    (row,) = store.feedback.rows()
    assert (row.suggestion_id, row.comment, row.note, row.reason) == (kept.id, None, None, FeedbackReason.OTHER)
    assert (row.route, row.outcome) == (kept.route, Outcome(route=Route.NO_ESCALATION, labels=[]))


def test_what_agents_say_about_gone_text_is_refused_but_an_outcome_is_kept(store: Store) -> None:
    kept = keep_everything(store, marked(1))
    store.retention.purge(datetime.now(UTC) + timedelta(days=DAYS))

    with pytest.raises(TextGone):
        store.feedback.add(kept.id, Feedback(action="accepted", note="quotes the ticket"), "agent-1")
    with pytest.raises(TextGone):
        store.decisions.add(kept.id, named(), None, suggested(threat()), "agent-1")
    assert store.outcomes.put(kept.id, Outcome(route=Route.AGENT_REVIEW, labels=[]), "agent-2").agent == "agent-2"


def test_a_purge_removes_sessions_tokens_and_claims_past_their_time(store: Store, url: str) -> None:
    now = datetime.now(UTC)
    store.sessions.create("agent-1", 15, 60)
    store.tokens.use_once("one", now + timedelta(minutes=5))
    store.idempotency.begin("key_1", "/v1/suggestions", "key-1", "a" * 64)

    store.retention.purge(now)
    assert _count(store, "sessions", "used_tokens", "claims") == [1, 1, 1]
    store.retention.purge(now + timedelta(days=2))

    assert _count(store, "sessions", "used_tokens", "claims") == [0, 0, 0]


def test_many_batches_are_purged_in_one_go(
    store: Store, add: Callable[..., StoredSuggestion], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention_module, "_AT_A_TIME", 3)
    for _ in range(7):
        add()

    assert store.retention.purge(datetime.now(UTC) + timedelta(days=DAYS)) == 7


def test_a_purge_that_could_not_rewrite_the_file_does_so_the_next_time(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows are gone either way; the bytes go as soon as they can."""
    store = Store.open(sqlite_url, DAYS)
    keep_everything(store, marked(1, size=50))
    later = datetime.now(UTC) + timedelta(days=DAYS)
    with monkeypatch.context() as broken:
        broken.setattr(retention_module, "forget", _full)
        with pytest.raises(BytesLeft, match="is full"):
            store.retention.purge(later)

    assert store.retention.purge(later) == 0

    folder = Path(make_url(sqlite_url).database or "").parent
    assert f"{MARK} ".encode() not in everything_in(store, sqlite_url)
    assert (folder / "copilot.db-wal").stat().st_size < 10_000
    store.close()


def _full(*_: object) -> None:
    raise StoreUnavailable("the disk or the database is full")


def _count(store: Store, *tables: str) -> list[int]:
    with store.database.reading() as connection:
        return [connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() or 0 for table in tables]


def test_a_purge_without_a_rewrite_leaves_no_text_and_a_rewrite_due(tmp_path: Path) -> None:
    """What a running service does by itself: no writer has to wait for it."""
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    store = Store.open(url, DAYS)
    keep_everything(store, marked(1))

    purged = store.retention.purge(datetime.now(UTC) + timedelta(days=DAYS + 1), rewrite=False)

    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    with create_engine(url).connect() as raw:
        due = raw.scalar(text("PRAGMA user_version"))
    store.close()
    assert (purged, due) == (1, 1)
    assert f"{MARK} name".encode() not in left
