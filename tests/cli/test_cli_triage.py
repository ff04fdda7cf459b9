"""`copilot triage` and `copilot decide`: a suggestion to read, or one JSON object, or one line that says what is wrong."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from copilot.cli.lines import rendered
from copilot.cli.options import READERS
from copilot.cli.view import lines_of
from copilot.config.settings import EXTRACTORS
from copilot.core.sentences import cut
from copilot.core.ticket import Ticket
from copilot.output.suggestion import Suggestion
from copilot.pipeline import decide, triage
from tests.cli.conftest import TICKET, Run
from tests.cli.scripted import ScriptedReader

HOSTILE = "THREAT \x1b[2J\x1b]52;c;aGk=\x07 \u202egnp.exe\x9b31m\r\nRoute   no_escalation\u2028Queue   none"


def ticket_of(text: str) -> Ticket:
    return Ticket.model_validate({"messages": [{"text": text}]})


def suggestion_for(text: str) -> Suggestion:
    return triage(ticket_of(text), ScriptedReader())


def view(suggestion: Suggestion, columns: int | None = None) -> list[str]:
    return list(rendered(lines_of(suggestion, ticket_of("THREAT")), columns, coloured=False))


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Make a text what standard input holds."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_the_view_begins_with_where_the_ticket_goes(run: Run, ticket_file: Path) -> None:
    ran = run("triage", ticket_file)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[:5] == [
        "Ticket  T-1",
        "Route   content_enforcement",
        "Team    content enforcement",
        "Queue   Content_Engagement_Tier_1_TS425",
        "Labels  coercion and retaliation",
    ]


def test_the_view_has_its_parts_in_the_order_an_agent_needs_them(run: Run, ticket_file: Path) -> None:
    ran = run("triage", ticket_file)

    headings = [
        line for line in ran.out.splitlines() if line in ("Cautions", "Evidence", "Note", "Ask next", "What would change this")
    ]
    assert headings == ["Cautions", "Evidence", "Note", "Ask next", "What would change this"]


def test_the_note_is_shown_word_for_word(run: Run, ticket_file: Path) -> None:
    ran = run("triage", ticket_file)

    assert triage(Ticket.model_validate(TICKET), ScriptedReader()).note in ran.out


def test_json_is_exactly_one_suggestion_and_nothing_else(run: Run, ticket_file: Path) -> None:
    ran = run("triage", ticket_file, "--json")

    assert (ran.code, ran.err) == (0, "")
    assert Suggestion.model_validate_json(ran.out) == triage(Ticket.model_validate(TICKET), ScriptedReader())


def test_json_of_a_hostile_ticket_is_the_same_ticket_with_nothing_a_terminal_obeys(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "hostile.json"
    path.write_text(json.dumps({"messages": [{"text": HOSTILE}]}))

    ran = run("triage", path, "--json")

    assert all(character.isprintable() for line in ran.out.split("\n") for character in line)
    assert "".join(sentence["text"] for sentence in json.loads(ran.out)["sentences"]) == HOSTILE


@pytest.mark.parametrize("columns", [None, 24, 40, 80])
def test_a_hostile_ticket_cannot_move_the_cursor_or_pass_for_a_heading(columns: int | None) -> None:
    lines = view(suggestion_for(HOSTILE), columns)

    assert all(line.isprintable() for line in lines)
    assert sum(line.startswith(("Route", "Queue")) for line in lines) == 2


@pytest.mark.parametrize("columns", [1, 24, 25, 79])
@pytest.mark.parametrize("word", ["THREAT " * 50, "THREAT" + "长" * 300, "THREAT" + "x" * 300, "THREAT 👍🏽 " * 60])
def test_no_line_is_wider_than_a_narrow_terminal(columns: int, word: str) -> None:
    from rich.cells import cell_len

    lines = view(suggestion_for(word), columns)

    assert max(cell_len(line) for line in lines) <= max(24, columns)


def test_what_wraps_of_a_quote_stays_behind_its_frame() -> None:
    lines = view(suggestion_for("THREAT " + "Route all_clear " * 15), 40)

    assert all(line.lstrip().startswith("|") for line in lines if "all_clear" in line)


def test_wrapping_loses_no_word_of_the_note() -> None:
    suggestion = suggestion_for("THREAT: he will delete my site, and DEMAND: he wants money for it.")

    wrapped = " ".join(" ".join(line.removeprefix("  | ").split()) for line in view(suggestion, 60))

    for word in suggestion.note.split():
        assert word in wrapped


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb"), (None, None)])
def test_colour_is_for_terminals_that_want_it(
    monkeypatch: pytest.MonkeyPatch, run: Run, ticket_file: Path, variable: str | None, value: str | None
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    if variable and value:
        monkeypatch.setenv(variable, value)
    piped = run("triage", ticket_file).out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    shown = run("triage", ticket_file).out

    assert "\x1b" not in piped
    assert ("\x1b[" in shown) is (variable is None)


def test_a_piece_of_text_on_standard_input_is_a_ticket(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "THREAT: he will delete my site.")

    ran = run("triage", "-", "--json")

    assert json.loads(ran.out)["route"] == "content_enforcement"
    assert json.loads(ran.out)["ticket_id"] == "ticket"


@pytest.mark.parametrize(("answer", "route"), [("yes", "mediation_disputes"), ("no", "content_enforcement")])
def test_eligibility_for_mediation_can_be_told_beside_a_plain_text(run: Run, tmp_path: Path, answer: str, route: str) -> None:
    path = tmp_path / "ticket.txt"
    path.write_text("THREAT.")

    ran = run("triage", path, "--mediation", answer, "--json")

    assert json.loads(ran.out)["route"] == route


def test_several_files_are_shown_one_after_the_other_and_a_bad_one_is_told(run: Run, ticket_file: Path, tmp_path: Path) -> None:
    ran = run("triage", ticket_file, tmp_path / "none.json", ticket_file)

    assert ran.code == 1
    assert ran.out.count(f"=== {ticket_file}\n") == 2
    assert ran.err == f"copilot: {tmp_path}/none.json: there is no such file\n"


def test_json_takes_one_file(run: Run, ticket_file: Path) -> None:
    ran = run("triage", ticket_file, ticket_file, "--json")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "copilot: --json takes one FILE; for many tickets use `copilot batch`. See `copilot triage --help`.\n"


@pytest.mark.parametrize(
    "text",
    [
        "word " * 40_000,
        "THREAT " + "QUJD" * 50_000,
        "😀👨‍👩‍👧‍👦" * 25_000,
        "脅迫" * 100_000,
        "ไทย" * 60_000,
        "\u0301" * 200_000,
        "\n" * 199_999 + "a",
    ],
    ids=["words", "base64", "emoji", "han", "thai", "marks", "lines"],
)
def test_two_hundred_thousand_characters_of_anything_come_out_whole(run: Run, tmp_path: Path, text: str) -> None:
    path = tmp_path / "long.txt"
    path.write_text(text, encoding="utf-8")

    as_json, shown = run("triage", path, "--json"), run("triage", path)

    assert (as_json.code, shown.code) == (0, 0)
    assert "".join(sentence["text"] for sentence in json.loads(as_json.out)["sentences"]) == text


def test_two_thousand_messages_are_taken_and_one_more_is_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "many.json"
    path.write_text(json.dumps({"messages": [{"text": "a."}] * 2_000}))
    assert run("triage", path).code == 0

    path.write_text(json.dumps({"messages": [{"text": "a."}] * 2_001}))
    ran = run("triage", path)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"copilot: {path}, line 1: messages: 2001 are more than 2000; split the ticket\n"


def test_a_dropped_fact_is_shown_with_its_reason(run: Run, ticket_file: Path, tmp_path: Path) -> None:
    extraction: dict[str, Any] = {
        "parties": [{"id": "p1", "role": "client", "is_reporter": True, "name": None}],
        "threats": [{"by": "p1", "against": "p1", "harm": "destroy", "asset": "website", "evidence": ["m1.1"]}],
        "demands": [],
        "damage_claims": [],
        "disputes": [{"kind": "refund", "evidence": ["m9.9"]}],
    }
    path = tmp_path / "extraction.json"
    path.write_text(json.dumps(extraction))

    ran = run("decide", path, "--ticket", ticket_file)

    assert ran.code == 0
    assert "threats[0] was left out: it names one person as both sides" in ran.out
    assert "disputes[0] was left out: it cites a sentence that the ticket does not have" in ran.out


def test_decide_gives_what_the_policy_gives(run: Run, ticket_file: Path, tmp_path: Path) -> None:
    ticket = Ticket.model_validate(TICKET)
    extraction = ScriptedReader().read(ticket, cut(ticket)).extraction
    assert extraction is not None
    path = tmp_path / "extraction.json"
    path.write_text(extraction.model_dump_json())

    ran = run("decide", path, "--ticket", ticket_file, "--json")

    assert Suggestion.model_validate_json(ran.out) == decide(ticket, extraction)


def test_decide_does_not_read_two_things_from_standard_input(run: Run) -> None:
    ran = run("decide", "-", "--ticket", "-")

    assert ran.code == 2
    assert ran.err.startswith("copilot: only one of EXTRACTION.json and --ticket can be standard input.")


def test_the_readers_to_choose_from_are_those_that_settings_know() -> None:
    assert READERS == EXTRACTORS
