"""Recorded answers of a real reader, replayed: matched by body, so a changed prompt never gets an old answer."""

import json
import re
from pathlib import Path

import pytest
import yaml

from copilot.policy.decide import Circumstances, decide_facts
from copilot.reading import ReadOutcome
from copilot.sentences import cut
from copilot.settings import Settings
from copilot.ticket import Ticket
from copilot.verification import verify
from tests.fault_server import FaultServer, says
from tests.record_cassettes import CASES, FOLDER, KEPT_HEADERS, Case, cassette, read

RECORDED = [case for case in CASES if (FOLDER / f"{case.name}.yaml").exists()]
TELLTALE = re.compile(r"sk-[A-Za-z0-9_-]{8,}|[Bb]earer |api[-_]key|set-cookie|organization|[\w.]+@(?!example)[\w.]+\.\w+")
NOWHERE = "http://127.0.0.1:9/v1"


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case.name)
def test_a_recorded_answer_is_read_and_decided_as_it_must(case: Case) -> None:
    ticket = Ticket.model_validate(case.ticket)

    with cassette(FOLDER / f"{case.name}.yaml", "none") as tape:
        reading = read(case, Settings(model=recorded_model(case), base_url=NOWHERE))

    assert reading.outcome in (ReadOutcome.OK, ReadOutcome.REPAIRED)
    assert reading.extraction is not None
    assert tape.all_played
    facts = verify(ticket, cut(ticket), reading.extraction)
    assert facts.dropped == ()
    assert decide_facts(facts, Circumstances(ticket.origin))[0].rule == case.rule


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case.name)
def test_a_cassette_holds_no_secret_and_no_header_that_tells_on_anyone(case: Case) -> None:
    text = (FOLDER / f"{case.name}.yaml").read_text(encoding="utf-8")

    assert not TELLTALE.search(text)
    for one in yaml.safe_load(text)["interactions"]:
        assert {name.lower() for name in {**one["request"]["headers"], **one["response"]["headers"]}} <= set(KEPT_HEADERS)


def recorded_model(case: Case) -> str:
    recorded = yaml.safe_load((FOLDER / f"{case.name}.yaml").read_text(encoding="utf-8"))
    return str(json.loads(recorded["interactions"][0]["request"]["body"])["model"])


ONCE = {"max_attempts": 1}
CASE = Case("one", "R7_outside", {"messages": [{"text": "How do I change my photo?"}]}, ONCE)
OTHER = Case("other", "R7_outside", {"messages": [{"text": "How do I change my name?"}]}, ONCE)


def record(file: Path) -> None:
    with FaultServer([says()]) as server, cassette(file, "once"):
        read(CASE, Settings(model="m", base_url=server.url, api_key="sk-not-a-real-key-000"))


def test_what_is_recorded_is_replayed_without_a_network(tmp_path: Path) -> None:
    record(tmp_path / "one.yaml")

    with cassette(tmp_path / "one.yaml", "none") as tape:
        reading = read(CASE, Settings(model="m", base_url=NOWHERE))

    assert (reading.outcome, tape.play_count) == (ReadOutcome.OK, 1)


@pytest.mark.parametrize(
    ("case", "settings"),
    [
        (
            Case("other", "R7_outside", {"messages": [{"text": "How do I change my name?"}]}),
            Settings(model="m", base_url=NOWHERE),
        ),
        (CASE, Settings(model="another", base_url=NOWHERE)),
    ],
    ids=["another ticket", "another model"],
)
def test_another_request_gets_no_recorded_answer(case: Case, settings: Settings, tmp_path: Path) -> None:
    record(tmp_path / "one.yaml")

    with cassette(tmp_path / "one.yaml", "none"):
        reading = read(case, settings)

    assert reading.outcome is ReadOutcome.UNAVAILABLE


def test_a_recording_holds_neither_key_nor_headers(tmp_path: Path) -> None:
    record(tmp_path / "one.yaml")

    text = (tmp_path / "one.yaml").read_text()
    assert "sk-not" not in text
    assert not TELLTALE.search(text)
    assert "user-agent" not in text.lower()
