"""The tables are of the version that the program needs, or nothing is written."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from copilot.core.errors import SettingsError, StoreUnavailable
from copilot.store import Store, StoredSuggestion, Wanted
from copilot.store.database import Database
from copilot.store.location import checked_url
from copilot.store.schema import configuration, newest
from copilot.store.tables import METADATA
from tests.store.conftest import DAYS


def test_the_migrations_make_the_tables_that_the_code_knows(store: Store) -> None:
    with store.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        differences = compare_metadata(context, METADATA)
        tables = set(inspect(connection).get_table_names())

    assert differences == []
    assert tables == {*METADATA.tables, "alembic_version"}


def test_the_database_is_of_the_newest_version_once_it_is_open(store: Store) -> None:
    with store.database.reading() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == newest()
    store.check()
    assert store.problems() == []


def test_suggestions_of_the_version_before_get_their_urgency_and_their_place_in_the_queue(url: str) -> None:
    made = datetime(2026, 3, 1, 9, tzinfo=UTC)
    database = Database(checked_url(url))
    with database.writing() as connection:
        command.upgrade(configuration(connection), "0003")
        insert = text(
            "INSERT INTO suggestions (id, created_at, agent, ticket_id, route, labels, rule, suggestion_json) "
            "VALUES (:id, :at, 'agent-1', :ticket, :route, '[]', 'R', :json)"
        )
        for number, (route, json) in enumerate(_KEPT_BEFORE):
            row = {
                "id": f"sug_{number}",
                "ticket": f"T-{number}",
                "at": "2026-03-01 09:00:00.000000" if database.is_sqlite else made,
                "route": route,
                "json": json,
            }
            connection.execute(insert, row)
    database.close()

    store = Store.open(url, DAYS)

    tickets = store.queue.page(Wanted(), None, 10).tickets
    assert [one.urgency.value for one in tickets] == [
        "safety_risk",
        "account_at_risk",
        "escalation",
        "escalation",
        "judgement",
        "ordinary",
    ]
    assert {one.waiting_since for one in tickets} == {made}
    store.close()


_KEPT_BEFORE = [
    ("no_escalation", None),
    ("agent_review", None),
    ("content_enforcement", '{"cautions": ["claims_unverified"], "note": "said \\"safety_risk\\""}'),
    ("mediation_disputes", None),
    ("account_security", None),
    ("content_enforcement", '{"cautions": ["claims_unverified", "safety_risk"]}'),
]


def test_opening_again_changes_nothing(store: Store, url: str, add: Callable[..., StoredSuggestion]) -> None:
    kept = add()

    again = Store.open(url, DAYS)

    assert again.suggestions.get(kept.id) == kept
    again.close()


def test_many_may_open_an_empty_database_at_once(url: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        opened = list(pool.map(lambda _: Store.open(url, DAYS), range(6)))

    for one in opened:
        one.check()
        one.close()


def test_there_is_no_way_back_and_the_tables_stay(store: Store, add: Callable[..., StoredSuggestion]) -> None:
    kept = add()

    with pytest.raises(NotImplementedError, match="forward only"), store.database.writing() as connection:
        command.downgrade(configuration(connection), "base")

    store.check()
    assert store.suggestions.get(kept.id) == kept


def test_tables_of_a_newer_version_are_left_alone(store: Store, url: str) -> None:
    _set_version(store, "9999")

    with pytest.raises(StoreUnavailable, match="newer version"):
        Store.open(url, DAYS)
    with pytest.raises(StoreUnavailable, match="newer version"):
        store.check()


def test_tables_of_an_older_version_are_not_ready(store: Store) -> None:
    with store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")

    with pytest.raises(StoreUnavailable, match="copilot store migrate"):
        store.check()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("no url", "is no URL"),
        ("mysql://user:secret@example.org/name", "another kind"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///file:x?mode=memory&uri=true", "names no file"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_being_shown(given: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as told:
        Store.open(given, DAYS)

    assert "COPILOT_DATABASE_URL" in str(told.value)
    assert "secret" not in str(told.value)


def test_the_driver_that_is_missing_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("copilot.store.location.find_spec", lambda name: None)

    with pytest.raises(SettingsError, match=r"pip install '\.\[postgres\]'"):
        Store.open("postgresql://example.org/name", DAYS)


def test_a_sqlite_file_and_its_folder_are_their_owners_alone(sqlite_url: str, tmp_path: Path) -> None:
    store = Store.open(sqlite_url, DAYS)

    folder = tmp_path / "state"
    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}

    assert modes.pop("state") == 0o700
    assert set(modes.values()) == {0o600}
    store.close()


def test_sqlite_syncs_every_commit_and_trusts_no_schema(sqlite_url: str) -> None:
    store = Store.open(sqlite_url, DAYS)

    with store.database.reading() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in _PRAGMAS}

    assert found == _PRAGMAS
    store.close()


_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "trusted_schema": 0,
    "busy_timeout": 5000,
    "secure_delete": 1,
    "cell_size_check": 1,
}


def _set_version(store: Store, version: str) -> None:
    with store.database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")
