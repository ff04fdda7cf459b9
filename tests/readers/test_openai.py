"""The model reader: what it sends, what it makes of answers, what it remembers and what it never says."""

import asyncio
import json
import logging
import subprocess
import sys
import threading
from typing import Any

import pytest

from copilot.config.settings import Settings
from copilot.core.errors import SettingsError
from copilot.core.facts import Demand
from copilot.core.sentences import cut
from copilot.core.ticket import Ticket
from copilot.core.verification import verify
from copilot.readers.base import Reader, Reading, ReadOutcome, Usage
from copilot.readers.model import prompt, wire_schema
from copilot.readers.model.openai import OpenAIReader
from tests.fault_server import FaultServer, Step, answer, completion, cut_short, error, says, stall
from tests.fault_table import GOOD, OK_STEP, SENTENCES, TICKET, FastEdge, Row, demand, facts, limited, run_sync

SECRET_WORDS = "Dmitri deleted my shop"


def read_once(script: list[Step], ticket: Ticket = TICKET, **settings: Any) -> tuple[Reading, FaultServer, FastEdge]:
    timing = FastEdge()
    with FaultServer(script) as server:
        reader = OpenAIReader(Settings(**({"model": "stub-1", "base_url": server.url} | settings)), timing)
        reading = reader.read(ticket, cut(ticket))
        reader.close()
    return reading, server, timing


def sent(server: FaultServer, number: int = 0) -> Any:
    return server.requests[number].body


def test_it_is_a_reader() -> None:
    assert isinstance(OpenAIReader(Settings(model="m", base_url="http://localhost:1/v1")), Reader)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"api_key": "k"}, "COPILOT_MODEL"),
        ({"model": "m"}, "OPENAI_API_KEY"),
        ({"model": "m", "base_url": "http://example.com/v1"}, "COPILOT_ALLOW_INSECURE_HTTP"),
        ({"model": "m", "base_url": "http://169.254.169.254/v1"}, "COPILOT_ALLOW_INSECURE_HTTP"),
        ({"model": "m", "base_url": "https://me:pw@example.com/v1"}, "OPENAI_BASE_URL"),
        ({"model": "m", "base_url": "file:///etc/passwd"}, "OPENAI_BASE_URL"),
    ],
)
def test_a_setting_that_cannot_work_is_named_before_any_call(settings: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        OpenAIReader(Settings(**settings))


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "http://localhost:9/v1", "http://[::1]:9/v1", "https://example.com/v1"])
def test_plain_http_is_taken_for_this_machine_and_https_for_any(url: str) -> None:
    OpenAIReader(Settings(model="m", base_url=url))


def test_a_reading_says_where_it_came_from() -> None:
    reading, _, _ = read_once([OK_STEP])

    assert (reading.extractor, reading.model, reading.attempts) == ("openai", "stub-1", 1)
    assert (reading.prompt_sha256, reading.schema_sha256) == (prompt.sha256(), wire_schema.sha256())
    assert reading.usage == Usage(9_000, 1_000, 40)


def test_the_model_that_answered_is_recorded_not_the_one_asked_for() -> None:
    reading, _, _ = read_once([answer(200, completion(GOOD) | {"model": "other-9"})])

    assert reading.model == "other-9"


def test_tokens_of_answers_that_were_no_use_are_counted_too() -> None:
    reading, _, _ = read_once([says("{}"), OK_STEP])

    assert reading.usage == Usage(18_000, 2_000, 80)


@pytest.mark.parametrize(
    ("step", "wait"),
    [
        (limited(retry_after="2"), 2.0),
        (limited(retry_after="0.5"), 0.5),
        (limited(retry_after_ms="1500"), 1.5),
        (limited(retry_after_ms="1500", retry_after="9"), 1.5),
        (limited(retry_after="Sun, 01 Mar 2026 12:00:03 GMT"), 3.0),
        (error(503, headers={"retry-after": "4"}), 4.0),
    ],
)
def test_a_wait_that_the_server_asks_for_is_never_shortened(step: Step, wait: float) -> None:
    _, _, timing = read_once([step, OK_STEP])

    assert wait <= timing.slept[0] <= wait + 1


