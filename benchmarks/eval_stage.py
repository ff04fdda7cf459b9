"""What every benchmark of the evaluation stands on: a stub server in a process of its own, cases, and timed processes.

It imports nothing of the copilot, so that the peak memory of what it starts is that of what it starts.
"""

import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from benchmarks.stub_server import MODEL

CASES = Path("evals/cases")
CONCURRENCY = 20


@dataclass(frozen=True)
class Took:
    """One process: wall and CPU seconds, peak memory in MB, exit code, and when it began and ended (epoch seconds)."""

    wall: float
    cpu: float
    peak_mb: float
    code: int
    began: float
    ended: float


class Server:
    """The stub server, seen from here."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def set(self, **orders: float | None) -> None:
        """Begin a new count under these `stub_server.Orders`."""
        self._ask("/set", json.dumps(orders).encode())

    def counts(self) -> dict[str, Any]:
        """The count since then."""
        return self._ask("/counts", None)

    def _ask(self, path: str, body: bytes | None) -> dict[str, Any]:
        with urllib.request.urlopen(self.url + path, data=body, timeout=30) as response:
            answer: dict[str, Any] = json.load(response)
        return answer


@contextmanager
def stub() -> Iterator[Server]:
    """A stub server while it is needed."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.stub_server"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield Server(int(process.stdout.readline()))
    finally:
        process.kill()
        process.wait()


def environment(server: Server | None = None) -> dict[str, str]:
    """The environment of a measured process: ours without settings, and the stub as its model."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COPILOT_", "OPENAI_"))}
    if server is not None:
        kept |= {"OPENAI_BASE_URL": f"{server.url}/v1", "OPENAI_API_KEY": "none", "COPILOT_MODEL": MODEL}
    return kept


def eval_run(cases: Path, out: Path, *options: str) -> list[str]:
    """The command line of `copilot eval run`, in full but for gates: a server with one answer passes none."""
    run = [sys.executable, "-m", "copilot.cli", "eval", "run", str(cases), "--out", str(out), "--no-gates"]
    return [*run, "--concurrency", str(CONCURRENCY), *options]


def start(command: Sequence[str], environment: dict[str, str], log: IO[str]) -> "subprocess.Popen[str]":
    """Start a process whose output goes into a file."""
    return subprocess.Popen(command, env=environment, stdout=log, stderr=log, text=True)


def timed(command: Sequence[str], environment: dict[str, str], log: IO[str]) -> Took:
    """Run a process to its end. Raises `SystemExit` where it fails."""
    began, clock = time.time(), time.perf_counter()
    process = start(command, environment, log)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - clock
    process.returncode = code = os.waitstatus_to_exitcode(status)
    if code:
        raise SystemExit(f"{' '.join(command)}: ended with {code}; see {log.name}")
    return Took(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, code, began, began + wall)


def write_cases(path: Path, count: int) -> None:
    """That many cases: those of the repository, evenly picked, or over and over under new ids."""
    lines = [line for file in sorted(CASES.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines() if line]
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            turn, position = divmod(number, len(lines))
            case = json.loads(lines[number * len(lines) // count if count < len(lines) else position])
            case["id"] = f"{case['id']}.{turn}"
            if turn:  # else the same would be asked again, and answered from the answers that are kept
                case["ticket"]["subject"] = f"{case['ticket'].get('subject', '')} ({turn})"
            case["tags"] = [f"{tag}.{turn}" if tag.startswith("minimal-pair:") else tag for tag in case["tags"]]
            file.write(json.dumps(case, ensure_ascii=False) + "\n")


def spread(values: Sequence[float], digits: int = 2) -> str:
    """The median of some values, with the least and the greatest."""
    return f"{statistics.median(values):.{digits}f} [{min(values):.{digits}f}, {max(values):.{digits}f}]"


def load() -> str:
    """How busy the machine is, for a report."""
    return f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}"
