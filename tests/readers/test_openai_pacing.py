"""When the reader calls again, and when it does not call at all."""

import json
from datetime import UTC, datetime

import pytest

from copilot.config.settings import Settings
from copilot.core.reading import ReadOutcome
from copilot.readers.model.api_errors import STOPS, ApiError, Retry, error_of_status, retry_after
from copilot.readers.model.breaker import Breaker
from copilot.readers.model.openai import OpenAIReader
from copilot.readers.model.pacing import Budget, is_over, seconds_to_wait
from tests.fault_server import FaultServer, answer
from tests.fault_table import NOW, OK_STEP, SENTENCES, TICKET, FastEdge

LIMITED = ApiError(ReadOutcome.RATE_LIMITED, "x", Retry.YES)


def budget(seconds: float) -> Budget:
    timing = FastEdge()
    return Budget(timing, timing.clock() + seconds, 3)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "1e400"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "Sun, 01 Mar 2026 12:00:10 GMT"}, 10.0),
        ({"retry-after": "Sun, 01 Mar 2026 11:59:59 GMT"}, None),
        ({"retry-after": "Sun, 31 Feb 2026 12:00:00 GMT"}, None),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after-ms": "x", "retry-after": "9"}, 9.0),
    ],
)
def test_what_a_server_asks_to_wait_is_understood_or_left_alone(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


@pytest.mark.parametrize("attempt", range(1, 12))
def test_a_wait_of_our_own_grows_to_eight_seconds_and_leaves_time_to_call(attempt: int) -> None:
    spend = budget(100)

    waits = [seconds_to_wait(LIMITED, attempt, spend) for _ in range(200)]

    assert min(waits) >= 0
    assert max(waits) <= min(8.0, 0.5 * 2 ** (attempt - 1))


def test_a_wait_of_our_own_never_takes_all_that_is_left() -> None:
    assert seconds_to_wait(LIMITED, 9, budget(0.2)) <= 0.1


@pytest.mark.parametrize(("wait", "over"), [(4.9, False), (5.0, True), (5.1, True)])
def test_it_is_over_where_the_wait_reaches_the_deadline(wait: float, over: bool) -> None:
    spend = budget(5.0)
    fixed = Budget(type("Still", (), {"clock": staticmethod(lambda: 0.0)})(), 5.0, spend.max_attempts)

    assert is_over(LIMITED, 1, wait, fixed) is over


@pytest.mark.parametrize(("again", "most"), [(Retry.ONCE, 2), (Retry.YES, 3)])
def test_it_is_over_after_so_many_calls(again: Retry, most: int) -> None:
    fault = ApiError(ReadOutcome.UNAVAILABLE, "x", again)

    assert [is_over(fault, calls, 0.0, budget(9)) for calls in (most - 1, most)] == [False, True]


def breaker() -> Breaker:
    return Breaker(failures=3, seconds=30.0)


def test_it_opens_at_the_third_failure_not_before() -> None:
    tried = breaker()

    for now, expected in ((0, None), (1, None), (2, ReadOutcome.TIMEOUT)):
        tried.note(ReadOutcome.TIMEOUT, now)
        assert tried.refusal(now) is expected


def test_failures_long_ago_do_not_count() -> None:
    tried = breaker()

    for now in (0, 31, 62, 93):
        tried.note(ReadOutcome.UNAVAILABLE, now)

    assert tried.refusal(94) is None


def test_an_answer_of_any_kind_clears_what_was_before() -> None:
    tried = breaker()

    for outcome in (ReadOutcome.TIMEOUT, ReadOutcome.TIMEOUT, ReadOutcome.REFUSAL, ReadOutcome.TIMEOUT):
        tried.note(outcome, 0)

    assert tried.refusal(1) is None


@pytest.mark.parametrize("outcome", sorted(STOPS))
def test_one_fault_for_the_operator_opens_it(outcome: ReadOutcome) -> None:
    tried = breaker()

    tried.note(outcome, 0)

    assert tried.refusal(29.9) is outcome


@pytest.mark.parametrize(("end", "then"), [(ReadOutcome.OK, None), (ReadOutcome.TIMEOUT, ReadOutcome.TIMEOUT)])
def test_one_reading_is_let_through_and_its_end_decides(end: ReadOutcome, then: ReadOutcome | None) -> None:
    tried = breaker()
    tried.note(ReadOutcome.AUTH, 0)

    assert [tried.refusal(30), tried.refusal(30)] == [None, ReadOutcome.AUTH]
    tried.note(end, 31)

    assert tried.refusal(32) is then


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b'"x"', b'{"error": "no"}', b'{"error": []}', b'{"error": {"code": 7}}'])
def test_an_error_body_of_any_shape_is_survived(body: bytes) -> None:
    assert error_of_status(400, {}, body, datetime.now(UTC)).outcome is ReadOutcome.INPUT_REJECTED