@pytest.mark.parametrize("asked", ["19.5", "30", "9999"])
def test_a_wait_that_does_not_fit_before_the_deadline_ends_the_reading_at_once(asked: str) -> None:
    reading, server, timing = read_once([limited(retry_after=asked)], deadline_seconds=19.0)

    assert (reading.outcome, server.calls, timing.slept) == (ReadOutcome.RATE_LIMITED, 1, [])


def test_the_whole_reading_keeps_to_one_deadline() -> None:
    row = Row("slow and bad", [says("{}"), stall], ReadOutcome.TIMEOUT, 3, real=True)

    seen = run_sync(row)

    assert seen.reading.outcome is ReadOutcome.TIMEOUT
    assert seen.seconds < row.deadline_seconds + 0.5


def test_one_limited_call_holds_back_the_others() -> None:
    timing = FastEdge()

    async def go(url: str) -> None:
        reader = OpenAIReader(Settings(model="m", base_url=url, max_attempts=1, deadline_seconds=60), timing)
        await reader.aread(TICKET, SENTENCES)
        assert timing.slept == []
        await reader.aread(TICKET, SENTENCES)
        await reader.aclose()

    with FaultServer([limited(retry_after="7"), OK_STEP]) as server:
        asyncio.run(go(server.url))

    assert 6.5 < timing.slept[0] <= 7


def test_an_outage_is_answered_from_memory_after_some_failures_and_tried_again_later() -> None:
    timing = FastEdge()
    with FaultServer([error(503), error(503), OK_STEP]) as server:
        settings = Settings(model="m", base_url=server.url, max_attempts=1, breaker_failures=2, breaker_seconds=30)
        reader = OpenAIReader(settings, timing)
        ends = [reader.read(TICKET, SENTENCES) for _ in range(4)]
        calls = server.calls
        timing.slept.append(31)
        later = reader.read(TICKET, SENTENCES)
        reader.close()

    assert calls == 2
    assert [one.outcome for one in ends] == [ReadOutcome.UNAVAILABLE] * 4
    assert [one.attempts for one in ends] == [1, 1, 0, 0]
    assert later.outcome is ReadOutcome.OK


@pytest.mark.parametrize("step", [error(401), error(429, "insufficient_quota"), answer(307, headers={"location": "/x"})])
def test_a_fault_that_an_operator_must_mend_is_not_paid_for_twice(step: Step) -> None:
    with FaultServer([step]) as server:
        reader = OpenAIReader(Settings(model="m", base_url=server.url), FastEdge())
        first, second = reader.read(TICKET, SENTENCES), reader.read(TICKET, SENTENCES)
        reader.close()

    assert (server.calls, second.outcome) == (1, first.outcome)


def test_a_refused_format_is_remembered() -> None:
    with FaultServer([error(400, None, param="response_format"), OK_STEP]) as server:
        reader = OpenAIReader(Settings(model="m", base_url=server.url), FastEdge())
        reader.read(TICKET, SENTENCES)
        reader.read(TICKET, SENTENCES)
        reader.close()

    formats = [sent(server, number).get("response_format", {}).get("type") for number in range(3)]
    assert formats == ["json_schema", "json_object", "json_object"]


@pytest.mark.parametrize("mode", ["json", "text"])
def test_without_a_strict_mode_the_schema_is_in_the_prompt(mode: str) -> None:
    _, server, _ = read_once([OK_STEP], structured_output=mode)

    system = sent(server)["messages"][0]["content"]
    assert wire_schema.frozen_text().strip() in system
    assert ("response_format" in sent(server)) == (mode == "json")


def test_a_cut_answer_is_asked_for_once_with_twice_the_room() -> None:
    _, server, _ = read_once([cut_short("{"), OK_STEP], max_output_tokens=500)

    assert [one.body["max_completion_tokens"] for one in server.requests] == [500, 1_000]


