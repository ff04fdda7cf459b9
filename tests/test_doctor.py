"""The doctor against servers that play the kinds there are: it tells what they do, and what to set."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from copilot import doctor
from copilot.config.settings import Settings
from copilot.core.errors import SettingsError
from copilot.core.reading import ReadOutcome
from copilot.doctor import DoctorReport, SchemaVerdict, advice, made_up
from copilot.readers.model import prompt
from copilot.readers.model.cut_short import Cut
from copilot.readers.model.error_signs import _CONFIG_PARAMETERS, ADAPTABLE
from tests.fault_server import GOOD, USAGE, Exchange, FaultServer, Step, answer, completion, cut_short, error, says, stall

Says = Callable[[dict[str, Any]], Step]
NOTHING = json.dumps(GOOD)
DELETED = {"by": "p2", "against": "p1", "harm": "destroy", "asset": "website", "intent": "deliberate", "motive": "leverage"}
READ = GOOD | {
    "parties": [*GOOD["parties"], {"id": "p2", "role": "freelancer", "is_reporter": False, "name": None}],
    "demands": [{"by": "p2", "of": "p1", "kind": "money", "evidence": ["m1.3"]}],
    "damage_claims": [DELETED | {"evidence": ["m1.2"]}],
}
RIGHT = json.dumps(READ)


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
    return says("ready" if "ready" in text else RIGHT)


def examine(play: Says, **settings: Any) -> tuple[DoctorReport, list[dict[str, Any]]]:
    async def step(exchange: Exchange) -> None:
        await play(exchange.body)(exchange)

    with FaultServer([step]) as server:
        settings = {"model": "m", "base_url": server.url, "max_attempts": 1} | settings
        report = doctor.examine(Settings(**settings), patience_seconds=2.0)
    return report, [one.body for one in server.requests]


def settings_of(report: DoctorReport) -> list[str]:
    return [one.setting for one in report.advice]


def test_a_server_that_does_all_it_should_needs_nothing_set() -> None:
    report, requests = examine(obedient)

    assert (report.reachable, report.healthy, report.schema) == (True, True, SchemaVerdict.ENFORCED)
    assert report.advice == ()
    assert len(requests) == 5
    assert list(report.lines())[-1].startswith("set        nothing")


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
        (error(503), ReadOutcome.UNAVAILABLE, "the server's log"),
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
        cut = answer(200, completion(RIGHT) | {"usage": {"prompt_tokens": 4_096}})
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


def only_tickets(step: Step, second: Step | None = None) -> Says:
    """Answer small questions well, a ticket with `step`, and its second asking with `second`."""

    def play(body: dict[str, Any]) -> Step:
        if len(body["messages"]) < 2:
            return obedient(body)
        return second if second and is_second(body) else step

    return play


def is_second(body: dict[str, Any]) -> bool:
    return "missing" in body["messages"][-1]["content"]


def reading_of(**changes: Any) -> Step:
    return says(json.dumps(READ | changes))


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (says(NOTHING), "it names no fact at all"),
        (reading_of(demands=[]), "it lacks that the freelancer demands money (m1.3)"),
        (reading_of(damage_claims=[]), "it lacks that the freelancer deleted the website (m1.2)"),
        (reading_of(damage_claims=[DELETED | {"by": "p1", "against": "p2", "evidence": ["m1.2"]}]), "deleted the website"),
        (reading_of(demands=[{"by": "p2", "of": "p1", "kind": "feedback", "evidence": ["m1.3"]}]), "demands money"),
        (
            reading_of(damage_claims=[DELETED | {"asset": "marketplace_account", "evidence": ["m1.2"]}]),
            "it would send the ticket to account_security, not to content_enforcement",
        ),
    ],
)
def test_a_model_that_reads_nothing_or_reads_it_wrongly_is_no_healthy_one(step: Step, told: str) -> None:
    report, _ = examine(only_tickets(step))

    assert (report.reachable, report.healthy) == (True, False)
    assert any(line.startswith("facts ") and told in line for line in report.lines())
    assert settings_of(report) == ["COPILOT_MODEL"]


def test_the_same_request_is_made_twice_and_a_warm_cache_is_told() -> None:
    counts = iter([9_000, 170])

    def play(body: dict[str, Any]) -> Step:
        if len(body["messages"]) < 2 or is_second(body):
            return obedient(body)
        return answer(200, completion(RIGHT) | {"usage": USAGE | {"prompt_tokens": next(counts), "prompt_tokens_details": None}})

    report, requests = examine(play)

    tickets = [json.dumps(body) for body in requests if len(body["messages"]) == 2]
    assert report.healthy
    assert tickets[0] == tickets[1] != tickets[2]
    assert report.reading is not None
    assert report.repeat is not None
    assert (report.reading.usage.prompt_tokens, report.repeat.usage.prompt_tokens) == (9_000, 170)


def test_a_second_asking_that_a_server_refuses_makes_it_no_healthy_one() -> None:
    report, _ = examine(only_tickets(says(RIGHT), error(400)))

    assert report.second is not None
    assert (report.healthy, report.second.outcome) == (False, ReadOutcome.INPUT_REJECTED)
    assert settings_of(report) == ["the server's log"]


def test_how_the_server_wants_to_be_asked_is_found_out_and_told() -> None:
    def play(body: dict[str, Any]) -> Step:
        roles = [message["role"] for message in body["messages"]]
        ticket = says(RIGHT) if "m1.2" in body["messages"][-1]["content"] else obedient(body)
        return error(400, None, message="System role not supported") if "system" in roles else ticket

    report, _ = examine(play)

    assert report.healthy
    assert [trial.adapted for _, trial in report.trials] == [("no_system_role",)] * 3
    assert any("asked as strict, no_system_role" in line for line in report.lines())


@pytest.mark.parametrize(
    "refusal", ["enable_thinking must be set to false for non-streaming calls", "this model only supports stream mode"]
)
def test_what_a_server_wants_in_every_request_is_no_reason_to_call_it_out_of_reach(refusal: str) -> None:
    def play(body: dict[str, Any]) -> Step:
        wanted = body.get("enable_thinking") is False or body.get("stream")
        return obedient(body) if wanted else error(400, None, message=refusal)

    report, _ = examine(play)

    assert report.healthy


@pytest.mark.parametrize(
    ("step", "code", "setting"),
    [
        (cut_short('{"parties": ['), "cap", "COPILOT_MAX_OUTPUT_TOKENS"),
        (cut_short('{"parties": [', 39), "context_full", "the server's context length"),
        (cut_short('{"parties": [' + '{"id": "p1"},' * 40), "loop", "COPILOT_MODEL"),
    ],
)
def test_a_full_context_a_loop_and_a_cap_are_told_apart(step: Step, code: str, setting: str) -> None:
    report, _ = examine(only_tickets(step))

    assert report.reading is not None
    assert (report.reading.outcome, report.reading.code) == (ReadOutcome.TRUNCATED, code)
    assert settings_of(report) == [setting]


def test_a_slow_model_is_waited_for_and_the_figures_to_set_are_told() -> None:
    async def slowly(exchange: Exchange) -> None:
        await asyncio.sleep(0.3)
        await says(RIGHT)(exchange)

    report, _ = examine(only_tickets(slowly), attempt_seconds=0.1, deadline_seconds=0.2)

    assert report.healthy
    assert settings_of(report) == ["COPILOT_ATTEMPT_SECONDS=1 COPILOT_DEADLINE_SECONDS=2"]


@pytest.mark.parametrize(
    ("seconds", "figures"),
    [
        (6.6, None),
        (6.7, "COPILOT_ATTEMPT_SECONDS=11 COPILOT_DEADLINE_SECONDS=22"),
        (60.0, "COPILOT_ATTEMPT_SECONDS=91 COPILOT_DEADLINE_SECONDS=182"),
    ],
)
def test_the_figures_leave_room_for_a_longer_ticket_and_a_second_asking(seconds: float, figures: str | None) -> None:
    told = advice.times(seconds, attempt_seconds=10.0, deadline_seconds=20.0)

    assert (told.setting if told else None) == figures


def test_a_server_that_never_answers_is_given_up_on_in_words() -> None:
    report, requests = examine(lambda _: stall)

    assert (report.outcome, len(requests)) == (ReadOutcome.TIMEOUT, 1)
    assert settings_of(report) == ["COPILOT_MODEL"]


@pytest.mark.parametrize("field", ["store", "temperature", "seed", "reasoning_effort", "max_tokens", "max_completion_tokens"])
@pytest.mark.parametrize("profile", ["openai", "vllm"])
def test_a_field_that_is_refused_by_name_is_told_with_what_to_set(profile: str, field: str) -> None:
    def play(body: dict[str, Any]) -> Step:
        refused = {"detail": [{"loc": ["body", field], "msg": "Extra inputs are not permitted", "type": "extra_forbidden"}]}
        return answer(422, refused) if field in body else obedient(body)

    effort = "low" if field == "reasoning_effort" else None
    report, requests = examine(play, profile=profile, reasoning_effort=effort)

    was_sent = field in requests[0]
    assert report.healthy
    assert bool(report.advice) is was_sent


@pytest.mark.parametrize("outcome", list(ReadOutcome))
@pytest.mark.parametrize("code", ["", "status_503", "connection_ConnectError", "stranger_rejected", *advice.codes()])
def test_every_way_to_end_has_one_line_of_advice(outcome: ReadOutcome, code: str) -> None:
    told = advice.advice_on(outcome, code)

    assert told.setting
    assert len(told.reason) > 10
    assert "\n" not in told.setting + told.reason


@pytest.mark.parametrize(
    "code", sorted(ADAPTABLE | {f"{name}_rejected" for name in _CONFIG_PARAMETERS} | {cut.value for cut in Cut})
)
def test_every_code_of_a_refusal_is_more_than_its_outcome(code: str) -> None:
    told = advice.advice_on(ReadOutcome.CONFIG_REJECTED, code)

    assert told != advice.advice_on(ReadOutcome.CONFIG_REJECTED, "stranger_rejected")
    assert "this profile sends" not in told.reason


def test_the_made_up_ticket_is_no_example_of_the_prompt() -> None:
    texts = [message.text for example in prompt.examples() for message in example.ticket.messages]

    assert made_up.TICKET.messages[0].text not in texts
    assert [sentence.id for sentence in made_up.SENTENCES.all] == ["m1.1", "m1.2", "m1.3"]
