"""200 cases at 100 ms an answer, 20 at once: `copilot eval run` beside a bare loop and pydantic-evals, on one stub server.

Run from the top of the repository: `python -m benchmarks.eval_peers [--rounds N] [--cases N] [--delay-ms MS]`. Every runner is a
fresh process with the same requests; rounds take turns, and a ratio is taken within its round. Times are of the whole
process. `copilot eval run` runs twice: on tickets that its second reader never saw, and on the same again, as somebody does who
changes a prompt. pydantic-evals is left out where it is not installed.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from benchmarks.eval_stage import CONCURRENCY, Server, Took, environment, eval_run, load, spread, stub, timed, write_cases

BARE, PYDANTIC = "bare loop, openai SDK", "pydantic-evals, openai SDK"
FRESH, AGAIN = "copilot eval run, tickets never seen", "copilot eval run, the same tickets again"
Parts = tuple[float, float, float]
"""Seconds before the first call, from there to the last answer, and after it."""


class Bench:
    """The cases and the runners of one measurement."""

    def __init__(self, folder: Path, server: Server, count: int, delay_ms: float) -> None:
        self.folder, self.server, self.count, self.delay_ms = folder, server, count, delay_ms
        self.cases, self.bodies = folder / "cases.jsonl", folder / "bodies.jsonl"
        self.environment = environment(server)
        write_cases(self.cases, count)
        make = [sys.executable, "-m", "benchmarks.eval_bodies", str(self.cases), str(self.bodies)]
        subprocess.run(make, env=self.environment, check=True)

    def commands(self, number: int) -> dict[str, list[str]]:
        """The runners of one round, the first changing from round to round."""
        out = self.folder / str(number)
        peer = [sys.executable, "-m"]
        runners = {
            BARE: [*peer, "benchmarks.eval_bare_loop", str(self.bodies), f"{out}.bare"],
            FRESH: eval_run(self.cases, out, "--extractor", "openai"),
            AGAIN: eval_run(self.cases, Path(f"{out}.again"), "--extractor", "openai"),
        }
        if find_spec("pydantic_evals"):
            runners[PYDANTIC] = [*peer, "benchmarks.eval_pydantic", str(self.bodies), f"{out}.pydantic"]
        names = list(runners)
        turn = number % len(names)
        return {name: runners[name] for name in names[turn:] + names[:turn]}

    def run(self, command: list[str], state: str) -> tuple[Took, Parts]:
        """One process against a fresh count; second readings are kept in the folder `state`.

        Raises `SystemExit` where the calls are not one a case.
        """
        self.server.set(delay_ms=self.delay_ms)
        with (self.folder / "log.txt").open("a") as log:
            took = timed(command, self.environment | {"COPILOT_STATE_DIR": str(self.folder / f"state-{state}")}, log)
        counts = self.server.counts()
        if counts["answered"] != self.count or counts["most_in_flight"] > CONCURRENCY:
            raise SystemExit(
                f"{command}: {counts['answered']} answers for {self.count} cases, {counts['most_in_flight']} at once"
            )
        first, last = counts["first_call"], counts["last_answer"]
        return took, (first - took.began, last - first, took.ended - last)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--delay-ms", type=float, default=100.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, stub() as server:
        bench = Bench(Path(folder), server, given.cases, given.delay_ms)
        for command in bench.commands(0).values():
            bench.run(command, "kept")
        taken: dict[str, list[tuple[Took, Parts]]] = {name: [] for name in bench.commands(0)}
        for number in range(1, given.rounds + 1):
            for name, command in bench.commands(number).items():
                taken[name].append(bench.run(command, f"{number}" if name == FRESH else "kept"))
                took = taken[name][-1][0]
                print(f"round {number}, {name}: {took.wall:.2f} s, CPU {took.cpu:.2f} s", file=sys.stderr, flush=True)
    report(taken, given.rounds, given.cases * given.delay_ms / 1000 / CONCURRENCY)


def report(taken: dict[str, list[tuple[Took, Parts]]], rounds: int, ideal: float) -> None:
    """Medians, and ratios to the bare loop of the same round."""
    print(f"median of {rounds} rounds [least, greatest]; ideal {ideal:.2f} s; {load()}")
    for name, runs in taken.items():
        ratios = [took.wall / bare.wall for (took, _), (bare, _) in zip(runs, taken[BARE], strict=True)]
        before, asking, after = (statistics.median(parts[i] for _, parts in runs) for i in range(3))
        print(f"\n{name}")
        print(f"  wall s             {spread([took.wall for took, _ in runs])}")
        print(f"  over ideal s       {spread([took.wall - ideal for took, _ in runs])}")
        print(f"  ratio to bare loop {spread(ratios)}")
        print(f"  to the first call {before:.2f}, to the last answer {asking:.2f}, after it {after:.2f} s")
        print(f"  CPU s {spread([took.cpu for took, _ in runs])}, peak {max(took.peak_mb for took, _ in runs):.0f} MB")


if __name__ == "__main__":
    main()
