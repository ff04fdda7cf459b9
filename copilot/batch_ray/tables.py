"""Parquet: tickets out of it, and suggestions into it.

A row is a ticket: columns in the shape of the contract, or one column `ticket` of JSON text. It becomes JSON, and is then checked
as a line of JSONL is. A table of suggestions has a few columns to filter by, and the whole suggestion as JSON.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from copilot.batch.entries import JournalEntry
from copilot.batch.files import journal_of
from copilot.batch.lines import InputLine, Stretch
from copilot.core.errors import reason
from copilot.runs.errors import OutputError, RunError
from copilot.runs.journal import whole_lines
from copilot.runs.private import make_folder, open_private

TEXT_COLUMN = "ticket"
PANDAS_INDEX = "__index_level_"
ROWS_AT_ONCE = 256
MADE_OF = b"journal_sha256"
"""What a table keeps of the rows that it was made of."""
NO_TEXT = b"\xff"
"""What stands for a row of bytes that are no UTF-8: the reader of lines says so."""
SCHEMA = pa.schema(
    {
        "source": pa.string(),
        "line": pa.int64(),
        "ticket_id": pa.string(),
        "route": pa.string(),
        "queue": pa.string(),
        "labels": pa.list_(pa.string()),
        "rule": pa.string(),
        "degraded": pa.string(),
        "suggestion": pa.string(),
    }
)
"""`source` and `line` say which ticket; `degraded` how the asked-for reader ended, where another one read."""


def rows_in(path: Path) -> int:
    """How many rows a file has. Raises `RunError`."""
    with _opened(path) as file:
        return int(file.metadata.num_rows)


def tickets_in(path: Path, stretch: Stretch) -> Iterator[InputLine]:
    """The rows of a stretch as lines of JSON, numbered from 1. Raises `RunError`."""
    with _opened(path) as file:
        columns = [name for name in file.schema_arrow.names if not name.startswith(PANDAS_INDEX)]
        is_text = TEXT_COLUMN in columns and "messages" not in columns
        columns = [TEXT_COLUMN] if is_text else columns
        last = file.metadata.num_rows if stretch.count is None else stretch.first + stretch.count - 1
        number = 0
        for group in range(file.num_row_groups):
            rows = file.metadata.row_group(group).num_rows
            if number + rows < stretch.first:
                number += rows
                continue
            for batch in file.iter_batches(ROWS_AT_ONCE, row_groups=[group], columns=columns):
                for row in batch.to_pylist():
                    number += 1
                    if number > last:
                        return
                    if number >= stretch.first:
                        yield InputLine(number, _json_of(row[TEXT_COLUMN] if is_text else row, is_text=is_text))


def write_table(rows: Path, table: Path, source: str) -> None:
    """Make a Parquet file of the rows of a partition, whole or not at all. Raises `OutputError`."""
    beside = table.with_name(f".{table.name}.new")
    try:
        make_folder(table.parent)
        with open_private(beside, "wb") as file:
            with pq.ParquetWriter(file, SCHEMA.with_metadata({MADE_OF: _digest(rows)})) as writer:
                for batch in _batches(rows, source):
                    writer.write_batch(batch)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(table)
    except OSError as fault:
        raise OutputError(f"{table}: writing failed ({reason(fault)}); run the same command again to go on") from None


def is_up_to_date(rows: Path, table: Path) -> bool:
    """Whether a table was made of the rows as they are."""
    try:
        found = pq.read_schema(table).metadata or {}
    except (OSError, pa.ArrowException):
        return False
    return bool(found.get(MADE_OF) == _digest(rows))


def _digest(rows: Path) -> bytes:
    """Of the journal, which has a digest of each row."""
    return hashlib.sha256(journal_of(rows).read_bytes()).hexdigest().encode()


def _opened(path: Path) -> Any:
    try:
        return pq.ParquetFile(path)
    except pa.ArrowException:
        raise RunError(f"{path}: is no Parquet file that can be read; write it anew, or leave it out") from None
    except OSError as fault:
        raise RunError(f"{path}: cannot be read ({reason(fault)})") from None


def _json_of(value: object, *, is_text: bool) -> bytes:
    try:
        if isinstance(value, bytes):
            value = value.decode()
        text = value if is_text and isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=_plain)
        return text.encode()
    except UnicodeError:
        return NO_TEXT


def _plain(value: object) -> object:
    """What JSON has no kind for: bytes are text (some writers store it so), a time is written in ISO's way."""
    if isinstance(value, bytes):
        return value.decode()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _batches(rows: Path, source: str) -> Iterator[Any]:
    """The rows as they go into a table, `ROWS_AT_ONCE` at a time."""
    entries = (JournalEntry.parse(raw) for number, raw in whole_lines(journal_of(rows)) if number > 1)
    with_rows = (entry for entry in entries if entry and not entry.failed)
    waiting: list[dict[str, object]] = []
    for entry, (_, raw) in zip(with_rows, whole_lines(rows), strict=False):
        text = raw.decode().rstrip("\n")
        shown = json.loads(text)
        told = {name: shown[name] for name in ("ticket_id", "route", "queue", "labels", "rule")}
        waiting.append({"source": source, "line": entry.number, **told, "degraded": entry.degraded, "suggestion": text})
        if len(waiting) == ROWS_AT_ONCE:
            yield pa.RecordBatch.from_pylist(waiting, schema=SCHEMA)
            waiting = []
    if waiting:
        yield pa.RecordBatch.from_pylist(waiting, schema=SCHEMA)
