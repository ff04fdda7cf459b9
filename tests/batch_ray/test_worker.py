"""An actor's work, without a cluster around it: the coordinator answers at once, in this process."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from copilot.batch import BatchPlan
from copilot.batch_ray import worker
from copilot.batch_ray.coordinator import Coordinator, Report, Verdict
from copilot.batch_ray.partitions import Partition, Ways
from copilot.batch_ray.worker import Done, Work, Worker
from copilot.core.reading import ReadOutcome
from copilot.runs.errors import InUse, RunError, RunStopped
from copilot.runs.journal import Journal
from tests.batch.conftest import ticket
from tests.batch_ray.conftest import need_ray
from tests.cli.scripted import ScriptedReader


class AtOnce:
    """A coordinator that is called as an actor is."""

    def __init__(self) -> None:
        self.own = Coordinator()
        self.reports: list[Report] = []
        self.take = SimpleNamespace(remote=self._take)

    def _take(self, report: Report) -> Verdict:
        self.reports.append(report)
        return self.heard(report)

    def heard(self, report: Report) -> Verdict:
        """`take` never waits, so a single step of it is all of it."""
        try:
            self.own.take(report).send(None)
        except StopIteration as ended:
            return ended.value
        raise AssertionError("the coordinator waited")


@pytest.fixture
def coordinator(monkeypatch: pytest.MonkeyPatch) -> AtOnce:
    need_ray()
    import ray

    monkeypatch.setattr(ray, "get", lambda answer: answer)
    return AtOnce()


def partition(folder: Path, *lines: str, to_tables: bool = False) -> Partition:
    path = folder / "tickets.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return Ways.of(path, folder / "out", to_tables=to_tables).partitions(1_000)[0]


def work(reader: ScriptedReader) -> Work:
    return Work(BatchPlan(Path("tickets.jsonl"), Path("out"), {}, concurrency=2), lambda _: reader, paced=False)


def done(worker: Worker, one: Partition) -> Done:
    return worker({"partition": one})["done"]


def test_a_partition_ends_as_rows_a_table_and_counts(tmp_path: Path, coordinator: AtOnce) -> None:
    import pyarrow.parquet as pq

    one = partition(tmp_path, ticket("THREAT one."), "{oops", ticket("DEMAND two."), to_tables=True)

    ended = done(Worker(work(ScriptedReader()), coordinator), one)

    assert ended.fault is None
    assert ended.result
    assert (ended.result.total, ended.result.written, ended.result.failed, ended.result.left) == (3, 2, 1, 1)
    assert one.table
    told = pq.read_table(one.table).to_pylist()
    assert {row["line"]: (row["source"], row["ticket_id"]) for row in told} == {
        1: ("tickets.jsonl", "line-1"),
        3: ("tickets.jsonl", "line-3"),
    }
    assert [row["suggestion"].encode() for row in told] == one.rows.read_bytes().splitlines()
    assert json.loads(told[0]["suggestion"])["labels"] == told[0]["labels"]
    assert one.table.stat().st_mode & 0o777 == 0o600
    assert [message for report in coordinator.reports for message in report.messages] == [
        f"{tmp_path}/tickets.jsonl, line 2, column 2: not JSON: expecting property name enclosed in double quotes"
    ]


def test_a_table_is_made_anew_once_its_rows_changed_and_not_before(tmp_path: Path, coordinator: AtOnce) -> None:
    one = partition(tmp_path, ticket("One."), to_tables=True)
    actor = Worker(work(ScriptedReader()), coordinator)
    done(actor, one)
    assert one.table
    before = one.table.stat().st_mtime_ns

    done(actor, one)
    assert one.table.stat().st_mtime_ns == before
    one.table.unlink()
    done(actor, one)

    assert one.table.exists()


def test_a_reader_that_must_be_mended_ends_the_run_for_every_worker(tmp_path: Path, coordinator: AtOnce) -> None:
    reader = ScriptedReader()
    reader.ends_as = [ReadOutcome.AUTH]
    one = partition(tmp_path, *(ticket(f"Ticket {number}.") for number in range(5)))

    ended = done(Worker(work(reader), coordinator), one)

    assert isinstance(ended.fault, RunStopped)
    assert "the model cannot be used (auth)" in str(ended.fault)
    assert one.rows.read_bytes() == b""
    other = done(Worker(work(ScriptedReader()), coordinator), one)
    assert isinstance(other.fault, RunStopped)


def test_answers_that_cannot_be_used_are_settled_once_another_worker_saw_the_reader_work(
    tmp_path: Path, coordinator: AtOnce
) -> None:
    reader = ScriptedReader()
    reader.ends_as = [ReadOutcome.INVALID]
    one = partition(tmp_path, ticket("One."))

    unseen = done(Worker(work(reader), coordinator), one)
    coordinator.heard(Report("elsewhere", coordinator.reports[0].standing, [ReadOutcome.OK]))
    reader.ends_as = [ReadOutcome.INVALID]
    seen = done(Worker(work(reader), coordinator), one)

    assert unseen.result
    assert (unseen.result.written, unseen.result.left) == (0, 1)
    assert seen.result
    assert (seen.result.written, seen.result.degraded) == (1, {"invalid": 1})


def test_what_nobody_foresaw_is_told_by_its_kind_and_not_by_its_text(tmp_path: Path, coordinator: AtOnce) -> None:
    def no_reader(_: object) -> ScriptedReader:
        raise KeyError("words of a ticket")

    ended = done(Worker(replace(work(ScriptedReader()), make_reader=no_reader), coordinator), partition(tmp_path, ticket("One.")))

    assert str(ended.fault) == "tickets.jsonl/part-00000: unexpected KeyError; please report it"


def test_another_version_on_a_machine_of_the_cluster_is_refused(tmp_path: Path, coordinator: AtOnce) -> None:
    ended = done(Worker(replace(work(ScriptedReader()), version="0.0"), coordinator), partition(tmp_path, ticket("One.")))

    assert isinstance(ended.fault, RunError)
    assert str(ended.fault).endswith("this one 0.0; install the same")


def test_a_partition_that_another_worker_holds_is_waited_for(
    tmp_path: Path, coordinator: AtOnce, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = partition(tmp_path, ticket("One."))
    one.rows.parent.mkdir(parents=True)
    with Journal(one.rows):
        monkeypatch.setattr(worker, "PATIENT_SECONDS", 0.0)
        held = done(Worker(work(ScriptedReader()), coordinator), one)

    assert isinstance(held.fault, InUse)
    assert done(Worker(work(ScriptedReader()), coordinator), one).result
