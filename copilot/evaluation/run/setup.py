"""From what a person asks for to a plan: which reader, over which recordings, with how much patience."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from copilot.config.settings import Settings, StateSettings
from copilot.core.errors import InputError
from copilot.core.reading import Usage
from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.run.cost import Prices
from copilot.evaluation.run.folder import Manifest
from copilot.evaluation.run.recordings import Recordings, Shape, recording, replaying
from copilot.evaluation.run.runner import Plan
from copilot.evaluation.run.second_readings import FOLDER, SecondReadings
from copilot.readers.base import Reader
from copilot.readers.embedded.reader import EmbeddedReader
from copilot.readers.factory import choose_reader, resolved, with_room_for
from copilot.readers.model import prompt, wire_schema
from copilot.readers.second import SecondOpinionReader

ANSWERS = "answers.jsonl"
"""Where a run keeps its answers if it is told no other place."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a person asked for. `replay` and `record` are places of recordings; `kept` is used where neither is named."""

    extractor: str = "auto"
    samples: int = 1
    concurrency: int = 8
    replay: Path | None = None
    record: Path | None = None
    kept: Path | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan, the recordings it draws on (None for the embedded reader), and prices, if any are set."""

    plan: Plan
    recordings: Recordings | None
    prices: Prices | None

    @property
    def paid_tokens(self) -> int:
        """Tokens of answers that were asked for in this run; those that were held already cost nothing."""
        paid = self.recordings.paid if self.recordings else Usage()
        return paid.prompt_tokens + paid.completion_tokens

    @property
    def paid(self) -> float | None:
        """What they cost; None where no prices are set."""
        return self.prices.cost(self.recordings.paid) if self.prices and self.recordings else None

    @property
    def untold(self) -> int:
        """Answers asked for in this run that did not say what tokens they took: what they cost is not known."""
        return self.recordings.untold if self.recordings else 0

    @property
    def stale(self) -> tuple[str, ...]:
        """What a replay did not find, and why, each case and sample once."""
        return tuple(dict.fromkeys(map(str, self.recordings.stale))) if self.recordings else ()


@contextmanager
def prepared(cases: CaseSet, wanted: RunRequest, folder: Path) -> Iterator[Prepared]:
    """Everything a run needs; closed at the end. Without `record`, answers are kept in the run's own folder.

    Raises `SettingsError`, `RunError` or `InputError`.
    """
    place = wanted if wanted.replay or wanted.record else replace(wanted, kept=folder / ANSWERS)
    with _opened(place) as (reader, recordings, settings):
        manifest = _manifest(cases, wanted, settings, recordings)
        yield Prepared(Plan(cases, reader, manifest, wanted.concurrency), recordings, Prices.of(settings))


@contextmanager
def asked_reader(wanted: RunRequest) -> Iterator[Reader]:
    """The reader alone, for what is no run of cases as they are. Raises as `prepared` does."""
    with _opened(wanted) as (reader, _, _):
        yield reader


@contextmanager
def _opened(wanted: RunRequest) -> Iterator[tuple[Reader, Recordings | None, Settings]]:
    """A reader over the recordings that it draws on, under the settings that they were made with."""
    settings = with_room_for(patient(Settings.from_environment()), wanted.concurrency)
    extractor = _resolved(wanted, settings)
    recordings = _recordings(extractor, wanted, settings)
    try:
        if recordings is not None:
            settings = recordings.shape.applied_to(settings)
        yield _remembering(choose_reader(extractor, settings, recordings)), recordings, settings
    finally:
        if recordings is not None:
            recordings.close()


def _remembering(reader: Reader) -> Reader:
    """The same reader; a second reader beside it reads no ticket twice."""
    if isinstance(reader, SecondOpinionReader) and isinstance(reader.beside, EmbeddedReader):
        folder = Path(StateSettings.from_environment().state_dir) / FOLDER
        return replace(reader, beside=SecondReadings(reader.beside, folder))
    return reader


LEAST_ATTEMPTS = 8
LEAST_DEADLINE_SECONDS = 120.0


def patient(settings: Settings) -> Settings:
    """Settings for a run that nobody waits at: a server that is out for a moment is asked again, and keeps nobody out.

    Longer deadlines and more attempts of the environment stay. The mark around a ticket is the same for everybody, so that
    recordings are.
    """
    return settings.model_copy(
        update={
            "max_attempts": max(settings.max_attempts, LEAST_ATTEMPTS),
            "deadline_seconds": max(settings.deadline_seconds, LEAST_DEADLINE_SECONDS),
            "breaker_failures": 1_000_000,
            "tag_salt": "",
        }
    )


def _resolved(wanted: RunRequest, settings: Settings) -> str:
    if wanted.replay and wanted.record:
        raise InputError("--replay and --record: name one of them; a replay asks nothing that could be recorded")
    asks = bool(wanted.replay or wanted.record)
    name = "openai" if asks and wanted.extractor == "auto" else resolved(wanted.extractor, settings)
    if asks and name == "embedded":
        raise InputError(f"--extractor {wanted.extractor}: the embedded reader asks no model; leave --replay and --record out")
    return name


def _recordings(extractor: str, wanted: RunRequest, settings: Settings) -> Recordings | None:
    if extractor != "openai":
        return None
    if wanted.replay:
        return replaying(wanted.replay)
    place = wanted.record or wanted.kept
    return recording(place, settings) if place else None


def _manifest(cases: CaseSet, wanted: RunRequest, settings: Settings, recordings: Recordings | None) -> Manifest:
    asks = recordings is not None
    return Manifest(
        cases_sha256=cases.sha256,
        extractor="openai" if asks else "embedded",
        marketplace=settings.marketplace,
        settings=Shape.of(settings) if asks else None,
        prompt_sha256=prompt.sha256() if asks else None,
        schema_sha256=wire_schema.sha256() if asks else None,
        samples=wanted.samples,
        selection=cases.selection,
    )
