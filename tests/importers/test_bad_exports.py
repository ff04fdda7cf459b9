"""A bad export is told in one line with place and next step; what is good beside it is kept, and the exit code says so."""
# ruff: noqa: E501 - exports have long rows

import io
import json
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from copilot.cli import main
from copilot.files.foreign import foreign
from copilot.importers import Source, tickets
from tests.importers import exports
from tests.importers.exports import LINES


def _zip(**files: object) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for name, content in files.items():
            file.writestr(name, json.dumps(content))
    return held.getvalue()


WHOLE = json.dumps(exports.ZENDESK, indent=1).encode()
BAD: dict[str, tuple[str, bytes, str]] = {
    "cut JSON": ("zendesk", WHOLE[:-40], "not JSON"),
    "UTF-16": ("zendesk", WHOLE.decode().encode("utf-16"), "UTF-16"),
    "Latin-1": ("zammad", b'{"articles":\n[{"body": "l\xf6scht"}]}', "line 2: not UTF-8"),
    "empty": ("chatwoot", b"\n", "is empty"),
    "another desk": ("intercom", WHOLE, "is a Zendesk export; bring it in with `copilot import zendesk"),
    "no desk": ("intercom", b"{\"a\": 1}", "is no Intercom conversation: the object has neither source nor conversation_parts"),
    "a list of words": ("zendesk", b'["a"]', "[0] must be an object"),
    "a field of the wrong type": ("zendesk", b'{"ticket": {"id": 1, "description": ["delete"]}}', "ticket.description must be a string"),
    "a time of no calendar": ("chatwoot", b'{"payload": [{"message_type": 0, "content": "x", "created_at": 9e15}]}', "years 1 to 9999"),
    "no words": ("zendesk", b'{"ticket": {"id": 1, "description": ""}}', "messages"),
    "no zip": ("slack", b"He will delete it", "is no zip, or was cut"),
    "a zip that was cut": ("slack", _zip(**exports.SLACK)[:-90], "is no zip, or was cut"),
    "a zip of something else": ("slack", _zip(word="x"), "holds no channel"),
    "a day of the wrong shape": ("slack", _zip(**{"help/2026-03-02.json": {"a": 1}}), "must be a list"),
    "no column": ("csv", b"id,body\n1,He will delete it\n", "no column called text; name the column of the messages with --column"),
    "an open quotation mark": ("csv", b'id,text\n1,"He will delete it\n', "line 2: this row cannot be read"),
    "a table of another encoding": ("csv", b"id,text\n1,l\xf6scht\n", "--encoding"),
    "no mail": ("eml", b"He will delete it", "is no e-mail"),
    "no mailbox": ("mbox", b"Subject: x\n\nHe will delete it", "is no mailbox"),
    "a mail in no known encoding": ("eml", b"From: a@b.org\nSubject: x\nContent-Type: text/plain; charset=klingon\n\nx\n", "encoding"),
    "a mail in another encoding": ("eml", b"From: a@b.org\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\nl\xf6scht\n", "encoding"),
}  # fmt: skip


@pytest.mark.parametrize(("format", "raw", "told"), BAD.values(), ids=BAD)
def test_a_bad_file_is_told_in_one_line_and_leaves_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], format: str, raw: bytes, told: str
) -> None:
    path, out = tmp_path / "export", tmp_path / "tickets.jsonl"
    path.write_bytes(raw)

    code = main(["import", format, str(path), "--out", str(out)])

    first, last = capsys.readouterr().err.splitlines()
    assert (code, out.exists()) == (2, False)
    assert first.startswith(f"copilot: {path}")
    assert told in first
    assert last == f"copilot: nothing was imported, and {out} was not written; is it a {format} export?"
    assert "delete" not in first + last


def test_a_missing_file_and_an_out_that_is_there_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "tickets.jsonl"

    missing = main(["import", "zendesk", str(tmp_path / "gone.json"), "--out", str(out)])
    out.write_text("mine")
    there = main(["import", "zendesk", str(tmp_path / "gone.json"), "--out", str(out)])

    assert (missing, there, out.read_text()) == (2, 2, "mine")
    assert "there is no such file" in capsys.readouterr().err


@pytest.mark.parametrize("bad", [b"{", b'{"id": 1}', b'{"id": "l\xf6"}', LINES["zendesk"].encode()[:-9]])
def test_a_bad_line_costs_that_line_alone_and_the_code_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bad: bytes
) -> None:
    path, out = tmp_path / "export.ndjson", tmp_path / "tickets.jsonl"
    good = LINES["zendesk"].encode()
    path.write_bytes(b"\n".join([good, bad, good]))

    code = main(["import", "zendesk", str(path), "--out", str(out)])

    assert (code, len(out.read_text().splitlines())) == (1, 2)
    assert capsys.readouterr().err.startswith(f"copilot: {path}, line 2")


def test_rows_of_an_id_that_do_not_stand_together_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "desk.csv", tmp_path / "tickets.jsonl"
    path.write_text("id,text\n1,a\n2,b\n1,c\n3,d,e\n")

    code = main(["import", "csv", str(path), "--out", str(out)])

    told = capsys.readouterr().err
    assert (code, len(out.read_text().splitlines())) == (1, 2)
    assert "line 4: its id has rows further up" in told
    assert "line 5: has 3 cells, and the header 2" in told


def test_a_hundred_megabytes_of_lines_are_not_held(tmp_path: Path) -> None:
    path = tmp_path / "export.ndjson"
    line = json.dumps({**exports.ZENDESK_TICKET, "comments": [], "description": "He asks. " * 50_000}).encode() + b"\n"
    with path.open("wb") as file:
        for _ in range(100_000_000 // len(line) + 1):
            file.write(line)

    tracemalloc.start()
    count = sum(1 for _ in tickets(Source("zendesk", [str(path)])))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 100_000_000 // len(line) + 1
    assert peak < 20_000_000


def test_a_hundred_megabytes_in_one_value_are_told_how_to_come_in_lines(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    with path.open("wb") as file:
        file.write(b'{"tickets":\n[')
        file.truncate(100_000_000)

    [fault] = tickets(Source("zendesk", [str(path)]))

    assert "is over 32 MB; write each of its tickets on a line of its own" in str(fault)


@pytest.mark.parametrize("format", exports.DESKS)
@pytest.mark.parametrize("indent", [None, 1])
def test_triage_says_the_command_for_an_export(format: str, indent: int | None) -> None:
    raw = json.dumps(exports.DESKS[format], indent=indent).encode()

    for given in (raw, raw[:-20], b"\n".join([LINES[format].encode()] * 2)):
        for suffix in (".json", ".ndjson", ".txt"):
            assert f"`copilot import {format} FILE --out tickets.jsonl`" in str(foreign(given, suffix))


@pytest.mark.parametrize(
    ("raw", "format"),
    [
        (_zip(**exports.SLACK), "slack"),
        (json.dumps(exports.SLACK["help/2026-03-02.json"]).encode(), "slack"),
        (exports.CSV.encode(), "csv"),
        (exports.MAILS[0].as_bytes(), "eml"),
        (b"From x Mon Mar  2 09:12:00 2026\n" + exports.MAILS[0].as_bytes(), "mbox"),
    ],
)
def test_triage_says_the_command_for_other_files_too(raw: bytes, format: str) -> None:
    assert f"`copilot import {format} FILE --out tickets.jsonl`" in str(foreign(raw))
