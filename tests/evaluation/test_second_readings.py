"""The second reader of a run reads each ticket once: for all samples, and for the runs after it."""

import asyncio
import json
import stat
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from copilot.core.extraction import Extraction
from copilot.core.reading import Reading, ReadOutcome
from copilot.core.sentences import Sentences, cut
from copilot.core.ticket import Ticket
from copilot.evaluation.run import second_readings
from copilot.evaluation.run.second_readings import SecondReadings
from copilot.readers.embedded.reader import EmbeddedReader
from tests.evaluation.conftest import Evaluate
from tests.evaluation.small import THREAT_FACTS, reads_rightly, write_cases
from tests.fault_server import FaultServer

NAMED = {**THREAT_FACTS, "parties": [one | {"name": "Nadia"} for one in THREAT_FACTS["parties"]]}


@dataclass(frozen=True)
class Counting(EmbeddedReader):
    """Reads the same in every ticket, takes `took` seconds, and notes what it was given."""

    read_ids: list[str] = field(default_factory=list)
    took: float = 0.1
    facts: Extraction = field(default_factory=lambda: Extraction.model_validate(NAMED))

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        self.read_ids.append(ticket.id or "")
        return Reading(self.facts, ReadOutcome.OK, extractor="embedded", unread=("m1.2",), seconds=self.took)


def ticket(id: str = "T-1", text: str = "He will delete my site. He wants $500.") -> Ticket:
    return Ticket.model_validate({"id": id, "messages": [{"text": text}]})


def read(reader: SecondReadings, *tickets: Ticket) -> list[Reading]:
    """Read them all at once, and close."""

    async def all_of_them() -> list[Reading]:
        try:
            return await asyncio.gather(*(reader.aread(one, cut(one)) for one in tickets))
        finally:
            await reader.aclose()

    return asyncio.run(all_of_them())


def test_a_ticket_that_is_sampled_often_is_read_once(tmp_path: Path) -> None:
    counting = Counting()

    readings = read(SecondReadings(counting, tmp_path), *[ticket()] * 5)

    assert counting.read_ids == ["T-1"]
    assert len(readings) == 5


def test_the_next_run_is_given_what_was_kept(tmp_path: Path) -> None:
    first, second = Counting(), Counting()

    (fresh,) = read(SecondReadings(first, tmp_path), ticket())
    (kept,) = read(SecondReadings(second, tmp_path), ticket())

    assert second.read_ids == []
    assert kept.unread == fresh.unread
    assert kept.outcome is fresh.outcome
    assert kept.extraction is not None
    assert kept.extraction.threats == counting_facts().threats


def counting_facts() -> Extraction:
    return Extraction.model_validate(NAMED)


def test_another_ticket_is_read(tmp_path: Path) -> None:
    counting = Counting()
    read(SecondReadings(counting, tmp_path), ticket())

    read(SecondReadings(counting, tmp_path), ticket(text="Another story."))

    assert len(counting.read_ids) == 2


@pytest.mark.parametrize("changed", [Counting(marketplace="Elsewhere"), Counting(floor=0.3)])
def test_what_another_reader_read_is_not_believed(tmp_path: Path, changed: Counting) -> None:
    read(SecondReadings(Counting(), tmp_path), ticket())

    read(SecondReadings(changed, tmp_path), ticket())

    assert changed.read_ids == ["T-1"]


def test_what_other_code_or_weights_read_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read(SecondReadings(Counting(), tmp_path), ticket())
    monkeypatch.setattr(second_readings, "identity", lambda: "changed")
    changed = Counting()

    read(SecondReadings(changed, tmp_path), ticket())

    assert changed.read_ids == ["T-1"]


def test_a_reading_that_ran_out_of_time_is_not_kept(tmp_path: Path) -> None:
    """How far it came depends on the machine."""
    read(SecondReadings(Counting(seconds=1.0, took=1.0), tmp_path), ticket())
    again = Counting(seconds=1.0, took=0.9)

    read(SecondReadings(again, tmp_path), ticket())

    assert again.read_ids == ["T-1"]


def test_what_is_kept_holds_no_word_of_a_ticket_and_is_its_owners_alone(tmp_path: Path) -> None:
    read(SecondReadings(Counting(), tmp_path), ticket())

    (file,) = tmp_path.glob("*.jsonl")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "Nadia" not in file.read_text()
    assert "delete my site" not in file.read_text()


def test_a_line_that_was_cut_off_is_passed_over(tmp_path: Path) -> None:
    read(SecondReadings(Counting(), tmp_path), ticket("T-1"))
    (file,) = tmp_path.glob("*.jsonl")
    file.write_bytes(b'{"ticket": "half\n' + file.read_bytes() + b'{"ticket": "no end')
    again = Counting()

    read(SecondReadings(again, tmp_path), ticket("T-1"), ticket("T-2"))

    assert again.read_ids == ["T-2"]


def test_a_folder_that_cannot_be_made_keeps_nothing_and_spoils_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    counting = Counting()

    readings = read(SecondReadings(counting, tmp_path / "file" / "folder"), ticket())

    assert readings[0].extraction is not None


@pytest.mark.parametrize("rest", [None, b"{}\n", b'{"ticket":"another","outcome":"ok","extraction":null,"unread":[]}\n'])
def test_what_is_deleted_in_the_middle_of_a_run_is_read_anew(tmp_path: Path, rest: bytes | None) -> None:
    counting = Counting()
    reader = SecondReadings(counting, tmp_path)
    one = ticket()
    reader.read(one, cut(one))
    [file] = tmp_path.glob("*.jsonl")
    if rest is None:
        file.unlink()
    else:
        file.write_bytes(rest)

    (anew,) = read(reader, one)

    assert counting.read_ids == ["T-1", "T-1"]
    assert anew.outcome is ReadOutcome.OK


def test_what_is_kept_is_given_by_the_event_loop_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, one = SecondReadings(Counting(), tmp_path), ticket()
    reader.read(one, cut(one))
    monkeypatch.setattr(reader, "_read_beside", None)

    (kept,) = read(reader, one)

    assert kept.outcome is ReadOutcome.OK


def test_a_run_with_samples_reads_each_ticket_a_second_time_once(
    evaluate: Evaluate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_ids: list[str | None] = []
    usual = EmbeddedReader.read
    monkeypatch.setattr(
        EmbeddedReader, "read", lambda self, one, sentences: read_ids.append(one.id) or usual(self, one, sentences)
    )
    cases = write_cases(tmp_path / "cases.jsonl", 3)
    with FaultServer([reads_rightly()]) as server:
        asking = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "k", "COPILOT_MODEL": "stub-1"}
        first = evaluate("run", cases, "--samples", "4", "--out", "first", "--no-gates", **asking)
        again = evaluate("run", cases, "--out", "again", "--no-gates", **asking)

    told = [
        [json.loads(line)["uncited"] for line in (tmp_path / out / "rows.jsonl").read_text().splitlines()]
        for out in ("first", "again")
    ]
    assert (first.code, again.code) == (0, 0)
    assert sorted(filter(None, read_ids)) == ["T-0", "T-1", "T-2"]
    assert len(told[0]) == 12
    assert told[0][:3] == told[1]
    assert "all readings right (pass^k)" in first.out
