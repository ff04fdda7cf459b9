"""`copilot serve` in a process of its own, with a state folder of its own.

Comes in: a folder, arguments and environment. Goes out: the address, once the service says that it is ready.
"""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.making import environment_without

ROOT = Path(__file__).parents[1]
START_SECONDS = 120.0


@dataclass
class Served:
    """A running service. `log` holds what it wrote to both of its streams."""

    process: "subprocess.Popen[bytes]"
    url: str
    log: Path
    state: Path

    def stop(self, how: signal.Signals = signal.SIGTERM, seconds: float = 15.0) -> int:
        """End the service and give its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the service did not end within {seconds:.0f} s of {how.name}:\n{self.said()}") from None

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-4_000:]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(state: Path, more: Mapping[str, str]) -> dict[str, str]:
    """This process's environment less every setting of the product, and what is given."""
    plain = environment_without()
    return plain | {"COPILOT_STATE_DIR": str(state), "COPILOT_RATE_PER_MINUTE": "100000", "PYTHONUNBUFFERED": "1"} | dict(more)


def serve(folder: Path, *arguments: str, more: Mapping[str, str] | None = None, port: int | None = None) -> Served:
    """Start the service and wait until it is ready."""
    port = port or free_port()
    state, log = folder / "state", folder / f"serve-{port}.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "copilot.cli", "serve", "--port", str(port), *arguments],
            cwd=ROOT, env=environment(state, more or {}), stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    served = Served(process, f"http://127.0.0.1:{port}", log, state)
    _wait_until_ready(served)
    return served


def _wait_until_ready(served: Served) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if served.process.poll() is not None:
            raise AssertionError(f"`copilot serve` ended with {served.process.returncode}:\n{served.said()}")
        try:
            if httpx.get(f"{served.url}/readyz", timeout=2.0, trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    served.process.kill()
    served.process.wait()
    raise AssertionError(f"`copilot serve` was not ready after {START_SECONDS:.0f} s:\n{served.said()}")
