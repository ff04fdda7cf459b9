"""What a model answered, kept under the exact request: nothing is paid for twice, and a run can be replayed offline.

A file of recordings is JSON lines: the settings that shape requests, then one line for each answer. Its key is the
SHA-256 of the whole request body (model, messages, response format, sampling parameters) and the number of the sample.
Replay asks nothing; a request that is not held is stale, and is told with what changed since. A line holds what the
model sent, untouched, and no ticket text.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from copilot.config.settings import Settings
from copilot.core.closed import Closed
from copilot.core.reading import ReadOutcome, Usage
from copilot.core.ticket import Ticket
from copilot.core.validation import first_problem
from copilot.evaluation.run.cost import is_told
from copilot.output.suggestion import TokenUsage
from copilot.readers.model import prompt, wire_schema
from copilot.readers.model.api_errors import ApiError
from copilot.readers.model.envelope import Reply
from copilot.readers.model.error_signs import FORMAT_REJECTED
from copilot.readers.model.profiles import output_cap
from copilot.runs.errors import RunError
from copilot.runs.journal import Journal, whole_lines
from copilot.runs.private import make_asked_for

FORMAT = 1
_BEGINNING = b'{"recordings":'
"""How a file of recordings begins, even where a kill cut its first line off."""
Body = dict[str, Any]


class Shape(Closed):
    """The settings that a request is made from. One file holds answers to requests of one shape."""

    marketplace: str
    model: str | None
    profile: str
    structured_output: str
    reasoning_effort: str | None
    max_output_tokens: int
    window_characters: int
    window_overlap_sentences: int
    temperature: float | str | None
    seed: int | str | None
    token_parameter: str | None
    extra_body: str | None

    @classmethod
    def of(cls, settings: Settings) -> "Shape":
        """The shape of requests under these settings."""
        of_settings = {name: getattr(settings, name) for name in cls.model_fields}
        return cls(**of_settings | {"max_output_tokens": output_cap(settings)})

    def applied_to(self, settings: Settings) -> Settings:
        """The same settings, made to send requests of this shape."""
        return settings.model_copy(update=self.model_dump())


class Header(Closed):
    """The first line of a file."""

    recordings: Literal[1]
    settings: Shape


class RecordedFault(Closed):
    """A server's refusal of the request itself."""

    outcome: ReadOutcome
    code: str


