"""`copilot shadow run`: follow the store, and let a contender decide beside the service."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copilot.cli.faults import DONE, warn
from copilot.cli.open_store import opened_store
from copilot.cli.options import opened_reader, repository_option, since_option

if TYPE_CHECKING:
    from copilot.config.settings import Settings
    from copilot.shadow.contenders import Contender

NICE = 10
"""How far the process stands back for others that compute, such as the service."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to decide: `reader`, or for an empty one the policy of a revision."""

    policy_from: str
    repository: Path
    reader: str
    concurrency: int


@click.command()
@click.option("--policy-from", metavar="REV", help="Decide by the policy of this commit, tag or branch.")
@repository_option
@click.option("--reader", type=click.Choice(("openai", "embedded")), help="Read with this reader.")
@since_option
@click.option("--once", is_flag=True, help="End when there is nothing new, as a timer wants it.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="End after so many tickets.")
@click.option("--concurrency", type=click.IntRange(1, 64), default=1, show_default=True, help="Tickets read at the same time.")
@click.option("--every-seconds", type=click.FloatRange(0.1), default=5.0, show_default=True, help="How often to look.")
def command(  # noqa: PLR0913, PLR0917  one argument an option
    policy_from: str | None,
    repository: Path,
    reader: str | None,
    since: datetime | None,
    once: bool,
    limit: int | None,
    concurrency: int,
    every_seconds: float,
) -> int:
    """Follow the store: decide on each new suggestion's ticket again, by another policy or reader, and keep what it says.

    It never changes a suggestion. The first time it begins with what is suggested from now on, or from --since; after that it
    goes on where it was, also after a kill. A text counts once, as it was first read. A model reader costs what it costs live.

    \b
    Examples:
      copilot shadow --policy-from my-branch
      copilot shadow --reader openai --concurrency 2 --limit 200 --once
    """
    if (policy_from is None) == (reader is None):
        raise click.UsageError("say what is to decide: --policy-from REV or --reader NAME, one of them.")
    from copilot.output.shown import write_out
    from copilot.shadow.follow import Follower, Pace

    _stand_back()
    wanted = _Wanted(policy_from or "", repository, reader or "", concurrency)
    with _contender(wanted) as contender, opened_store() as store:
        follower = Follower(store, contender, Pace(once, every_seconds, limit), warn)
        with nullcontext() if once else suppress(KeyboardInterrupt):
            follower.follow(since, lambda start: _announce(contender.name, start))
        gone = f", {follower.gone} were purged before it looked" if follower.gone else ""
        write_out(f"{follower.kept} decided{gone}; see `copilot shadow report`")
    return DONE


def _announce(name: str, start: datetime) -> None:
    click.echo(f"{name} follows what is suggested from {start:%Y-%m-%dT%H:%M:%SZ} on")


def _stand_back() -> None:
    """Compute when others do not; end on SIGTERM as on Ctrl-C, which is how following ends."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@contextmanager
def _contender(wanted: _Wanted) -> "Iterator[Contender]":
    from copilot.evaluation.compare.other_policy import other_policy
    from copilot.shadow.contenders import PolicyContender, ReaderContender

    if not wanted.reader:
        with other_policy(wanted.repository, wanted.policy_from) as policy:
            yield PolicyContender(policy)
        return
    with opened_reader(wanted.reader, wanted.concurrency) as (reader, settings):
        yield ReaderContender(_name(wanted.reader, settings), reader, wanted.concurrency)


def _name(reader: str, settings: "Settings") -> str:
    from copilot.readers.factory import resolved

    name = resolved(reader, settings)
    return f"{name}:{settings.model}" if name == "openai" else name
