"""A reader that computes keeps a deadline: a long ticket is read in windows, and what was not read is told."""

import asyncio
import itertools
from collections.abc import Callable

import pytest

from copilot.extraction import Extraction
from copilot.pipeline import triage
from copilot.readers import in_time
from copilot.readers.in_time import WINDOW_CHARACTERS, InTimeReader
from copilot.readers.lexical import LexicalReader
from copilot.reading import Reading, ReadOutcome
from copilot.sentences import Sentences, cut
from copilot.settings import Settings
from copilot.ticket import Ticket
from copilot.vocabulary import Caution, Route

CALM = "The weather was good and the work went on as we had planned it. "
THREAT = "He says he will delete my website unless I pay him $500. "


class Noting:
    """Reads nothing, and notes what it was given."""

    def __init__(self, outcome: ReadOutcome = ReadOutcome.OK) -> None:
        self.given: list[tuple[Ticket, Sentences]] = []
        self.outcome = outcome

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        self.given.append((ticket, sentences))
        extraction = None if self.outcome.failed else Extraction.empty()
        return Reading(extraction, self.outcome, extractor="noting")

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        return self.read(ticket, sentences)


def long_ticket(windows: int = 5) -> Ticket:
    times = windows * WINDOW_CHARACTERS // len(CALM) // 10
    return Ticket.model_validate({"messages": [{"text": CALM * times} for _ in range(10)]})


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets how many seconds pass between two looks at the clock."""

    def steps(seconds: float) -> None:
        times = itertools.count(0.0, seconds)
        monkeypatch.setattr(in_time.time, "monotonic", lambda: next(times))

    return steps


def test_a_short_ticket_is_read_as_it_is() -> None:
    reader, ticket = Noting(), Ticket.model_validate({"messages": [{"text": CALM}]})
    sentences = cut(ticket)

    reading = InTimeReader(reader, 1.0).read(ticket, sentences)

    assert reader.given == [(ticket, sentences)]
    assert reading.unread == ()


def test_every_sentence_of_a_long_ticket_is_in_some_window_and_no_window_is_long() -> None:
    reader, ticket = Noting(), long_ticket()
    sentences = cut(ticket)

    reading = InTimeReader(reader, 600.0).read(ticket, sentences)

    windows = [window for _, window in reader.given]
    assert len(windows) >= 5
    assert {one.id for window in windows for one in window} == {one.id for one in sentences}
    assert max(sum(len(one.text) for one in window) for window in windows) <= WINDOW_CHARACTERS
    for given, window in reader.given:
        assert {one.message for one in window} == {message.id for message in given.messages}
    assert (reading.unread, reading.outcome) == ((), ReadOutcome.OK)


def test_past_the_deadline_the_rest_is_named_and_the_ticket_goes_to_a_person(clock: Callable[[float], None]) -> None:
    ticket = long_ticket()
    clock(1.0)
    reader = Noting()

    suggestion = triage(ticket, InTimeReader(reader, 2.5))

    read = {one.id for _, window in reader.given for one in window}
    assert 0 < len(read) < len(cut(ticket))
    assert set(suggestion.provenance.unread) == {one.id for one in cut(ticket)} - read
    assert Caution.TRUNCATED_TICKET in suggestion.cautions
    assert suggestion.route is Route.AGENT_REVIEW


def test_the_first_window_is_read_however_late_it_is(clock: Callable[[float], None]) -> None:
    clock(100.0)
    reader = Noting()

    InTimeReader(reader, 1.0).read(long_ticket(), cut(long_ticket()))

    assert len(reader.given) == 1


def test_a_window_that_could_not_be_read_is_unread_and_all_of_them_are_a_failed_reading() -> None:
    ticket = long_ticket()

    reading = InTimeReader(Noting(ReadOutcome.LANGUAGE_UNSUPPORTED), 600.0).read(ticket, cut(ticket))

    assert (reading.extraction, reading.outcome) == (None, ReadOutcome.LANGUAGE_UNSUPPORTED)
    assert len(reading.unread) == len(cut(ticket))


async def test_what_cannot_be_stopped_here_is_run_elsewhere_and_given_the_time_that_is_left() -> None:
    left: list[float] = []

    async def run(read: Callable[..., Reading], ticket: Ticket, sentences: Sentences, seconds: float) -> Reading:
        left.append(seconds)
        if len(left) == 3:
            raise TimeoutError
        return read(ticket, sentences)

    ticket, reader = long_ticket(), Noting()
    reading = await InTimeReader(reader, 30.0, run).aread(ticket, cut(ticket))

    assert left == sorted(left, reverse=True)
    assert left[0] <= 30.0
    read = {one.id for _, window in reader.given for one in window}
    assert set(reading.unread) == {one.id for one in cut(ticket)} - read
    assert reading.extraction is not None


async def test_a_ticket_of_which_nothing_was_read_is_no_all_clear() -> None:
    async def run(*_: object) -> Reading:
        raise TimeoutError

    ticket = Ticket.model_validate({"messages": [{"text": CALM}]})
    reading = await InTimeReader(Noting(), 0.0, run).aread(ticket, cut(ticket))

    assert (reading.extraction, reading.outcome, reading.unread) == (None, ReadOutcome.TIMEOUT, ("m1.1",))


def test_a_threat_in_the_middle_of_a_long_ticket_is_found_and_cited_by_its_own_sentence() -> None:
    ticket = Ticket.model_validate({"messages": [{"text": CALM * 250 + THREAT + CALM * 250}]})

    suggestion = triage(ticket, InTimeReader(LexicalReader(Settings()), 600.0))

    assert suggestion.route is Route.CONTENT_ENFORCEMENT
    cited = {id for fact in suggestion.facts if fact.type == "threat" for id in fact.evidence}
    assert {one.text.strip() for one in suggestion.sentences if one.id in cited} == {THREAT.strip()}
    assert suggestion.provenance.unread == []


async def test_without_a_place_to_run_it_reads_in_a_thread() -> None:
    ticket = long_ticket()

    here = InTimeReader(Noting(), 600.0).read(ticket, cut(ticket))
    beside = await asyncio.wait_for(InTimeReader(Noting(), 600.0).aread(ticket, cut(ticket)), 60)

    assert (here.extraction, here.unread) == (beside.extraction, beside.unread)
