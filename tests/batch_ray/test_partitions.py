"""What is read and where it goes, which needs no cluster: partitions that stay the same, and what is refused before any work."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.batch import BatchPlan
from copilot.batch.lines import read_lines
from copilot.batch.run import go_on
from copilot.batch_ray import cluster
from copilot.batch_ray.coordinator import Coordinator, Report, Standing
from copilot.batch_ray.partitions import Ways, plan_for
from copilot.batch_ray.run import RayPlan, run_on_ray
from copilot.cli import main
from copilot.core.reading import ReadOutcome
from copilot.runs.errors import RunError
from copilot.runs.patience import GIVE_UP_AFTER, Patience
from tests.batch.conftest import Remembering, ticket
from tests.batch_ray.conftest import need_ray
from tests.cli.scripted import ScriptedReader


def ways(source: Path, *, to_tables: bool = False) -> Ways:
    return Ways.of(source, source.parent / "out", to_tables=to_tables)


@given(
    lines=st.lists(st.sampled_from([b"{}", b"", b"  ", b"\xff" * 40]), max_size=25), most=st.integers(1, 9), ends=st.booleans()
)
def test_partitions_hold_every_line_once_with_the_number_it_has_in_the_file(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], most: int, ends: bool
) -> None:
    path = tmp_path_factory.mktemp("lines") / "tickets.jsonl"
    path.write_bytes(b"{}\n" + b"\n".join(lines) + (b"\n" if ends else b""))

    partitions = ways(path).partitions(most)

    assert [line for one in partitions for line in read_lines(path, one.stretch)] == list(read_lines(path))
    assert [one.tickets for one in partitions] == [len(list(read_lines(path, one.stretch))) for one in partitions]


def test_lines_added_at_the_end_leave_earlier_partitions_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "tickets.jsonl"
    path.write_text(f"{ticket('One.')}\n" * 25)
    before = ways(path).partitions(10)

    path.write_text(f"{ticket('One.')}\n" * 31)
    after = ways(path).partitions(10)

    assert [(one.name, one.stretch, one.rows) for one in after[:3]] == [(one.name, one.stretch, one.rows) for one in before]
    assert [one.tickets for one in after] == [10, 10, 10, 1]


def test_a_folder_gives_its_files_of_tickets_in_folders_too_and_no_others(tmp_path: Path) -> None:
    source = tmp_path / "tickets"
    for name in ("b.jsonl", "2026/a.ndjson", "notes.txt", "_old/c.jsonl", ".hidden.jsonl"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(f"{ticket('One.')}\n")

    assert [one.name for one in ways(source).partitions(10)] == ["2026/a.ndjson/part-00000", "b.jsonl/part-00000"]


def test_what_cannot_be_read_or_written_is_told_before_a_cluster_is_looked_for(tmp_path: Path) -> None:
    need_ray()
    folder, out = tmp_path / "tickets", tmp_path / "out"
    folder.mkdir()

    def told(source: Path, out: Path) -> str:
        with pytest.raises(RunError) as caught:
            run_on_ray(RayPlan(source, out, {}), lambda _: pytest.fail("no reader is made"), Remembering())
        return str(caught.value).replace(f"{tmp_path}/", "")

    assert told(tmp_path / "none", out) == "none: there is no such file or folder"
    assert told(folder, out) == "tickets: holds no .jsonl, .ndjson or .parquet file"
    (folder / "a.jsonl").write_text("\n")
    assert told(folder, out) == "tickets: holds no tickets"
    assert (
        told(folder, folder / "out")
        == "tickets/out: is inside the input, and would be read as tickets next time; name another --out"
    )
    assert told(folder, folder / "a.jsonl") == "tickets/a.jsonl: is a file; with --engine ray, --out is a folder"
    (folder / "b.parquet").write_bytes(b"PAR1 and no more")
    assert told(folder, out) == "tickets/b.parquet: is no Parquet file that can be read; write it anew, or leave it out"
    assert not out.exists()


def test_without_ray_the_command_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda _: None)

    code = main(["batch", str(tmp_path), "--out", str(tmp_path / "out"), "--engine", "ray", "--extractor", "embedded"])

    assert code == 2
    assert capsys.readouterr().err == (
        "copilot: --engine ray needs more than is installed; pip install '.[ray]' in the folder of the copilot's sources\n"
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--actors", "2"], "--actors goes with --engine ray."),
        (["--calls-per-minute", "9"], "--calls-per-minute goes with --engine ray."),
        (["--format", "parquet"], "--format goes with --engine ray."),
        (
            ["--engine", "ray", "--calls-per-minute", "9"],
            "--calls-per-minute is for a model server; the embedded reader calls none.",
        ),
    ],
)
def test_options_that_mean_nothing_together_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], told: str
) -> None:
    code = main(["batch", str(tmp_path), "--out", str(tmp_path / "out"), "--extractor", "embedded", *options])

    assert code == 2
    assert told in capsys.readouterr().err


async def test_the_coordinator_stops_all_once_tickets_of_several_workers_in_a_row_were_not_read() -> None:
    coordinator = Coordinator()

    for number in range(GIVE_UP_AFTER - 1):
        verdict = await coordinator.take(Report(f"part-{number % 3}", Standing(), [ReadOutcome.INVALID]))
        assert verdict.stop is None
    verdict = await coordinator.take(Report("part-0", Standing(), [ReadOutcome.TIMEOUT]))

    assert verdict.stop
    assert (await coordinator.take(Report("part-1", Standing(), [ReadOutcome.OK]))).stop == verdict.stop


async def test_what_a_worker_did_that_died_counts_as_written_by_this_run() -> None:
    coordinator = Coordinator()
    await coordinator.take(Report("part-0", Standing(before=5), messages=["line 1"]))
    await coordinator.take(Report("part-0", Standing(before=5, wrote=3)))

    await coordinator.take(Report("part-0", Standing(before=9)))

    news = await coordinator.news()
    assert (news.begun, news.wrote, news.messages) == (5, 4, ["line 1"])
    assert await coordinator.again() == 4
    assert (await coordinator.news()).messages == []


def test_tickets_of_parquet_become_the_json_that_they_hold(tmp_path: Path) -> None:
    need_ray()
    import pyarrow as pa
    import pyarrow.parquet as pq

    from copilot.batch.lines import Stretch
    from copilot.batch_ray.tables import NO_TEXT, rows_in, tickets_in

    path = tmp_path / "tickets.parquet"
    table = pa.table({"id": ["a", "b", "c"], "text": pa.array([b"caf\xc3\xa9", None, b"\xff"], pa.binary())})
    pq.write_table(table, path, row_group_size=2)

    lines = list(tickets_in(path, Stretch(1, 0, 9)))

    assert rows_in(path) == 3
    assert json.loads(lines[0].raw) == {"id": "a", "text": "café"}
    assert json.loads(lines[1].raw) == {"id": "b", "text": None}
    assert lines[2].raw == NO_TEXT
    assert [line.number for line in tickets_in(path, Stretch(2, 0, 1))] == [2]


def test_a_folder_that_holds_something_else_is_not_written_to(tmp_path: Path) -> None:
    from copilot.batch_ray.run import held

    source, out = tmp_path / "tickets.jsonl", tmp_path / "out"
    source.write_text(f"{ticket('One.')}\n")
    out.mkdir()
    (out / "mine").touch()

    with pytest.raises(RunError, match="holds something else; name an empty folder"), held(ways(source), 10):
        pass
    (out / "mine").unlink()
    with held(ways(source), 500) as lines:
        assert lines == 500
    with held(ways(source), 20) as lines:
        assert lines == 500, "partitions stay as they were begun with"
    with pytest.raises(RunError, match="was begun with --format jsonl"), held(ways(source, to_tables=True), 10):
        pass


async def test_a_partition_is_a_batch_whose_lines_keep_the_numbers_that_they_have_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "tickets.jsonl"
    path.write_text("".join(f"{ticket(f'Ticket {number}.')}\n" for number in range(1, 26)))
    partition = ways(path).partitions(10)[1]
    partition.rows.parent.mkdir(parents=True)
    plan = plan_for(partition, BatchPlan(path, tmp_path / "out", {}, concurrency=1))

    first = await go_on(plan, ScriptedReader(), Remembering(), Patience())
    again = await go_on(plan, ScriptedReader(), Remembering(), Patience())

    ids = [json.loads(row)["ticket_id"] for row in partition.rows.read_bytes().splitlines()]
    assert ids == [f"line-{number}" for number in range(11, 21)]
    assert [(one.total, one.before, one.written, one.left) for one in (first, again)] == [(10, 0, 10, 0), (10, 10, 0, 0)]


@pytest.mark.parametrize("address", ["127.0.0.1:1", "127.0.0.1", "127.0.0.1:99999"])
def test_an_address_at_which_no_cluster_is_is_told_at_once(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need_ray()
    (tmp_path / "tickets.jsonl").write_text(f"{ticket('One.')}\n")
    monkeypatch.setenv("RAY_ADDRESS", address)

    with pytest.raises(RunError, match=f"RAY_ADDRESS={address}: no Ray cluster answers there; start one with `ray start`"):
        run_on_ray(RayPlan(tmp_path, tmp_path.parent / "out", {}), lambda _: pytest.fail("no reader is made"), Remembering())


def test_a_ray_that_does_not_start_is_told_whatever_it_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need_ray()
    import ray

    def times_out(*_: object, **__: object) -> None:
        raise Exception("The current node timed out during startup.")  # of no narrower type, as Ray does

    (tmp_path / "tickets.jsonl").write_text(f"{ticket('One.')}\n")
    monkeypatch.setattr(ray, "init", times_out)

    with pytest.raises(RunError, match=r"Ray did not start on this machine \(Exception\)"):
        run_on_ray(RayPlan(tmp_path, tmp_path.parent / "out", {}), lambda _: pytest.fail("no reader is made"), Remembering())
