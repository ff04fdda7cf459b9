"""Recordings: what was asked once is not asked again, and a replay needs no model and says what became stale."""

import json
from pathlib import Path
from typing import Any

import pytest

from copilot.config.settings import Settings
from copilot.core.reading import ReadOutcome, Usage
from copilot.core.ticket import Ticket
from copilot.evaluation.run.recordings import Recordings, asking, asking_for, key_of, recording, replaying
from copilot.readers.model import prompt, wire_schema
from copilot.readers.model.api_errors import ApiError
from copilot.readers.model.envelope import Reply
from copilot.readers.model.error_signs import FORMAT_REJECTED
from copilot.runs.errors import RunError

SETTINGS = Settings(model="acme/reader 1", base_url="http://127.0.0.1:9/v1")
TICKET = Ticket.model_validate({"messages": [{"text": "He deleted my shop."}]})
BODY: dict[str, Any] = {"model": "acme/reader 1", "messages": [{"role": "user", "content": "read this"}], "seed": 7}
REPLY = Reply('{"parties": []}', "stop", refused=False, model="acme/reader-1-0613", usage=Usage(100, 20, 5))


@pytest.fixture(autouse=True)
def _asking() -> None:
    ask_for()


def ask_for(case_id: str = "case-1", sample: int = 0, ticket: Ticket = TICKET) -> None:
    asking.set(asking_for(case_id, sample, ticket))


def recorded(folder: Path, body: dict[str, Any] = BODY, came: Reply | ApiError = REPLY) -> Path:
    book = recording(folder, SETTINGS)
    book.keep(body, came)
    book.close()
    return folder / "acme-reader-1.jsonl"


def stale(book: Recordings, body: dict[str, Any] | None = None) -> str:
    assert book.find(body or BODY | {"messages": []}) is None
    return book.stale[-1].changed


def test_a_key_changes_with_any_part_of_the_request_and_with_the_sample() -> None:
    others = [
        BODY | {"model": "other"},
        BODY | {"messages": []},
        BODY | {"seed": 8},
        BODY | {"response_format": {"type": "text"}},
    ]

    keys = {key_of(BODY, 0), key_of(BODY, 1), *(key_of(body, 0) for body in others)}

    assert len(keys) == 6


def test_a_key_does_not_depend_on_the_order_in_which_fields_were_put_in() -> None:
    assert key_of(dict(reversed(BODY.items())), 0) == key_of(BODY, 0)


def test_what_was_recorded_comes_back_whole_on_replay(tmp_path: Path) -> None:
    recorded(tmp_path)

    book = replaying(tmp_path)

    assert book.closed
    assert book.find(BODY) == REPLY
    assert book.shape.model == "acme/reader 1"


def test_a_line_names_the_case_and_hashes_and_holds_no_ticket_text(tmp_path: Path) -> None:
    file = recorded(tmp_path)

    line = json.loads(file.read_text().splitlines()[1])

    assert line["case_id"] == "case-1"
    assert (line["model"], line["content"], line["finish_reason"]) == ("acme/reader-1-0613", '{"parties": []}', "stop")
    assert line["usage"] == {"prompt_tokens": 100, "cached_tokens": 20, "completion_tokens": 5, "known": True}
    assert (line["prompt_sha256"], line["schema_sha256"]) == (prompt.sha256(), wire_schema.sha256())
    assert "deleted my shop" not in file.read_text()


def test_recording_goes_on_where_it_stopped_and_knows_what_it_holds(tmp_path: Path) -> None:
    recorded(tmp_path)

    again = recording(tmp_path, SETTINGS)

    again.close()
    assert again.find(BODY) == REPLY
    assert (again.asked, again.paid) == (0, Usage())


def test_what_was_paid_counts_fresh_answers_only(tmp_path: Path) -> None:
    book = recording(tmp_path, SETTINGS)

    book.keep(BODY, REPLY)

    book.close()
    assert (book.asked, book.paid) == (1, REPLY.usage)


def test_a_line_that_a_kill_cut_off_is_passed_over_and_written_anew(tmp_path: Path) -> None:
    file = recorded(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole + whole.splitlines()[1][:40])

    recorded(tmp_path, BODY | {"seed": 8})

    lines = file.read_bytes().splitlines()
    assert len(lines) == 3
    assert all(json.loads(line) for line in lines)


@pytest.mark.parametrize("content", ["my notes", '{"mine": 1}', "my notes\nand more"])
def test_a_file_that_holds_no_recordings_is_refused_and_left_as_it_is(tmp_path: Path, content: str) -> None:
    file = tmp_path / "notes.jsonl"
    file.write_text(content)

    with pytest.raises(RunError, match="record into another file"):
        recording(file, SETTINGS)

    assert file.read_text() == content