@pytest.mark.parametrize(
    ("profile", "fields"),
    [
        ("openai", {"max_completion_tokens": 4_000, "store": False}),
        ("azure", {"max_completion_tokens": 4_000}),
        ("vllm", {"max_tokens": 4_000, "temperature": 0.0, "seed": 7}),
        ("ollama", {"max_tokens": 800, "temperature": 0.0, "seed": 7}),
        ("lmstudio", {"max_tokens": 800, "temperature": 0.0, "seed": 7}),
        ("compatible", {"max_tokens": 4_000, "temperature": 0.0}),
    ],
)
def test_each_profile_sends_its_own_fields_and_no_other(profile: str, fields: dict[str, Any]) -> None:
    _, server, _ = read_once([OK_STEP], profile=profile)

    always = {"model": "stub-1", "messages": sent(server)["messages"], "response_format": wire_schema.response_format()}
    assert sent(server) == always | fields


def test_llama_cpp_gets_a_schema_in_which_no_list_is_endless_and_no_id_made_up() -> None:
    _, server, _ = read_once([OK_STEP], profile="llamacpp")

    schema = sent(server)["response_format"]["json_schema"]["schema"]["properties"]
    demand = schema["demands"]["items"]["properties"]
    assert [one["maxItems"] for one in schema.values()] == [8] * 5
    assert demand["evidence"] == {"type": "array", "items": {"type": "string", "enum": ["m1.1", "m1.2"]}, "maxItems": 8}
    assert demand["by"]["enum"] == demand["of"]["enum"] == schema["parties"]["items"]["properties"]["id"]["enum"]
    assert sent(server)["max_tokens"] == 800


def test_the_cap_of_a_profile_gives_way_to_a_setting() -> None:
    _, server, _ = read_once([OK_STEP], profile="llamacpp", max_output_tokens=2_000)

    assert sent(server)["max_tokens"] == 2_000


def test_a_reasoning_model_gets_no_temperature_and_more_room() -> None:
    _, server, _ = read_once([OK_STEP], profile="vllm", reasoning_effort="low", token_parameter="max_completion_tokens")

    body = sent(server)
    assert body["reasoning_effort"] == "low"
    assert body["max_completion_tokens"] == 16_000
    assert not {"temperature", "seed", "max_tokens"} & set(body)


def test_every_field_of_a_profile_can_be_set_or_switched_off() -> None:
    settings = {"temperature": 0.3, "seed": "off", "token_parameter": "off", "extra_body": '{"top_k": 1}'}

    _, server, _ = read_once([OK_STEP], profile="vllm", **settings)

    body = sent(server)
    assert (body["temperature"], body["top_k"]) == (0.3, 1)
    assert not {"seed", "max_tokens"} & set(body)


def test_no_compression_is_asked_for() -> None:
    _, server, _ = read_once([OK_STEP])

    assert server.requests[0].headers["accept-encoding"] == "identity"


def test_a_second_request_names_codes_and_paths_but_no_word_of_ticket_or_model() -> None:
    bad = facts(demands=[demand(kind="KIDNAPPING")], **{"LEAK_ME": 1})

    _, server, _ = read_once([says(json.dumps(bad)), OK_STEP])

    first, second = (one.body["messages"] for one in server.requests)
    assert [message["role"] for message in second] == ["system", "user"]
    assert second[0] == first[0]
    again = second[1]["content"].removeprefix(first[1]["content"])
    assert "demands[0].kind: enum" in again
    assert not [word for word in ("KIDNAPPING", "LEAK_ME", "Dmitri") if word in again]


def test_good_facts_survive_a_bad_one_that_stays_bad() -> None:
    half_bad = says(json.dumps(facts(demands=[demand(), demand(kind="work", evidence=["m7.1"])])))

    reading, server, _ = read_once([half_bad])

    assert (reading.outcome, server.calls) == (ReadOutcome.REPAIRED, 2)
    assert reading.extraction is not None
    verified = verify(TICKET, SENTENCES, reading.extraction)
    assert [fact.kind for fact in verified.of(Demand)] == ["money"]
    assert len(verified.dropped) == 1


