"""What the service adds to a model's second: throughput, the service's own part of each request, and memory.

Run from the top of the repository:
`python -m benchmarks.service_load [--reader model|given] [--workers N] [--rounds N] [--at-once 10 25 50 100] [--memory 10000]`.

`model`: a stub model answers each call after 1 s, and the embedded reader reads every ticket as well. `given`: nobody reads; the
facts are there after 1 s, and what remains is the service's own part. Beside it runs a bare FastAPI echo, always in one process,
that waits a second and gives the body back. Both are measured in turns, in the same run. The service stores every suggestion in
SQLite, synced to disk, before it answers.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.eval_stage import Server, environment, stub
from benchmarks.http_load import Load, run

MODEL_SECONDS = 1.0
EXAMPLES = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(Path("examples").glob("*.json"))]
SERVERS = {"model": "copilot.cli serve", "given": "benchmarks.service_alone"}
"""What serves, by who reads."""
ECHO = [sys.executable, "-m", "uvicorn", "benchmarks.service_echo:app", "--log-level", "warning", "--no-access-log", "--port"]


Started = tuple[str, int]
"""A server's address and its process id."""


def served_by(reader: str, workers: int = 1) -> list[str]:
    """The command that starts the service, less its port."""
    return [sys.executable, "-m", *SERVERS[reader].split(), "--workers", str(workers), "--port"]


@contextmanager
def started(command: list[str], given: dict[str, str]) -> Iterator[Started]:
    """A server while it is needed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen([*command, str(port)], env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(url, process)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(30)


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(400):
        if process.poll() is not None:
            raise SystemExit(f"a server ended with {process.returncode}: {process.args}")
        try:
            urllib.request.urlopen(f"{url}/openapi.json", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def service_settings(model: Server, state: str) -> dict[str, str]:
    """The service on the stub model, with every limit out of the way."""
    limits = {"COPILOT_RATE_PER_MINUTE": "10000000", "COPILOT_MAX_CONCURRENT": "1000", "COPILOT_STATE_DIR": state}
    return environment(model) | limits


def ticket(number: int) -> bytes:
    """Ticket number n: one of the examples, with an id of its own."""
    return json.dumps(EXAMPLES[number % len(EXAMPLES)] | {"id": f"T-{number}"}).encode()


def suggestion(number: int) -> tuple[str, bytes]:
    return "/v1/suggestions", ticket(number)


def echo_late(number: int) -> tuple[str, bytes]:
    return f"/echo?wait={MODEL_SECONDS}", ticket(number)


def echo(number: int) -> tuple[str, bytes]:
    return "/echo", ticket(number)


def own_part(load: Load, share: float) -> float:
    """Milliseconds beside the model's second that this share of requests took at most."""
    return 1000 * (load.percentile(share) - MODEL_SECONDS)


def spread(values: Sequence[float], digits: int = 1) -> str:
    """The median, and from the least to the most."""
    return f"{statistics.median(values):,.{digits}f} [{min(values):,.{digits}f}, {max(values):,.{digits}f}]"


def loaded(service: Started, bare: Started, at_once: int, rounds: int) -> None:
    """Service and echo in turns under the same load, and their lines of the table."""
    requests = at_once * 10
    runs: dict[str, list[Load]] = {"copilot serve": [], "echo": []}
    cpu: dict[str, list[float]] = {"copilot serve": [], "echo": []}
    for _ in range(rounds):
        for name, (url, pid), make in (("copilot serve", service, suggestion), ("echo", bare, echo_late)):
            before = cpu_seconds(pid)
            runs[name].append(run(url, make, requests, at_once))
            cpu[name].append(1000 * (cpu_seconds(pid) - before) / requests)
    for name, loads in runs.items():
        rate, each = spread([load.per_second for load in loads]), spread(cpu[name])
        p50, p99 = (spread([own_part(load, share) for load in loads]) for share in (0.5, 0.99))
        print(f"{name:<15}{at_once:>8}{requests:>10}   {rate:<20}{p50:<25}{p99:<27}{each}", flush=True)
    pairs = list(zip(runs["copilot serve"], runs["echo"], strict=True))
    ratio = spread([a.per_second / b.per_second for a, b in pairs], 2)
    p50, p99 = (spread([own_part(a, share) / own_part(b, share) for a, b in pairs]) for share in (0.5, 0.99))
    print(f"  against the echo in the same round: throughput {ratio}, own part p50 {p50}, p99 {p99}")


