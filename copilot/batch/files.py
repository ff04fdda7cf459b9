"""The two files of a batch, exchanged for new ones as if at once.

Two files cannot be renamed in one step. New ones are written beside the old ones first, the rows are renamed first, and
what a kill left half done is finished, or thrown away, by whoever opens them next.
"""

import os
from contextlib import ExitStack
from pathlib import Path

from copilot.runs.journal import Journal


def journal_of(out: Path) -> Path:
    """Where the journal of a suggestions file is."""
    return out.with_name(out.name + ".journal")


def begin_exchange(out: Path) -> tuple[Journal, Journal]:
    """Empty new rows and an empty new journal, held. Raises `RunError` or `OutputError`."""
    with ExitStack() as opened:
        rows, entries = (opened.enter_context(Journal(path)) for path in _new(out))
        for file in (rows, entries):
            file.cut(0)
        opened.pop_all()
    return rows, entries


def end_exchange(out: Path, rows: Journal, entries: Journal) -> None:
    """Put the new files, written whole, in the place of the old ones. Raises `OutputError`."""
    entries.sync()
    rows.move(out.resolve())
    entries.move(journal_of(out))
    _sync_folder(out)


def mend_exchange(out: Path) -> None:
    """Finish an exchange that was cut off after its first step; undo one that was cut off before it. Raises `OSError`."""
    rows_path, journal_path = _new(out)
    if journal_path.exists() and not rows_path.exists():
        journal_path.replace(journal_of(out))
        _sync_folder(out)
    rows_path.unlink(missing_ok=True)
    journal_path.unlink(missing_ok=True)


def _new(out: Path) -> tuple[Path, Path]:
    rows, journal = out.resolve(), journal_of(out)
    return rows.with_name(rows.name + ".exchange"), journal.with_name(journal.name + ".exchange")


def _sync_folder(out: Path) -> None:
    if os.name == "nt":  # there a folder cannot be opened, and renaming writes it down
        return
    for folder in {out.resolve().parent, journal_of(out).parent}:
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
