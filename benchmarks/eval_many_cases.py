"""Thousands of cases: time and CPU for each case, and how peak memory grows with their number.

Run from the top of the repository: `python -m benchmarks.eval_many_cases [--sizes 1000,5000] [--rounds N] [--model]`: with the
embedded reader, or with a model, which is a stub that answers after 20 ms. The cases of the repository are repeated under new
ids. What a case costs is the slope between the sizes, so that start-up is left out.
"""

import argparse
import statistics
import tempfile
from itertools import pairwise
from pathlib import Path

from benchmarks.eval_stage import Took, environment, eval_run, load, spread, stub, timed, write_cases


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,5000")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--model", action="store_true")
    given = parser.parse_args()
    extractor = "openai" if given.model else "embedded"
    sizes = [int(size) for size in given.sizes.split(",")]
    taken: dict[int, list[Took]] = {size: [] for size in sizes}
    with tempfile.TemporaryDirectory() as name, (Path(name) / "log.txt").open("a") as log, stub() as server:
        server.set(delay_ms=20)
        for size in sizes:
            write_cases(Path(name) / f"{size}.jsonl", size)
        for number in range(given.rounds):
            for size in sizes:
                out = Path(name) / f"{size}-{number}"
                run = eval_run(Path(name) / f"{size}.jsonl", out, "--extractor", extractor)
                took = timed(run, environment(server), log)
                rows = len((out / "rows.jsonl").read_bytes().splitlines())
                if rows != size:
                    raise SystemExit(f"{size} cases: {rows} rows")
                taken[size].append(took)
    print(f"median of {given.rounds} rounds [least, greatest]; {load()}")
    for size, runs in taken.items():
        cpu, wall = (spread([getattr(took, what) for took in runs], 1) for what in ("cpu", "wall"))
        print(f"{size:>6} cases: wall {wall} s, CPU {cpu} s, peak {spread([took.peak_mb for took in runs], 0)} MB")
    for small, large in pairwise(sizes):
        print(f"{small} to {large}: {_slopes(taken[small], taken[large], large - small)}")


def _slopes(small: list[Took], large: list[Took], cases: int) -> str:
    def slope(what: str) -> float:
        less, more = (statistics.median(getattr(took, what) for took in runs) for runs in (small, large))
        return float(1000 * (more - less) / cases)

    return f"{slope('wall'):.1f} ms wall and {slope('cpu'):.1f} ms CPU a case, {slope('peak_mb'):.0f} MB for each 1,000 cases"


if __name__ == "__main__":
    main()
