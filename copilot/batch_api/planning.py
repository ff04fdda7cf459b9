"""Which requests tickets still need: each is read from the answers that are held, and what is not held is noted.

Comes in: tickets or labelled cases, and a job's answers. Goes out: for each ticket the requests that are missing, none where
its answers are all there. An answer that cannot be used makes a missing request too: the one that asks again. Nothing is
sent, and no key is needed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.batch.lines import read_lines
from copilot.batch.run import check_source
from copilot.batch_api.job import Request
from copilot.config.settings import Settings
from copilot.core.errors import TicketError
from copilot.core.sentences import cut
from copilot.core.ticket import Ticket
from copilot.evaluation.cases.case import load_cases
from copilot.evaluation.run.recordings import Asking, Body, Recordings, asked_for, asking, asking_for, key_of
from copilot.files.loading import Location, ticket_in_line
from copilot.readers.model.api_errors import ApiError
from copilot.readers.model.envelope import Reply
from copilot.readers.model.openai import OpenAIReader


@dataclass(frozen=True, slots=True)
class Item:
    """A ticket to ask about. `number` is its line; 0 for a case."""

    ticket: Ticket
    asking: Asking
    number: int = 0


class Held:
    """The answers of a job, closed: what they do not hold is noted, and nothing is asked. See `readers.answers`."""

    closed = True

    def __init__(self, answers: Recordings) -> None:
        self._answers = answers
        self.missing: list[Request] = []

    def find(self, body: Body) -> Reply | ApiError | None:
        """What was answered to this body, or None."""
        came = self._answers.find(body)
        if came is None:
            now = asking.get()
            self.missing.append(Request(key_of(body, now.sample), body, now))
        return came

    def keep(self, body: Body, came: Reply | ApiError) -> None:
        """Nothing comes that could be kept."""


def tickets_in(source: Path, told: Callable[[str], None]) -> Iterator[Item]:
    """The tickets of a JSONL file; a line that is none is told and passed over. Raises `RunError`, at once."""
    check_source(source)
    return _tickets(source, told)


def _tickets(source: Path, told: Callable[[str], None]) -> Iterator[Item]:
    for line in read_lines(source):
        try:
            ticket = ticket_in_line(line.raw, Location(str(source), line.number))
        except TicketError as fault:
            told(str(fault))
        else:
            yield Item(ticket, asking_for(f"line-{line.number}", 0, ticket), line.number)


def cases_in(paths: Sequence[Path], samples: int) -> Iterator[Item]:
    """The tickets of labelled cases, each so many times, as an evaluation asks about them. Raises `InputError`, at once."""
    cases = load_cases(paths).cases
    return (Item(case.ticket, asking_for(case.id, sample, case.ticket)) for sample in range(samples) for case in cases)


def missing_of(items: Iterable[Item], settings: Settings, answers: Recordings) -> Iterator[tuple[Item, list[Request]]]:
    """Each ticket with the requests that are missing for it. Raises `SettingsError` where no model is set."""
    held = Held(answers)
    reader = OpenAIReader(settings, answers=held)
    try:
        for item in items:
            held.missing = []
            with asked_for(item.asking):
                reader.read(item.ticket, cut(item.ticket))
            yield item, held.missing
    finally:
        reader.close()
