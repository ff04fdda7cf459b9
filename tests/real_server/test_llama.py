"""What a real llama.cpp server does with schema, templates, context and time, and what is made of it."""

import json
import time
from pathlib import Path
from typing import Any

from copilot import doctor
from copilot.core.reading import ReadOutcome
from copilot.core.vocabulary import Label, Route
from copilot.doctor import SchemaVerdict, made_up
from copilot.pipeline import triage
from copilot.readers.model import wire_schema
from copilot.readers.model.api_errors import ApiError
from copilot.readers.model.envelope import Reply
from copilot.readers.model.openai import OpenAIReader
from tests.real_server.llama import Llama, start
from tests.real_server.tiny_model import Habit


def ask(
    llama: Llama, roles: tuple[str, ...] = ("user",), schema: wire_schema.Schema | None = None, **fields: Any
) -> Reply | ApiError:
    """One small request."""
    body: dict[str, Any] = {"model": "tiny", "messages": [{"role": role, "content": "a"} for role in roles], "temperature": 0}
    if schema is not None:
        body["response_format"] = wire_schema.response_format(schema)
    reader = OpenAIReader(llama.settings())
    try:
        return reader.ask(body | fields)
    finally:
        reader.close()


def content(came: Reply | ApiError) -> str:
    assert isinstance(came, Reply)
    return came.content or ""


def test_a_ticket_is_read_end_to_end(reads_rightly: Llama) -> None:
    reader = OpenAIReader(reads_rightly.settings())

    suggestion = triage(made_up.TICKET, reader)

    reader.close()
    assert (suggestion.route, suggestion.labels) == (Route.CONTENT_ENFORCEMENT, [Label.COERCION_AND_RETALIATION])
    assert (suggestion.provenance.outcome, suggestion.provenance.mode) == ("ok", "strict")


def test_the_doctor_finds_a_server_that_keeps_to_the_schema_and_a_cache_that_is_warm(reads_rightly: Llama) -> None:
    report = doctor.examine(reads_rightly.settings())

    assert (report.healthy, report.schema, report.advice) == (True, SchemaVerdict.ENFORCED, ())
    assert report.reading is not None
    assert report.repeat is not None
    assert report.repeat.usage.cached_tokens > report.repeat.usage.prompt_tokens * 0.9
    assert report.reading.usage.prompt_tokens == report.repeat.usage.prompt_tokens


def test_the_doctor_does_not_pass_a_model_that_reads_nothing(reads_nothing: Llama) -> None:
    report = doctor.examine(reads_nothing.settings())

    assert (report.reachable, report.healthy, report.schema) == (True, False, SchemaVerdict.ENFORCED)
    assert report.reading is not None
    assert (report.reading.outcome, report.reading.code) == (ReadOutcome.INVALID, "parties: none")


def test_the_frozen_schema_is_kept_to_as_it_is_sent(reads_nothing: Llama) -> None:
    said = json.loads(content(ask(reads_nothing, schema=wire_schema.frozen(), max_tokens=200)))

    assert list(said) == list(wire_schema.frozen()["properties"])
    assert not any(said.values())


def test_a_bounded_list_ends_where_an_open_one_goes_on(goes_on: Llama) -> None:
    bounded, frozen = (
        content(ask(goes_on, schema=schema, max_tokens=800)) for schema in (wire_schema.bounded(["m1.1"]), wire_schema.frozen())
    )

    assert '"threats"' in bounded
    assert bounded.count('"role"') == wire_schema.MOST_OF_A_LIST
    assert '"threats"' not in frozen


def test_a_strict_template_takes_a_ticket_and_its_second_asking(strict_template: Llama) -> None:
    refused = ask(strict_template, ("system", "user", "user"), max_tokens=2)

    report = doctor.examine(strict_template.settings())

    assert isinstance(refused, ApiError)
    assert report.healthy
    assert report.second is not None
    assert report.second.outcome is ReadOutcome.REPAIRED


def test_a_prompt_that_does_not_fit_is_told_from_an_answer_that_does_not(tmp_path: Path) -> None:
    small = start(tmp_path, Habit(goes_on=True), context=4_096)
    prompt_does_not = doctor.examine(small.settings())
    answer_does_not = ask(small, ("user",), max_tokens=800, messages=[{"role": "user", "content": "~" * 3_900}])

    assert prompt_does_not.reading is not None
    assert (prompt_does_not.reading.outcome, prompt_does_not.reading.code) == (ReadOutcome.TOO_LARGE, "context_length")
    assert isinstance(answer_does_not, Reply)
    assert answer_does_not.finish_reason == "length"
    assert 0 < answer_does_not.usage.completion_tokens < 300


def test_a_request_that_is_given_up_leaves_the_server_free_for_the_next(goes_on: Llama) -> None:
    reader = OpenAIReader(goes_on.settings(attempt_seconds=2.0, deadline_seconds=2.0, max_output_tokens=20_000))
    given_up = reader.read(made_up.TICKET, made_up.SENTENCES)
    reader.close()

    began = time.monotonic()
    next_one = ask(goes_on, max_tokens=2)

    assert given_up.outcome is ReadOutcome.TIMEOUT
    assert isinstance(next_one, Reply)
    assert time.monotonic() - began < 15
