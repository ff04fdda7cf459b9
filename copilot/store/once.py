"""Inserts that only the first of many can make."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_once(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless one with its key is there; True where it was not. Whoever comes second waits for the first."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    counted = {"preserve_rowcount": True}
    return connection.execute(insert(table).values(row).on_conflict_do_nothing(), execution_options=counted).rowcount == 1
