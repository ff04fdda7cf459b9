"""A job as tests run it: the command in this process, against a server that keeps to the protocol."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from copilot.batch_api import provider
from copilot.cli import main
from copilot.output.suggestion import Suggestion
from tests.batch_api_server import BatchServer, Lines


@dataclass
class Ran:
    code: int
    out: str
    err: str


@dataclass
class Desk:
    """Tickets, a job and its output in one folder, and a way to run the command on them."""

    folder: Path
    server: BatchServer
    capture: pytest.CaptureFixture[str]

    def __post_init__(self) -> None:
        self.source = self.folder / "tickets.jsonl"
        self.job = self.folder / "job"
        self.out = self.folder / "suggestions.jsonl"

    def give(self, *texts: str) -> None:
        self.source.write_text("".join(json.dumps({"messages": [{"text": text}]}) + "\n" for text in texts), encoding="utf-8")

    def run(self, *arguments: str | Path) -> Ran:
        code = main([str(argument) for argument in arguments])
        out, err = self.capture.readouterr()
        return Ran(code, out, err)

    def submit(self, *more: str | Path) -> Ran:
        return self.run("batch", "submit", self.source, "--job", self.job, *more)

    def collect(self, *more: str | Path) -> Ran:
        return self.run("batch", "collect", self.source, "--job", self.job, "--out", self.out, *more)

    def sent(self) -> list[Lines]:
        """The requests of each batch."""
        return [self.server.requests(batch_id) for batch_id in self.server.batches]

    def rows(self) -> dict[str, Suggestion]:
        """The rows by ticket; fails where one is there twice."""
        rows = [Suggestion.model_validate_json(line) for line in self.out.read_bytes().splitlines()]
        found = {str(row.ticket_id): row for row in rows}
        assert len(found) == len(rows)
        return found

    def answers(self) -> list[dict[str, Any]]:
        """What is kept."""
        return [json.loads(line) for line in (self.job / "answers.jsonl").read_bytes().splitlines()[1:]]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    monkeypatch.setattr(provider, "SECONDS_BETWEEN_TRIES", 0.0)
    with BatchServer() as server:
        for name in ("OPENAI_API_KEY", "COPILOT_PROFILE", "COPILOT_STRUCTURED_OUTPUT"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("COPILOT_MODEL", "stub-1")
        yield Desk(tmp_path, server, capsys)
