"""The doctor against servers that play the kinds there are: it tells what they do, and what to set."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from copilot import doctor
from copilot.doctor import DoctorReport, SchemaVerdict
from copilot.errors import SettingsError
from copilot.reading import ReadOutcome
from copilot.settings import Settings
from tests.fault_server import GOOD, Exchange, FaultServer, Step, answer, completion, error, says

Says = Callable[[dict[str, Any]], Step]
EMPTY = json.dumps(GOOD)


def obedient(body: dict[str, Any]) -> Step:
    """Say what a server that enforces its schema would say."""
    schema = body.get("response_format", {}).get("json_schema", {})
    if schema.get("name") == "canary":
        return says('{"colour": "red"}')
    return careless(body)


def careless(body: dict[str, Any]) -> Step:
    """Say what a model says to which nothing is enforced."""
    text = body["messages"][-1]["content"]
    if "colour" in text:
        return says('{"colour": "blue"}')
    return says("ready" if "ready" in text else EMPTY)


def examine(play: Says, **settings: Any) -> tuple[DoctorReport, list[dict[str, Any]]]:
    async def step(exchange: Exchange) -> None:
        await play(exchange.body)(exchange)

    limits = {"deadline_seconds": 1.0, "attempt_seconds": 0.5, "max_attempts": 1}
    with FaultServer([step]) as server:
        report = doctor.examine(Settings(**({"model": "m", "base_url": server.url, **limits} | settings)))
    return report, [one.body for one in server.requests]


def settings_of(report: DoctorReport) -> list[str]:
    return [one.setting for one in report.advice]


def test_a_server_that_does_all_it_should_needs_nothing_set() -> None:
    report, requests = examine(obedient)

    assert (report.reachable, report.healthy, report.schema) == (True, True, SchemaVerdict.ENFORCED)
    assert report.advice == ()
    assert len(requests) == 3


def test_it_tells_what_a_call_costs() -> None:
    report, _ = examine(obedient)

    assert report.reading is not None
    assert (report.reading.usage.prompt_tokens, report.reading.usage.completion_tokens) == (9_000, 40)
    assert any("9000 tokens in, 1000 of them cached, 40 out" in line for line in report.lines())


def test_a_schema_that_is_taken_and_ignored_is_seen() -> None:
    report, _ = examine(careless)

    assert (report.schema, report.json_object) == (SchemaVerdict.IGNORED, True)
    assert settings_of(report) == ["COPILOT_STRUCTURED_OUTPUT=json"]


def test_free_text_in_answer_to_a_schema_is_ignoring_it() -> None:
    def play(body: dict[str, Any]) -> Step:
        return says("Blue it is!") if "colour" in body["messages"][-1]["content"] else careless(body)

    report, _ = examine(play)

    assert (report.schema, report.json_object) == (SchemaVerdict.IGNORED, False)
    assert settings_of(report) == ["COPILOT_STRUCTURED_OUTPUT=text"]


def test_a_schema_that_is_refused_is_told_from_one_that_is_ignored() -> None:
    def play(body: dict[str, Any]) -> Step:
        refused = body.get("response_format", {}).get("type") == "json_schema"
        return error(400, None, param="response_format") if refused else careless(body)

    report, _ = examine(play)

    assert (report.schema, report.healthy) == (SchemaVerdict.REJECTED, True)
    assert settings_of(report) == ["COPILOT_STRUCTURED_OUTPUT=json"]


@pytest.mark.parametrize(("profile", "taken"), [("compatible", "max_completion_tokens"), ("openai", "max_tokens")])
def test_the_token_parameter_that_is_taken_is_found(profile: str, taken: str) -> None:
    def play(body: dict[str, Any]) -> Step:
        other = next(name for name in ("max_tokens", "max_completion_tokens") if name != taken)
        return error(400, "unsupported_parameter", param=other) if other in body else obedient(body)

    report, _ = examine(play, profile=profile)

    assert (report.token_parameter, report.healthy) == (taken, True)
    assert settings_of(report) == [f"COPILOT_TOKEN_PARAMETER={taken}"]


def test_a_token_parameter_that_silently_gives_nothing_is_found() -> None:
    def play(body: dict[str, Any]) -> Step:
        return says("") if "max_completion_tokens" in body else obedient(body)

    report, _ = examine(play, profile="openai")

    assert settings_of(report) == ["COPILOT_TOKEN_PARAMETER=max_tokens"]


def test_a_model_that_takes_neither_temperature_nor_max_tokens_is_found_out() -> None:
    def play(body: dict[str, Any]) -> Step:
        for name in ("max_tokens", "temperature"):
            if name in body:
                return error(400, "unsupported_parameter", param=name)
        return obedient(body)

    report, _ = examine(play, profile="compatible")

    assert report.healthy
    assert sorted(settings_of(report)) == ["COPILOT_TEMPERATURE=off", "COPILOT_TOKEN_PARAMETER=max_completion_tokens"]


@pytest.mark.parametrize(
    ("step", "outcome", "setting"),
    [
        (error(401), ReadOutcome.AUTH, "OPENAI_API_KEY"),
        (error(404, "model_not_found"), ReadOutcome.CONFIG_REJECTED, "COPILOT_MODEL"),
        (error(429, "insufficient_quota"), ReadOutcome.QUOTA, "OPENAI_API_KEY"),
        (error(503), ReadOutcome.UNAVAILABLE, "OPENAI_BASE_URL"),
        (answer(307, headers={"location": "/x"}), ReadOutcome.REDIRECTED, "OPENAI_BASE_URL"),
        (answer(200, "<html>", content_type="text/html"), ReadOutcome.MALFORMED_RESPONSE, "OPENAI_BASE_URL"),
    ],
)
def test_a_server_that_cannot_be_used_is_named_with_what_to_set(step: Step, outcome: ReadOutcome, setting: str) -> None:
    report, requests = examine(lambda _: step)

    assert (report.reachable, report.healthy, report.outcome) == (False, False, outcome)
    assert settings_of(report) == [setting]
    assert len(requests) == 1


def test_a_prompt_that_is_cut_silently_is_seen() -> None:
    def play(body: dict[str, Any]) -> Step:
        cut = answer(200, completion(EMPTY) | {"usage": {"prompt_tokens": 4_096}})
        return cut if len(body["messages"]) > 1 else obedient(body)

    report, _ = examine(play)

    assert report.reading is not None
    assert report.reading.outcome is ReadOutcome.PROMPT_TRUNCATED
    assert settings_of(report) == ["the server's context length"]


def test_a_report_can_be_read_aloud() -> None:
    report, _ = examine(careless)

    lines = list(report.lines())
    assert lines[3] == "reachable  yes"
    assert any(line.startswith("set        COPILOT_STRUCTURED_OUTPUT=json: ") for line in lines)


def test_settings_without_a_model_are_refused_before_any_call() -> None:
    with pytest.raises(SettingsError, match="COPILOT_MODEL"):
        doctor.examine(Settings(api_key="k"))
