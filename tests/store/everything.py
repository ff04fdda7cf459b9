"""All that a database holds, as bytes: SQLite's files as they lie on the disk, every column of PostgreSQL's tables."""

from pathlib import Path

from sqlalchemy import MetaData, make_url, select

from copilot.store import Store


def everything_in(store: Store, url: str) -> bytes:
    """SQLite: the database file, its log and whatever else lies in the folder. PostgreSQL: all rows of all tables."""
    given = make_url(url)
    if given.get_backend_name() == "sqlite":
        return b"\n".join(path.read_bytes() for path in sorted(Path(given.database or "").parent.iterdir()))
    tables = MetaData()
    with store.database.reading() as connection:
        tables.reflect(connection)
        return repr([row for table in tables.sorted_tables for row in connection.execute(select(table))]).encode()
