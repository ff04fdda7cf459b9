"""A library whose classes are subclassed is named with a floor and a ceiling: what is inherited is not ours to keep still."""

import ast
import re
import sys
import tomllib
from functools import cache

import pytest

from tests.packaging.tree import ROOT

WITH_ANOTHER = {"httpx2"}
"""Comes with the model's SDK, whose own range bounds it."""
NAMES = {"opentelemetry": "opentelemetry-sdk", "jwt": "pyjwt", "pydantic_settings": "pydantic-settings"}
SPEC = re.compile(r"([a-z0-9-]+)(?:\[[a-z]+\])?(.*)")


@cache
def declared() -> dict[str, str]:
    """What `pyproject.toml` says of each dependency of the program."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    given = [*project["dependencies"], *extras["service"], *extras["postgres"], *extras["traces"], *extras["eval"]]
    return {match[1]: match[2] for one in given if (match := SPEC.fullmatch(one))}


def subclassed() -> set[str]:
    """The packages from elsewhere whose classes stand behind a class of ours."""
    found: set[str] = set()
    for file in (ROOT / "copilot").rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        origins: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                origins |= {name.asname or name.name: node.module.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.Import):
                origins |= {name.asname or name.name: name.name.partition(".")[0] for name in node.names}
        bases = [base for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases]
        roots = {ast.unparse(base).partition(".")[0].partition("[")[0] for base in bases}
        found |= {origins[root] for root in roots if root in origins}
    return {NAMES.get(name, name) for name in found} - {"copilot", *sys.stdlib_module_names}


def test_every_library_that_is_subclassed_has_a_floor_and_a_ceiling() -> None:
    names = subclassed()

    assert {"fastapi", "starlette", "uvicorn", "pydantic", "sqlalchemy", "click"} <= names
    assert [name for name in sorted(names - WITH_ANOTHER | {"h11"}) if not re.search(r">=.*,<", declared().get(name, ""))] == []


@pytest.mark.parametrize("name", ["fastapi", "h11", "starlette", "uvicorn"])
def test_what_is_installed_lies_between_them(name: str) -> None:
    pinned = re.search(rf"^{name}==([\d.]+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
    floor, ceiling = (tuple(map(int, part.lstrip("<>=").split("."))) for part in declared()[name].split(","))

    assert pinned is not None
    assert floor <= tuple(map(int, pinned[1].split("."))) < ceiling


def test_nobody_is_told_to_install_a_name_that_is_not_ours_from_an_index() -> None:
    """Whoever registers the name there could give its installers anything."""
    suffixes = {".py", ".md", ".toml", ".j2", ".html", ".js", ".txt", ".yml", ".yaml", ""}
    told = re.compile(r"(?:pipx?|uv|poetry)\s+(?:pip\s+)?(?:install|add|run|tool install)\s+[^\n]*?(?<![\w/.-])triage-copilot\b")
    skipped = {".venv", ".git", "node_modules", "build", "__pycache__"}
    files = [file for file in ROOT.rglob("*") if file.is_file() and file.suffix in suffixes and not skipped & set(file.parts)]

    assert [str(file) for file in files if told.search(file.read_text(encoding="utf-8", errors="ignore"))] == []