def bad_request(error: object, status: int = 400) -> ApiError:
    return error_of_status(status, {}, json.dumps(error).encode(), NOW)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"error": {"message": "no", "param": "store"}}, "store_rejected"),
        (400, {"error": {"message": "property 'store' is unsupported"}}, "store_rejected"),
        (
            400,
            [{"error": {"message": 'Unknown name "max_completion_tokens"'}}],
            "max_completion_tokens_rejected",
        ),
        (422, {"detail": [{"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "x"}]}, "seed_rejected"),
        (422, {"message": {"detail": [{"type": "extra_forbidden", "loc": ["max_tokens"]}]}}, "max_tokens_rejected"),
        (400, {"error": {"message": "Unrecognized request argument supplied: reasoning_effort"}}, "reasoning_effort_rejected"),
        (400, {"error": {"message": "no", "code": "unknown_parameter", "param": "top_k"}}, "parameter_rejected"),
        (400, {"error": {"message": "no", "param": "model"}}, "model_rejected"),
    ],
)
def test_a_refused_field_is_named_in_the_code(status: int, body: object, code: str) -> None:
    fault = bad_request(body, status)

    assert (fault.outcome, fault.code, fault.retry) == (ReadOutcome.CONFIG_REJECTED, code, Retry.NEVER)


@pytest.mark.parametrize(
    "body",
    [
        {"detail": [{"type": "string_type", "loc": ["body", "messages", 1, "content"], "msg": "x", "input": "invalid api key"}]},
        {"error": {"message": "x", "failed_generation": "insufficient balance"}},
        {"error": {"message": "a" * 700 + " invalid api key"}},
        {"error": {"message": "the store is unsupported, model unknown"}},
    ],
)
def test_what_a_server_repeats_of_the_request_or_says_in_everyday_words_names_no_fault(body: object) -> None:
    assert bad_request(body).outcome is ReadOutcome.INPUT_REJECTED


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({}, {"error": {"details": [{"retryDelay": "4s"}]}}, 4.0),
        ({}, {"error": {"retry_after": 2.5}}, 2.5),
        ({"retry-after": "3"}, {"error": {"retry_after": 9}}, 3.0),
        ({}, {"error": {"metadata": {"headers": {"Retry-After": "7"}}}}, 7.0),
        ({}, {"error": {"retry_after": "soon"}}, None),
        ({}, {"error": {"retry_after": -1}}, None),
    ],
)
def test_a_wait_may_stand_in_the_body(headers: dict[str, str], body: object, seconds: float | None) -> None:
    assert error_of_status(429, headers, json.dumps(body).encode(), NOW).wait_seconds == seconds


@pytest.mark.parametrize(
    "body", [[[[]]] * 400, {"error": [{"a": "b"}] * 10_000}, {"error": "{" * 999}, [None], 7, "x", {"error": {"code": 10**40}}]
)
def test_an_error_body_of_any_size_is_survived(body: object) -> None:
    assert bad_request(body).outcome is ReadOutcome.INPUT_REJECTED


async def test_every_call_waits_for_its_turn_and_the_wait_takes_nothing_of_the_deadline() -> None:
    turns: list[float] = []
    timing = FastEdge()

    async def turn() -> None:
        turns.append(timing.clock())
        await timing.sleep(60.0)

    with FaultServer([answer(500), OK_STEP]) as server:
        reader = OpenAIReader(Settings(model="m", base_url=server.url, deadline_seconds=5.0), timing, turn=turn)
        reading = await reader.aread(TICKET, SENTENCES)
        await reader.aclose()

    assert (reading.outcome, server.calls, len(turns)) == (ReadOutcome.OK, 2, 2)
