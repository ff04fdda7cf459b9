"""Whether the store can keep a ticket: tried by writing, because a database that only answers may still keep nothing.

Comes in: an open database. Goes out: nothing, or `StoreUnavailable` with what is wrong. A look costs a few empty statements,
one small commit and, on SQLite, a nameless file of some kilobytes beside the database.
"""

import os
import tempfile
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, false, insert, select, text, update

from copilot.core.errors import StoreUnavailable
from copilot.store.database import Database, faults_told
from copilot.store.once import insert_once
from copilot.store.schema import check_version
from copilot.store.tables import CLAIMS, METADATA

ROOM_BYTES = 256_000
"""A log that has room from before takes a row on a full disk; a ticket needs more, so this much is tried beside it."""
_PROBE = "probe"
"""The id of the row that is written; no claim is called so, those are digests."""


def check_writes(database: Database) -> None:
    """Raise `StoreUnavailable` unless a row can be committed and every table is there, as this version knows it."""
    if database.is_sqlite:
        _check_file(database)
    with database.writing() as connection:
        if not database.is_sqlite and connection.scalar(text("SHOW transaction_read_only")) == "on":
            raise StoreUnavailable("the database is read-only; connect to the primary server")
        check_version(connection)
        _check_tables(connection)
        _write(connection)


def problems(database: Database) -> list[str]:
    """What a thorough look finds wrong, in words; nothing where all is well. Raises `StoreUnavailable` as `check_writes` does."""
    check_writes(database)
    if not database.is_sqlite:
        return []
    with database.reading() as connection:
        found = [row[0] for row in connection.execute(text("PRAGMA integrity_check(20)")) if row[0] != "ok"]
        broken = [_reference(row) for row in connection.execute(text("PRAGMA foreign_key_check"))]
    return found + broken


def _check_tables(connection: Connection) -> None:
    """Insert nothing into every table: that needs the table, all of its columns, and the right to write them."""
    for table in METADATA.sorted_tables:
        nothing = select(*table.c).where(false())
        connection.execute(insert(table).from_select(list(table.c.keys()), nothing))


def _write(connection: Connection) -> None:
    now = datetime.now(UTC)
    row = {"token": "", "request_sha256": "", "created_at": now, "leased_until": now}
    if not connection.execute(update(CLAIMS).where(CLAIMS.c.id == _PROBE).values(row)).rowcount:
        insert_once(connection, CLAIMS, {"id": _PROBE, **row})


def _check_file(database: Database) -> None:
    """The file is still the one that was opened, may be written, and there is room beside it."""
    with faults_told():
        if database.file_is_another():
            raise StoreUnavailable("the database file was removed or replaced while it was open; start the service anew")
        if not os.access(database.file, os.W_OK):
            raise StoreUnavailable("the database file is read-only; give the service the right to write it")
        with tempfile.TemporaryFile(dir=database.file.parent, buffering=0) as room:
            left = ROOM_BYTES
            while left > 0:
                left -= room.write(bytes(left))


def _reference(row: Any) -> str:
    return f"a row of {row[0]} refers to a row of {row[2]} that is not there"
