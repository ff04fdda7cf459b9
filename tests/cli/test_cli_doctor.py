"""`copilot doctor` shows what an examination found, and its code says whether a ticket could be read."""

import pytest

from copilot.core.extraction import Extraction
from copilot.core.reading import ReadOutcome
from copilot.doctor import Advice, DoctorReport, Trial
from tests import test_doctor
from tests.cli.conftest import Run

READ = Extraction.model_validate(test_doctor.READ)


def report(outcome: ReadOutcome, model: str = "m", extraction: Extraction = READ) -> DoctorReport:
    trial = Trial(outcome, extraction=None if outcome.failed else extraction)
    trials = dict.fromkeys(("reading", "repeat", "second"), trial)
    return DoctorReport("https://example.test/v1", model, "openai", ReadOutcome.OK, "ok", advice=(Advice("X", "why"),), **trials)


@pytest.mark.parametrize(("outcome", "code"), [(ReadOutcome.OK, 0), (ReadOutcome.REPAIRED, 0), (ReadOutcome.INVALID, 1)])
def test_the_code_says_whether_a_ticket_could_be_read(
    run: Run, monkeypatch: pytest.MonkeyPatch, outcome: ReadOutcome, code: int
) -> None:
    monkeypatch.setenv("COPILOT_MODEL", "m")
    monkeypatch.setattr("copilot.doctor.examine", lambda settings: report(outcome))

    ran = run("doctor")

    assert (ran.code, ran.err) == (code, "")
    assert ran.out.splitlines() == list(report(outcome).lines())


def test_a_model_that_reads_nothing_fails_in_words(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_MODEL", "m")
    monkeypatch.setattr("copilot.doctor.examine", lambda settings: report(ReadOutcome.OK, extraction=Extraction.empty()))

    ran = run("doctor")

    assert ran.code == 1
    assert "right in 0 of 3 readings; it names no fact at all" in ran.out


def test_what_a_server_calls_its_model_cannot_write_to_the_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_MODEL", "m")
    monkeypatch.setattr("copilot.doctor.examine", lambda settings: report(ReadOutcome.OK, "\x1b[2J\u202em"))

    assert "\x1b" not in run("doctor").out


def test_without_any_model_it_says_what_reads_tickets_then(run: Run) -> None:
    ran = run("doctor")

    assert ran.code == 0
    assert "embedded reader" in ran.out
    assert "COPILOT_MODEL" in ran.out


def test_a_model_without_a_key_is_bad_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_MODEL", "m")

    ran = run("doctor")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("copilot: OPENAI_API_KEY is not set")
