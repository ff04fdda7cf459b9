"""What the model is shown: templates and examples from `prompts/`, filled with one window of a ticket.

Comes in: a `NumberedTicket` and the sentences of one window. Goes out: the messages of a request. The system part is the same
for every ticket, so that a server can cache it: no date, id or random value is in it. The ticket comes last, between
two marks that cannot occur in it. Templates are files of this package, never made from ticket text.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copilot.core.extraction import Extraction
from copilot.core.sentences import Sentence, cut
from copilot.core.ticket import Ticket
from copilot.readers.model import wire_schema
from copilot.readers.model.numbered_lines import NumberedTicket

if TYPE_CHECKING:
    from jinja2 import Environment

TAG_HEX_DIGITS = 12
SYSTEM_TEMPLATE = "extract.system.j2"
USER_TEMPLATE = "extract.user.j2"
AGAIN_TEMPLATE = "extract.again.j2"

Messages = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Chunk:
    """One run of sentences of a ticket that is read in `count` parts; `number` counts from 1."""

    numbered: NumberedTicket
    sentences: tuple[Sentence, ...]
    number: int = 1
    count: int = 1


@dataclass(frozen=True, slots=True)
class Wording:
    """What shapes a prompt besides the ticket: the marketplace's name, the salt of the mark, the schema in words."""

    marketplace: str
    tag_salt: str = ""
    shows_schema: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """One worked ticket of the prompt, as its file under `prompts/examples/` has it."""

    title: str
    why: str
    ticket: Ticket
    extraction: Extraction

    @property
    def sheet(self) -> str:
        """The ticket as it is printed."""
        sentences = cut(self.ticket)
        numbered = NumberedTicket(self.ticket, sentences)
        return f"{numbered.head()}\n{numbered.body(sentences.all)}"

    @property
    def answer(self) -> str:
        """The extraction as a model should write it: keys in the wire schema's order."""
        return json.dumps(in_wire_order(self.extraction.model_dump(mode="json"), wire_schema.frozen()), ensure_ascii=False)


def messages(window: Chunk, wording: Wording, issues: Sequence[str] = ()) -> Messages:
    """The two chat messages for one window. `issues` (codes and paths, no text) make it a second request for the same.

    A second request adds to the ticket's message: many templates take roles in turn only.
    """
    asked = user_text(window, wording.tag_salt)
    if issues:
        asked += "\n" + _fill(AGAIN_TEMPLATE, issues=list(issues))
    return [
        {"role": "system", "content": system_text(wording.marketplace, wording.shows_schema)},
        {"role": "user", "content": asked},
    ]


def as_one_message(asked: Messages) -> Messages:
    """The same as one user message, for a server whose template knows no system role."""
    return [{"role": "user", "content": "\n".join(message["content"] for message in asked)}]


@cache
def system_text(marketplace: str, shows_schema: bool = False) -> str:
    """The part that every request shares."""
    schema = wire_schema.frozen_text().strip() if shows_schema else ""
    return _fill(SYSTEM_TEMPLATE, marketplace=marketplace, examples=examples(), schema=schema)


def user_text(window: Chunk, tag_salt: str = "") -> str:
    """The ticket's part: the same window and salt give the same text, so a recorded request can be found again."""
    head, body = window.numbered.head(), window.numbered.body(window.sentences)
    wire = window.numbered.wire_ids
    return _fill(
        USER_TEMPLATE,
        tag=tag_for(f"{head}\n{body}", tag_salt),
        head=head,
        body=body,
        number=window.number,
        count=window.count,
        first=wire[window.sentences[0].id],
        last=wire[window.sentences[-1].id],
    )


def tag_for(text: str, salt: str = "") -> str:
    """A mark that does not occur in the text it goes around, so nobody can write the end of the ticket into it."""
    digest = hashlib.sha256(f"{salt}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()
    while (tag := f"ticket-{digest[:TAG_HEX_DIGITS]}") in text or digest[:TAG_HEX_DIGITS] in text:
        digest = hashlib.sha256(digest.encode()).hexdigest()
    return tag


@cache
def examples() -> tuple[Example, ...]:
    """The worked examples, in the order of their file names."""
    return tuple(read_example(path.read_text(encoding="utf-8")) for path in sorted((folder() / "examples").glob("*.json")))


def read_example(text: str) -> Example:
    """One example file. Raises `pydantic.ValidationError` or `ValueError` where it does not have the shape."""
    given: dict[str, Any] = json.loads(text)
    return Example(
        title=given["title"],
        why=given["why"],
        ticket=Ticket.model_validate(given["ticket"]),
        extraction=Extraction.model_validate(given["extraction"]),
    )


@cache
def sha256() -> str:
    """The hash of every template and example: it changes whenever what the model is shown changes."""
    digest = hashlib.sha256()
    root = folder()
    for path in sorted([*root.glob("*.j2"), *root.glob("examples/*.json")]):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def folder() -> Path:
    """Where the templates are: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[2]
    installed = package / "prompts"
    return installed if installed.is_dir() else package.parent / "prompts"


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - replaying a decision needs no template

    return Environment(
        loader=FileSystemLoader(folder()),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - the output is plain text for a model; its lines escape what customers wrote
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _fill(name: str, **values: object) -> str:
    return _environment().get_template(name).render(**values).strip() + "\n"


def in_wire_order(value: Any, schema: wire_schema.Schema) -> Any:
    """The same value, with its keys in the order in which a model is made to write them."""
    if isinstance(value, dict):
        return {name: in_wire_order(value[name], child) for name, child in schema["properties"].items()}
    if isinstance(value, list):
        return [in_wire_order(item, schema["items"]) for item in value]
    return value