def corrected(service: str, bare: str, rounds: int, requests: int = 200) -> None:
    """Decisions on corrected facts, one after another: no model is asked."""
    answers = [json.loads(answer) for answer in run(service, suggestion, len(EXAMPLES), len(EXAMPLES), keep=True).answers]
    bodies = [(f"/v1/suggestions/{one['id']}/decisions", json.dumps({"extraction": plain(one)}).encode()) for one in answers]
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(run(service, lambda number: bodies[number % len(bodies)], requests, 1))
        theirs.append(run(bare, echo, requests, 1))
    for name, loads in (("a decision", ours), ("echo", theirs)):
        p50, p99 = (spread([1000 * load.percentile(share) for load in loads], 2) for share in (0.5, 0.99))
        print(f"{name:<15}{1:>8}{requests:>10}   {spread([load.per_second for load in loads]):<22}{p50:<26}{p99}")


def decision(answer: dict[str, Any]) -> tuple[str, bytes]:
    """The same facts sent back, as an agent does who changes one of them."""
    return f"/v1/suggestions/{answer['id']}/decisions", json.dumps({"extraction": plain(answer)}).encode()


def plain(suggestion: dict[str, Any]) -> dict[str, Any]:
    """The extraction that a suggestion's facts came from."""
    lists: dict[str, list[dict[str, Any]]] = {"threats": [], "demands": [], "damage_claims": [], "disputes": []}
    for fact in suggestion["facts"]:
        own = {name: value for name, value in fact.items() if name not in ("id", "type", "counted", "reason", "confidence")}
        lists[f"{fact['type']}s"].append(own)
    return {"parties": suggestion["parties"], **lists}


def cpu_seconds(pid: int) -> float:
    """What a process and its workers have used of the processor since they began."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(cpu_seconds(int(child)) for child in children)


def resident_mb(pid: int) -> float:
    """What a process holds in memory."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def memory(model: Server, tickets: int) -> None:
    """Memory after a tenth of the tickets and after all of them, with a model that answers at once."""
    model.set(delay_ms=0.0)
    with tempfile.TemporaryDirectory() as state, started(served_by("model"), service_settings(model, state)) as (url, pid):
        print(f"\nmemory: {resident_mb(pid):.0f} MB at the start", end="", flush=True)
        began, done = time.perf_counter(), 0
        for count in (tickets // 10, tickets):
            first = done
            run(url, lambda number, first=first: suggestion(first + number), count - done, 20)
            done = count
            print(f", {resident_mb(pid):.0f} MB after {count:,} tickets", end="", flush=True)
        print(f" ({tickets / (time.perf_counter() - began):.0f} a second)")


def under_load(model: Server, serve: list[str], sizes: Sequence[int], rounds: int) -> None:
    """The table: every load in turns, then what needs no model."""
    with (
        tempfile.TemporaryDirectory() as state,
        started(serve, service_settings(model, state)) as service,
        started(ECHO, dict(os.environ)) as bare,
    ):
        run(service[0], suggestion, 20, 20)
        print(f"median [least, most] of {rounds} rounds in turns; load average {os.getloadavg()[0]:.1f}")
        columns = f"{'a second':<20}{'own part p50, ms':<25}{'own part p99, ms':<27}CPU, ms each"
        print(f"{'':<15}{'at once':>8}{'requests':>10}   {columns}")
        for at_once in sizes:
            loaded(service, bare, at_once, rounds)
        print("without a model: whole request, ms")
        corrected(service[0], bare[0], rounds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", choices=SERVERS, default="model")
    parser.add_argument("--workers", type=int, default=1, help="processes of the service")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--at-once", type=int, nargs="+", default=[10, 25, 50, 100])
    parser.add_argument("--memory", type=int, default=10_000, metavar="TICKETS")
    given = parser.parse_args()
    with stub() as model:
        if given.rounds:
            model.set(delay_ms=1000 * MODEL_SECONDS)
            under_load(model, served_by(given.reader, given.workers), given.at_once, given.rounds)
        if given.memory:
            memory(model, given.memory)


if __name__ == "__main__":
    main()
