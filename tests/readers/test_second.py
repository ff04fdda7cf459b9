"""A second opinion goes along with the first reader's answer, where the first reader answered itself."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from copilot.core.sentences import Sentences, cut
from copilot.core.ticket import Ticket
from copilot.readers.base import Reading, ReadOutcome
from copilot.readers.second import SecondOpinionReader
from tests.builders import PARTIES, dispute, extraction, threat, ticket
from tests.scripted_reader import Scripted
from tests.waiting import until

TICKET = ticket()
SENTENCES = cut(TICKET)
ANSWER = Reading(extraction(dispute()), ReadOutcome.OK, extractor="openai")
BESIDE = Reading(extraction(threat()), ReadOutcome.OK, extractor="embedded")


async def read(first: Reading, beside: Reading) -> tuple[Reading, list[str]]:
    second = Scripted(beside)
    reader = SecondOpinionReader(Scripted(first), second)
    now, later = reader.read(TICKET, SENTENCES), await reader.aread(TICKET, SENTENCES)
    assert now == later
    return now, second.way


@dataclass
class Patient:
    """Answers when told to."""

    says: Reading
    go: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0
    cancelled: int = 0

    def read(self, ticket: Ticket, sentences: Sentences) -> Reading:
        raise NotImplementedError

    async def aread(self, ticket: Ticket, sentences: Sentences) -> Reading:
        self.asked += 1
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return self.says


async def test_what_the_embedded_reader_read_goes_along_and_changes_nothing_else() -> None:
    reading, way = await read(ANSWER, BESIDE)

    assert reading == replace(ANSWER, second=extraction(threat()))
    assert way == ["read", "aread"]


async def test_no_name_goes_along() -> None:
    """It is kept with the suggestion, and only compared."""
    named = [replace(party, name="Ivo") for party in PARTIES]

    reading, _ = await read(ANSWER, replace(BESIDE, extraction=extraction(threat(), parties=named)))

    assert reading.second == extraction(threat())


@pytest.mark.parametrize(
    "reading",
    [Reading(None, ReadOutcome.TIMEOUT, extractor="openai"), replace(ANSWER, degraded=True)],
    ids=["failed", "degraded"],
)
async def test_the_embedded_reader_is_not_asked_twice_where_it_stands_for_the_first(reading: Reading) -> None:
    assert await read(reading, BESIDE) == (reading, [])


async def test_what_the_second_reader_did_not_get_to_goes_along_and_is_not_called_unread() -> None:
    reading, _ = await read(ANSWER, replace(BESIDE, unread=("m1.2",)))

    assert (reading.second_unread, reading.unread) == (("m1.2",), ())


async def test_a_second_reader_that_cannot_read_says_nothing() -> None:
    reading, _ = await read(ANSWER, Reading(None, ReadOutcome.LANGUAGE_UNSUPPORTED, extractor="embedded"))

    assert reading == ANSWER


async def test_both_read_at_once_on_an_event_loop() -> None:
    first, beside = Patient(ANSWER), Patient(BESIDE)
    reading = asyncio.create_task(SecondOpinionReader(first, beside).aread(TICKET, SENTENCES))
    await until(lambda: (first.asked, beside.asked) == (1, 1))

    first.go.set()
    beside.go.set()
    assert await reading == replace(ANSWER, second=extraction(threat()))


async def test_an_opinion_is_dropped_where_the_first_reader_failed_or_nobody_waits() -> None:
    first, beside = Patient(replace(ANSWER, degraded=True)), Patient(BESIDE)
    first.go.set()
    given_up = Patient(ANSWER)

    assert await SecondOpinionReader(first, beside).aread(TICKET, SENTENCES) == first.says
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(SecondOpinionReader(given_up, beside).aread(TICKET, SENTENCES), 0.01)

    assert (beside.asked, beside.cancelled) == (1, 1)


async def test_while_the_first_reader_does_not_answer_nobody_reads_beside_it() -> None:
    """The embedded reader reads in its place already: twice would halve what a service can read in an outage."""
    first, beside = Scripted(replace(ANSWER, degraded=True)), Scripted(BESIDE)
    reader = SecondOpinionReader(first, beside)
    for _ in range(3):
        await reader.aread(TICKET, SENTENCES)
    asked_in_the_outage = beside.asked
    first.says = ANSWER

    back = [await reader.aread(TICKET, SENTENCES) for _ in range(2)]

    assert asked_in_the_outage == 0
    assert [one.second for one in back] == [extraction(threat())] * 2
    assert beside.asked == 2


async def test_a_fault_of_the_second_reader_is_told_only_where_it_is_asked() -> None:
    with pytest.raises(RuntimeError):
        await SecondOpinionReader(Scripted(ANSWER), Scripted(RuntimeError("broken"))).aread(TICKET, SENTENCES)

    degraded = replace(ANSWER, degraded=True)

    assert await SecondOpinionReader(Scripted(degraded), Scripted(RuntimeError("broken"))).aread(TICKET, SENTENCES) == degraded
