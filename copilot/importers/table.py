"""Tables: CSV with a map of its columns; a row is a message, and rows of one id that stand together are a ticket.

Read row by row, in the encoding that the caller names. The column of the text has to be named, or be called `text`; of the
others, those are taken that are named or are called as ours are. A row of another length than the header, and an id whose rows
do not stand together, is refused.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path

from copilot.core.errors import TicketError
from copilot.core.ticket import MAX_CHARACTERS
from copilot.files.loading import Location
from copilot.importers.records import opened
from copilot.importers.shape import Conversations, ImportedConversation, ImportedMessage

COLUMNS = ("text", "id", "subject", "author", "name", "role", "sent_at", "private", "attachments")
_YES, _NO = ("true", "yes", "1", "internal", "private"), ("false", "no", "0", "public", "")
_DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Form:
    """How a table is written: which column is what, what stands between cells (None: as the header shows), and the encoding."""

    columns: Mapping[str, str] = field(default_factory=dict)
    delimiter: str | None = None
    encoding: str = "utf-8-sig"


@dataclass(frozen=True)
class _Row:
    place: Location
    cells: Mapping[str, str]

    def cell(self, name: str) -> str:
        return self.cells.get(name, "").strip()


def conversations(path: str, form: Form) -> Conversations:
    """The tickets of a table. Raises `TicketError` where it is none of the columns that were named."""
    seen: set[str] = set()
    for id, group in groupby(_rows(path, form), _key):
        rows = [row for row in group if isinstance(row, _Row)]
        if isinstance(id, TicketError):
            yield id
        elif id in seen:
            yield TicketError(f"{rows[0].place.at()}: its id has rows further up; sort the table by its column of ids")
        else:
            seen.add(id)
            yield from _conversation(id, rows)


def _key(row: _Row | TicketError) -> str | TicketError:
    if isinstance(row, TicketError):
        return row
    return row.cell("id") or f"line-{row.place.line}"


def _rows(path: str, form: Form) -> Iterator[_Row | TicketError]:
    csv.field_size_limit(MAX_CHARACTERS)
    opened(path).close()
    begins = 1
    with Path(path).open(encoding=form.encoding, newline="") as file:
        try:
            above, delimiter = _delimiter(file.readline(MAX_CHARACTERS))
            file.seek(0)
            reader = csv.reader(file, delimiter=form.delimiter or delimiter, strict=True)
            header = next(islice(reader, above, None), [])
            places = _places(path, header, form.columns)
            begins = reader.line_num + 1
            for cells in reader:
                place = Location(path, begins)
                begins = reader.line_num + 1
                if len(cells) == len(header):
                    yield _Row(place, {name: cells[at] for name, at in places.items()})
                elif cells:
                    yield TicketError(
                        f"{place.at()}: has {len(cells)} cells, and the header {len(header)}; put texts with commas in quotes"
                    )
        except UnicodeError:
            step = "name the right one with --encoding, such as cp1252 or utf-16"
            raise TicketError(
                f"{Location(path, begins).at()}: is not {form.encoding.removesuffix('-sig').upper()} here or below; {step}"
            ) from None
        except csv.Error as fault:
            step = "a quotation mark is not closed, or the file was cut"
            if "limit" in str(fault):
                step = f"a cell has more than {MAX_CHARACTERS} characters, or a quotation mark is not closed"
            raise TicketError(
                f"{Location(path, begins).at()}: this row cannot be read: {step}; mend it, or export it again"
            ) from None


def _delimiter(first: str) -> tuple[int, str]:
    """How many lines stand above the header (Excel's `sep=;` is one), and what parts its cells into most."""
    if told := re.fullmatch(r"sep=(.)\r?\n", first):
        return 1, told[1]
    return 0, max(_DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))


def _places(path: str, header: list[str], columns: Mapping[str, str]) -> dict[str, int]:
    known = [cell.strip() for cell in header]
    for name, column in columns.items():
        if column not in known:
            raise TicketError(
                f"{Location(path, 1).at()}: has no column {column!r}, which --column {name} names; see its first line"
            )
    wanted = {columns.get(name, name) for name in COLUMNS}
    if twice := next((cell for cell in known if cell in wanted and known.count(cell) > 1), None):
        raise TicketError(f"{Location(path, 1).at()}: has more than one column {twice!r}; give each a name of its own")
    if "text" not in columns and "text" not in known:
        raise TicketError(
            f"{Location(path, 1).at()}: has no column called text; name the column of the messages with --column text=NAME"
        )
    return {name: known.index(columns.get(name, name)) for name in COLUMNS if columns.get(name, name) in known}


def _conversation(id: str, rows: list[_Row]) -> Conversations:
    made = ImportedConversation(rows[0].place, id, rows[0].cell("subject"))
    for row in rows:
        word = row.cell("private").casefold()
        if word not in _YES + _NO:
            yield TicketError(f"{row.place.at()}: the column of private messages must say yes or no")
            return
        author = row.cell("author") or None
        if author:
            made.names[author] = made.names.get(author) or row.cell("name")
            made.agents |= {author} if row.cell("role").casefold() in ("support", "agent", "admin") else set()
        attachments = tuple(filter(None, (name.strip() for name in row.cell("attachments").split(";"))))
        text, sent_at = row.cells.get("text", ""), row.cell("sent_at") or None
        made.entries.append(ImportedMessage(text, author, sent_at, is_private=word in _YES, attachments=attachments))
    yield made
