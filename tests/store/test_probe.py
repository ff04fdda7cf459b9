"""Ready means that a ticket could be kept: everything that would prevent it is found before a ticket comes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event, make_url

from copilot.core.errors import StoreUnavailable
from copilot.store import Store
from copilot.store import probe as probe_module
from copilot.store.tables import METADATA
from tests.store.conftest import DAYS
from tests.store.test_faults import without_rights


def changed(store: Store, statement: str) -> None:
    with store.database.writing() as connection:
        connection.exec_driver_sql(statement)


@pytest.fixture
def opened(sqlite_url: str) -> Store:
    return Store.open(sqlite_url, DAYS)


def file_of(url: str) -> Path:
    return Path(make_url(url).database or "")


@pytest.mark.parametrize("table", sorted(METADATA.tables))
def test_a_table_that_is_missing_is_told(store: Store, table: str) -> None:
    changed(store, f"DROP TABLE {table}" + (" CASCADE" if not store.overwrites else ""))

    with pytest.raises(StoreUnavailable, match="table is missing"):
        store.check()
    with pytest.raises(StoreUnavailable, match="table is missing"):
        store.problems()


def test_a_column_that_is_missing_is_told(store: Store) -> None:
    changed(store, "ALTER TABLE feedback DROP COLUMN comment")

    with pytest.raises(StoreUnavailable, match="not as this version makes it"):
        store.check()


def test_tables_of_two_versions_are_told(store: Store) -> None:
    changed(store, "INSERT INTO alembic_version VALUES ('0000')")

    with pytest.raises(StoreUnavailable, match="two versions"):
        store.check()


def test_looking_leaves_one_row_however_often_it_is_done(store: Store) -> None:
    for _ in range(3):
        store.check()

    with store.database.reading() as connection:
        counts = [connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() for name in METADATA.tables]
    assert sum(map(int, filter(None, counts))) == 1


def test_a_disk_that_takes_no_row_is_told(opened: Store) -> None:
    event.listen(opened.database.engine, "checkout", lambda raw, *_: raw.execute("PRAGMA query_only=ON"))

    with pytest.raises(StoreUnavailable, match="read-only"):
        opened.check()


def test_a_full_disk_is_told_though_the_log_has_room_for_a_row(opened: Store, sqlite_url: str) -> None:
    """A limit on the size of files refuses what does not fit, as a full disk does; what is in the log may be written over."""
    opened.close()
    script = (
        "import resource, sys\n"
        "from copilot.core.errors import StoreUnavailable\n"
        "from copilot.store import Store\n"
        "store = Store.open(sys.argv[1], 30)\n"
        "store.check()\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "try:\n    store.check()\n"
        "except StoreUnavailable as fault:\n    print(fault)\n"
    )

    ran = subprocess.run([sys.executable, "-c", script, sqlite_url], capture_output=True, text=True, check=False)

    assert "file too large" in ran.stdout.lower(), ran.stderr


def test_a_file_or_a_folder_that_is_read_only_is_told(opened: Store, sqlite_url: str) -> None:
    opened.check()

    with without_rights(file_of(sqlite_url)), pytest.raises(StoreUnavailable):
        opened.check()

    opened.check()


def test_a_folder_that_takes_no_file_is_told(opened: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr(probe_module.tempfile, "TemporaryFile", refuse)

    with pytest.raises(StoreUnavailable, match="permission denied"):
        opened.check()


@pytest.mark.parametrize("replace", [False, True])
def test_a_file_that_was_removed_or_replaced_under_the_service_is_told(opened: Store, sqlite_url: str, replace: bool) -> None:
    file = file_of(sqlite_url)
    copy = file.with_suffix(".copy")
    shutil.copy(file, copy)
    file.unlink()
    if replace:
        copy.rename(file)

    with pytest.raises(StoreUnavailable, match="removed or replaced"):
        opened.check()


def test_a_check_makes_no_database_and_no_table(sqlite_url: str, opened: Store) -> None:
    changed(opened, "DELETE FROM alembic_version")
    opened.close()

    old = Store.open_as_it_is(sqlite_url, DAYS)
    with pytest.raises(StoreUnavailable, match="older version"):
        old.problems()
    old.close()
    shutil.rmtree(file_of(sqlite_url).parent)
    with pytest.raises(StoreUnavailable, match="no such file"):
        Store.open_as_it_is(sqlite_url, DAYS)

    assert not file_of(sqlite_url).parent.exists()


def test_rights_that_were_taken_away_are_told(postgres_database: str, request: pytest.FixtureRequest) -> None:
    import psycopg

    with request.getfixturevalue("postgres").emptied(postgres_database) as url:
        Store.open(url, DAYS).close()
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("DROP ROLE IF EXISTS onlooker")
            owner.execute(f"CREATE ROLE onlooker LOGIN PASSWORD '{make_url(url).password}'".encode())
            owner.execute("GRANT USAGE ON SCHEMA public TO onlooker")
            owner.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO onlooker")
            owner.execute("GRANT INSERT, UPDATE ON claims, feedback TO onlooker")
        as_onlooker = make_url(url).set(username="onlooker").render_as_string(hide_password=False)
        store = Store.open_as_it_is(as_onlooker, DAYS)

        with pytest.raises(StoreUnavailable, match="does not let this user"):
            store.check()

        store.close()
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("DROP OWNED BY onlooker")
            owner.execute("DROP ROLE onlooker")
