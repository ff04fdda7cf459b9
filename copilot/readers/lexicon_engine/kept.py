"""What takes long to work out of a word list, kept on disk for the next process, as Python keeps compiled modules.

It stands as JSON in the `__pycache__` beside the word lists, with the digest of all it was made from: where a word, the
engine or Python is another, it is worked out anew. It is written whole or not at all. A file that is missing or broken, or a
folder that cannot be written, costs time and nothing else. No word of a ticket gets there.
"""

import hashlib
import json
import os
import sys
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from threading import get_ident
from typing import TypeVar

import copilot.hidden

Made = TypeVar("Made")


def _engine() -> str:
    paths = (*sorted(Path(__file__).parent.glob("*.py")), Path(copilot.hidden.__file__))
    modules = (module.read_text(encoding="utf-8") for module in paths)
    return hashlib.sha256("\0".join([sys.version, unicodedata.unidata_version, *modules]).encode()).hexdigest()


ENGINE = _engine()
"""Whatever else could change what is made: the modules beside this one, the table of what is not seen, and Python with its
tables of letters. It is taken when they are loaded, so that a process which outlives an upgrade leaves nothing of its own under
the new name."""


def kept(path: Path, made_from: tuple[str, ...], make: Callable[[], Made]) -> Made:
    """What `make` gives (lists, dictionaries, words and numbers), from the file at `path` where it was made from the same."""
    digest = hashlib.sha256("\0".join((ENGINE, *made_from)).encode()).hexdigest()
    with suppress(OSError, ValueError, KeyError, TypeError):
        before = json.loads(path.read_bytes())
        if before["made_from"] == digest:
            known: Made = before["made"]
            return known
    made = make()
    with suppress(OSError):
        _write(path, json.dumps({"made_from": digest, "made": made}, ensure_ascii=False, separators=(",", ":")))
    return made


def place_beside(source: Path, ending: str) -> Path:
    """Where something made of a source is kept; `ending` tells it from other things made of it."""
    return Path(cache_from_source(str(source))).with_name(f"{source.stem}.{ending}.json")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.{get_ident()}")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
