"""Which reader a run uses: named outright, or as the settings say."""

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from copilot.config.settings import EXTRACTORS, Settings
from copilot.core.errors import SettingsError
from copilot.readers.base import Reader

if TYPE_CHECKING:
    from copilot.readers.embedded.reader import Run
    from copilot.readers.model.answers import Answers
    from copilot.readers.model.openai import Turn


SECOND_FLOOR = 0.5
"""From what probability on the second reader takes something for a fact."""


def with_room_for(settings: Settings, tickets: int) -> Settings:
    """Settings with a connection for each of so many tickets at a time; more than they have now, never fewer."""
    return settings.model_copy(update={"max_connections": max(settings.max_connections, tickets)})


@cache
def default_reader() -> Reader:
    """The reader that the process environment asks for; made once a process."""
    return choose_reader("auto", Settings.from_environment())


def resolved(extractor: str, settings: Settings) -> str:
    """`openai` or `embedded`: `auto` is `openai` where a key is set, and `lexical` an older name of `embedded`.

    Raises `SettingsError` for a name that is not known.
    """
    if extractor not in EXTRACTORS:
        raise SettingsError(f"extractor {extractor!r} is not known; use one of {', '.join(EXTRACTORS)}")
    if extractor == "auto":
        return "openai" if settings.api_key else "embedded"
    return "embedded" if extractor == "lexical" else extractor


def choose_reader(
    extractor: str,
    settings: Settings,
    answers: "Answers | None" = None,
    run: "Run | None" = None,
    turn: "Turn | None" = None,
) -> Reader:
    """A reader by name, as `resolved` takes it.

    The model reader comes with the embedded one behind it and beside it; what `answers` hold it need not ask. `run` is how
    an event loop has the embedded one compute, if not in any thread. `turn` is awaited before each call to a model.
    Raises `SettingsError` for an unknown name or a missing setting.
    """
    from copilot.readers.embedded.reader import EmbeddedReader

    name = resolved(extractor, settings)
    embedded = EmbeddedReader(settings.marketplace, settings.embedded_seconds, run)
    if name == "embedded":
        return embedded
    from copilot.readers.fallback import FallbackReader
    from copilot.readers.model.openai import OpenAIReader
    from copilot.readers.second import SecondOpinionReader

    beside = replace(embedded, floor=SECOND_FLOOR)
    return SecondOpinionReader(FallbackReader(OpenAIReader(settings, answers=answers, turn=turn), embedded), beside)
