"""The documentation says what is so: settings, commands, paths, targets, tests and links are looked up, not believed."""

import itertools
import re
import shlex
import shutil
from pathlib import Path

import pytest

from copilot.config.settings import ServiceSettings, Settings
from tests.packaging.transcripts import PAGES, transcript
from tests.packaging.transcripts import run as _shell
from tests.packaging.tree import ROOT, code_blocks, name, pages, tracked

VARIABLE = re.compile(r"\b(?:COPILOT|OPENAI)_[A-Z_]+[A-Z]\b|\bSSL_CERT_FILE\b")
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.*?) \|", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(r"`((?:copilot|docs|prompts|evals|examples|benchmarks|tests)/[\w./-]*)`")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
TARGET = re.compile(r"\bmake ([a-z]+)\b")
SETTINGS = {**Settings.variables(), **ServiceSettings.variables()}
FIELD_OF = {variable: field for field, variable in SETTINGS.items()}
READ_ELSEWHERE = ("copilot/policy/handbook.md",)
"""Text of docs/policy.md, whose links are meant from there."""
PROJECT_PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/operations.md",
    "docs/usage.md",
    "benchmarks/README.md",
    "docs/policy-source.md",
)


def _read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def _known_variables() -> set[str]:
    return set(FIELD_OF)


def _default_in_words(variable: str) -> str:
    default = {**Settings.model_fields, **ServiceSettings.model_fields}[FIELD_OF[variable]].default
    if default in (None, "", ()):
        return "not set"
    number = int(default) if isinstance(default, bool) else default
    return f"`{number:g}`" if isinstance(number, float) else f"`{number}`"


def test_every_setting_is_in_the_table_of_settings_with_its_default() -> None:
    table = dict(ROW.findall(_read("docs/operations.md")))

    assert set(table) == _known_variables() - {"SSL_CERT_FILE"}
    assert table == {variable: _default_in_words(variable) for variable in table}


@pytest.mark.parametrize("page", [name(path) for path in pages()])
def test_no_page_names_a_setting_that_does_not_exist(page: str) -> None:
    assert set(VARIABLE.findall(_read(page))) - _known_variables() == set()


@pytest.mark.parametrize("page", [name(path) for path in pages() if name(path) not in READ_ELSEWHERE])
def test_every_link_leads_somewhere(page: str) -> None:
    broken = []
    for link in LINK.findall(_read(page)):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)

    assert broken == []


def _anchors(page: Path) -> set[str]:
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [*PROJECT_PAGES, *(name(path) for path in pages() if name(path).startswith("docs/adr/"))])
def test_every_path_that_a_page_names_exists(page: str) -> None:
    assert [path for path in PATH.findall(_read(page)) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "benchmarks/README.md"])
def test_every_make_target_that_a_page_names_exists(page: str) -> None:
    spans = re.findall(r"`([^`\n]+)`", _read(page)) + code_blocks(_read(page), "sh", "console")
    targets = set(re.findall(r"^([a-z]+):", _read("Makefile"), re.MULTILINE))

    assert {target for span in spans for target in TARGET.findall(span)} - targets == set()


def test_every_test_that_the_security_page_names_exists() -> None:
    defined: set[str] = set()
    for path in tracked():
        if path.suffix == ".py" and path.is_relative_to(ROOT / "tests"):
            defined |= set(re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8")))
            defined.add(name(path))

    named = set(re.findall(r"`(test_\w+|tests/[\w/]+\.py)`", _read("SECURITY.md")))

    assert named
    assert named - defined == set()


@pytest.fixture
def newcomer(tmp_path: Path) -> Path:
    """A folder that holds the examples and nothing else."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


def _commands(page: str, *languages: str) -> list[str]:
    lines = [line.strip() for block in code_blocks(_read(page), *languages) for line in block.splitlines()]
    lines = [line.removeprefix("$ ") for line in lines if line.startswith(("$ copilot", "copilot "))]
    return [line.split("  #")[0].strip() for line in lines]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/batch.md", "docs/operations.md", "docs/usage.md"])
def test_every_command_in_a_page_is_one_that_exists(page: str, tmp_path: Path) -> None:
    faults = []
    for line in _commands(page, "sh", "console", ""):
        words = shlex.split(line.split(" | ")[0].split(" > ")[0])
        options = [word for word in words[2:] if word.startswith("--")]
        named = itertools.takewhile(lambda word: not word.startswith("-"), words)
        shown = _shell(f"{shlex.join(named)} --help", tmp_path)
        unknown = [option for option in options if option not in shown.stdout]
        if shown.returncode or unknown:
            faults.append((line, unknown or shown.stderr))

    assert faults == []


@pytest.mark.parametrize("page", PAGES)
def test_a_newcomers_commands_work_in_the_order_in_which_they_stand(page: str, newcomer: Path) -> None:
    """Blocks marked `sh` that begin with `copilot` are meant to be typed by a newcomer who has no key."""
    blocks = [block for block in code_blocks(_read(page), "sh") if block.lstrip().startswith("copilot ")]

    assert blocks
    for line in (line for block in blocks for line in block.splitlines() if line.startswith("copilot ")):
        done = _shell(line, newcomer)
        assert done.returncode == 0, (line, done.stderr)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_what_the_commands_really_print(page: str, newcomer: Path) -> None:
    """Blocks marked `console`: a command after `$ `, then all or the beginning of what it prints. `make docs` writes them."""
    blocks = code_blocks(_read(page), "console")

    assert blocks
    for block in blocks:
        assert block == transcript(block, newcomer)


def test_the_readme_names_every_command() -> None:
    listed = _shell("copilot --help", ROOT).stdout.partition("Commands:")[2]
    commands = re.findall(r"^  ([a-z]+) ", listed.partition("\n\n")[0], re.MULTILINE)

    assert len(commands) > 5
    assert [command for command in commands if f"`copilot {command}" not in _read("README.md")] == []
