"""What Ray costs: short tickets through the plain batch and through Ray on one and two nodes, with a reader that costs nothing.

Run from the top of the repository: `python -m benchmarks.ray_batch [--sizes 10000,100000] [--ways plain,1,2] [--rounds 1]`. It
needs the extra `ray`; no network. Nodes are Ray nodes on this machine, one actor each, so two of them show what they cost rather
than what they win. The stand-in finds nothing in no time: what is measured is all but the reading. Seconds are those of the
whole command; memory is the largest resident set of the command, and of the largest actor.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.batch_many import memory_mb, write_tickets
from benchmarks.eval_stage import load, spread
from copilot.batch import BatchPlan, run_batch
from copilot.core.extraction import Extraction
from copilot.core.sentences import Sentences
from copilot.core.ticket import Ticket
from copilot.readers.base import Reading, ReadOutcome
from copilot.readers.model.openai import Turn

MARK = "COPILOT_BENCHMARK_RAY"


class StandIn:
    """Reads nothing, at once."""

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:  # noqa: ARG002 - a reader's own
        return Reading(Extraction.empty(), ReadOutcome.OK, extractor="stand-in")

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        return self.read(ticket, sentences)


class Silent:
    """Watches without a word."""

    def started(self, total: int, before: int) -> None: ...

    def wrote(self) -> None: ...

    def failed(self, message: str) -> None:
        print(message, file=sys.stderr)


def stand_in(turn: Turn | None) -> StandIn:  # noqa: ARG001 - it makes no calls
    return StandIn()


def work(way: str, source: Path, out: Path) -> None:
    """One run, in the process that is measured."""
    if way == "plain":
        result = asyncio.run(run_batch(BatchPlan(source, out, {}), StandIn(), Silent()))
    else:
        from copilot.batch_ray.run import RayPlan, run_on_ray  # noqa: PLC0415 - the plain batch is measured without

        result = run_on_ray(RayPlan(source, out, {}, actors=int(way)), stand_in, Silent())
    if result.left:
        raise SystemExit(f"{result.left} tickets have no row")


def nodes(count: int) -> None:
    """A cluster, until standard input ends."""
    from ray.cluster_utils import Cluster  # noqa: PLC0415 - as above

    node = {"num_cpus": 1, "object_store_memory": 100_000_000}
    cluster = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
    for _ in range(count - 1):
        cluster.add_node(**node)
    cluster.wait_for_nodes()
    print(cluster.address, flush=True)
    sys.stdin.read()
    cluster.shutdown()


@contextmanager
def cluster(way: str) -> Iterator[dict[str, str]]:
    """The environment of a command on so many nodes."""
    quiet = {
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_enable_metrics_collection": "0",
        "PYTHONPATH": os.getcwd(),
        MARK: str(os.getpid()),
    }
    environment = {**os.environ, **quiet}
    if way == "plain":
        yield environment
        return
    command = [sys.executable, "-m", "benchmarks.ray_batch", "--nodes", way]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        yield {**environment, "RAY_ADDRESS": process.stdout.readline().strip()}


def actors() -> list[int]:
    """The process ids of our actors."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            ours = f"{MARK}={os.getpid()}".encode() in (folder / "environ").read_bytes()
            if ours and (folder / "cmdline").read_bytes().startswith(b"ray::MapWorker"):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def measured(way: str, source: Path, out: Path) -> tuple[float, float, float]:
    """Seconds, and the most memory of the command and of an actor in MB."""
    with cluster(way) as environment:
        command = [sys.executable, "-m", "benchmarks.ray_batch", "--work", way, "--source", str(source), "--out", str(out)]
        began, peak, actor = time.monotonic(), 0.0, 0.0
        process = subprocess.Popen(command, env=environment)
        ended = None
        while ended is None:
            peak = max(peak, memory_mb(process.pid, "VmHWM"))
            actor = max([actor, *(memory_mb(pid, "VmHWM") for pid in actors())])
            try:
                ended = process.wait(0.5)
            except subprocess.TimeoutExpired:
                continue
        if ended:
            raise SystemExit(f"{way}: ended with {ended}")
        return time.monotonic() - began, peak, actor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--ways", default="plain,1,2")
    parser.add_argument("--rounds", type=int, default=1)
    for internal in ("--work", "--source", "--out", "--nodes"):
        parser.add_argument(internal, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.nodes:
        nodes(int(given.nodes))
    elif given.work:
        work(given.work, Path(given.source), Path(given.out))
    else:
        compare([int(size) for size in given.sizes.split(",")], given.ways.split(","), given.rounds)


def compare(sizes: list[int], ways: list[str], rounds: int) -> None:
    """All ways in turns, for each size."""
    print(f"{rounds} rounds in turns, median [least, greatest]; {load()}")
    for size in sizes:
        took: dict[str, list[tuple[float, float, float]]] = {way: [] for way in ways}
        for _ in range(rounds):
            for way in ways:
                with tempfile.TemporaryDirectory() as name:
                    source = Path(name) / "tickets.jsonl"
                    write_tickets(source, size)
                    took[way].append(measured(way, source, Path(name) / "suggestions"))
                    print(f"{size:,} {way}: {took[way][-1][0]:.1f} s", file=sys.stderr, flush=True)
        for way, runs in took.items():
            seconds, peak, actor = zip(*runs, strict=True)
            rate = spread([size / one for one in seconds], 0)
            name = "plain" if way == "plain" else f"Ray, {way} node(s)"
            memory = f"command {spread(peak, 0)} MB" + (f", largest actor {spread(actor, 0)} MB" if max(actor) else "")
            print(f"{size:>9,} {name:>14}: {spread(seconds, 1)} s, {rate} a second; {memory}", flush=True)
    print(load())


if __name__ == "__main__":
    main()