def test_a_second_answer_that_lost_facts_does_not_replace_the_first() -> None:
    first = says(json.dumps(facts(demands=[demand(), demand(kind="work", evidence=["m7.1"])])))
    second = says(json.dumps(facts(demands=[])))

    reading, _, _ = read_once([first, second])

    assert reading.outcome is ReadOutcome.OK
    assert reading.extraction is not None
    assert [one.kind for one in reading.extraction.demands] == ["money", "work"]


def test_ids_of_the_console_are_not_shown_and_come_back() -> None:
    ticket = Ticket.model_validate({"messages": [{"id": "a b]\n[m9.9] x", "text": "He deleted it. He wants $500."}]})

    reading, server, _ = read_once(
        [
            says(
                json.dumps(
                    facts(
                        parties=[*facts()["parties"][:1], {"id": "p2", "role": "freelancer", "is_reporter": False, "name": None}]
                    )
                )
            )
        ],
        ticket,
    )

    assert "m9.9" not in sent(server)["messages"][1]["content"]
    assert reading.extraction is not None
    assert reading.extraction.demands[0].evidence == ["a b]\n[m9.9] x.2"]


def test_an_id_that_the_model_made_up_never_becomes_a_real_one() -> None:
    ticket = Ticket.model_validate({"messages": [{"id": "m2", "text": "One."}, {"id": "m1", "text": "Two. Three."}]})
    bad = facts(parties=[facts()["parties"][0], facts()["parties"][1] | {"name": None}], demands=[demand(evidence=["m1.2"])])

    reading, _, _ = read_once([says(json.dumps(bad))], ticket)

    assert reading.extraction is not None
    assert reading.extraction.demands[0].evidence == ["?m1.2"]
    assert verify(ticket, cut(ticket), reading.extraction).of(Demand) == ()


def long_ticket() -> Ticket:
    return Ticket.model_validate({"messages": [{"text": f"Sentence number {n} says nothing much. "} for n in range(60)]})


def found(id: str, kind: str = "money") -> Step:
    return says(
        json.dumps(
            facts(
                parties=[facts()["parties"][0], facts()["parties"][1] | {"name": None}],
                demands=[demand(evidence=[id], kind=kind)],
            )
        )
    )


def by_first_sentence(**steps: Step) -> Step:
    """Answer by which part of the ticket was asked for."""

    async def step(exchange: Any) -> None:
        text = exchange.body["messages"][1]["content"]
        number = text.partition("It is part ")[2].partition(" ")[0]
        await steps.get(f"part{number}", says())(exchange)

    return step


WINDOWED = {"window_characters": 1_200, "window_overlap_sentences": 2}


def test_a_long_ticket_is_read_in_parts_that_make_one_extraction() -> None:
    script = [by_first_sentence(part1=found("m1.1"), part2=found("m30.1"), part3=found("m60.1", "work"))]

    reading, server, _ = read_once(script, long_ticket(), **WINDOWED)

    assert (reading.outcome, reading.unread, reading.attempts) == (ReadOutcome.OK, (), server.calls)
    assert server.calls == 3
    assert reading.extraction is not None
    assert len(reading.extraction.parties) == 2
    verified = verify(long_ticket(), cut(long_ticket()), reading.extraction)
    assert [(one.kind, one.evidence) for one in verified.of(Demand)] == [("money", ("m1.1", "m30.1")), ("work", ("m60.1",))]


def test_what_no_part_could_read_is_named() -> None:
    script = [by_first_sentence(part1=found("m1.1"), part2=says("", refusal="no"), part3=found("m60.1"))]

    reading, _, _ = read_once(script, long_ticket(), **WINDOWED)

    assert reading.outcome is ReadOutcome.OK
    assert reading.unread
    assert {"m1.1", "m60.1"}.isdisjoint(reading.unread)
    assert "m30.1" in reading.unread


def test_a_ticket_of_which_no_part_could_be_read_failed() -> None:
    reading, _, _ = read_once([says("", refusal="no")], long_ticket(), **WINDOWED)

    assert (reading.outcome, reading.extraction) == (ReadOutcome.REFUSAL, None)
    assert len(reading.unread) == 60