@pytest.mark.parametrize("size", [0, 1, 14, 40])
def test_a_first_line_that_a_kill_cut_off_is_begun_again(tmp_path: Path, size: int) -> None:
    file = recorded(tmp_path)
    header = file.read_bytes().splitlines(keepends=True)[0]
    file.write_bytes(header[:size])

    recording(tmp_path, SETTINGS).close()

    assert file.read_bytes() == header


def test_damage_inside_a_file_is_told_by_line_and_field(tmp_path: Path) -> None:
    file = recorded(tmp_path)
    file.write_text(file.read_text() + '{"key": 1}\n')

    with pytest.raises(RunError, match=r"acme-reader-1\.jsonl, line 3: key must be a string"):
        replaying(file)


def test_a_key_that_is_none_is_told_like_any_other_damage(tmp_path: Path) -> None:
    file = recorded(tmp_path)
    header, line = file.read_text().splitlines()
    file.write_text(f"{header}\n{json.dumps(json.loads(line) | {'key': 'mine'})}\n")

    with pytest.raises(RunError, match=r"acme-reader-1\.jsonl, line 2: key must match"):
        replaying(file)


def test_one_file_holds_requests_of_one_shape_only(tmp_path: Path) -> None:
    file = recorded(tmp_path)

    with pytest.raises(RunError, match=r"begun with temperature None, now it is 1\.0"):
        recording(file, Settings(model="acme/reader 1", temperature=1.0))


def test_settings_that_shape_no_request_may_differ(tmp_path: Path) -> None:
    file = recorded(tmp_path)

    recording(file, Settings(model="acme/reader 1", deadline_seconds=3_600, api_key="k")).close()


def test_two_runs_cannot_record_into_one_file(tmp_path: Path) -> None:
    book = recording(tmp_path, SETTINGS)

    with pytest.raises(RunError, match="another run is writing"):
        recording(tmp_path, SETTINGS)
    book.close()


def test_a_folder_with_two_files_must_be_told_apart(tmp_path: Path) -> None:
    recorded(tmp_path)
    (tmp_path / "other.jsonl").write_text("")

    with pytest.raises(RunError, match=r"holds 2 files of recordings \(acme-reader-1.jsonl, other.jsonl\); name one"):
        replaying(tmp_path)


@pytest.mark.parametrize("made", ["nothing", "empty file", "empty folder"])
def test_where_nothing_was_recorded_the_next_step_is_named(tmp_path: Path, made: str) -> None:
    path = tmp_path / "recorded"
    if made == "empty file":
        path.write_text("")
    elif made == "empty folder":
        path.mkdir()

    with pytest.raises(RunError, match=r"recorded: .*(--record|name one of them)"):
        replaying(path)


def test_a_changed_ticket_is_stale_and_said_so(tmp_path: Path) -> None:
    book = replaying(recorded(tmp_path))
    ask_for(ticket=Ticket.model_validate({"messages": [{"text": "He deleted my shop twice."}]}))

    assert stale(book) == "the ticket changed"


def test_a_changed_prompt_or_schema_is_stale_and_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = replaying(recorded(tmp_path))
    monkeypatch.setattr(prompt, "sha256", lambda: "1" * 64)
    told = [stale(book)]
    monkeypatch.setattr(wire_schema, "sha256", lambda: "2" * 64)

    assert [*told, stale(book)] == ["the prompt changed", "the prompt and the schema changed"]


def test_a_request_that_differs_for_no_named_reason_is_stale_too(tmp_path: Path) -> None:
    assert stale(replaying(recorded(tmp_path))) == "the request is put together or followed up differently"


def test_a_case_or_sample_that_was_never_recorded_is_said_to_be(tmp_path: Path) -> None:
    book = replaying(recorded(tmp_path))
    ask_for(sample=1)
    told = [stale(book)]
    ask_for("case-2")

    assert [*told, stale(book)] == ["sample 1 was never recorded", "the case was never recorded"]


def test_what_is_held_is_not_stale(tmp_path: Path) -> None:
    book = replaying(recorded(tmp_path))

    book.find(BODY)

    assert book.stale == []


def test_a_format_that_the_server_refused_is_refused_on_replay_for_every_case(tmp_path: Path) -> None:
    """Only the first requests of a recording met the refusal; which case comes first on replay must not matter."""
    strict = {"response_format": {"type": "json_schema"}}
    refused = ApiError(ReadOutcome.CONFIG_REJECTED, FORMAT_REJECTED)
    book = replaying(recorded(tmp_path, BODY | strict, refused))

    assert book.find(BODY | strict | {"seed": 9}) == refused
    assert book.stale == []
