"""The embedded reader: the same on every machine, in time, and never a quiet all-clear on what it did not read."""

import asyncio
import json
import time
from pathlib import Path

import numpy as np
import pytest

from copilot import Ticket, triage
from copilot.config.settings import Settings
from copilot.core.sentences import cut
from copilot.core.vocabulary import Caution, Route
from copilot.output.in_common import extraction_behind
from copilot.pipeline import decide
from copilot.readers.base import Reading, ReadOutcome
from copilot.readers.embedded.encoder import text_of
from copilot.readers.embedded.labels import COLUMN
from copilot.readers.embedded.model import model
from copilot.readers.embedded.reader import EmbeddedReader
from copilot.readers.factory import SECOND_FLOOR, choose_reader
from copilot.readers.fallback import FallbackReader
from copilot.readers.second import SecondOpinionReader

REFERENCE = json.loads((Path(__file__).parent / "reference_marks.json").read_text(encoding="utf-8"))
TOLERANCE = 0.02
"""How far a probability may stray on another processor."""


def ticket(text: str, **given: object) -> Ticket:
    return Ticket.model_validate({"messages": [{"text": text}], **given})


def read(text: str, reader: EmbeddedReader | None = None) -> Reading:
    made = ticket(text)
    return (reader or EmbeddedReader()).read(made, cut(made))


@pytest.mark.parametrize("one", REFERENCE, ids=[one["text"][:20] for one in REFERENCE])
def test_marks_are_what_they_were_when_the_model_was_shipped(one: dict[str, object]) -> None:
    made = ticket(str(one["text"]))

    marks = model().marks(text_of(made, cut(made)), 60)

    assert one["marks"]
    for row, expected in zip(marks, one["marks"], strict=True):  # type: ignore[call-overload]
        for label, chance in expected.items():
            assert row[COLUMN[label]] == pytest.approx(chance, abs=TOLERANCE), label


def test_the_same_ticket_is_read_alike_alone_and_beside_others() -> None:
    text = "My developer locked me out of the hosting. He wants 300 more before I get in again."

    alone = read(text).extraction
    beside = asyncio.run(_many(text, 4))

    assert beside == [alone] * 4


async def _many(text: str, times: int) -> list[object]:
    made = ticket(text)
    readings = await asyncio.gather(*(EmbeddedReader().aread(made, cut(made)) for _ in range(times)))
    return [reading.extraction for reading in readings]


def test_past_its_time_it_stops_and_names_what_it_did_not_read() -> None:
    started = time.monotonic()

    reading = read("I want a refund and he does not answer. " * 4000, EmbeddedReader(seconds=0.0))

    assert time.monotonic() - started < 30
    assert reading.outcome is ReadOutcome.OK
    assert 3000 < len(reading.unread) < 4000
    assert "m1.1" not in reading.unread


def test_what_was_not_read_is_no_all_clear() -> None:
    suggestion = triage(ticket("Thanks for the invoice. " * 3000), EmbeddedReader(seconds=0.0))

    assert suggestion.route is Route.AGENT_REVIEW
    assert Caution.TRUNCATED_TICKET in suggestion.cautions


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("መለያዬን ሰረቀ እና ገንዘብ ይፈልጋል።", ReadOutcome.LANGUAGE_UNSUPPORTED),
        ("aGVsbG8gd29ybGQgdGhpcyBpcyBhIGJsb2Igb2YgdGV4dA9xZ3Jk" * 6, ReadOutcome.LANGUAGE_UNSUPPORTED),
        ("1234 5678 / 22", ReadOutcome.UNREADABLE),
    ],
)
def test_text_that_it_cannot_read_leaves_no_extraction(text: str, outcome: ReadOutcome) -> None:
    reading = read(text)

    assert (reading.extraction, reading.outcome) == (None, outcome)


def test_the_marketplace_may_have_another_name() -> None:
    text = "The client got into my {} account and changed the password."

    plain = read(text.format("Upwork")).extraction
    named = read(text.format("Gigmarkt"), EmbeddedReader("Gigmarkt")).extraction

    assert plain == named


async def test_one_that_never_comes_to_its_turn_says_so() -> None:
    async def never(*_: object) -> Reading:
        await asyncio.sleep(60)
        raise AssertionError

    made = ticket("Hello.")

    reading = await EmbeddedReader(seconds=0.05, run=never).aread(made, cut(made))

    assert (reading.extraction, reading.outcome, reading.unread) == (None, ReadOutcome.TIMEOUT, ("m1.1",))


def test_a_timeout_of_something_else_is_not_taken_for_the_deadline() -> None:
    async def broken(*_: object) -> Reading:
        raise TimeoutError

    made = ticket("Hello.")

    with pytest.raises(TimeoutError):
        asyncio.run(EmbeddedReader(run=broken).aread(made, cut(made)))


def test_one_thread_reads_and_nothing_is_asked_over_the_network() -> None:
    options = model().session.get_session_options()

    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)
    assert model().session.get_providers() == ["CPUExecutionProvider"]


def test_sentences_in_two_windows_have_one_mark_each() -> None:
    made = ticket("He will delete the shop unless we pay him more. " * 120)

    marks = model().marks(text_of(made, cut(made)), 600)

    assert marks.shape[0] == len(cut(made))
    assert not np.isnan(marks).any()
    assert ((marks >= 0) & (marks <= 1)).all()


def test_a_fact_of_the_embedded_reader_says_how_likely_it_is_and_one_of_a_person_does_not() -> None:
    made = ticket("My developer deleted our shop last night. He says it comes back when we pay another 400.")

    suggestion = triage(made, EmbeddedReader())
    corrected = decide(made, extraction_behind(suggestion))

    assert suggestion.facts
    assert all(fact.confidence is not None and 0.1 <= fact.confidence <= 1 for fact in suggestion.facts)
    assert {fact.confidence for fact in corrected.facts} == {None}


def test_beside_a_model_only_what_is_likelier_than_not_is_a_fact_and_alone_it_is_more_careful() -> None:
    chosen = choose_reader("openai", Settings(api_key="k", model="m"))

    assert isinstance(chosen, SecondOpinionReader)
    assert isinstance(chosen.first, FallbackReader)
    assert (chosen.beside.floor, chosen.first.second.floor) == (SECOND_FLOOR, 0.0)
