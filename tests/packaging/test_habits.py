"""Habits that no linter checks: one place for each, and a test that names the file that breaks it."""

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import MARKS
from tests.packaging.tree import ROOT, modules, name, pages, tracked

MOST_LINES = 400
USUAL_LINES = 200
SPEAKS_TO_A_TERMINAL = ("copilot/cli/", "trainer/")
KEY = re.compile(
    r"sk-[A-Za-z0-9_-]{20,}|[Bb]earer [A-Za-z0-9_.-]{20,}|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}"
    r"|xox[abp]-[A-Za-z0-9-]{10,}|-----BEGIN [A-Z ]*PRIVATE KEY-----|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\."
)
MACHINE_PATH = re.compile(r"(?<![\w.)}*-])/(?:work|root|opt|Users|home/\w+)/\w")
REGISTRY_HOST = re.compile(
    "|".join(re.escape(host) for host in ("pypi" + ".org", "python" + "hosted", "art" + "ifactory", "/sim" + "ple/"))
)
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imported(path: Path) -> set[str]:
    """Top-level names of all packages that a module imports anywhere, for types or inside a function too."""
    found = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def _texts() -> list[tuple[str, str]]:
    texts = []
    for path in tracked():
        try:
            texts.append((name(path), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return texts


def test_every_module_says_what_it_is_for() -> None:
    silent = [name(path) for path in modules() if not ast.get_docstring(_tree(path))]

    assert silent == []


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    lines = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}

    for module, count in sorted(lines.items(), key=lambda item: -item[1]):
        if count > USUAL_LINES:
            print(f"{count:4} {module}")
    assert {module: count for module, count in lines.items() if count > MOST_LINES} == {}


def test_the_policy_imports_nothing_but_plain_python_and_the_copilot() -> None:
    """`describe.py` alone may open a file: it writes the policy down, and decides nothing."""
    allowed = {"copilot", "dataclasses", "collections", "enum", "typing", "itertools", "functools"}
    to_write_it_down = {"copilot/policy/describe.py": {"pathlib", "re", "sys"}}

    foreign = {
        name(path): _imported(path) - allowed - to_write_it_down.get(name(path), set())
        for path in modules()
        if "/policy/" in name(path)
    }

    assert {module: names for module, names in foreign.items() if names} == {}


@pytest.mark.parametrize(
    ("package", "known_to"),
    [
        ("openai", ["copilot/batch_api/provider.py", "copilot/readers/model/openai.py"]),
        ("tenacity", ["copilot/readers/model/openai.py"]),
    ],
)
def test_only_the_model_reader_and_the_batch_api_import_the_sdk_and_the_retry_library(package: str, known_to: list[str]) -> None:
    importers = [name(path) for path in modules() if package in _imported(path)]

    assert importers == known_to


def test_only_commands_print() -> None:
    printing = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        if not name(path).startswith(SPEAKS_TO_A_TERMINAL)
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]

    assert printing == []


def test_nothing_is_marked_as_still_to_be_done() -> None:
    written = [(file, text) for file, text in _texts() if not file.endswith("/tokenizer.json")]  # a vocabulary holds any word

    assert [file for file, text in written if UNFINISHED.search(text)] == []


def test_constraints_are_names_and_versions_and_nothing_else() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()

    pins = [line for line in lines if not line.startswith("#")]

    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.+!-]*", pin)] == []
    assert len({pin.partition("==")[0].lower() for pin in pins}) == len(pins) > 20


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    found = {file: match[0] for file, text in _texts() if (match := MACHINE_PATH.search(text))}

    assert found == {}


def test_no_file_names_a_package_registry() -> None:
    found = {file: match[0] for file, text in _texts() if (match := REGISTRY_HOST.search(text))}

    assert found == {}


def test_no_recording_page_or_example_holds_a_key() -> None:
    folders = ("docs/", "examples/", "evals/", "prompts/")

    found = [file for file, text in _texts() if (file.startswith(folders) or file.endswith(".md")) and KEY.search(text)]

    assert found == []


def test_there_are_pages_and_modules_to_check() -> None:
    """An empty listing would make every habit above hold for nothing."""
    assert len(modules()) > 30
    assert {"README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"} <= {name(path) for path in pages()}


def test_every_place_whose_tests_are_marked_exists() -> None:
    assert [place for place in MARKS if not place.exists()] == []
