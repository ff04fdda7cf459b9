"""The Ray that a run works on: the cluster that `RAY_ADDRESS` names, else one that lives on this machine as long as the run.

Comes in: nothing but the environment. Goes out: a connection, closed at the end. Usage statistics, dashboard and the log of the
workers on this terminal are off: Ray's own files have the log.
"""

import logging
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from copilot.config.extras import install
from copilot.core.errors import SettingsError
from copilot.runs.errors import RunError

ADDRESS = "RAY_ADDRESS"
NO_CLUSTER = f"no Ray cluster answers there; start one with `ray start`, or unset {ADDRESS}"
SECONDS_TO_ANSWER = 10.0
LOCAL_STORE_BYTES = 100_000_000
"""Of shared memory: no rows go through it."""


def check_installed() -> None:
    """Raises `SettingsError` where Ray is not installed."""
    if find_spec("ray") is None or find_spec("pyarrow") is None:
        raise SettingsError(f"--engine ray needs more than is installed; {install('ray')}")


@contextmanager
def connected() -> Iterator[None]:
    """A connection to Ray. Raises `RunError` where no cluster answers."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray.data  # noqa: PLC0415 - seconds that only this engine needs

    address = os.environ.get(ADDRESS) or "local"
    if address.startswith("ray://"):
        raise RunError(f"{ADDRESS}={address}: run the command on a machine of the cluster, and name it without ray://")
    if address not in ("local", "auto") and not _answers(address):
        raise RunError(f"{ADDRESS}={address}: {NO_CLUSTER}")
    local = {"object_store_memory": LOCAL_STORE_BYTES, "include_dashboard": False}
    try:
        with _errors_raised_only():
            ray.init(address, log_to_driver=False, logging_level=logging.CRITICAL, **(local if address == "local" else {}))
    except Exception as fault:  # of no narrower type where a node takes too long to start
        told = f"{ADDRESS}={address}: {NO_CLUSTER}"
        raise RunError(told if address != "local" else f"Ray did not start on this machine ({type(fault).__name__})") from None
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        ray.shutdown()


def _answers(address: str) -> bool:
    """Whether anything listens there: Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), SECONDS_TO_ANSWER).close()
    except (OSError, ValueError, OverflowError):
        return False
    return True


@contextmanager
def _errors_raised_only() -> Iterator[None]:
    """Keep what Ray's inner part writes to the terminal away from it, now and, but for a fatal fault, later."""
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def processors() -> int:
    """How many the cluster has, at least one."""
    import ray  # noqa: PLC0415 - as above

    return max(1, int(ray.cluster_resources().get("CPU", 1)))
