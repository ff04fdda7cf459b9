"""Very many short tickets through `copilot batch` on the embedded reader, on one machine: tickets a second, and memory.

Run from the top of the repository: `python -m benchmarks.batch_many [--tickets 10000] [--out DIR]`. No network. Every ticket has
words of its own. Memory is the process's largest resident set, told at each tenth of the way. With `--out`, a run that was
stopped goes on, as a batch does.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WHO = ("My client", "The freelancer", "The agency", "The buyer", "Somebody from the team")
DID = ("did not answer for three days", "sent the logo again", "asks for another call", "deleted my website", "wants a refund")
WHY = ("since Monday", "before the deadline", "and left bad feedback", "and says it was late", "although I paid the milestone")


def write_tickets(path: Path, count: int) -> None:
    """So many tickets of about 60 characters, the same ones every time."""
    chance = random.Random(0)
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            text = f"{chance.choice(WHO)} {chance.choice(DID)} {chance.choice(WHY)}, order {number}."
            file.write(json.dumps({"id": f"T-{number}", "messages": [{"text": text}]}) + "\n")


def memory_mb(pid: int, what: str) -> float:
    """`VmRSS` or `VmHWM` of a process in MB; 0 where it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    found = [line.split()[1] for line in status.splitlines() if line.startswith(f"{what}:")]
    return int(found[0]) / 1024 if found else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = given.out or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        source, out = folder / "tickets.jsonl", folder / "suggestions.jsonl"
        write_tickets(source, given.tickets)
        measure(source, out, given.tickets)


def measure(source: Path, out: Path, tickets: int) -> None:
    """Run the batch and tell how it goes."""
    command = [sys.executable, "-m", "copilot.cli", "batch", str(source), "--out", str(out), "--extractor", "embedded"]
    before = rows_in(out)
    began, peak, told = time.monotonic(), 0.0, 0
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        time.sleep(1)
        peak = max(peak, memory_mb(process.pid, "VmHWM"))
        done = rows_in(out) - before
        if done * 10 // tickets > told:
            told = done * 10 // tickets
            print(f"{done:>9,} done: {done / (time.monotonic() - began):6.1f} a second, {peak:.0f} MB", flush=True)
    seconds, used = time.monotonic() - began, os.times()
    done, cpu = rows_in(out) - before, used.children_user + used.children_system
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(
        f"{done:,} tickets, code {process.returncode}: {seconds:.0f} s, {done / seconds:.1f} a second, most memory {peak:.0f} MB"
    )
    print(f"CPU {cpu:.0f} s, {1000 * cpu / max(1, done):.1f} ms a ticket; load averages {load}")


def rows_in(out: Path) -> int:
    """How many rows are written, counted in pieces."""
    if not out.exists():
        return 0
    with out.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b""))


if __name__ == "__main__":
    main()
