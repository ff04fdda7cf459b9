"""The part of `copilot batch run` that is for `--engine ray`: its options, and the run."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from copilot.batch import BatchResult, Watcher

Function = TypeVar("Function", bound=Callable[..., object])
ONLY_ON_RAY = ("actors", "calls_per_minute", "format")


def engine_options(function: Function) -> Function:
    """`--engine`, and what only makes sense with `ray`."""
    for option in reversed(
        (
            click.option(
                "--engine",
                type=click.Choice(["local", "ray"]),
                default="local",
                show_default=True,
                help="Who does the work: this process, or Ray, on the cluster that RAY_ADDRESS names or on this machine alone.",
            ),
            click.option(
                "--actors",
                type=click.IntRange(1, 10_000),
                metavar="N",
                help="With --engine ray: how many processes read. [default: one for each processor of the cluster]",
            ),
            click.option(
                "--calls-per-minute",
                type=click.IntRange(1, 10_000_000),
                metavar="N",
                help="With --engine ray: the most calls to the model in a minute, of all actors together.",
            ),
            click.option(
                "--format",
                type=click.Choice(["jsonl", "parquet"]),
                help="With --engine ray: what the files in SUGGESTIONS are. [default: jsonl]",
            ),
        )
    ):
        function = option(function)
    return function


@dataclass(frozen=True)
class OnRay:
    """What the options of `engine_options` say, `engine` apart."""

    actors: int | None = None
    calls_per_minute: int | None = None
    format: str | None = None

    def check_unused(self) -> None:
        """Raises `UsageError` where something was said that means nothing without Ray."""
        if said := [name for name in ONLY_ON_RAY if getattr(self, name) is not None]:
            raise click.UsageError(f"--{said[0].replace('_', '-')} goes with --engine ray.")

    def run(self, paths: tuple[Path, Path], reading: tuple[str, int], redo: tuple[str, ...], watcher: "Watcher") -> "BatchResult":
        """Do it. `paths` are input and output, `reading` the extractor and how many tickets at a time."""
        from copilot.batch.run import made_by
        from copilot.batch_ray.run import RayPlan, run_on_ray
        from copilot.batch_ray.worker import reader_by
        from copilot.config.settings import Settings
        from copilot.readers.factory import resolved, with_room_for

        extractor, concurrency = reading
        settings = with_room_for(Settings.from_environment(), concurrency)
        if self.calls_per_minute and resolved(extractor, settings) == "embedded":
            raise click.UsageError("--calls-per-minute is for a model server; the embedded reader calls none.")
        plan = RayPlan(
            *paths,
            made_by(extractor, settings),
            concurrency,
            frozenset(redo),
            self.actors,
            self.calls_per_minute,
            to_tables=self.format == "parquet",
        )
        return run_on_ray(plan, reader_by(extractor, settings), watcher)
