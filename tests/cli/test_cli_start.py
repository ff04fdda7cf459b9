"""What a command does not need, it does not import."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import copilot
from tests.making import environment_without

ASK = "import sys; from copilot.cli import main; code = main(sys.argv[1:]); print(*sys.modules, file=sys.stderr); sys.exit(code)"
SDK = {"openai", "httpx", "tenacity", "fastapi", "sqlalchemy"}


def imported(*arguments: str) -> set[str]:
    kept = environment_without()
    ran = subprocess.run([sys.executable, "-c", ASK, *arguments], env=kept, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return set(ran.stderr.split())


@pytest.mark.parametrize("arguments", [["--help"], ["triage", "--help"], ["batch", "--help"], ["--version"]])
def test_help_imports_neither_pydantic_nor_a_template_engine_nor_rich(arguments: list[str]) -> None:
    assert imported(*arguments) & {*SDK, "pydantic", "pydantic_settings", "jinja2", "rich"} == set()


def test_an_embedded_triage_imports_no_sdk(tmp_path: Path) -> None:
    ticket = tmp_path / "ticket.txt"
    ticket.write_text("He deleted my site.")

    assert imported("triage", str(ticket), "--extractor", "embedded") & SDK == set()


def test_an_embedded_batch_imports_no_sdk(tmp_path: Path) -> None:
    tickets = tmp_path / "tickets.jsonl"
    tickets.write_text(json.dumps({"messages": [{"text": "He deleted my site."}]}))

    assert imported("batch", str(tickets), "--out", str(tmp_path / "out.jsonl"), "--extractor", "embedded") & SDK == set()


def test_the_package_gives_what_it_names_and_nothing_else() -> None:
    assert {name for name in copilot.__all__ if getattr(copilot, name, None) is None} == set()
    assert set(copilot.__all__) <= set(dir(copilot))
    with pytest.raises(AttributeError, match="'copilot' has no attribute 'nothing'"):
        _ = copilot.nothing


def test_the_package_imports_nothing_until_it_is_used() -> None:
    asked = "import copilot, sys; print('pydantic' in sys.modules); copilot.Ticket; print('pydantic' in sys.modules)"

    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert ran.stdout.split() == ["False", "True"]
