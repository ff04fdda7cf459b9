"""What it costs to start: bare Python, the package, `copilot --help`, and one ticket with the embedded reader.

Run from the top of the repository: `python benchmarks/start_up.py [--rounds N]`.
Each line is the median over fresh processes, and its ratio to the bare interpreter, all measured in turns in one run.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TICKET = "He deleted my website yesterday. He says he will put it back if I pay him $500."


def commands(ticket: Path) -> dict[str, list[str]]:
    """What is started, by the name it has in the table."""
    copilot = [sys.executable, "-c", "from copilot.cli import main; main()"]
    return {
        "python -c pass": [sys.executable, "-c", "pass"],
        "import pydantic": [sys.executable, "-c", "from pydantic import BaseModel"],
        "import openai": [sys.executable, "-c", "import openai"],
        "from copilot import triage": [sys.executable, "-c", "from copilot import triage"],
        "copilot --help": [*copilot, "--help"],
        "copilot triage (embedded)": [*copilot, "triage", str(ticket), "--extractor", "embedded", "--json"],
    }


def start(command: list[str]) -> tuple[float, float]:
    """Wall and CPU seconds of one process."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("COPILOT_", "OPENAI_"))}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        ticket = Path(folder) / "ticket.txt"
        ticket.write_text(TICKET, encoding="utf-8")
        todo = commands(ticket)
        for command in todo.values():
            start(command)
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in todo}
        for _ in range(rounds):
            for name, command in todo.items():
                taken[name].append(start(command))
    bare = statistics.median(cpu for _, cpu in taken["python -c pass"])
    print(f"median of {rounds} fresh processes each, in turns")
    print(f"{'start':<26}{'wall ms':>10}{'CPU ms':>10}{'CPU ratio':>11}")
    for name, times in taken.items():
        wall = statistics.median(wall for wall, _ in times)
        cpu = statistics.median(cpu for _, cpu in times)
        print(f"{name:<26}{wall * 1000:>10.0f}{cpu * 1000:>10.0f}{cpu / bare:>10.1f}x")


if __name__ == "__main__":
    main()
