"""What is said to be gone is gone from the files, or it is not said."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, make_url

from copilot.core.errors import BytesLeft
from copilot.store import Store
from copilot.store import bytes as bytes_module
from tests.store.conftest import DAYS
from tests.store.everything import everything_in
from tests.store.test_retention import MARK, keep_everything, marked

LATER = timedelta(days=DAYS + 1)


@pytest.fixture
def opened(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store with marked text in file and log, and little patience."""
    monkeypatch.setattr(bytes_module, "PATIENCE_SECONDS", 0.3)
    store = Store.open(sqlite_url, DAYS)
    for number in range(5):
        keep_everything(store, marked(number, size=200))
    yield store
    store.close()


@contextmanager
def reader(url: str) -> Iterator[None]:
    """Somebody with a read transaction open, as a backup or a forgotten shell is."""
    other = sqlite3.connect(make_url(url).database or "", isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM suggestions").fetchone()
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.mark.parametrize("how", ["erase", "purge", "purge of the service"])
def test_while_somebody_reads_the_log_nothing_is_said_to_be_gone_and_the_next_purge_makes_up_for_it(
    opened: Store, sqlite_url: str, how: str
) -> None:
    def forget() -> int:
        if how == "erase":
            return opened.retention.erase(f"{MARK}-customer")
        return opened.retention.purge(datetime.now(UTC) + LATER, rewrite=how == "purge")

    with reader(sqlite_url), pytest.raises(BytesLeft, match="copilot store purge") as told:
        forget()

    assert told.value.tickets == 5
    assert MARK not in str(told.value)
    assert f"{MARK} name".encode() in everything_in(opened, sqlite_url)
    assert opened.retention.bytes_are_due()

    assert opened.retention.purge(datetime.now(UTC) + LATER) == 0

    assert f"{MARK} name".encode() not in everything_in(opened, sqlite_url)
    assert not opened.retention.bytes_are_due()


def test_an_erasure_that_waits_for_a_reader_who_leaves_is_done(
    opened: Store, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaving = reader(sqlite_url)
    leaving.__enter__()
    pauses: list[float] = []

    def leave(seconds: float) -> None:
        pauses.append(seconds)
        leaving.__exit__(None, None, None)

    monkeypatch.setattr("copilot.store.bytes.time.sleep", leave)
    monkeypatch.setattr(bytes_module, "PATIENCE_SECONDS", 60.0)

    erased = opened.retention.erase(f"{MARK}-customer")

    assert (erased, len(pauses)) == (5, 1)
    assert MARK.encode() not in everything_in(opened, sqlite_url)


def test_a_file_that_cannot_be_written_anew_keeps_its_mark(opened: Store, sqlite_url: str) -> None:
    def full(raw: sqlite3.Connection, *_: object) -> None:
        raw.set_authorizer(lambda action, *_: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else sqlite3.SQLITE_OK)

    event.listen(opened.database.engine, "checkout", full)

    with pytest.raises(BytesLeft):
        opened.retention.erase(f"{MARK}-customer")

    event.remove(opened.database.engine, "checkout", full)
    opened.database.engine.dispose()
    assert opened.retention.bytes_are_due()
    assert opened.retention.erase(f"{MARK}-customer") == 0
    assert MARK.encode() not in everything_in(opened, sqlite_url)


def test_a_journal_that_another_program_left_goes_too(opened: Store, sqlite_url: str) -> None:
    left = Path(make_url(sqlite_url).database + "-journal")
    left.write_bytes(b"\0" * 512 + f"{MARK} in an old page".encode())

    opened.retention.erase(f"{MARK}-customer")

    assert not left.exists()
    assert MARK.encode() not in everything_in(opened, sqlite_url)


def test_what_another_process_removes_meanwhile_stays_due(opened: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other's mark is another one, and is not taken away with ours."""

    def meanwhile(_: Path) -> None:
        with opened.database.engine.connect() as connection, connection.begin():
            bytes_module.remember_to_forget(connection)

    monkeypatch.setattr(bytes_module, "_drop_an_old_journal", meanwhile)

    opened.retention.erase(f"{MARK}-customer")

    assert opened.retention.bytes_are_due()
