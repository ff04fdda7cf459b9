"""A run that is killed (SIGKILL) at 100 answers of 200, then the same command again: calls made, and whether totals are right.

Run from the top of the repository: `python -m benchmarks.eval_kill [--rounds N]`. Each round kills twice. "held": the server
answers 100 calls and lets the rest wait, so that the least that is left to ask is exactly 100. "in flight": it goes on
answering, and what it answers at the moment of the kill may be lost. Totals are compared with a run that nobody killed.
"""

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.eval_stage import Server, environment, eval_run, start, stub, timed, write_cases

CASES, KILL_AT = 200, 100
SETTLE_SECONDS = 1.0
"""In a held round: after the last answer was sent, time to have it read on a busy machine."""


class Bench:
    """One set of cases on one server."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder, self.server, self.cases = folder, server, folder / "cases.jsonl"
        write_cases(self.cases, CASES)

    def command(self, out: Path) -> list[str]:
        return eval_run(self.cases, out, "--extractor", "openai")

    def run(self, out: Path) -> tuple[int, dict[str, Any]]:
        """Run to the end; calls made, and the totals."""
        self.server.set(delay_ms=100)
        with (self.folder / "log.txt").open("a") as log:
            timed(self.command(out), environment(self.server), log)
        summary: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
        summary.pop("model_seconds")
        return self.server.counts()["calls"], summary

    def kill(self, out: Path, *, held: bool) -> dict[str, Any]:
        """Begin a run, and kill it at so many answers; what the server had counted then."""
        self.server.set(delay_ms=100, hold_after=KILL_AT if held else None)
        with (self.folder / "log.txt").open("a") as log:
            process: subprocess.Popen[str] = start(self.command(out), environment(self.server), log)
            while self.server.counts()["answered"] < KILL_AT:
                if process.poll() is not None:
                    raise SystemExit(f"the run ended with {process.returncode} before it was killed; see {log.name}")
                time.sleep(0.005)
            if held:
                time.sleep(SETTLE_SECONDS)
            counts = self.server.counts()
            process.kill()
            process.wait()
        return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name, stub() as server:
        bench = Bench(Path(name), server)
        calls, whole = bench.run(Path(name) / "whole")
        print(f"not killed: {calls} calls, {whole['scored']} of {whole['cases']} scored")
        for number in range(rounds):
            for held in (True, False):
                out = Path(name) / f"{number}-{held}"
                before = bench.kill(out, held=held)
                kept = len((out / "answers.jsonl").read_bytes().splitlines()) - 1
                calls, totals = bench.run(out)
                again, _ = bench.run(out)
                print(
                    f"{'held' if held else 'in flight'}: killed at {before['answered']} answers sent ({kept} kept, "
                    f"{before['in_flight']} in flight); then {calls} calls, {totals['scored']} of {totals['cases']} scored, "
                    f"totals {'the same' if totals == whole else 'DIFFERENT'}; once more: {again} calls"
                )


if __name__ == "__main__":
    main()
