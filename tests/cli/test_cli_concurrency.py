"""More tickets at a time than the connections of the default: a batch and an evaluation make room for them."""

import asyncio
import json
from pathlib import Path

import pytest

from copilot.cli import main
from copilot.config.settings import Settings
from copilot.readers.factory import with_room_for
from tests.evaluation.small import write_cases
from tests.fault_server import Exchange, FaultServer, completion, head

AT_ONCE = 150


class Crowded:
    """A server that answers nobody before all are there; a client that keeps some waiting gets no answer in time."""

    def __init__(self, needed: int) -> None:
        self.needed = needed
        self.waiting = 0
        self.full = asyncio.Event()

    async def __call__(self, exchange: Exchange) -> None:
        self.waiting += 1
        if self.waiting >= self.needed:
            self.full.set()
        await self.full.wait()
        raw = json.dumps(completion()).encode()
        await exchange.send(head(200, len(raw)) + raw)


@pytest.mark.parametrize("command", ["batch", "eval"])
def test_as_many_tickets_are_asked_about_at_once_as_were_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    tickets = tmp_path / "tickets.jsonl"
    tickets.write_text("".join(json.dumps({"messages": [{"text": f"Ticket {n}."}]}) + "\n" for n in range(AT_ONCE)))
    cases = write_cases(tmp_path / "cases.jsonl", AT_ONCE)
    given = {
        "batch": ["batch", str(tickets), "--out", str(tmp_path / "out.jsonl")],
        "eval": ["eval", "run", str(cases), "--out", str(tmp_path / "out"), "--no-gates"],
    }[command]
    monkeypatch.chdir(tmp_path)

    with FaultServer([Crowded(AT_ONCE)]) as server:
        for name, value in {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "k", "COPILOT_MODEL": "stub-1"}.items():
            monkeypatch.setenv(name, value)
        code = main([*given, "--extractor", "openai", "--concurrency", str(AT_ONCE)])

    assert (code, server.calls) == (0, AT_ONCE), capsys.readouterr().err


@pytest.mark.parametrize(("has", "wants", "gets"), [(64, 63, 64), (64, 64, 64), (64, 65, 65), (200, 150, 200)])
def test_room_is_made_and_never_taken(has: int, wants: int, gets: int) -> None:
    assert with_room_for(Settings(max_connections=has), wants).max_connections == gets
