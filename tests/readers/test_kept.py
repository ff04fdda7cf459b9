"""What is worked out of a word list is kept for the next process, and never where it could be out of date."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from copilot.readers.lexicon_engine import kept as module
from copilot.readers.lexicon_engine.kept import kept, place_beside
from copilot.readers.lexicon_engine.lexicon import source
from copilot.readers.lexicon_engine.patterns import Table, compiled
from copilot.readers.lexicon_engine.text import tokenise

ENGINE = Path(module.__file__).parent


class Making:
    """Makes something, and counts how often."""

    def __init__(self, made: Any) -> None:
        self.made = made
        self.times = 0

    def __call__(self) -> Any:
        self.times += 1
        return self.made


def test_what_was_made_once_is_found_again(tmp_path: Path) -> None:
    make = Making({"delete": [1, 2], "größe": []})

    first, again = (kept(tmp_path / "kept.json", ("words",), make) for _ in range(2))

    assert first == again == make.made
    assert make.times == 1


def test_it_is_made_anew_where_it_was_made_from_something_else(tmp_path: Path) -> None:
    kept(tmp_path / "kept.json", ("words",), Making("before"))

    assert kept(tmp_path / "kept.json", ("other words",), Making("after")) == "after"


def test_it_is_made_anew_where_the_engine_is_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(tmp_path / "kept.json", ("words",), Making("before"))
    monkeypatch.setattr(module, "ENGINE", "another engine")

    assert kept(tmp_path / "kept.json", ("words",), Making("after")) == "after"


def test_no_part_of_the_engine_stands_where_a_change_would_go_unseen() -> None:
    """The digest is over the folder and the table of hidden characters: what compiles a lexicon may import no other part."""
    seen, todo = set[str](), ["lexicon"]
    while todo:
        name = todo.pop()
        seen.add(name)
        tree = ast.parse((ENGINE / f"{name}.py").read_text(encoding="utf-8"))
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
        imported |= {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
        ours = {one for one in imported if one.startswith("copilot")} - {"copilot.hidden"}
        assert all(one.startswith("copilot.readers.lexicon_engine.") for one in ours), name
        todo += sorted({one.rpartition(".")[2] for one in ours} - seen)

    assert {"lexicon", "patterns", "pattern_syntax", "text"} <= seen


@pytest.mark.parametrize("broken", [b"", b'{"made_from": "', b"[]", b"\xff", b'{"made": 1}'])
def test_a_broken_file_is_made_anew_and_mended(tmp_path: Path, broken: bytes) -> None:
    path, make = tmp_path / "kept.json", Making([1])
    path.write_bytes(broken)

    assert [kept(path, ("words",), make) for _ in range(2)] == [[1], [1]]
    assert make.times == 1


def test_where_nothing_can_be_written_it_is_made_each_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    make = Making([1])

    assert [kept(tmp_path / "file" / "kept.json", (), make) for _ in range(2)] == [[1], [1]]
    assert make.times == 2


def test_nothing_half_written_stays_behind(tmp_path: Path) -> None:
    kept(tmp_path / "__pycache__" / "kept.json", (), Making([1]))

    assert [path.name for path in (tmp_path / "__pycache__").iterdir()] == ["kept.json"]


def test_it_stands_where_python_keeps_compiled_modules(tmp_path: Path) -> None:
    assert place_beside(tmp_path / "de.toml", "toml") == tmp_path / "__pycache__" / "de.toml.json"


def test_patterns_that_were_kept_find_what_new_ones_find() -> None:
    given, tokens = (
        source("en"),
        tokenise("He said he will delete my website if I don't pay $500 by 5 pm, and leave a bad review."),
    )
    forms = [(token.text,) for token in tokens]

    made = compiled(given["concepts"], given["words"], "Upwork")

    found = Table(made).find(tokens, forms)
    assert Table(json.loads(json.dumps(made))).find(tokens, forms) == found
    assert {"destroy", "if_", "want_money"} <= {hit.concept for hit in found}
