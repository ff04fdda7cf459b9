"""The tables' version: brought up to date by Alembic, in one transaction, by one process at a time."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from copilot.core.errors import StoreUnavailable
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
            if connection.exec_driver_sql("PRAGMA journal_mode=WAL").scalar() != "wal":
                raise StoreUnavailable("SQLite can keep no log beside its file there; put the file on a local disk")
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        current = _current(connection)
        if current == newest():
            return
        _refuse_a_newer(current)
        command.upgrade(configuration(connection), "head")


def check_version(connection: Connection) -> None:
    """Raise `StoreUnavailable` where the tables are not of this version."""
    current = _current(connection)
    if current != newest():
        _refuse_a_newer(current)
        raise StoreUnavailable("the tables are of an older version; run `copilot store migrate`")


def _current(connection: Connection) -> str | None:
    try:
        return MigrationContext.configure(connection).get_current_revision()
    except CommandError:
        raise StoreUnavailable("the tables say that they are of two versions; restore a backup") from None


def _refuse_a_newer(current: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if current is not None and current not in known:
        raise StoreUnavailable("a newer version of the copilot has made these tables; use that version or a newer one")
