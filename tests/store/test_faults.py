"""A database that cannot be used is told in one line, and nothing is acknowledged."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, make_url

from copilot.core.errors import StoreUnavailable
from copilot.core.ticket import Ticket
from copilot.store import Store, StoredSuggestion, database
from tests.builders import suggested, threat, ticket
from tests.store.conftest import DAYS
from tests.store.test_retention import MARK, marked

NOBODY = 65_534


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)


def add(store: Store, given: Ticket | None = None) -> StoredSuggestion:
    given = given or ticket()
    return store.suggestions.add(given, suggested(threat(), given=given), "agent-1")


def test_a_full_disk_is_told_and_nothing_is_kept(sqlite_url: str) -> None:
    store = Store.open(sqlite_url, DAYS)
    event.listen(store.database.engine, "checkout", lambda raw, *_: raw.execute("PRAGMA max_page_count=1"))

    with pytest.raises(StoreUnavailable, match="full") as told:
        add(store, marked(1, size=5_000))

    assert told.value.retry_after_seconds > 0
    assert MARK not in str(told.value)
    with store.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM suggestions").scalar() == 0
    store.close()


def test_a_database_that_another_has_locked_is_told(sqlite_url: str, impatient: None) -> None:
    store = Store.open(sqlite_url, DAYS)
    other = sqlite3.connect(make_url(sqlite_url).database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreUnavailable, match="locked"):
        add(store)
    with pytest.raises(StoreUnavailable, match="locked"):
        store.check()
    other.execute("ROLLBACK")

    assert add(store)
    other.close()
    store.close()


def test_whoever_waits_too_long_for_the_writer_is_told(sqlite_url: str, impatient: None) -> None:
    store = Store.open(sqlite_url, DAYS)
    told: list[StoreUnavailable] = []

    def wait() -> None:
        with pytest.raises(StoreUnavailable) as fault:
            add(store)
        told.append(fault.value)

    with store.database.writing():
        waiting = threading.Thread(target=wait)
        waiting.start()
        waiting.join()

    assert len(told) == 1
    assert add(store)
    store.close()


def test_a_read_only_file_is_told(sqlite_url: str) -> None:
    Store.open(sqlite_url, DAYS).close()
    file = Path(make_url(sqlite_url).database or "")

    with without_rights(file), pytest.raises(StoreUnavailable):
        Store.open(sqlite_url, DAYS)

    store = Store.open(sqlite_url, DAYS)
    event.listen(store.database.engine, "checkout", lambda raw, *_: raw.execute("PRAGMA query_only=ON"))
    with pytest.raises(StoreUnavailable, match="read-only"):
        add(store)
    store.close()


def test_a_file_that_is_no_database_is_told_and_left_alone(sqlite_url: str) -> None:
    file = Path(make_url(sqlite_url).database or "")
    file.parent.mkdir()
    file.write_bytes(b"a letter, and no database. " * 200)

    with pytest.raises(StoreUnavailable, match="no SQLite database"):
        Store.open(sqlite_url, DAYS)

    assert file.read_bytes().startswith(b"a letter")


def test_a_damaged_file_is_found_by_a_thorough_look(sqlite_url: str) -> None:
    store = Store.open(sqlite_url, DAYS)
    for number in range(30):
        add(store, marked(number, size=300))
    store.close()
    file = Path(make_url(sqlite_url).database or "")
    raw = bytearray(file.read_bytes())
    middle = len(raw) // 2 // 4096 * 4096
    raw[middle : middle + 4096] = b"\xff" * 4096
    file.write_bytes(raw)

    damaged = Store.open(sqlite_url, DAYS)

    try:
        found = damaged.problems()
    except StoreUnavailable as fault:
        found = [str(fault)]
    assert found
    assert MARK not in " ".join(found)
    damaged.close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")

    with pytest.raises(StoreUnavailable):
        Store.open(f"sqlite:///{tmp_path / 'file' / 'copilot.db'}", DAYS)


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    with pytest.raises(StoreUnavailable) as told:
        Store.open("postgresql://copilot:secret@127.0.0.1:1/copilot", DAYS)

    assert "secret" not in str(told.value)
    assert told.value.__cause__ is None


@pytest.fixture
def on_postgres(postgres_database: str, request: pytest.FixtureRequest) -> Iterator[str]:
    with request.getfixturevalue("postgres").emptied(postgres_database) as url:
        yield url


def test_a_table_that_another_has_locked_is_told(on_postgres: str, impatient: None) -> None:
    import psycopg

    store = Store.open(on_postgres, DAYS)
    with psycopg.connect(on_postgres) as other:
        other.execute("LOCK TABLE suggestions")

        with pytest.raises(StoreUnavailable, match="locked"):
            add(store)

    assert add(store)
    store.close()


def test_a_read_only_server_is_told(on_postgres: str) -> None:
    import psycopg

    store = Store.open(on_postgres, DAYS)
    name = make_url(on_postgres).database
    with psycopg.connect(on_postgres, autocommit=True) as other:
        other.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
    store.database.engine.dispose()

    with pytest.raises(StoreUnavailable, match="read-only"):
        add(store)
    with pytest.raises(StoreUnavailable, match="read-only"):
        store.check()

    with psycopg.connect(on_postgres, autocommit=True, options="-c default_transaction_read_only=off") as other:
        other.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only".encode())
    store.close()


def test_a_connection_that_the_server_cut_is_opened_anew(on_postgres: str) -> None:
    import psycopg

    store = Store.open(on_postgres, DAYS)
    kept = add(store)
    with psycopg.connect(on_postgres, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'triage-copilot'")

    assert store.suggestions.get(kept.id) == kept
    store.close()


@contextmanager
def without_rights(file: Path) -> Iterator[None]:
    """As somebody who may read a file and write neither it nor its folder; root may do anything, so it becomes nobody."""
    is_root = os.geteuid() == 0
    way = (
        [path for path in file.parents if path.stat().st_uid == os.geteuid() and path.stat().st_mode & 0o077 == 0]
        if is_root
        else []
    )
    before = {path: path.stat().st_mode for path in (*way, file.parent, file)}
    for path in way:
        path.chmod(0o755)
    file.parent.chmod(0o555)
    file.chmod(0o444)
    try:
        if is_root:
            os.seteuid(NOBODY)
        yield
    finally:
        if is_root:
            os.seteuid(0)
        for path, mode in before.items():
            path.chmod(mode)