def test_smaller_parts_together_cover_what_was_too_long() -> None:
    reading, server, _ = read_once([error(400, "context_length_exceeded"), says()], long_ticket(), window_characters=6_000)

    shown = " ".join(one.body["messages"][1]["content"] for one in server.requests[1:])
    assert reading.outcome is ReadOutcome.OK
    assert all(f"[m{n}.1]" in shown for n in range(1, 61))
    assert reading.unread == ()


def test_nothing_is_logged_of_ticket_answer_key_or_server_message(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="copilot")
    echo = error(400, None, {"x-request-id": "req_1"}, message=SECRET_WORDS, param=SECRET_WORDS)

    read_once([echo], api_key="sk-secret-key")
    read_once([says(f"{{{SECRET_WORDS}"), says(f"{{{SECRET_WORDS}")], api_key="sk-secret-key")

    assert "req_1" in caplog.text
    assert not [word for word in ("Dmitri", "deleted", "sk-secret", "shop") if word in caplog.text]


def test_a_request_id_that_is_prose_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="copilot")

    read_once([error(400, None, {"x-request-id": SECRET_WORDS})])

    assert SECRET_WORDS not in caplog.text


def test_a_reader_can_be_shared_by_threads_and_closed_and_used_again() -> None:
    outcomes: list[ReadOutcome] = []
    with FaultServer([OK_STEP]) as server:
        reader = OpenAIReader(Settings(model="m", base_url=server.url))
        threads = [threading.Thread(target=lambda: outcomes.append(reader.read(TICKET, SENTENCES).outcome)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        reader.close()
        reader.close()
        outcomes.append(reader.read(TICKET, SENTENCES).outcome)
        reader.close()

    assert outcomes == [ReadOutcome.OK] * 9


@pytest.mark.parametrize("end", ["", "os.fork() or (print(reader.read(ticket, cut(ticket)).outcome), os._exit(0)); os.wait()"])
def test_a_reader_that_nobody_closes_holds_up_neither_the_end_of_a_program_nor_a_forked_one(end: str) -> None:
    code = """
import os, sys
from copilot.readers.model.openai import OpenAIReader
from copilot.core.sentences import cut
from copilot.config.settings import Settings
from copilot.core.ticket import Ticket

ticket = Ticket.model_validate({"messages": [{"text": "He deleted my site."}]})
reader = OpenAIReader(Settings(model="m", base_url="http://127.0.0.1:9/v1", max_attempts=1))
print(reader.read(ticket, cut(ticket)).outcome, flush=True)
"""

    ran = subprocess.run([sys.executable, "-c", code + end], capture_output=True, text=True, timeout=60, check=False)

    assert ran.stdout.split() == ["unavailable"] * (2 if end else 1), ran.stderr
    assert ran.returncode == 0


def test_read_works_inside_a_running_event_loop() -> None:
    async def go(url: str) -> Reading:
        reader = OpenAIReader(Settings(model="m", base_url=url))
        reading = reader.read(TICKET, SENTENCES)
        await reader.aclose()
        return reading

    with FaultServer([OK_STEP]) as server:
        assert asyncio.run(go(server.url)).outcome is ReadOutcome.OK


def test_a_cancelled_caller_is_not_swallowed() -> None:
    async def go(url: str) -> None:
        reader = OpenAIReader(Settings(model="m", base_url=url))
        try:
            async with asyncio.timeout(0.2):
                await reader.aread(TICKET, SENTENCES)
        finally:
            await reader.aclose()

    with FaultServer([stall]) as server, pytest.raises(TimeoutError):
        asyncio.run(go(server.url))


def test_the_sdk_is_imported_only_when_a_call_is_made() -> None:
    code = (
        "import sys; from copilot.readers.model.openai import OpenAIReader; from copilot.config.settings import Settings; "
        "OpenAIReader(Settings(model='m', base_url='http://localhost:1/v1')); "
        "sys.exit(bool({'openai', 'tenacity', 'httpx2', 'jinja2'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
