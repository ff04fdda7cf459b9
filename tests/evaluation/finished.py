"""Run folders for tests of what is written from them."""

import json
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.run.folder import MANIFEST, Manifest
from copilot.evaluation.run.rows import Row
from copilot.evaluation.score.scores import score
from copilot.evaluation.score.summary import ScoredRun


def run_folder(folder: Path, cases: CaseSet, rows: Sequence[Row], samples: int = 1) -> ScoredRun:
    """What a report needs of a run folder; the run and its scores."""
    manifest = Manifest(
        cases_sha256=cases.sha256,
        extractor="embedded",
        marketplace="Upwork",
        settings=None,
        prompt_sha256=None,
        schema_sha256=None,
        samples=samples,
    )
    (folder / MANIFEST).write_text(manifest.model_dump_json(), encoding="utf-8")
    return ScoredRun(manifest, rows, score(cases, rows))


class Page(HTMLParser):
    """A page as a browser would take it apart: elements with their attributes, text, and text by element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._open: list[str] = []
        self.text_in: dict[str, str] = {}
        self.scripts: dict[str, str] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)
        self._break_around(tag)

    def handle_endtag(self, tag: str) -> None:
        self._break_around(tag)
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        self.text_in[inside] = self.text_in.get(inside, "") + data
        if inside == "script":
            id = self.named("script")[-1].get("id") or "program"
            self.scripts[id] = self.scripts.get(id, "") + data
        if inside not in ("style", "script"):
            self.words += data

    def _break_around(self, tag: str) -> None:
        if tag not in ("b", "strong", "small", "code", "mark", "sup", "span"):
            self.words += " "

    def cards(self) -> dict[str, dict[str, Any]]:
        """What the page holds of each case, by its id, in order."""
        held = [one["id"] or "" for one in self.named("script") if (one.get("id") or "").startswith("case-")]
        return {id.removeprefix("case-"): json.loads(self.scripts[id]) for id in held}

    def lines(self) -> list[dict[str, Any]]:
        """The lines of the list of cases, in order."""
        found: list[dict[str, Any]] = json.loads(self.scripts["lines"])
        return found

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of a name."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        """What can be read on it, with single spaces."""
        return " ".join(self.words.split())
