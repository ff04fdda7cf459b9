"""A cluster of two nodes for all tests of a run, and runs on it that end in words, whatever happens.

Whatever a test starts carries a mark in its environment, and everything with that mark is killed at the end: Ray's own
processes outlive those who start them.
"""

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from copilot.batch.files import journal_of
from copilot.output.suggestion import Suggestion
from tests.needed import missing
from tests.waiting import has_ended, wait_for

ROOT = Path(__file__).parents[2]
MOST_SECONDS = 150
"""A run takes ten; more than this, and it hangs."""
PROGRESS = re.compile(r"copilot: \d+ of \d+ done, ")
MARK = "COPILOT_TEST_CLUSTER"
IN_FLIGHT = 8
"""The default of --concurrency; four for each of two actors."""
DRIVER = "import sys; from tests.batch_ray import driver; sys.exit(driver.run(sys.argv[1:]))"
"""Not as `__main__`: workers look for the reader under the name of its module."""


def need_ray() -> None:
    """Skip the test, or fail it, where Ray is not installed."""
    if find_spec("ray") is None:
        missing("ray", "Ray", "pip install --constraint constraints.txt --editable '.[ray]'")


def environment(mark: str, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RAY_", "OPENAI_", "COPILOT_"))}
    quiet = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_enable_metrics_collection": "0"}
    return {**kept, **quiet, "PYTHONPATH": str(ROOT), MARK: mark, **more}


def end_all(mark: str) -> None:
    """Kill every process that carries the mark."""
    wanted = f"{MARK}={mark}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0") and int(folder.name) != os.getpid():
                os.kill(int(folder.name), signal.SIGKILL)
        except OSError:
            continue


class TwoNodes:
    """See `tests.batch_ray.two_nodes`."""

    def __init__(self, mark: str, temporary: Path) -> None:
        self.mark = mark
        self.temporary = str(temporary)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.batch_ray.two_nodes"],
            cwd=ROOT, env=environment(mark, RAY_TMPDIR=self.temporary), text=True, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.address = ""

    @property
    def where(self) -> dict[str, str]:
        """What a command is told to find it."""
        return {"RAY_ADDRESS": self.address, "RAY_TMPDIR": self.temporary}

    def wait(self) -> None:
        """Until it is there."""
        self.address = self._heard()

    def end(self) -> None:
        """Kill all of it, and all that was started with its mark."""
        end_all(self.mark)
        self._process.communicate()

    def kill_second(self) -> None:
        self._say("kill", "killed")

    def add_second(self) -> None:
        self._say("add", "added")

    def _say(self, word: str, answer: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        assert self._heard() == answer

    def _heard(self) -> str:
        assert self._process.stdout
        ready, _, _ = select.select([self._process.stdout], [], [], MOST_SECONDS)
        line = self._process.stdout.readline() if ready else ""
        if not line:
            pytest.fail(f"the cluster of two nodes said nothing in {MOST_SECONDS} seconds, or ended")
        return line.strip()


@pytest.fixture(scope="session")
def two_nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoNodes]:
    need_ray()
    mark = uuid.uuid4().hex
    temporary = Path(f"/tmp/ray-{mark[:8]}")  # a socket's name has 107 characters at most, with all that Ray adds
    temporary.mkdir()
    nodes = TwoNodes(mark, temporary)
    try:
        nodes.wait()
        yield nodes
    finally:
        nodes.end()
        subprocess.run(["rm", "-rf", str(temporary)], check=True)


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def told(self) -> list[str]:
        """The lines on standard error, but for those that tell how far it is: there are as many as the run is slow."""
        return [line for line in self.err.splitlines() if not PROGRESS.match(line)]


class RayBatch:
    """Input, output and the reader's notes in one folder, and a way to run them on the cluster."""

    def __init__(self, folder: Path, cluster: TwoNodes) -> None:
        self.source = folder / "tickets"
        self.out = folder / "suggestions"
        self.log = folder / "readings.jsonl"
        self.cluster = cluster
        self.source.mkdir()

    def give(self, name: str, *lines: str) -> None:
        (self.source / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def start(self, *more: str, **scripted: Any) -> "subprocess.Popen[str]":
        command = ["batch", str(self.source), "--out", str(self.out), "--engine", "ray", "--extractor", "embedded", *more]
        return subprocess.Popen(
            [sys.executable, "-c", DRIVER, json.dumps({"log": str(self.log), **scripted}), *command],
            cwd=ROOT, env=environment(self.cluster.mark, **self.cluster.where), start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def finish(self, process: "subprocess.Popen[str]") -> Ran:
        try:
            out, err = process.communicate(timeout=MOST_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            _, err = process.communicate()
            pytest.fail(f"the run did not end in {MOST_SECONDS} seconds; it said: {err}")
        return Ran(process.returncode, out, err)

    def run(self, *more: str, **scripted: Any) -> Ran:
        return self.finish(self.start(*more, **scripted))

    def wait_until_held(self, process: "subprocess.Popen[str]", rows: int) -> None:
        """Until so many rows are there, and both actors hold as many tickets as they may have in flight."""
        until = time.monotonic() + MOST_SECONDS
        while len(self.raw_rows()) < rows or sum("HOLD" in one["text"] for one in self.readings()) < IN_FLIGHT:
            if process.poll() is not None or time.monotonic() > until:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                told = f"{rows} rows were awaited, {len(self.raw_rows())} came, after {len(self.readings())} readings"
                pytest.fail(f"{told}; the run said: {process.communicate()[1]}")
            time.sleep(0.05)

    def wait_until_gone(self, count: int) -> None:
        """Until so many workers have ended: one may outlive its node or its command for a moment, and would go on reading."""
        pids = {reading["pid"] for reading in self.readings()}
        wait_for(lambda: sum(map(has_ended, pids)) >= count, MOST_SECONDS)

    def let_go(self) -> None:
        """Have tickets read that were held."""
        Path(f"{self.log}.go").touch()

    def parts(self) -> list[Path]:
        return sorted(self.out.rglob("part-*.jsonl"))

    def raw_rows(self) -> list[bytes]:
        return [line for part in self.parts() for line in part.read_bytes().splitlines()]

    def texts_by_line(self) -> dict[tuple[str, int], str]:
        """What each input line became; fails where a line is there twice or a row has no line."""
        found: dict[tuple[str, int], str] = {}
        for part in self.parts():
            entries = [json.loads(line) for line in journal_of(part).read_bytes().splitlines()[1:]]
            entries = [entry for entry in entries if not entry.get("failed")]
            rows = [Suggestion.model_validate_json(line) for line in part.read_bytes().splitlines()]
            for entry, row in zip(entries, rows, strict=True):
                key = (part.parent.name, entry["line"])
                assert key not in found
                found[key] = "".join(shown.text for shown in row.sentences)
        return found

    def readings(self) -> list[dict[str, Any]]:
        whole = self.log.read_bytes().rpartition(b"\n")[0] if self.log.exists() else b""
        return [json.loads(line) for line in whole.splitlines()]


def held(number: int, text: str) -> str:
    """Of every ten tickets four in a row are held: as many as an actor of two has in flight, so each stops in its first ten."""
    return f"HOLD {text}" if number % 10 in (5, 6, 7, 8) else text


def ticket(text: str, **more: object) -> str:
    return json.dumps({**more, "messages": [{"text": text}]})


@pytest.fixture
def batch(tmp_path: Path, two_nodes: TwoNodes) -> RayBatch:
    return RayBatch(tmp_path, two_nodes)
