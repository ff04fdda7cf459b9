"""The words for every code, one table a language: notes, terminal and panel say nothing that does not stand there.

Comes in: a path into a table, and what stands for the names in braces. Goes out: text. The panel fetches the same files. Notes
and the terminal are in English, so only that table has the groups `written` and `terminal`.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))

Table = dict[str, Any]


@cache
def table(language: str = "en") -> Table:
    """All words of a language. Treat it as read-only."""
    found: Table = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return found


def words(path: str, **fill: object) -> str:
    """The English words at a path, such as `caution.safety_risk`, filled in. Raises `KeyError` where there are none."""
    found: Any = table()
    for name in path.split("."):
        found = found[name]
    return str(found).format(**fill) if fill else str(found)
