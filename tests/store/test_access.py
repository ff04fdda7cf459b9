"""Who may call: keys, sessions and tokens for one use."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from copilot.core.errors import NotFound
from copilot.store import Principal, Scope, Store
from tests.store.conftest import DAYS
from tests.store.everything import everything_in

SOON = timedelta(minutes=5)


def test_a_key_lets_its_holder_in_under_its_name(store: Store) -> None:
    key, text = store.keys.create("console", [Scope.TRIAGE, Scope.FEEDBACK])

    principal = store.keys.check(text)

    assert re.fullmatch(r"tck_[a-z0-9]{8}_[A-Za-z0-9_-]{43}", text)
    assert principal == Principal(f"key_{key.id}", "key", "console", frozenset({Scope.TRIAGE, Scope.FEEDBACK}))
    assert principal.may(Scope.TRIAGE)
    assert not principal.may(Scope.EXPORT)


def test_admin_may_do_everything() -> None:
    admin = Principal("key_1", "key", "boss", frozenset({Scope.ADMIN}))

    assert all(admin.may(scope) for scope in Scope)


def test_a_wrong_key_lets_nobody_in(store: Store) -> None:
    _, text = store.keys.create("console", [Scope.TRIAGE])
    last = "A" if text[-1] != "A" else "B"

    for wrong in ("", "tck_", text[:-1], text + "A", text[:-1] + last, text.upper(), "tck_" + "\0" * 8 + text[12:], text + "\n"):
        assert store.keys.check(wrong) is None


def test_a_key_ends_at_its_time_and_when_it_is_revoked(store: Store) -> None:
    now = datetime.now(UTC)
    _, past = store.keys.create("past", [Scope.TRIAGE], now)
    key, text = store.keys.create("ahead", [Scope.TRIAGE], now + SOON)

    assert store.keys.check(past) is None
    assert store.keys.check(text) is not None
    assert store.keys.revoke(key.id).revoked_at is not None
    assert store.keys.check(text) is None


def test_revoking_again_changes_nothing_and_an_unknown_key_is_not_found(store: Store) -> None:
    key, _ = store.keys.create("console", [Scope.TRIAGE])

    assert store.keys.revoke(key.id) == store.keys.revoke(key.id)
    for unknown in ("", "zzzzzzzz", "\0", "' OR 1=1"):
        with pytest.raises(NotFound):
            store.keys.revoke(unknown)


def test_keys_are_listed_oldest_first_without_secrets(store: Store) -> None:
    made = [store.keys.create(name, [Scope.METRICS])[0] for name in ("one", "two")]

    assert store.keys.list() == made


def test_no_key_session_or_token_stands_in_the_database(store: Store, url: str) -> None:
    _, key = store.keys.create("console", [Scope.TRIAGE])
    session, _ = store.sessions.create("agent-1", 15, 60)
    store.tokens.use_once("one-time-token", datetime.now(UTC) + SOON)

    held = everything_in(store, url)

    assert b"console" in held
    for secret in (key, key[13:], session, session[4:], "one-time-token"):
        assert secret.encode() not in held


def test_a_session_lets_its_agent_triage_and_give_feedback(store: Store) -> None:
    token, expires_at = store.sessions.create("agent-1", 15, 60)

    principal = store.sessions.check(token)

    assert principal is not None
    assert (principal.kind, principal.agent, principal.expires_at) == ("session", "agent-1", expires_at)
    assert principal.scopes == {Scope.TRIAGE, Scope.FEEDBACK}
    assert re.fullmatch(r"tcs_[A-Za-z0-9_-]{43}", token)
    assert abs(expires_at - datetime.now(UTC) - timedelta(minutes=15)) < timedelta(minutes=1)


def test_a_session_ends_at_its_time_and_cannot_be_renewed_then(store: Store) -> None:
    token, _ = store.sessions.create("agent-1", 0, 60)

    assert store.sessions.check(token) is None
    assert store.sessions.renew(token) is None


def test_an_unknown_session_is_nobodys(store: Store) -> None:
    for unknown in ("", "tcs_", "tcs_" + "A" * 43, "tcs_" + "\0" * 43):
        assert store.sessions.check(unknown) is None
        assert store.sessions.renew(unknown) is None


def test_a_renewed_session_goes_on_and_the_old_token_soon_ends(store: Store) -> None:
    old, _ = store.sessions.create("agent-1", 15, 60)

    renewed = store.sessions.renew(old)

    assert renewed is not None
    assert renewed[0] != old
    assert (store.sessions.check(renewed[0]) or old).agent == "agent-1"
    before = store.sessions.check(old)
    assert before is not None
    assert before.expires_at is not None
    assert before.expires_at <= datetime.now(UTC) + timedelta(seconds=60)


def test_renewing_never_goes_past_the_end_that_was_set_at_first(store: Store) -> None:
    token, expires_at = store.sessions.create("agent-1", 15, 10)

    renewed = store.sessions.renew(token)

    assert renewed is not None
    assert renewed[1] == expires_at


def test_revoking_a_key_ends_the_sessions_that_it_asked_for(store: Store) -> None:
    key, text = store.keys.create("server", [Scope.SESSIONS])
    principal = store.keys.check(text)
    assert principal is not None
    token, _ = store.sessions.create("agent-1", 15, 60, by=principal.id)
    renewed = store.sessions.renew(token)
    other, _ = store.sessions.create("agent-2", 15, 60)

    store.keys.revoke(key.id)

    assert renewed is not None
    assert store.sessions.check(token) is None
    assert store.sessions.check(renewed[0]) is None
    assert store.sessions.check(other) is not None


PAST = "'2026-01-01 00:00:00'"


@pytest.mark.parametrize("change", [f"expires_at = {PAST}", f"revoked_at = {PAST}", "scopes = '[\"triage\"]'"])
def test_a_session_ends_with_the_key_that_opened_it(store: Store, change: str) -> None:
    key, _ = store.keys.create("server", [Scope.SESSIONS])
    token, _ = store.sessions.create("agent-1", 15, 60, by=f"key_{key.id}")
    assert store.sessions.check(token) is not None

    with store.database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE api_keys SET {change} WHERE id = '{key.id}'")

    assert store.sessions.check(token) is None
    assert store.sessions.renew(token) is None


def test_a_session_is_never_promised_for_longer_than_its_key(store: Store) -> None:
    ends = datetime.now(UTC) + timedelta(minutes=5)
    key, _ = store.keys.create("server", [Scope.ADMIN], ends)

    token, expires_at = store.sessions.create("agent-1", 15, 60, by=f"key_{key.id}")

    assert expires_at == ends
    assert (store.sessions.renew(token) or ("", None))[1] == ends


def test_renewing_with_the_old_token_again_gives_the_same_new_one(store: Store) -> None:
    old, _ = store.sessions.create("agent-1", 15, 60)

    with ThreadPoolExecutor(8) as pool:
        renewed = set(pool.map(store.sessions.renew, [old] * 8))

    assert len(renewed) == 1
    assert store.sessions.end_all() == 1


def test_the_next_token_cannot_be_told_from_the_old_one(store: Store, url: str) -> None:
    """Whoever finds an old token later has nothing: the salt is in the database, and is asked for with a token that holds."""
    old, _ = store.sessions.create("agent-1", 15, 60)
    store.sessions.renew(old)
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE sessions SET expires_at = '2026-01-01 00:00:00' WHERE renewal_salt IS NOT NULL")

    assert store.sessions.renew(old) is None
    assert old.encode() not in everything_in(store, url)


def test_a_session_that_is_ended_takes_its_other_tokens_along_and_no_other_agents(store: Store) -> None:
    old, _ = store.sessions.create("agent-1", 15, 60)
    new, _ = store.sessions.renew(old) or ("", None)
    elsewhere, _ = store.sessions.create("agent-1", 15, 60)
    other, _ = store.sessions.create("agent-2", 15, 60)

    store.sessions.end(new)

    assert [store.sessions.check(token) is None for token in (old, new, elsewhere, other)] == [True, True, False, False]
    assert store.sessions.end_all("agent-1") == 1
    assert store.sessions.check(elsewhere) is None
    assert store.sessions.check(other) is not None


def test_a_token_is_good_for_one_use(store: Store) -> None:
    later = datetime.now(UTC) + SOON

    assert store.tokens.use_once("one", later)
    assert not store.tokens.use_once("one", later)
    assert store.tokens.use_once("two", later)


def test_a_token_past_its_time_is_good_for_none(store: Store) -> None:
    assert not store.tokens.use_once("one", datetime.now(UTC))


def test_of_many_uses_at_once_one_wins_also_across_processes(store: Store, url: str) -> None:
    other = Store.open(url, DAYS)
    later = datetime.now(UTC) + SOON

    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(lambda n: (store if n % 2 else other).tokens.use_once("one", later), range(32)))

    assert sum(won) == 1
    other.close()
