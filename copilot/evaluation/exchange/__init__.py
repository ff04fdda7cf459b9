"""Cases and results in the files of other evaluation tools, and their data sets as cases."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from copilot.evaluation.exchange.incoming import Entry
    from copilot.evaluation.exchange.outgoing import Outgoing

FORMATS = {"inspect": "inspect_ai", "promptfoo": "promptfoo", "pydantic-evals": "pydantic_evals"}
"""The name of each tool on the command line, and the module here that knows its files."""


class Tool(Protocol):
    """What a module here can do."""

    def export(self, out: "Outgoing", folder: Path) -> Iterator[Path]:
        """Write cases, and results where there are some, into a folder; goes on to the next file when asked for it."""
        ...

    def entries(self, path: Path) -> "Iterator[Entry]":
        """The entries of a data set of this tool."""
        ...


def tool(module: str) -> Tool:
    """The module of a tool."""
    return cast("Tool", import_module(f"{__name__}.{module}"))
