"""Templates, styles and scripts of the evaluation's pages, and how what stands in them is kept text.

Comes in: names of files in `templates/`, and plain values. Goes out: templates that escape everything, JSON that cannot end the
script element it stands in, and one script made of modules, with the digest by which a content policy lets it run.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from copilot.evaluation.compare.comparison import p_words
from copilot.evaluation.report import headlines
from copilot.evaluation.report.case_view import words_of

TEMPLATES = Path(__file__).parent / "templates"
_IMPORT = re.compile(r"^import .*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)


def template(name: str) -> Template:
    """A template that escapes whatever it is given, and refuses a name that it was not given."""
    return _templates().get_template(name)


@cache
def static(name: str) -> str:
    """A file of a page's own."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


@cache
def script(modules: Sequence[str]) -> str:
    """Modules as one script: a page opened from a disk cannot import. Each comes after those that it builds on."""
    return "".join(_EXPORT.sub("", _IMPORT.sub("", static(name))) for name in modules)


def digest(text: str) -> str:
    """What a content policy calls a script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def json_in_script(value: object) -> Markup:
    """A value as JSON without `<`, `>` and `&`, so that no text in it can end the element or begin another."""
    return htmlsafe_json_dumps(value, ensure_ascii=False, separators=(",", ":"))


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "percent": headlines.percent,
        "between": headlines.between,
        "points": headlines.points,
        "p_words": p_words,
        "words": words_of,
    }
    return environment
