"""When the first reader fails the second answers, and the reading says so."""

from dataclasses import replace

import pytest

from copilot.core.sentences import cut
from copilot.core.vocabulary import Caution, Route
from copilot.pipeline import atriage, triage
from copilot.readers.base import Reader, Reading, ReadOutcome, Usage
from copilot.readers.fallback import FallbackReader
from tests.builders import demand, extraction, threat, ticket
from tests.scripted_reader import Scripted

TICKET = ticket()
SENTENCES = cut(TICKET)
ANSWER = Reading(extraction(threat(), demand()), ReadOutcome.OK, extractor="embedded", usage=Usage(1, 2, 3), seconds=0.5)
FAILED = Reading(
    None,
    ReadOutcome.TIMEOUT,
    extractor="openai",
    model="gpt-x",
    prompt_sha256="p",
    schema_sha256="s",
    usage=Usage(10, 20, 30),
    seconds=2.0,
    attempts=3,
)


async def both_ways(reader: Reader) -> list[Reading]:
    return [reader.read(TICKET, SENTENCES), await reader.aread(TICKET, SENTENCES)]


async def test_a_first_reader_that_can_read_is_the_only_one_asked() -> None:
    second = Scripted(FAILED)

    readings = await both_ways(FallbackReader(Scripted(ANSWER), second))

    assert readings == [ANSWER, ANSWER]
    assert second.asked == 0


async def test_where_the_first_fails_the_second_answers_and_the_reading_is_marked() -> None:
    first, second = Scripted(FAILED), Scripted(ANSWER)

    for reading in await both_ways(FallbackReader(first, second)):
        assert reading.extraction == ANSWER.extraction
        assert reading.degraded
        assert reading.outcome is ReadOutcome.TIMEOUT
        assert reading.extractor == "embedded"
        assert (reading.model, reading.prompt_sha256, reading.schema_sha256) == ("gpt-x", "p", "s")

    assert first.way == second.way == ["read", "aread"]


async def test_what_the_failed_reading_cost_stays_in_the_account() -> None:
    for reading in await both_ways(FallbackReader(Scripted(FAILED), Scripted(replace(ANSWER, attempts=1)))):
        assert reading.usage == Usage(11, 22, 33)
        assert (reading.seconds, reading.attempts) == (2.5, 4)


async def test_where_both_fail_there_is_no_extraction_and_the_first_failure_is_told() -> None:
    second = replace(FAILED, outcome=ReadOutcome.LANGUAGE_UNSUPPORTED)

    for reading in await both_ways(FallbackReader(Scripted(FAILED), Scripted(second))):
        assert reading.extraction is None
        assert reading.degraded
        assert reading.outcome is ReadOutcome.TIMEOUT


async def test_what_the_second_reader_did_not_see_stays_unread() -> None:
    for reading in await both_ways(FallbackReader(Scripted(FAILED), Scripted(replace(ANSWER, unread=("m1.4",))))):
        assert reading.unread == ("m1.4",)


@pytest.mark.parametrize("outcome", [outcome for outcome in ReadOutcome if outcome.failed])
async def test_no_failure_is_silent_whatever_it_was(outcome: ReadOutcome) -> None:
    reader = FallbackReader(Scripted(replace(FAILED, outcome=outcome)), Scripted(ANSWER))

    for suggestion in (triage(TICKET, reader), await atriage(TICKET, reader)):
        assert suggestion.route is Route.CONTENT_ENFORCEMENT
        assert Caution.DEGRADED_EXTRACTOR in suggestion.cautions
        assert (suggestion.provenance.degraded, suggestion.provenance.outcome) == (True, outcome.value)