class Recording(Closed):
    """One line: a request's key and what came back for it. `fault` stands where there was no answer."""

    key: str = Field(pattern="^[0-9a-f]{64}$")
    case_id: str
    sample: int
    model: str | None
    content: str | None
    finish_reason: str | None
    refused: bool = False
    usage: TokenUsage
    fault: RecordedFault | None = None
    response_format: str | None
    prompt_sha256: str
    schema_sha256: str
    ticket_sha256: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Which case and sample a request is made for. `again`: what was answered in an earlier run could not be used."""

    case_id: str
    sample: int
    ticket_sha256: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Stale:
    """A case whose request is not held, and what changed since it was recorded."""

    case_id: str
    sample: int
    changed: str

    def __str__(self) -> str:
        return f"{self.case_id} (sample {self.sample}): {self.changed}"


asking: ContextVar[Asking] = ContextVar("asking", default=Asking("", 0, ""))  # noqa: B039 - it is frozen
"""Set by whoever triages a case, so that an answer is filed under it; the key alone finds it again."""


def asking_for(case_id: str, sample: int, ticket: Ticket, *, again: bool = False) -> Asking:
    """The value of `asking` for one case."""
    return Asking(case_id, sample, digest_of(ticket), again)


@contextmanager
def asked_for(whose: Asking) -> Iterator[None]:
    """Requests in this block are made for that case."""
    before = asking.set(whose)
    try:
        yield
    finally:
        asking.reset(before)


def digest_of(ticket: Ticket) -> str:
    """The SHA-256 of a ticket, by which it is known again."""
    return hashlib.sha256(ticket.model_dump_json().encode()).hexdigest()


class Recordings:
    """Recorded answers; `copilot.readers.model.answers.Answers` for a reader. Open with `replaying` or `recording`.

    Answers stay on disk; of each, its key and where its line begins are held. `untold` counts answers of this run that did
    not say what tokens they took.
    """

    def __init__(self, shape: Shape, held: "_Held", journal: Journal | None) -> None:
        self.shape = shape
        self.stale: list[Stale] = []
        self.asked = 0
        self.paid = Usage()
        self.untold = 0
        self._journal = journal
        self._held = held
        self._earlier = held.end

    @property
    def closed(self) -> bool:
        """True on replay: nothing is asked."""
        return self._journal is None

    def __len__(self) -> int:
        return len(self._held.places)

    def find(self, body: Body) -> Reply | ApiError | None:
        """What was recorded for this body and sample; on replay, what is missing is noted as stale.

        A case that is asked about again is not given what an earlier run was.
        """
        place = self._held.places.get(bytes.fromhex(key_of(body, asking.get().sample)))
        if not self.closed and (place is None or (asking.get().again and place < self._earlier)):
            return None
        if place is not None:
            return _came(self._held.line_at(place))
        if _format_of(body) in self._held.refused_formats:
            return ApiError(ReadOutcome.CONFIG_REJECTED, FORMAT_REJECTED)
        self.stale.append(self._stale(asking.get()))
        return None

    def keep(self, body: Body, came: Reply | ApiError) -> None:
        """File what came back, at once."""
        line = _line(body, came, asking.get())
        self.asked += 1
        if isinstance(came, Reply):
            self.paid += came.usage
            self.untold += not is_told(came.usage, came.content)
        if self._journal is not None:
            self._held.add(line, self._journal.append(f"{line.model_dump_json()}\n".encode()))

    def sync(self) -> None:
        """Put everything on disk."""
        if self._journal is not None:
            self._journal.sync()

    def close(self) -> None:
        """Put everything on disk, and let other runs in."""
        if self._journal is not None:
            self._journal.close()

    def _stale(self, now: Asking) -> Stale:
        """What differs between a request that is not held and what was recorded for its case."""
        of_case = [self._held.line_at(place) for place in self._held.places_of_case.get(now.case_id, ())]
        before = [line for line in of_case if line.sample == now.sample]
        if not before:
            what = f"sample {now.sample} was never recorded" if of_case else "the case was never recorded"
            return Stale(now.case_id, now.sample, what)
        last = before[-1]
        changed = {
            "the ticket": last.ticket_sha256 != now.ticket_sha256,
            "the prompt": last.prompt_sha256 != prompt.sha256(),
            "the schema": last.schema_sha256 != wire_schema.sha256(),
        }
        names = [name for name, differs in changed.items() if differs]
        told = " and ".join(names) + " changed" if names else "the request is put together or followed up differently"
        return Stale(now.case_id, now.sample, told)


class _Held:
    """Where each answer begins in its file, by the bytes of its key; read again when it is looked at."""

    def __init__(self, file: Path) -> None:
        self.places: dict[bytes, int] = {}
        self.refused_formats: set[str | None] = set()
        self.end = 0
        self._file = file

    def add(self, line: Recording, place: int) -> None:
        """Note an answer; of two with one key, the last counts."""
        self.places[bytes.fromhex(line.key)] = place
        if line.fault and line.fault.code == FORMAT_REJECTED:
            self.refused_formats.add(line.response_format)

    def line_at(self, place: int) -> Recording:
        """The answer that begins there."""
        with self._file.open("rb") as file:
            file.seek(place)
            return Recording.model_validate_json(file.readline())

    @cached_property
    def places_of_case(self) -> dict[str, list[int]]:
        """Where the answers of each case begin; worked out when a replay first misses one."""
        found: dict[str, list[int]] = defaultdict(list)
        for place in self.places.values():
            found[self.line_at(place).case_id].append(place)
        return dict(found)


def replaying(path: Path) -> Recordings:
    """Recordings to replay: a file, or a folder that holds one. Raises `RunError`."""
    file = _one_file(path)
    header, held = _read(file)
    if header is None:
        raise RunError(f"{file}: holds no recordings; make some with `copilot eval run … --record`")
    return Recordings(header.settings, held, None)


def recording(path: Path, settings: Settings) -> Recordings:
    """Recordings to add to, begun where there are none: a file, or a folder in which the model's name is the file's.

    Raises `RunError` where the file was begun with other settings.
    """
    file = path if path.suffix == ".jsonl" else path / f"{slug(settings.model or 'model')}.jsonl"
    make_asked_for(file.parent, "--record, or --out")
    journal = Journal(file)
    try:
        header, held = _read(file)
        shape = Shape.of(settings)
        if header is not None:
            _check_shape(file, header.settings, shape)
        elif not _BEGINNING.startswith(journal.line_at(0)[: len(_BEGINNING)]):
            raise RunError(f"{file}: holds no recordings; record into another file")
        journal.cut(held.end)
        if header is None:
            journal.append(f"{Header(recordings=FORMAT, settings=shape).model_dump_json()}\n".encode())
    except BaseException:
        journal.close()
        raise
    return Recordings(shape, held, journal)


def key_of(body: Body, sample: int) -> str:
    """The key of a request: the hash of its whole body and the number of the sample."""
    text = json.dumps({"body": body, "sample": sample}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _line(body: Body, came: Reply | ApiError, now: Asking) -> Recording:
    fault = RecordedFault(outcome=came.outcome, code=came.code) if isinstance(came, ApiError) else None
    reply = came if isinstance(came, Reply) else Reply(None, None, refused=False, model=None, usage=Usage())
    return Recording(
        key=key_of(body, now.sample),
        case_id=now.case_id,
        sample=now.sample,
        model=reply.model,
        content=reply.content,
        finish_reason=reply.finish_reason,
        refused=reply.refused,
        usage=TokenUsage(**asdict(reply.usage)),
        fault=fault,
        response_format=_format_of(body),
        prompt_sha256=prompt.sha256(),
        schema_sha256=wire_schema.sha256(),
        ticket_sha256=now.ticket_sha256,
    )


def _came(line: Recording) -> Reply | ApiError:
    if line.fault is not None:
        return ApiError(line.fault.outcome, line.fault.code)
    return Reply(line.content, line.finish_reason, line.refused, line.model, Usage(**line.usage.model_dump()))


def _format_of(body: Body) -> str | None:
    given = body.get("response_format")
    return str(given.get("type")) if isinstance(given, dict) else None


def _read(file: Path) -> tuple[Header | None, _Held]:
    """Check every line, and note where it begins."""
    header: Header | None = None
    held, place = _Held(file), 0
    for number, raw in whole_lines(file):
        try:
            if header is None:
                header = Header.model_validate_json(raw)
            else:
                held.add(Recording.model_validate_json(raw), place)
        except ValidationError as fault:
            problem = first_problem(fault, "the line")
            raise RunError(f"{file}, line {number}: {problem}; record into another file") from None
        place += len(raw)
    held.end = place
    return header, held


def _one_file(path: Path) -> Path:
    if not path.is_dir():
        if not path.exists():
            raise RunError(f"{path}: there are no recordings here; name a file or folder that `--record` wrote")
        return path
    files = sorted(path.glob("*.jsonl"))
    if len(files) != 1:
        names = ", ".join(file.name for file in files) or "none"
        raise RunError(f"{path}: holds {len(files)} files of recordings ({names}); name one of them")
    return files[0]


def _check_shape(file: Path, before: Shape, now: Shape) -> None:
    for name in Shape.model_fields:
        was, given = getattr(before, name), getattr(now, name)
        if was != given:
            raise RunError(f"{file}: was begun with {name} {was!r}, now it is {given!r}; record into another file")


def slug(model: str) -> str:
    """A model's name as the name of a file."""
    return "".join(char if char.isalnum() or char in "._-" else "-" for char in model).strip(".-") or "model"
