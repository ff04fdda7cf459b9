"""The tables' version: brought up to date by Alembic, in one transaction, by one process at a time."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from copilot.errors import StoreUnavailable
from copilot.store.database import Database

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 7_235_118_204_461
"""The number under which PostgreSQL keeps the lock of a migration; any will do that nothing else uses."""


def configuration(connection: Connection | None = None) -> Config:
    """What Alembic has to know; it is given a connection, and reads no file."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The version that this program needs."""
    return str(ScriptDirectory.from_config(configuration()).get_current_head())


def migrate(database: Database) -> None:
    """Bring the tables up to date. Raises `StoreUnavailable` for tables that a newer version has made."""
    if database.is_sqlite:
        with database.apart() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        current = _current(connection)
        if current == newest():
            return
        _refuse_a_newer(current)
        command.upgrade(configuration(connection), "head")


def check_current(database: Database) -> None:
    """Raise `StoreUnavailable` where the database takes no writes or its tables are not of this version."""
    with database.writing() as connection:
        if not database.is_sqlite and connection.scalar(text("SHOW transaction_read_only")) == "on":
            raise StoreUnavailable("the database is read-only; connect to the primary server")
        current = _current(connection)
        if current != newest():
            _refuse_a_newer(current)
            raise StoreUnavailable("the tables are of an older version; run `copilot store migrate`")


def problems(database: Database) -> list[str]:
    """What a thorough look finds wrong, in words; nothing where all is well."""
    check_current(database)
    if not database.is_sqlite:
        return []
    with database.reading() as connection:
        found = [row[0] for row in connection.execute(text("PRAGMA integrity_check(20)")) if row[0] != "ok"]
        broken = [_reference(row) for row in connection.execute(text("PRAGMA foreign_key_check"))]
    return found + broken


def _reference(row: Any) -> str:
    return f"a row of {row[0]} refers to a row of {row[2]} that is not there"


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_a_newer(current: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if current is not None and current not in known:
        raise StoreUnavailable("a newer version of the copilot has made these tables; use that version or a newer one")
