"""The database: one engine, transactions to read in, transactions to write in, and its faults as `StoreUnavailable`.

SQLite is written by one thread at a time, in transactions that begin by taking the write lock, and a commit returns only
when the disk has it. No message shows a statement's values: they can be a ticket's text.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, text

from copilot.core.errors import StoreUnavailable, reason
from copilot.files.file_lock import lock
from copilot.store.location import prepare_file

BUSY_SECONDS = 5.0
_POOL: dict[str, Any] = {
    "pool_size": 16,  # one for each of the service's threads stays open
    "max_overflow": 24,
    "pool_use_lifo": True,  # the last one used still knows the newest pages
    "hide_parameters": True,
}
_POSTGRES_OPTIONS = "-c synchronous_commit=on -c statement_timeout=60s -c timezone=UTC"
_UNUSABLE = (exc.OperationalError, exc.InterfaceError, exc.InternalError, exc.TimeoutError)
_OTHER_TABLES = "a table is missing or is not as this version makes it; run `copilot store migrate`, or restore a backup"
_TOLD = {
    "locked": "the database is locked by another program",
    "lock timeout": "the database is locked by another program",
    "full": "the disk or the database is full",
    "readonly": "the database is read-only",
    "read-only": "the database is read-only",
    "unable to open": "the database file cannot be opened",
    "disk i/o": "the disk reports an error",
    "malformed": "the database file is damaged",
    "not a database": "the file is no SQLite database",
    "no such table": _OTHER_TABLES,
    "has no column": _OTHER_TABLES,
    "no such column": _OTHER_TABLES,
}
_TOLD_BY_STATE = {
    "42P01": _OTHER_TABLES,
    "42703": _OTHER_TABLES,
    "42501": "the database does not let this user read or write its tables",
}


class Database:
    """An open database. Raises `StoreUnavailable` wherever it cannot be used just now."""

    def __init__(self, url: URL, make: bool = True) -> None:
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.file = Path(url.database or "")
        """Where SQLite keeps it; without meaning for PostgreSQL."""
        self._writer = threading.Lock()
        with faults_told():
            if self.is_sqlite:
                prepare_file(self.file, make)
                self._opened = _identity(self.file)
        self.engine = _sqlite(url) if self.is_sqlite else _postgres(url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database."""
        with faults_told(), self.engine.connect() as connection, connection.begin():
            if self.is_sqlite:
                _begin(connection, "BEGIN")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is on the disk when the block has ended without an error, and otherwise never was."""
        with self._one_writer(), faults_told(), self.engine.connect() as connection, connection.begin():
            if self.is_sqlite:
                _begin(connection, "BEGIN IMMEDIATE")
            yield connection

    @contextmanager
    def apart(self) -> Iterator[Connection]:
        """A connection outside of any transaction, for what no transaction may hold, such as VACUUM."""
        with self._one_writer(), faults_told(), self.engine.connect() as connection:
            yield connection if self.is_sqlite else connection.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def alone(self, name: str) -> Iterator[bool]:
        """Whether nobody else does what that names, for as long as the block lasts; however a process ends, it lets go."""
        number = int.from_bytes(sha256(name.encode()).digest()[:7])
        if self.is_sqlite:
            with faults_told():
                file = self.file.with_name(f"{self.file.name}.{number:x}.lock").open("ab")
            with file:
                yield lock(file)
            return
        with self.apart() as connection:
            taken = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}))
            try:
                yield taken
            finally:
                if taken:
                    connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": number})

    def file_is_another(self) -> bool:
        """Whether SQLite's file was removed or replaced since it was opened: what is written now, nobody finds again."""
        return _identity(self.file) != self._opened

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if not self._writer.acquire(timeout=BUSY_SECONDS):
            raise StoreUnavailable("the store has more to write than it can; try again")
        try:
            yield
        finally:
            self._writer.release()


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def faults_told() -> Iterator[None]:
    """The driver's errors as `StoreUnavailable`, with nothing in it that the driver quoted."""
    try:
        yield
    except (*_UNUSABLE, sqlite3.Error) as fault:
        raise StoreUnavailable(_told(fault)) from None
    except exc.DatabaseError as fault:
        if type(fault) is not exc.DatabaseError and getattr(fault.orig, "sqlstate", None) not in _TOLD_BY_STATE:
            raise
        raise StoreUnavailable(_told(fault)) from None
    except OSError as fault:
        raise StoreUnavailable(f"the database cannot be used ({reason(fault)})") from None


def _told(fault: exc.SQLAlchemyError | sqlite3.Error) -> str:
    driver = getattr(fault, "orig", fault)
    words = str(driver).lower()
    causes = [told for sign, told in _TOLD.items() if sign in words]
    cause = next(iter(causes), _TOLD_BY_STATE.get(str(getattr(driver, "sqlstate", "")), "the database cannot be reached or used"))
    return f"{cause}; try again, and see `copilot store check` if it stays so"


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, pool_timeout=BUSY_SECONDS, **_POOL)

    @event.listens_for(engine, "connect")
    def _set_up(raw: Any, _: object) -> None:
        raw.isolation_level = None  # BEGIN is ours to send, or SQLite would take the write lock too late
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF", "cell_size_check=ON", "secure_delete=ON"):
            raw.execute(f"PRAGMA {pragma}")
        raw.execute("PRAGMA temp_store=MEMORY")

    return engine


def _begin(connection: Connection, how: str) -> None:
    """Begin a transaction of SQLite's on the bare connection: SQLAlchemy's listeners for it cost more than what they begin."""
    raw: Any = connection.connection.driver_connection
    raw.execute(how)


def _postgres(url: URL) -> Engine:
    options = f"{_POSTGRES_OPTIONS} -c lock_timeout={round(BUSY_SECONDS * 1000)}"
    given = {"options": options, "connect_timeout": "5", "application_name": "triage-copilot"}
    return create_engine(url, connect_args=given, pool_timeout=BUSY_SECONDS, pool_pre_ping=True, **_POOL)
