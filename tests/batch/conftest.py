"""A batch as tests run it: files in a folder, a scripted reader, a watcher that remembers."""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from copilot.batch import BatchPlan, BatchResult, run_batch
from copilot.batch.files import journal_of
from copilot.output.suggestion import Suggestion
from tests.cli.scripted import ScriptedReader

MADE_BY = {"extractor": "scripted", "model": None}


@dataclass
class Remembering:
    total: int = 0
    before: int = 0
    rows: int = 0
    messages: list[str] = field(default_factory=list)

    def started(self, total: int, before: int) -> None:
        self.total, self.before = total, before

    def wrote(self) -> None:
        self.rows += 1

    def failed(self, message: str) -> None:
        self.messages.append(message)


class Batch:
    """Input, output and journal in one folder, and a way to run them."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "tickets.jsonl"
        self.out = folder / "suggestions.jsonl"
        self.journal = journal_of(self.out)
        self.log = folder / "calls"
        self.reader = ScriptedReader(log=self.log)
        self.watcher = Remembering()

    def give(self, *lines: str) -> None:
        self.source.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def give_tickets(self, count: int) -> None:
        self.give(*(ticket(f"Ticket {number}.") for number in range(1, count + 1)))

    def run(self, concurrency: int = 4, made_by: dict[str, str | None] = MADE_BY, redo: str = "") -> BatchResult:
        self.watcher = Remembering()
        plan = BatchPlan(self.source, self.out, made_by, concurrency, frozenset(redo.split()))
        return asyncio.run(run_batch(plan, self.reader, self.watcher))

    def rows(self) -> list[Suggestion]:
        return [Suggestion.model_validate_json(line) for line in self.out.read_bytes().splitlines()]

    def entries(self) -> list[dict[str, Any]]:
        """The journal's entries of lines that have a row."""
        return [entry for line in self.journal.read_bytes().splitlines()[1:] if not (entry := json.loads(line)).get("failed")]

    def texts_by_line(self) -> dict[int, str]:
        """What each input line became, by the journal; fails where a line is there twice or a row has no line."""
        rows, entries = self.rows(), self.entries()
        assert len(rows) == len(entries)
        found = {entry["line"]: "".join(shown.text for shown in row.sentences) for entry, row in zip(entries, rows, strict=True)}
        assert len(found) == len(rows)
        return found

    def calls(self) -> int:
        return len(self.log.read_text(encoding="utf-8").splitlines())


def ticket(text: str, **more: object) -> str:
    return json.dumps({**more, "messages": [{"text": text}]})


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    return Batch(tmp_path)
