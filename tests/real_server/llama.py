"""Starts llama.cpp's own server in this process, on a free port, with a model that a script wrote."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot.config.settings import Settings
from tests.needed import missing
from tests.real_server.tiny_model import Habit, write

PART = "llama"
"""The name of this part in `COPILOT_TEST_REQUIRE`."""
HOW = "pip install -c constraints.txt '.[llama]'"


@dataclass(frozen=True, slots=True)
class Llama:
    """A running server. It stops when `server` is no longer held."""

    server: Any
    url: str

    def settings(self, **changes: Any) -> Settings:
        """Settings that lead to it, patient enough for a busy machine."""
        patient = {"attempt_seconds": 60.0, "deadline_seconds": 120.0, "max_attempts": 1}
        return Settings(**({"base_url": self.url, "model": "tiny", "profile": "llamacpp"} | patient | changes))


def start(folder: Path, habit: Habit, context: int = 32_768) -> Llama:
    """Write the model and serve it. Skips, or fails where the part is required, if the server is not installed."""
    try:
        import gguf  # noqa: F401 - asked for here, so that a skip names it
        import xllamacpp
    except ImportError:
        missing(PART, "llama.cpp's server", HOW)
    path = folder / "tiny.gguf"
    write(path, habit)
    given = xllamacpp.CommonParams()
    given.model.path = str(path)
    given.port = 0
    given.n_ctx = context
    given.n_parallel = 1
    given.cpuparams.n_threads = 2
    given.warmup = False
    given.use_jinja = True
    given.verbosity = -1
    server = xllamacpp.Server(given)
    return Llama(server, f"{server.listening_address}/v1")
