"""A server that fails: 429 without Retry-After for 15% of all calls, and 500 for another 15%. Is every case scored?

Run from the top of the repository: `python -m benchmarks.eval_faults [--rounds N]`. `copilot eval run` and the bare loop with
the openai SDK's own retries, in turns, on the same draws.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.eval_stage import environment, eval_run, load, spread, stub, timed, write_cases

CASES = 200
MIXES = {
    "429: 15%": {"share_429": 0.15},
    "500: 15%": {"share_500": 0.15},
    "429: 15%, 500: 15%": {"share_429": 0.15, "share_500": 0.15},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name, (Path(name) / "log.txt").open("w+") as log, stub() as server:
        cases, bodies = Path(name) / "cases.jsonl", Path(name) / "bodies.jsonl"
        write_cases(cases, CASES)
        subprocess.run(
            [sys.executable, "-m", "benchmarks.eval_bodies", str(cases), str(bodies)], env=environment(server), check=True
        )
        print(f"{CASES} cases, {rounds} rounds [least, greatest]; {load()}")
        for mix, shares in MIXES.items():
            ours, bare, calls, told, unscored = [], [], [], [], 0
            for seed in range(rounds):
                out = Path(name) / f"{mix}-{seed}"
                server.set(delay_ms=100, seed=seed, **shares)
                ours.append(timed(eval_run(cases, out, "--extractor", "openai"), environment(server), log).wall)
                calls.append(server.counts()["calls"])
                summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
                unscored += summary["cases"] - summary["scored"]
                server.set(delay_ms=100, seed=seed, **shares)
                log.seek(0)
                log.truncate()
                loop = [sys.executable, "-m", "benchmarks.eval_bare_loop", str(bodies), f"{out}.bare"]
                bare.append(timed(loop, environment(server), log).wall)
                log.seek(0)
                told.append(log.read().strip().splitlines()[-1])
            print(f"{mix}: {unscored} of {CASES * rounds} not scored, wall {spread(ours)} s, calls {spread(calls, 0)}")
            print(f"  bare loop: {'; '.join(told)}; wall {spread(bare)} s")


if __name__ == "__main__":
    main()
