"""What a finished run takes grows by a tally for each case, and not by its ticket, its row or its card."""

import tracemalloc
from pathlib import Path

from copilot.config.settings import Settings
from copilot.core.reading import Usage
from copilot.core.ticket import Ticket
from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.finish import finish
from copilot.evaluation.run.folder import CASES, ROWS, final_rows
from copilot.evaluation.run.recordings import asking, asking_for, recording
from copilot.readers.model.envelope import Reply
from tests.evaluation.finished import run_folder
from tests.evaluation.labelled import TEXT, case, extraction, threat
from tests.evaluation.small import row

LONG = f"{TEXT} " * 200
"""A ticket of some 18,000 characters, so that holding one shows."""


def finished_run(folder: Path, count: int) -> Path:
    """A run folder of so many cases with long tickets, every second one decided wrongly."""
    folder.mkdir()
    made = [
        case(
            extraction(threats=[threat()]), id=f"case-{number}", messages=[{"text": LONG}], context={"mediation_eligible": False}
        )
        for number in range(count)
    ]
    rows = [row(one, right=number % 2 == 0) for number, one in enumerate(made)]
    run_folder(folder, CaseSet(made), rows)
    (folder / CASES).write_text("".join(f"{one.model_dump_json()}\n" for one in made), encoding="utf-8")
    (folder / ROWS).write_text("".join(f"{one.model_dump_json()}\n" for one in rows), encoding="utf-8")
    return folder


def peak_of(folder: Path) -> int:
    """The most bytes that scoring and reporting held at a time."""
    tracemalloc.start()
    try:
        finish(folder)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_grows_by_little_more_than_the_text_of_each_further_case(tmp_path: Path) -> None:
    few, many = (finished_run(tmp_path / str(count), count) for count in (20, 80))
    finish(few)

    growth = (peak_of(many) - peak_of(few)) / 60

    assert growth < 2.5 * len(LONG)


def test_recorded_answers_stay_on_disk(tmp_path: Path) -> None:
    book = recording(tmp_path / "answers.jsonl", Settings(model="stub-1"))
    tracemalloc.start()
    try:
        for number in range(200):
            asking.set(asking_for(f"case-{number}", 0, Ticket.model_validate({"messages": [{"text": f"Ticket {number}"}]})))
            book.keep({"number": number}, Reply(LONG, "stop", refused=False, model="stub-1", usage=Usage()))
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()

    assert held < 200 * 1_000
    found = book.find({"number": 199})
    assert isinstance(found, Reply)
    assert found.content == LONG
    book.close()


def test_rows_stay_on_disk_and_the_last_one_of_a_case_counts(tmp_path: Path) -> None:
    one, other = case(extraction(), id="one"), case(extraction(), id="other")
    written = [row(one, sample=1), row(one, outcome="timeout"), row(other), row(one, outcome="ok")]
    (tmp_path / ROWS).write_text("".join(f"{one.model_dump_json()}\n" for one in written), encoding="utf-8")

    rows = final_rows(tmp_path)

    assert [(row.case_id, row.sample, row.outcome) for row in rows] == [("one", 1, "ok"), ("one", 0, "ok"), ("other", 0, "ok")]
    assert [row.sample for row in rows["one"]] == [0, 1]
    assert rows["never run"] == ()
    assert len(rows) == 3
