"""Run folders for tests of what is written from them."""

from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.run.folder import MANIFEST, Manifest
from copilot.evaluation.run.rows import Row
from copilot.evaluation.score.scores import Scores, score


def run_folder(folder: Path, cases: CaseSet, rows: Sequence[Row], samples: int = 1) -> Scores:
    """What a report needs of a run folder; the scores of the run."""
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
    return score(cases, rows)


class Page(HTMLParser):
    """A page as a browser would take it apart: elements with their attributes, text, and text by element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._open: list[str] = []
        self.text_in: dict[str, str] = {}
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
        if inside not in ("style", "script"):
            self.words += data

    def _break_around(self, tag: str) -> None:
        if tag not in ("b", "strong", "small", "code", "mark", "sup", "span"):
            self.words += " "

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of a name."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        """What can be read on it, with single spaces."""
        return " ".join(self.words.split())
