"""Options that more than one command takes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from copilot.config.settings import Settings
    from copilot.readers.base import Reader
    from copilot.readers.embedded.reader import Run

Function = TypeVar("Function", bound=Callable[..., object])

READERS = ("auto", "openai", "embedded", "lexical")


def extractor_option(function: Function) -> Function:
    """`--extractor`: who reads the ticket."""
    return click.option(
        "--extractor",
        type=click.Choice(READERS),
        default="auto",
        show_default=True,
        help="Who reads the ticket: a model server (openai), or the small model in this package (embedded; lexical is its old"
        " name). auto: openai if OPENAI_API_KEY is set.",
    )(function)


def json_option(function: Function) -> Function:
    """`--json`: the whole suggestion for a program."""
    return click.option("--json", "as_json", is_flag=True, help="Print exactly one Suggestion object as JSON, and nothing else.")(
        function
    )


def repository_option(function: Function) -> Function:
    """`--repository`: where git finds a revision's policy."""
    return click.option(
        "--repository",
        default=".",
        show_default=True,
        metavar="PATH",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help="The git repository that REV is of.",
    )(function)


def period_options(function: Function) -> Function:
    """`--since` and `--until`: a period, in UTC."""
    return since_option(_time("--until", "Only tickets first read before then, in UTC.")(function))


def since_option(function: Function) -> Function:
    """`--since`: from when on, in UTC."""
    return _time("--since", "Only tickets first read from then on, in UTC.")(function)


def contender_option(function: Function) -> Function:
    """`--contender`: one of those that decide beside the service."""
    return click.option("--contender", metavar="NAME", help="Only this one, by the name that `copilot shadow report` gives.")(
        function
    )


def _time(name: str, help: str) -> Callable[[Function], Function]:
    kind = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])
    return click.option(name, type=kind, metavar="TIME", callback=lambda *given: _in_utc(given[2]), help=help)


def _in_utc(time: datetime | None) -> datetime | None:
    return time and time.replace(tzinfo=UTC)


@contextmanager
def opened_reader(
    extractor: str, concurrency: int = 1, run: "Run | None" = None, one_of: int = 1
) -> "Iterator[tuple[Reader, Settings]]":
    """The reader that the option and the environment ask for, closed at the end. Raises `SettingsError`.

    It has a connection for each of `concurrency` tickets; `run` is as in `choose_reader`. `one_of` so many processes shares the
    most connections with the others.
    """
    import asyncio

    from copilot.config.settings import Settings
    from copilot.readers.base import Closing
    from copilot.readers.factory import choose_reader, with_room_for

    settings = Settings.from_environment()
    most = max(1, settings.max_connections // one_of)
    settings = with_room_for(settings.model_copy(update={"max_connections": most}), concurrency)
    reader = choose_reader(extractor, settings, run=run)
    try:
        yield reader, settings
    finally:
        if isinstance(reader, Closing):
            asyncio.run(reader.aclose())
