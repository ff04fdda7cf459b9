"""Options that more than one command of `copilot batch` takes."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from copilot.config.settings import Settings

Function = TypeVar("Function", bound=Callable[..., object])


def job_option(function: Function) -> Function:
    """`--job`: the folder of a job."""
    return click.option(
        "--job",
        required=True,
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="The job's folder: what was sent, and the answers.",
    )(function)


def job_settings(concurrency: int = 1) -> "Settings":
    """The settings that requests of a job are made from; an evaluation makes the same requests from them."""
    from copilot.config.settings import Settings
    from copilot.evaluation.run.setup import patient
    from copilot.readers.factory import with_room_for

    return with_room_for(patient(Settings.from_environment()), concurrency)
