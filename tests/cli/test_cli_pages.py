"""What is written about the commands is what they do."""

import json
import re
from pathlib import Path

import pytest

from copilot.cli.entry import COMMANDS
from copilot.cli.pages import as_markdown
from copilot.core.extraction import Extraction
from copilot.core.vocabulary import Harm
from copilot.files.loading import load_ticket
from copilot.output.suggestion import Suggestion
from copilot.pipeline import COPILOT_VERSION, triage
from copilot.policy.describe import as_markdown as policy_page
from copilot.policy.rules import NOT_CODED, RULES
from copilot.readers.model import wire_schema
from tests.cli.conftest import Run
from tests.making import embedded_reader

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").iterdir())


def test_the_page_on_commands_is_their_help() -> None:
    written = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")

    assert written == as_markdown(), "write it anew: python -m copilot.cli.pages docs/cli.md"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(run: Run, name: str) -> None:
    ran = run(name, "--help")

    assert (ran.code, ran.err) == (0, "")
    assert re.search(rf"Examples?:\n.*copilot {name}", ran.out, re.DOTALL)


def test_the_help_lists_every_command_in_full(run: Run) -> None:
    ran = run("--help")

    assert [line.split()[0] for line in ran.out.partition("Commands:\n")[2].splitlines() if line.startswith("  ")][
        : len(COMMANDS)
    ] == list(COMMANDS)
    assert "..." not in ran.out.partition("Commands:\n")[2]


def test_no_command_at_all_shows_the_help(run: Run) -> None:
    assert run().out == run("--help").out


def test_the_version_is_the_packages(run: Run) -> None:
    assert run("--version").out == f"copilot, version {COPILOT_VERSION}\n"


def test_each_shape_of_the_contract_has_its_schema(run: Run) -> None:
    ticket, suggestion = json.loads(run("schema", "ticket").out), json.loads(run("schema", "suggestion").out)

    assert ticket["required"] == ["messages"]
    assert ticket["$defs"]["Message"]["required"] == ["text"]
    assert list(suggestion["properties"]) == list(Suggestion.model_fields)
    assert set(suggestion["$defs"]["ChangeView"]["properties"]) == {"code", "parameters", "text", "then"}
    assert json.loads(run("schema", "extraction").out) == Extraction.model_json_schema()
    assert json.loads(run("schema", "wire").out) == wire_schema.frozen()


def test_an_unknown_shape_is_told_with_those_there_are(run: Run) -> None:
    ran = run("schema", "note")

    assert ran.code == 2
    assert all(name in ran.err for name in ("'ticket'", "'extraction'", "'suggestion'", "'wire'"))


def test_the_policy_is_shown_whole(run: Run) -> None:
    ran = run("policy")

    places = [ran.out.index(f"{place}. {rule.id}\n") for place, rule in enumerate(RULES, start=1)]
    assert places == sorted(places)
    assert all(statement in ran.out and reason in ran.out for statement, reason in NOT_CODED.items())
    assert all(f"\n  {harm.value}\n" in ran.out for harm in Harm)


def test_the_policy_as_markdown_is_the_page_of_the_documentation(run: Run) -> None:
    assert run("policy", "--markdown").out == policy_page()


def test_the_prompt_shows_every_message_and_makes_no_call(run: Run, ticket_file: Path) -> None:
    shown, bodies = run("prompt", ticket_file), json.loads(run("prompt", ticket_file, "--json").out)

    assert (shown.code, shown.err) == (0, "")
    for message in bodies[0]["messages"]:
        assert f"--- request 1 of 1, {message['role']}\n{message['content']}" in shown.out


def test_the_prompt_of_a_long_ticket_is_one_request_a_window(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("He owes me money. " * 4_000)

    bodies = json.loads(run("prompt", path, "--json").out)

    assert len(bodies) > 1
    assert f"--- request {len(bodies)} of {len(bodies)}, user\n" in run("prompt", path).out


def test_the_prompt_cannot_write_to_the_terminal(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "hostile.txt"
    path.write_text("\x1b[2J \u202e \x9b")

    assert all(character.isprintable() for line in run("prompt", path).out.split("\n") for character in line)


def test_there_are_examples_of_both_kinds() -> None:
    assert len([path for path in EXAMPLES if path.suffix == ".json"]) >= 6
    assert [path.suffix for path in EXAMPLES if path.suffix != ".json"] == [".txt"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_is_a_ticket_that_the_embedded_reader_gives_a_suggestion_for(path: Path) -> None:
    suggestion = triage(load_ticket(str(path)), embedded_reader())

    assert suggestion.provenance.outcome == "ok"


def test_the_examples_have_ids_of_their_own() -> None:
    ids = [load_ticket(str(path)).id for path in EXAMPLES]

    assert len(set(ids)) == len(ids)
