"""Labelled cases out of files: what is taken, and what is refused with file, line and field."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from copilot.evaluation.cases.case import CaseError, load_cases
from tests.evaluation.labelled import case
from tests.evaluation.small import case_line, write_cases

Line = dict[str, Any]


def _refused(path: Path) -> str:
    with pytest.raises(CaseError) as refused:
        load_cases([path])
    return str(refused.value)


def _file(folder: Path, *lines: Line) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_cases_come_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    _file(tmp_path, case_line(3), case_line(1))
    (tmp_path / "more.jsonl").write_text("\n" + json.dumps(case_line(2)) + "\n\n", encoding="utf-8")

    loaded = load_cases([tmp_path])

    assert [one.id for one in loaded.cases] == ["case-3", "case-1", "case-2"]
    assert loaded.by_id["case-2"] == loaded.cases[2]


def test_the_digest_is_the_same_however_cases_are_spread_over_files(tmp_path: Path) -> None:
    whole = write_cases(tmp_path / "whole.jsonl", 2)
    parts = [tmp_path / "b.jsonl", tmp_path / "a.jsonl"]
    for number, part in enumerate(parts):
        part.write_text(json.dumps(case_line(number)), encoding="utf-8")

    assert load_cases([whole]).sha256 == load_cases(parts).sha256
    assert load_cases([whole]).sha256 != load_cases(parts[:1]).sha256


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(case_line(0)).encode())

    assert len(load_cases([path])) == 1


def test_an_id_used_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    path = _file(tmp_path, case_line(0), case_line(1), case_line(0))

    told = _refused(path)

    assert told == f"{path}, line 3: id 'case-0' is used twice ({path}, line 1); case ids must be unique"


def test_gold_facts_that_do_not_give_the_label_are_refused(tmp_path: Path) -> None:
    wrong = case_line(0)
    wrong["expect"] |= {"route": "no_escalation", "labels": [], "rule": "R7_outside"}

    told = _refused(_file(tmp_path, wrong))

    assert "line 1: 'case-0': the gold facts give R3_coercion (content_enforcement, coercion_and_retaliation)" in told
    assert "the label says R7_outside (no_escalation)" in told


def test_gold_facts_that_do_not_verify_are_refused_by_field(tmp_path: Path) -> None:
    wrong = json.loads(json.dumps(case_line(0)))
    wrong["expect"]["extraction"]["demands"][0]["evidence"] = ["m1.9"]

    told = _refused(_file(tmp_path, wrong))

    assert "expect.extraction.demands[0]: it cites a sentence" in told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda line: line.pop("ticket"), "ticket is missing"),
        (lambda line: line.update(note="x"), "note is not a known key"),
        (lambda line: line.update(id="a b"), "id must match"),
        (lambda line: line["expect"].update(route="spam"), "expect.route must be"),
        (lambda line: line["expect"].update(rule="R9"), "expect.rule 'R9' is no rule; use one of R1_account_security"),
        (lambda line: line["ticket"].update(reporter="x"), "ticket: reporter 'x' is not a participant"),
        (lambda line: line["ticket"].update(messages=[{"text": 5}]), "ticket.messages[0].text must"),
    ],
)
def test_a_wrong_shape_is_refused_by_field(tmp_path: Path, change: Callable[[Line], object], told: str) -> None:
    line = json.loads(json.dumps(case_line(0)))
    change(line)

    path = _file(tmp_path, line)

    assert f"{path}, line 1: " in _refused(path)
    assert told in _refused(path)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": ', "line 1, column 8: not JSON"),
        ('{"id": "a", "id": "b"}', "each line must be one JSON object"),
        ("[]", "the line must"),
    ],
)
def test_what_is_no_json_object_is_refused(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(line, encoding="utf-8")

    assert told in _refused(path)


def test_no_refusal_repeats_a_tickets_text(tmp_path: Path) -> None:
    line = json.loads(json.dumps(case_line(0)))
    line["ticket"]["messages"][0] |= {"sent_at": "SECRET WORDS"}

    assert "SECRET" not in _refused(_file(tmp_path, line))


def test_missing_files_empty_folders_and_other_encodings_are_refused(tmp_path: Path) -> None:
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes("é".encode("latin-1"))

    assert "no such file or directory); check the path" in _refused(tmp_path / "gone.jsonl")
    assert "not UTF-8 at byte 0" in _refused(latin)
    latin.unlink()
    assert "no cases found" in _refused(tmp_path)


def test_a_case_of_a_minimal_pair_belongs_to_its_family_and_any_other_to_itself() -> None:
    pair = case(id="a", tags=("lang:fr", "minimal-pair:site-ransom", "hostile"))

    assert (pair.family, pair.language, pair.is_hostile, pair.is_arguable) == ("minimal-pair:site-ransom", "fr", True, False)
    assert (case(id="b", tags=()).family, case(id="b", tags=()).language) == ("b", "en")
