"""Making the files let go of text that its rows have lost, and believing it only once the database says so.

SQLite: `secure_delete` overwrites what is deleted and promises nothing about rows that moved, so the file is written anew,
and the log emptied. Nothing of that happens while somebody reads an older state. A mark in the file, `user_version`,
says that it is due; it is set in the transaction that removes text, and goes when all was done. PostgreSQL: VACUUM.

Raises `StoreUnavailable` where bytes are left, with what keeps them.
"""

import time
from pathlib import Path

from sqlalchemy import Connection, text

from copilot.core.errors import StoreUnavailable
from copilot.store.database import BUSY_SECONDS, Database

PATIENCE_SECONDS = 10.0
_PAUSE_SECONDS = 0.5
_HOLD_SECONDS = 0.2
"""Writers wait while the log is being emptied, so one try is short, and there is a pause before the next."""
_MOST_MARKS = 2**31 - 1


def remember_to_forget(connection: Connection) -> None:
    """Note, in the transaction that removes text, that bytes have to go: a kill or a full disk only delays it."""
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"PRAGMA user_version={_mark(connection) % _MOST_MARKS + 1}"))


def is_due(database: Database) -> bool:
    """Whether bytes of removed text may still be in SQLite's file."""
    if not database.is_sqlite:
        return False
    with database.reading() as connection:
        return _mark(connection) != 0


def forget(database: Database, rewrite: bool) -> None:
    """Let go of the bytes. Without `rewrite` the log is emptied in one short try, and the mark stays."""
    with database.apart() as connection:
        if not database.is_sqlite:
            connection.execute(text("VACUUM suggestions, decisions, feedback, customers, arrivals"))
            return
        mark = _mark(connection)
        if not mark:
            return
        if rewrite:
            connection.execute(text("VACUUM"))
        _empty_the_log(connection, PATIENCE_SECONDS if rewrite else 0.0)
        _drop_an_old_journal(database.file)
    if rewrite:
        _clear(database, mark)


def _mark(connection: Connection) -> int:
    return int(connection.scalar(text("PRAGMA user_version")) or 0)


def _clear(database: Database, mark: int) -> None:
    """Take the mark away, unless another process has removed more meanwhile and set the next."""
    with database.writing() as connection:
        if _mark(connection) == mark:
            connection.execute(text("PRAGMA user_version=0"))


def _empty_the_log(connection: Connection, patience_seconds: float) -> None:
    """Raises `StoreUnavailable` where somebody reads or writes an older state for all that time."""
    until = time.monotonic() + patience_seconds
    connection.execute(text(f"PRAGMA busy_timeout={round(_HOLD_SECONDS * 1000)}"))
    try:
        while connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0]:
            if time.monotonic() >= until:
                raise StoreUnavailable(
                    "another program is reading or writing it; end that, a backup or an open sqlite3 say, "
                    "and run `copilot store purge`"
                )
            time.sleep(_PAUSE_SECONDS)
    finally:
        connection.execute(text(f"PRAGMA busy_timeout={round(BUSY_SECONDS * 1000)}"))


def _drop_an_old_journal(file: Path) -> None:
    """With a write-ahead log nothing uses the rollback journal that another program may have left; it holds old pages."""
    file.with_name(f"{file.name}-journal").unlink(missing_ok=True)
