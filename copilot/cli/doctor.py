"""`copilot doctor`: can the model endpoint that settings name be used, and what should be set?"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from copilot.cli.faults import DONE, FAILED
from copilot.cli.lines import StyledLine, print_lines

if TYPE_CHECKING:
    from copilot.config.settings import Settings

_INDENT = " " * 11


@click.command()
def command() -> int:
    """Try the model endpoint, and say what to set.

    Sends a few small requests, and a made-up ticket three times; no ticket of yours. It waits up to three minutes for an
    answer. Ends with code 1 where the made-up ticket was not read rightly each time.

    \b
    Example:
      OPENAI_BASE_URL=http://127.0.0.1:11434/v1 COPILOT_PROFILE=ollama COPILOT_MODEL=your-model copilot doctor
    """
    from copilot.config.settings import Settings

    settings = Settings.from_environment()
    if not (settings.api_key or settings.base_url or settings.model):
        print_lines(_without_a_model())
        return DONE
    return _examine(settings)


def _examine(settings: "Settings") -> int:
    from copilot.doctor import examine

    report = examine(settings)
    print_lines(StyledLine(line[len(_INDENT) :], _INDENT, line[: len(_INDENT)]) for line in report.lines())
    return DONE if report.healthy else FAILED


def _without_a_model() -> Iterator[StyledLine]:
    yield StyledLine("No model is set up: tickets are read by the embedded reader, which needs nothing.")
    yield StyledLine(
        "OPENAI_API_KEY and COPILOT_MODEL for OpenAI, or OPENAI_BASE_URL and COPILOT_MODEL for a server", _INDENT, f"{'set':<11}"
    )
