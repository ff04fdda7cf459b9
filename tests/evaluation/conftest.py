"""The command as tests of the evaluation run it: in this process, in an empty environment, in a folder of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from copilot.cli import main


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Evaluate = Callable[..., Ran]


@pytest.fixture
def evaluate(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Evaluate:
    """Runs `copilot eval` with arguments; keyword arguments are environment variables."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "COPILOT_MODEL", "COPILOT_PRICE_PROMPT", "COPILOT_PRICE_COMPLETION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path, **environment: str) -> Ran:
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            code = main(["eval", *map(str, arguments)])
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run
