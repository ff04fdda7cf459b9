"""A batch on a real cluster of two nodes: the rows of a plain batch, however tickets and suggestions are stored."""

import asyncio
import json
from pathlib import Path

from copilot.batch import BatchPlan, run_batch
from copilot.batch.files import journal_of
from tests.batch.conftest import Remembering
from tests.batch_ray.conftest import RayBatch, held, ticket
from tests.cli.scripted import ScriptedReader


def by_line(part: Path) -> dict[int, bytes]:
    """The bytes of each row, by input line."""
    entries = [json.loads(line) for line in journal_of(part).read_bytes().splitlines()[1:]]
    lines = [entry["line"] for entry in entries if not entry.get("failed")]
    return dict(zip(lines, part.read_bytes().splitlines(), strict=True))


def test_the_rows_are_those_of_a_plain_batch_to_the_byte_and_both_nodes_read(batch: RayBatch, tmp_path: Path) -> None:
    lines = [ticket(held(number, f"THREAT {number}: he deletes my site. DEMAND: $500.")) for number in range(1, 61)]
    batch.give("tickets.jsonl", *lines[:30], "", *lines[30:], "{oops")
    plain = BatchPlan(batch.source / "tickets.jsonl", tmp_path / "plain.jsonl", {})
    asyncio.run(run_batch(plain, ScriptedReader(), Remembering()))

    process = batch.start("--actors", "2")
    batch.wait_until_held(process, rows=8)
    batch.let_go()
    ran = batch.finish(process)

    assert (ran.code, ran.out) == (1, "")
    assert ran.told == [
        f"copilot: {batch.source}/tickets.jsonl, line 62, column 2: not JSON: expecting property name enclosed in double quotes",
        f"copilot: 60 suggestions written to {batch.out}; 1 lines failed",
    ]
    assert {line: row for part in batch.parts() for line, row in by_line(part).items()} == by_line(plain.out)
    assert len({reading["node"] for reading in batch.readings()}) == 2


def test_a_run_that_is_repeated_asks_for_what_is_new_alone_and_a_changed_line_stops_it(batch: RayBatch) -> None:
    lines = [ticket(f"Ticket {number}.") for number in range(1, 16)]
    batch.give("b.jsonl", *lines[:12])
    assert batch.run().code == 0

    batch.give("b.jsonl", *lines)
    batch.give("a.jsonl", ticket("Another file."))
    ran = batch.run()

    assert ran.code == 0
    assert ran.told == [f"copilot: 4 suggestions written to {batch.out}; 12 were done before"]
    assert len(batch.readings()) == 16
    assert batch.texts_by_line()[("a.jsonl", 1)] == "Another file."
    batch.give("b.jsonl", ticket("Changed."), *lines[1:])
    ran = batch.run()
    assert ran.code == 2
    assert "b.jsonl, line 1: changed since its suggestion was written" in ran.err
    assert len(batch.readings()) == 16


def test_parquet_in_and_out_gives_the_same_suggestions(batch: RayBatch) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    given = [{"id": f"T-{n}", "subject": None, "messages": [{"text": f"THREAT {n}.", "sent_at": None}]} for n in range(1, 26)]
    pq.write_table(pa.Table.from_pylist(given), batch.source / "shaped.parquet", row_group_size=7)
    pq.write_table(pa.table({"ticket": [ticket("As text.", id="T-0"), "{oops"]}), batch.source / "text.parquet")

    ran = batch.run("--format", "parquet")

    assert "text.parquet, line 2, column 2: not JSON" in ran.err
    assert not list(batch.out.glob("*/part-*.jsonl"))
    tables = [pq.read_table(path) for path in sorted(batch.out.glob("*/part-*.parquet"))]
    told = [row for table in tables for row in table.to_pylist()]
    assert sorted((row["source"], row["line"], row["ticket_id"]) for row in told) == sorted(
        [("text.parquet", 1, "T-0"), *(("shaped.parquet", n, f"T-{n}") for n in range(1, 26))]
    )
    assert {json.loads(row["suggestion"])["route"] == row["route"] for row in told} == {True}
    assert sorted(row["suggestion"].encode() for row in told) == sorted(batch.raw_rows())


def test_what_a_model_server_refuses_for_good_stops_every_actor_and_settles_nothing(batch: RayBatch) -> None:
    batch.give("tickets.jsonl", *(ticket(f"Ticket {number}.") for number in range(400)))

    ran = batch.run("--actors", "2", ends_as="auth")

    assert ran.code == 1
    assert "the model cannot be used (auth); mend it (`copilot doctor`), and run the same again" in ran.err
    assert batch.raw_rows() == []
    assert len(batch.readings()) < 100


def test_answers_that_cannot_be_used_settle_nothing_where_no_ticket_was_read(batch: RayBatch) -> None:
    batch.give("tickets.jsonl", *(ticket(f"Ticket {number}.") for number in range(12)))

    ran = batch.run("--actors", "2", ends_as="invalid")

    assert ran.code == 1
    assert ran.err.endswith(
        "no ticket was read (invalid 12); mend the model or its settings (`copilot doctor`), and run the same again\n"
    )
    assert batch.raw_rows() == []


def test_calls_of_all_actors_together_keep_to_one_rate(batch: RayBatch) -> None:
    batch.give("tickets.jsonl", *(ticket(held(number, f"Ticket {number}.")) for number in range(1, 31)))

    process = batch.start("--actors", "2", "--calls-per-minute", "600", "--extractor", "openai")
    batch.wait_until_held(process, rows=8)
    batch.let_go()
    ran = batch.finish(process)

    assert ran.code == 0, ran.err
    began = sorted(reading["at"] for reading in batch.readings())
    assert len({reading["pid"] for reading in batch.readings()}) == 2
    assert began[-1] - began[0] >= 0.5 * 29 * 60 / 600
