"""The command as tests run it: in this process, with a scripted reader and an empty environment."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from copilot.cli import main
from tests.cli.scripted import ScriptedReader

TICKET = {"id": "T-1", "messages": [{"text": "THREAT: he will delete my site. DEMAND: he wants $500."}]}


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "COPILOT_MODEL", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `copilot` with arguments; the reader is scripted, whoever is asked for."""
    monkeypatch.setattr("copilot.readers.factory.choose_reader", lambda *_, **__: ScriptedReader())

    def run(*arguments: str | Path) -> Ran:
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run


@pytest.fixture
def ticket_file(tmp_path: Path) -> Path:
    path = tmp_path / "ticket.json"
    path.write_text(json.dumps(TICKET), encoding="utf-8")
    return path
