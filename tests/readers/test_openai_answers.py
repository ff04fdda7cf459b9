"""Answers that were kept: the model reader asks for none of them twice, and needs no network where it may not ask."""

from typing import Any

from copilot.config.settings import Settings
from copilot.readers.base import Reading, ReadOutcome, Usage
from copilot.readers.model.answers import worth_keeping
from copilot.readers.model.api_errors import ApiError, Retry
from copilot.readers.model.envelope import Reply
from copilot.readers.model.error_signs import FORMAT_REJECTED
from copilot.readers.model.openai import OpenAIReader
from tests.fault_server import FaultServer, Step, error, says
from tests.fault_table import OK_STEP, SENTENCES, TICKET, FastEdge

NO_ONE = "http://127.0.0.1:9/v1"


class Book:
    """Answers kept in a list; the body is compared whole."""

    def __init__(self, *, closed: bool = False) -> None:
        self.closed = closed
        self.pages: list[tuple[dict[str, Any], Reply | ApiError]] = []

    def find(self, body: dict[str, Any]) -> Reply | ApiError | None:
        return next((came for known, came in self.pages if known == body), None)

    def keep(self, body: dict[str, Any], came: Reply | ApiError) -> None:
        self.pages.append((body, came))


def read(book: Book, url: str = NO_ONE, model: str = "stub-1") -> Reading:
    reader = OpenAIReader(Settings(model=model, base_url=url), FastEdge(), book)
    reading = reader.read(TICKET, SENTENCES)
    reader.close()
    return reading


def recorded(*script: Step) -> tuple[Book, Reading]:
    book = Book()
    with FaultServer(script) as server:
        reading = read(book, server.url)
    return book, reading


def test_a_kept_answer_is_read_like_a_fresh_one_with_no_call() -> None:
    book, fresh = recorded(OK_STEP)

    again = read(book)

    assert (again.outcome, again.extraction, again.usage) == (fresh.outcome, fresh.extraction, fresh.usage)
    assert (again.attempts, again.model) == (1, "stub-1")


def test_a_re_ask_is_kept_as_a_request_of_its_own() -> None:
    book, fresh = recorded(says("{}"), OK_STEP)

    again = read(book)

    assert len(book.pages) == 2
    assert (again.outcome, again.attempts) == (fresh.outcome, 2) == (ReadOutcome.REPAIRED, 2)


def test_a_format_that_a_server_refused_is_refused_again_from_the_book() -> None:
    book, fresh = recorded(error(400, param="response_format"), OK_STEP)

    again = read(book)

    assert len(book.pages) == 2
    assert again.extraction == fresh.extraction is not None


def test_a_closed_book_answers_what_it_does_not_hold_with_a_fault_and_needs_neither_key_nor_server() -> None:
    reader = OpenAIReader(Settings(model="stub-1"), FastEdge(), Book(closed=True))

    reading = reader.read(TICKET, SENTENCES)
    reader.close()

    assert (reading.outcome, reading.extraction) == (ReadOutcome.UNAVAILABLE, None)


def test_another_model_is_another_request() -> None:
    book, _ = recorded(OK_STEP)
    book.closed = True

    assert read(book, model="stub-2").outcome is ReadOutcome.UNAVAILABLE


def test_a_fault_that_may_pass_is_not_kept() -> None:
    book, reading = recorded(error(500), OK_STEP)

    assert reading.outcome is ReadOutcome.OK
    assert [type(came) for _, came in book.pages] == [Reply]


def test_answers_and_refusals_of_the_request_itself_are_worth_keeping() -> None:
    reply = Reply("{}", "stop", refused=False, model="m", usage=Usage())

    assert worth_keeping(reply)
    assert worth_keeping(ApiError(ReadOutcome.CONFIG_REJECTED, FORMAT_REJECTED))
    assert worth_keeping(ApiError(ReadOutcome.TOO_LARGE, "context_length"))
    assert not worth_keeping(ApiError(ReadOutcome.CONFIG_REJECTED, "model_rejected"))
    assert not worth_keeping(ApiError(ReadOutcome.RATE_LIMITED, "rate_limited", Retry.YES))
    assert not worth_keeping(ApiError(ReadOutcome.AUTH, "unauthorized"))
