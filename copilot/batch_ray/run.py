"""The run: a folder of tickets in, a folder of suggestions out, with Ray to give out the work.

`run_on_ray` plans partitions, has actors do them, tells how it goes, and adds up. It may end at any moment in any way: the same
call goes on from what is on disk. Two runs on one output keep out of each other's way.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.batch import BatchPlan, BatchResult, Watcher
from copilot.batch_ray.cluster import check_installed, connected, processors
from copilot.batch_ray.partitions import Partition, Ways
from copilot.batch_ray.worker import MakeReader, Work
from copilot.core.errors import reason
from copilot.runs.errors import RunError, RunStopped
from copilot.runs.journal import Journal
from copilot.runs.private import make_folder

if TYPE_CHECKING:
    from copilot.batch_ray.spread import Spread

RUN_FILE = "_run.jsonl"
FORMAT = 1
LEAST_LINES, MOST_LINES = 10, 1_000
PARTITIONS_AN_ACTOR = 4
"""So many and no fewer where there are tickets enough, so that all end at about the same time."""


@dataclass(frozen=True)
class RayPlan:
    """What to do. `concurrency` and `calls_per_minute` (None: as many as there can be) are for all actors together.

    `actors` None: one for each processor of the cluster. `to_tables`: Parquet comes out.
    """

    source: Path
    out: Path
    made_by: Mapping[str, str | None]
    concurrency: int = 8
    redo: frozenset[str] = frozenset()
    actors: int | None = None
    calls_per_minute: int | None = None
    to_tables: bool = False


def run_on_ray(plan: RayPlan, make_reader: MakeReader, watcher: Watcher) -> BatchResult:
    """Do every ticket that has no row yet. Raises `RunError` before any work, `OutputError` and `RunStopped` amid it."""
    check_installed()
    ways = Ways.of(plan.source, plan.out, to_tables=plan.to_tables)
    total = ways.tickets()
    with ExitStack() as opened:
        opened.enter_context(connected())
        actors = min(plan.actors or processors(), plan.concurrency)
        lines = opened.enter_context(held(ways, ceil(total / (PARTITIONS_AN_ACTOR * actors))))
        partitions = ways.partitions(lines)
        _check_gone(ways, partitions)
        actors = min(actors, len(partitions))
        like = BatchPlan(plan.source, plan.out, plan.made_by, plan.concurrency // actors, plan.redo)
        work = Work(like, make_reader, paced=plan.calls_per_minute is not None)
        watcher.started(total, 0)
        from copilot.batch_ray.spread import Spread  # noqa: PLC0415 - Ray, which takes seconds, once it is known to be needed

        return _added_up(plan, Spread(partitions, work, actors, plan.calls_per_minute), watcher, total)


@contextmanager
def held(ways: Ways, lines: int) -> Iterator[int]:
    """The output, kept from other runs, and how many lines its partitions have: as wanted, or as they were begun with."""
    try:
        if ways.out.is_dir() and not (ways.out / RUN_FILE).exists() and any(ways.out.iterdir()):
            raise RunError(f"{ways.out}: holds something else; name an empty folder, or one that does not exist")
        make_folder(ways.out)
    except OSError as fault:
        raise RunError(f"{ways.out}: cannot be written ({reason(fault)})") from None
    with Journal(ways.out / RUN_FILE) as journal:
        header = next(journal.lines(), None)
        if header is None:
            lines = min(MOST_LINES, max(LEAST_LINES, lines))
            journal.cut(0)
            told = {"ray_run": FORMAT, "source": str(ways.source), "lines": lines, "parquet": ways.to_tables}
            journal.append(json.dumps(told).encode() + b"\n")
        else:
            lines = _lines_begun_with(ways, header)
        yield lines


def _lines_begun_with(ways: Ways, header: bytes) -> int:
    try:
        given = json.loads(header)
        known, lines = given["ray_run"] == FORMAT, int(given["lines"])
        source, to_tables = given["source"], given["parquet"]
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise RunError(f"{ways.out / RUN_FILE}: is not of this version; name another --out")
    if source != str(ways.source):
        raise RunError(f"{ways.out}: was begun with tickets from elsewhere; name another --out")
    if to_tables != ways.to_tables:
        raise RunError(
            f"{ways.out}: was begun with --format {'parquet' if to_tables else 'jsonl'}; give the same, or name another"
        )
    return lines


def _check_gone(ways: Ways, partitions: Iterable[Partition]) -> None:
    gone = sorted(ways.written() - {partition.rows for partition in partitions})
    if gone:
        raise RunError(f"{gone[0]}: its tickets are no longer in the input; put them back, or name another --out")


def _added_up(plan: RayPlan, spread: "Spread", watcher: Watcher, total: int) -> BatchResult:
    result, settled = BatchResult(total=total), 0
    with spread.telling(watcher, total):
        for one in spread.done():
            if one.fault:
                raise one.fault
            if one.result:
                settled += one.result.total - one.result.left
                _add(result, one.result)
        again = spread.ask("again")
    if stop := spread.ask("at_end"):
        raise RunStopped(f"{plan.source}: {stop}")
    result.written += again
    result.before -= 0 if plan.redo else again
    result.left = total - settled
    return result


def _add(result: BatchResult, one: BatchResult) -> None:
    result.before += one.before
    result.written += one.written
    result.failed += one.failed
    result.degraded += Counter(one.degraded)
