"""Every fault of a model call that is tried over a real socket: what the server does, and how the reading must end."""

import asyncio
import json
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from tempfile import TemporaryDirectory
from typing import Any

import trustme

from copilot.config.settings import Settings
from copilot.core.sentences import cut
from copilot.core.ticket import Ticket
from copilot.output.suggestion import Suggestion
from copilot.pipeline import triage
from copilot.readers.base import Reading, ReadOutcome
from copilot.readers.fallback import FallbackReader
from copilot.readers.model.openai import OpenAIReader
from copilot.readers.model.pacing import Timing
from tests import fault_server as server
from tests.fault_server import FaultServer, Step, answer, completion, cut_short, error, says
from tests.making import embedded_reader
from tests.scripted_reader import Scripted

TICKET = Ticket.model_validate({"messages": [{"text": "Dmitri deleted my shop. He wants $500 to put it back."}]})
SENTENCES = cut(TICKET)
PAST = datetime(2024, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
O = ReadOutcome  # noqa: E741 - one letter keeps the table readable


class FastEdge(Timing):
    """Time in which a sleep takes none, but moves the clock; `slept` holds every wait in seconds."""

    def __init__(self) -> None:
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        super().__init__(clock=lambda: time.monotonic() + sum(slept), sleep=sleep, now=lambda: NOW)
        object.__setattr__(self, "slept", slept)

    slept: list[float]


class Place(StrEnum):
    """What stands at the address that is called."""

    SERVER = "server"
    CLOSED_PORT = "closed port"
    NO_SUCH_NAME = "no such name"
    SELF_SIGNED = "self-signed certificate"
    EXPIRED = "expired certificate"
    WRONG_HOST = "certificate of another host"
    TRUSTED = "trusted certificate"


@contextmanager
def at(place: Place, script: Sequence[Step]) -> Iterator[tuple[FaultServer, dict[str, Any]]]:
    """A server for a row, and the settings that lead to the row's place."""
    tls, found = None, {}
    with TemporaryDirectory() as folder:
        if place in (Place.SELF_SIGNED, Place.EXPIRED, Place.WRONG_HOST, Place.TRUSTED):
            ca = trustme.CA()
            ca.cert_pem.write_to_path(f"{folder}/ca.pem")
            host = "other.example" if place is Place.WRONG_HOST else "127.0.0.1"
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            ca.issue_cert(host, not_after=PAST if place is Place.EXPIRED else None).configure_cert(tls)
            found = {} if place is Place.SELF_SIGNED else {"ca_file": f"{folder}/ca.pem"}
        with FaultServer(script, tls) as stub, socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            if place is Place.CLOSED_PORT:
                found = {"base_url": f"http://127.0.0.1:{closed.getsockname()[1]}/v1"}
            elif place is Place.NO_SUCH_NAME:
                found = {"base_url": "https://nobody.invalid/v1"}
            yield stub, {"base_url": stub.url} | found


@dataclass(frozen=True)
class Row:
    """One fault. `calls` is how many requests the server must see; `real` rows wait for real, within a second.

    `reads` readings follow one another, and each must end so; `route` is where the ticket must go, the embedded reader
    behind the model.
    """

    name: str
    script: Sequence[Step]
    outcome: ReadOutcome
    calls: int
    real: bool = False
    settings: dict[str, Any] = field(default_factory=dict)
    place: Place = Place.SERVER
    tried: int | None = None
    ticket: Ticket = TICKET
    reads: int = 1
    route: str | None = None

    @property
    def attempts(self) -> int:
        """How many calls the reader must count; more than the server saw where no connection came about."""
        return self.calls if self.tried is None else self.tried

    def one_of(self, readings: Sequence[Reading]) -> Reading:
        """The last reading with the calls of all, or the first that did not end as it must."""
        bad = [reading for reading in readings if reading.outcome is not self.outcome]
        return bad[0] if bad else replace(readings[-1], attempts=sum(reading.attempts for reading in readings))

    @property
    def deadline_seconds(self) -> float:
        return 3.0 if self.real else 20.0

    def settings_for(self, address: dict[str, Any]) -> Settings:
        limits = {"deadline_seconds": 3.0, "attempt_seconds": 1.8, "connect_seconds": 1.5} if self.real else {}
        return Settings(**({"model": "stub-1", "api_key": "k", **address, **limits} | self.settings))


@dataclass(frozen=True)
class Seen:
    """How a row really ended."""

    reading: Reading
    calls: int
    seconds: float
    slept: Sequence[float]
    requests: Sequence[server.Exchange]


def run_sync(row: Row) -> Seen:
    """Run a row through `read`."""
    with at(row.place, row.script) as (stub, address):
        timing = Timing() if row.real else FastEdge()
        reader = OpenAIReader(row.settings_for(address), timing)
        try:
            started = time.monotonic()
            reading = row.one_of([reader.read(row.ticket, cut(row.ticket)) for _ in range(row.reads)])
            return Seen(reading, stub.calls, time.monotonic() - started, getattr(timing, "slept", ()), stub.requests)
        finally:
            reader.close()


def run_async(row: Row) -> Seen:
    """Run a row through `aread`."""

    async def go(stub: FaultServer, address: dict[str, Any]) -> Seen:
        timing = Timing() if row.real else FastEdge()
        reader = OpenAIReader(row.settings_for(address), timing)
        try:
            started = time.monotonic()
            reading = row.one_of([await reader.aread(row.ticket, cut(row.ticket)) for _ in range(row.reads)])
            return Seen(reading, stub.calls, time.monotonic() - started, getattr(timing, "slept", ()), stub.requests)
        finally:
            await reader.aclose()

    with at(row.place, row.script) as (stub, address):
        return asyncio.run(go(stub, address))


def suggested(row: Row, seen: Seen) -> Suggestion:
    """What is suggested on how a row ended, the embedded reader behind the model."""
    return triage(row.ticket, FallbackReader(Scripted(seen.reading), embedded_reader()))


def facts(**changes: Any) -> dict[str, Any]:
    """A good extraction of the ticket, with parts replaced."""
    return {
        "parties": [
            {"id": "p1", "role": "client", "is_reporter": True, "name": None},
            {"id": "p2", "role": "freelancer", "is_reporter": False, "name": "Dmitri"},
        ],
        "threats": [],
        "demands": [{"by": "p2", "of": "p1", "kind": "money", "evidence": ["m1.2"]}],
        "damage_claims": [],
        "disputes": [],
    } | changes


def demand(**changes: Any) -> dict[str, Any]:
    return {"by": "p2", "of": "p1", "kind": "money", "evidence": ["m1.2"]} | changes


def party(**changes: Any) -> dict[str, Any]:
    return {"id": "p1", "role": "client", "is_reporter": True, "name": None} | changes


GOOD = json.dumps(facts())
OK_STEP = says(GOOD)
QUOTA_CODES = (
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "enforced_spend_limit_reached",
)


def limited(**headers: str) -> Step:
    return error(429, "rate_limit_exceeded", {name.replace("_", "-"): value for name, value in headers.items()})


def without(body: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != key}


def choices(value: Any) -> Step:
    return answer(200, completion() | {"choices": value})


STATUS_ROWS = [
    Row("401", [error(401, "invalid_api_key")], O.AUTH, 1),
    Row("403", [error(403)], O.AUTH, 1),
    Row("404 model not found", [error(404, "model_not_found")], O.CONFIG_REJECTED, 1),
    Row("400", [error(400)], O.INPUT_REJECTED, 1),
    Row("422", [error(422)], O.INPUT_REJECTED, 1),
    Row("400 unsupported parameter", [error(400, "unsupported_parameter", param="max_tokens")], O.CONFIG_REJECTED, 1),
    Row("400 prompt filter", [error(400, "content_filter")], O.PROMPT_FILTERED, 1),
    Row(
        "400 prompt filter named inside",
        [error(400, None, innererror={"code": "ResponsibleAIPolicyViolation"})],
        O.PROMPT_FILTERED,
        1,
    ),
    Row("402", [error(402)], O.QUOTA, 1),
    Row("400 spent", [error(400, None, message="Your credit balance is too low")], O.QUOTA, 1),
    Row("400 context length, then smaller windows", [error(400, "context_length_exceeded"), OK_STEP], O.OK, 3),
    Row("400 context length, always", [error(400, "context_length_exceeded")], O.TOO_LARGE, 3),
    Row("413, then smaller windows", [error(413), OK_STEP], O.OK, 3),
    Row("413, always", [error(413)], O.TOO_LARGE, 3),
    *[Row(f"{status}, then well", [error(status), OK_STEP], O.OK, 2) for status in (408, 409, 425, 500)],
    *[Row(f"{status}, always", [error(status)], O.UNAVAILABLE, 3) for status in (408, 409, 500, 502, 503, 504, 529)],
    *[
        Row(f"{status} with HTML", [answer(status, "<html>", content_type="text/html")], O.UNAVAILABLE, 3)
        for status in (500, 502, 503, 504, 529)
    ],
    Row("500 x-should-retry false", [error(500, headers={"x-should-retry": "false"})], O.UNAVAILABLE, 1),
    Row("400 x-should-retry true", [error(400, headers={"x-should-retry": "true"})], O.INPUT_REJECTED, 3),
    Row("302", [answer(302, headers={"location": "/v1/other"})], O.REDIRECTED, 1),
    Row("307", [answer(307, headers={"location": "/v1/other"})], O.REDIRECTED, 1),
    Row("204", [answer(204)], O.MALFORMED_RESPONSE, 1),
]
LIMIT_ROWS = [
    Row("429, then well", [limited(), OK_STEP], O.OK, 2),
    Row("429, always", [limited()], O.RATE_LIMITED, 3),
    Row("429 Retry-After: 2", [limited(retry_after="2"), OK_STEP], O.OK, 2),
    Row("429 Retry-After: 0.5", [limited(retry_after="0.5"), OK_STEP], O.OK, 2),
    Row("429 retry-after-ms: 1500", [limited(retry_after_ms="1500"), OK_STEP], O.OK, 2),
    Row("429 Retry-After: a date", [limited(retry_after="Sun, 01 Mar 2026 12:00:03 GMT"), OK_STEP], O.OK, 2),
    Row("429 Retry-After: a past date", [limited(retry_after="Sun, 01 Mar 2026 11:00:00 GMT"), OK_STEP], O.OK, 2),
    Row("429 Retry-After: -5", [limited(retry_after="-5"), OK_STEP], O.OK, 2),
    Row("429 Retry-After: soon", [limited(retry_after="soon"), OK_STEP], O.OK, 2),
    Row("429 Retry-After: NaN", [limited(retry_after="NaN"), OK_STEP], O.OK, 2),
    Row("429 Retry-After: 9999", [limited(retry_after="9999"), OK_STEP], O.RATE_LIMITED, 1),
    Row("503 Retry-After: 9999", [error(503, headers={"retry-after": "9999"}), OK_STEP], O.UNAVAILABLE, 1),
    *[Row(f"429 {code}", [error(429, code)], O.QUOTA, 1) for code in QUOTA_CODES],
]
TRANSPORT_ROWS = [
    Row("headers never come", [server.stall], O.TIMEOUT, 2, real=True),
    Row("headers drip", [server.drip_head], O.TIMEOUT, 2, real=True),
    Row("body drips", [server.drip_body], O.TIMEOUT, 2, real=True),
    Row("stalls once, then well", [server.stall, OK_STEP], O.OK, 2, real=True),
    Row("cut before headers", [server.cut_before_head], O.UNAVAILABLE, 3),
    Row("cut in the body", [server.cut_in_body], O.UNAVAILABLE, 3),
    Row("cut once, then well", [server.cut_in_body, OK_STEP], O.OK, 2),
    Row("reset", [server.reset], O.UNAVAILABLE, 3),
    Row("body of 3 MB", [server.huge()], O.MALFORMED_RESPONSE, 2),
    Row("gzip bomb of 50 MB", [server.bomb()], O.MALFORMED_RESPONSE, 2),
    Row("gzip unasked for", [server.gzipped(completion(GOOD))], O.OK, 1),
    Row("broken gzip", [answer(200, b"\x1f\x8bxx", {"content-encoding": "gzip"})], O.MALFORMED_RESPONSE, 2),
    Row("unknown encoding", [answer(200, b"xx", {"content-encoding": "br"})], O.MALFORMED_RESPONSE, 2),
]
BODY_ROWS = [
    Row("200 with HTML", [answer(200, "<html>", content_type="text/html")], O.MALFORMED_RESPONSE, 2),
    Row("200 not JSON", [answer(200, '{"choices":')], O.MALFORMED_RESPONSE, 2),
    Row("200 not JSON once, then well", [answer(200, '{"choices":'), OK_STEP], O.OK, 2),
    Row("200 empty", [answer(200, b"")], O.MALFORMED_RESPONSE, 2),
    Row("200 bad UTF-8", [answer(200, b'{"choices": "\xff"}')], O.MALFORMED_RESPONSE, 2),
    Row("200 null", [answer(200, "null")], O.MALFORMED_RESPONSE, 2),
    Row("200 list", [answer(200, [])], O.MALFORMED_RESPONSE, 2),
    Row("200 error object", [answer(200, {"error": {"message": "oops"}})], O.UNAVAILABLE, 3),
    Row("200 error object that names a quota", [answer(200, {"error": {"code": "insufficient_quota"}})], O.QUOTA, 1),
    Row("envelope with a key twice", [answer(200, '{"choices": [], ' + json.dumps(completion())[1:])], O.MALFORMED_RESPONSE, 2),
    Row("envelope with NaN", [answer(200, json.dumps(completion() | {"created": float("nan")}))], O.MALFORMED_RESPONSE, 2),
    Row("envelope 5,000 deep", [answer(200, '{"choices": ' + "[" * 5_000 + "]" * 5_000 + "}")], O.MALFORMED_RESPONSE, 2),
    Row("choices []", [choices([])], O.UNAVAILABLE, 3),
    Row("choices null", [choices(None)], O.UNAVAILABLE, 3),
    Row("choices missing", [answer(200, without(completion(), "choices"))], O.MALFORMED_RESPONSE, 1),
    Row("choices of text", [choices(["x"])], O.MALFORMED_RESPONSE, 1),
    Row("message missing", [choices([{"finish_reason": "stop"}])], O.MALFORMED_RESPONSE, 1),
    Row("content a number", [says(7)], O.MALFORMED_RESPONSE, 1),
    Row("content a list", [says([{"type": "text", "text": GOOD}])], O.OK, 1),
    Row("finish reason a number", [says(GOOD, 7)], O.MALFORMED_RESPONSE, 1),
    Row("another model answers", [answer(200, completion(GOOD) | {"model": "other-9"})], O.OK, 1),
    Row("usage missing", [answer(200, without(completion(GOOD), "usage"))], O.OK, 1),
    Row("usage of text", [answer(200, completion(GOOD) | {"usage": {"prompt_tokens": "9", "completion_tokens": None}})], O.OK, 1),
    Row("prompt cut silently", [answer(200, completion(GOOD) | {"usage": {"prompt_tokens": 4_096}})], O.PROMPT_TRUNCATED, 1),
]
CONTENT_ROWS = [
    Row("well", [OK_STEP], O.OK, 1),
    Row("refusal field", [says("", refusal="I can't help with that.")], O.REFUSAL, 1),
    Row("refusal as a plain sentence", [says("I'm sorry, but I can't help with that.")], O.REFUSAL, 1),
    Row("content null", [choices([{"finish_reason": "stop", "message": {"content": None}}])], O.EMPTY, 1),
    Row("content empty", [says("")], O.EMPTY, 1),
    Row("content blank", [says(" \n ")], O.EMPTY, 1),
    Row("cut at the cap, then well", [cut_short('{"parties": ['), OK_STEP], O.OK, 2),
    Row("cut at the cap, always", [cut_short(GOOD)], O.TRUNCATED, 2),
    Row("cut where the context is full", [cut_short('{"parties": [', 39), OK_STEP], O.TRUNCATED, 1),
    Row("cut in a loop", [cut_short('{"parties": [' + json.dumps(party()) * 9), OK_STEP], O.TRUNCATED, 1),
    Row("cut in blank lines without end", [cut_short('{"parties": [' + "\n" * 500), OK_STEP], O.TRUNCATED, 1),
    Row("cut where no cap was sent", [cut_short(GOOD, 99), OK_STEP], O.TRUNCATED, 1, settings={"token_parameter": "off"}),
    Row(
        "cut at a cap of one's own",
        [cut_short(GOOD), OK_STEP],
        O.TRUNCATED,
        1,
        settings={"extra_body": '{"max_completion_tokens": 100}'},
    ),
    Row("output filter", [says(GOOD, "content_filter")], O.OUTPUT_FILTERED, 1),
    Row("finish reason banana", [says(GOOD, "banana")], O.OK, 1),
    Row("finish reason banana, half an answer", [says(GOOD[:-9], "banana")], O.INVALID, 2),
    Row("finish reason tool_calls", [says("", "tool_calls")], O.INVALID, 2),
    Row("finish reason null", [says(GOOD, None)], O.OK, 1),
    Row("a fence around all", [says(f"```json\n{GOOD}\n```")], O.OK, 1),
    Row("a think block before", [says(f"<think>{{ hm }}</think>\n{GOOD}")], O.OK, 1),
    Row("a byte order mark", [says("\ufeff" + GOOD)], O.OK, 1),
    Row("text after the JSON", [says(GOOD + " Hope this helps!")], O.OK, 1),
    Row("JSON in prose", [says(f"Here it is: {GOOD} Done.")], O.OK, 1),
    Row("two objects", [says(GOOD + GOOD)], O.INVALID, 2),
    Row("a key twice, empty last", [says(GOOD[:-1] + ', "demands": []}')], O.INVALID, 2),
    Row("a key twice, empty first", [says('{"demands": [], ' + GOOD[1:])], O.INVALID, 2),
    Row("NaN", [says(GOOD.replace("true", "NaN"))], O.INVALID, 2),
    Row("Infinity", [says(GOOD.replace("true", "-Infinity"))], O.INVALID, 2),
    Row("1e999", [says(GOOD.replace("true", "1e999"))], O.INVALID, 2),
    Row("a number of 5,000 digits", [says(GOOD.replace("true", "9" * 5_000))], O.INVALID, 2),
    Row("nested 5,000 deep", [says('{"parties": ' + "[" * 5_000 + "]" * 5_000 + "}")], O.INVALID, 2),
    Row("half a surrogate pair", [says(GOOD.replace("Dmitri", "\\ud800"))], O.INVALID, 2),
    Row("a key missing", [says(json.dumps(without(facts(), "disputes")))], O.INVALID, 2),
    Row("a key too many", [says(json.dumps(facts(route="no_escalation")))], O.INVALID, 2),
    Row("a value outside the vocabulary", [says(json.dumps(facts(demands=[demand(kind="ransom")])))], O.INVALID, 2),
    Row("text for a boolean", [says(json.dumps(facts(parties=[party(is_reporter="true")])))], O.INVALID, 2),
    Row("a number for a name", [says(json.dumps(facts(parties=[party(name=7)], demands=[])))], O.INVALID, 2),
    Row("two in a list at the top", [says(f"[{GOOD}, {GOOD}]")], O.INVALID, 2),
    Row("invalid once, then well", [says(GOOD.replace("money", "ransom")), OK_STEP], O.REPAIRED, 2),
    Row("cites a sentence that is not there", [says(json.dumps(facts(demands=[demand(evidence=["m9.9"])])))], O.REPAIRED, 2),
    Row(
        "cites a sentence that is not there, then well",
        [says(json.dumps(facts(demands=[demand(evidence=["m9.9"])]))), OK_STEP],
        O.REPAIRED,
        2,
    ),
    Row("unknown party", [says(json.dumps(facts(demands=[demand(by="p7")]))), OK_STEP], O.REPAIRED, 2),
    Row("one party on both sides", [says(json.dumps(facts(demands=[demand(by="p1")]))), OK_STEP], O.REPAIRED, 2),
    Row("a name that is not in the ticket", [says(GOOD.replace("Dmitri", "Igor")), OK_STEP], O.REPAIRED, 2),
    Row(
        "unverified, then refused",
        [says(json.dumps(facts(demands=[demand(), demand(kind="work", evidence=["m9.9"])]))), says("No.")],
        O.OK,
        2,
    ),
    Row("invalid, then a server error", [says("{}"), error(500)], O.UNAVAILABLE, 4),
    Row("invalid, then refused", [says("{}"), says("I cannot.")], O.REFUSAL, 2),
]
MODE_ROWS = [
    Row("json_schema refused", [error(400, None, param="response_format"), OK_STEP], O.OK, 2),
    Row("json_schema and json_object refused", [error(400, None, message="json_schema?")] * 2 + [OK_STEP], O.OK, 3),
    Row("every mode refused", [error(400, None, param="response_format")], O.CONFIG_REJECTED, 3),
    Row(
        "json_schema refused where strict is set",
        [error(400, None, param="response_format")],
        O.CONFIG_REJECTED,
        1,
        settings={"structured_output": "strict"},
    ),
]
PLACE_ROWS = [
    Row("connection refused", [OK_STEP], O.UNAVAILABLE, 0, place=Place.CLOSED_PORT, tried=3),
    Row("name not found", [OK_STEP], O.UNAVAILABLE, 0, place=Place.NO_SUCH_NAME, tried=3),
    Row("certificate of nobody known", [OK_STEP], O.CERTIFICATE, 0, place=Place.SELF_SIGNED, tried=1),
    Row("certificate expired", [OK_STEP], O.CERTIFICATE, 0, place=Place.EXPIRED, tried=1),
    Row("certificate of another host", [OK_STEP], O.CERTIFICATE, 0, place=Place.WRONG_HOST, tried=1),
    Row("certificate of the given authority", [OK_STEP], O.OK, 1, place=Place.TRUSTED),
]
ROWS = [*CONTENT_ROWS, *BODY_ROWS, *STATUS_ROWS, *LIMIT_ROWS, *TRANSPORT_ROWS, *MODE_ROWS, *PLACE_ROWS]
