"""A second opinion goes along with the first reader's answer, where the first reader answered itself."""

from dataclasses import replace

import pytest

from copilot.core.sentences import cut
from copilot.readers.base import Reading, ReadOutcome
from copilot.readers.second import SecondOpinionReader
from tests.builders import PARTIES, dispute, extraction, threat, ticket
from tests.scripted_reader import Scripted

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
