"""What a reader learns of a server: how it wants to be asked, for how long, and what its figures mean."""

from typing import Any

import pytest

from copilot.config.settings import Settings
from copilot.core.reading import Reading
from copilot.pipeline import triage
from copilot.readers.base import Usage
from copilot.readers.model.error_signs import FORMAT_FAILED, FORMAT_REJECTED
from copilot.readers.model.manners import FIRST_STAY, LONGEST_STAY, Manners
from copilot.readers.model.openai import OpenAIReader
from copilot.readers.model.profiles import LADDER, Mode
from tests.fault_server import FaultServer, Step, answer, completion
from tests.fault_table import FastEdge
from tests.quirk_table import (
    GRAMMAR,
    NO_SYSTEM,
    NO_THINKING,
    ONE_WRONG,
    RIGHT,
    SHOP,
    SHOP_SENTENCES,
    STREAM_ONLY,
    WELL,
    pieces,
    roles,
    schema_wanted,
    streamed,
    thinks_not,
    unless,
    usage,
)


def read(*script: Step, **settings: Any) -> tuple[Reading, list[dict[str, Any]]]:
    with FaultServer(script) as server:
        reader = OpenAIReader(Settings(**({"model": "stub-1", "base_url": server.url} | settings)), FastEdge())
        reading = reader.read(SHOP, SHOP_SENTENCES)
        reader.close()
    return reading, [one.body for one in server.requests]


def test_a_second_asking_is_one_user_message_that_begins_as_the_first_did() -> None:
    _, (first, second) = read(ONE_WRONG, WELL)

    assert roles(first) == roles(second) == ["system", "user"]
    assert second["messages"][1]["content"].startswith(first["messages"][1]["content"])


def test_without_a_system_role_its_text_comes_first_in_the_one_message_at_the_second_asking_too() -> None:
    _, (refused, *joined) = read(NO_SYSTEM, ONE_WRONG, WELL)

    assert [roles(body) for body in joined] == [["user"], ["user"]]
    system, user = (message["content"] for message in refused["messages"])
    assert all(body["messages"][0]["content"].startswith(f"{system}\n{user}") for body in joined)


@pytest.mark.parametrize(
    ("script", "mode", "adapted"),
    [
        ([WELL], "strict", []),
        ([unless(lambda body: not schema_wanted(body), GRAMMAR)], "json", []),
        ([unless(lambda body: "response_format" not in body, GRAMMAR)], "text", []),
        ([unless(lambda body: roles(body) == ["user"], NO_SYSTEM)], "strict", ["no_system_role"]),
        ([unless(thinks_not, NO_THINKING)], "strict", ["thinking_off"]),
        ([unless(lambda body: body.get("stream") is True, STREAM_ONLY, streamed(*pieces(RIGHT)))], "strict", ["streamed"]),
    ],
)
def test_provenance_tells_how_the_server_was_asked(script: list[Step], mode: str, adapted: list[str]) -> None:
    with FaultServer(script) as server:
        reader = OpenAIReader(Settings(model="stub-1", base_url=server.url), FastEdge())
        told = triage(SHOP, reader).provenance
        reader.close()

    assert (told.mode, told.adapted) == (mode, adapted)


def test_a_field_that_was_set_is_kept_beside_one_that_the_server_wants() -> None:
    _, (_, second) = read(NO_THINKING, WELL, extra_body='{"chat_template_kwargs": {"lang": "en"}}')

    assert second["chat_template_kwargs"] == {"lang": "en", "enable_thinking": False}


def modes_of(manners: Manners, count: int) -> list[Mode]:
    return [manners.mode_for_conversation() for _ in range(count)]


def test_a_refused_mode_is_left_for_some_conversations_and_then_tried_again() -> None:
    manners = Manners(LADDER)
    manners.take(FORMAT_REJECTED, Mode.STRICT, False, {})

    modes = modes_of(manners, FIRST_STAY + 1)

    assert modes == [Mode.JSON] * FIRST_STAY + [Mode.STRICT]


def test_each_refusal_doubles_the_stay_up_to_a_bound() -> None:
    manners = Manners((Mode.STRICT, Mode.JSON))
    stays = []
    for _ in range(10):
        manners.take(FORMAT_FAILED, Mode.STRICT, False, {})
        stays.append(0)
        while manners.mode_for_conversation() is Mode.JSON:
            stays[-1] += 1

    assert stays[:3] == [FIRST_STAY, 2 * FIRST_STAY, 4 * FIRST_STAY]
    assert stays[-1] == LONGEST_STAY


def test_an_answer_in_the_best_mode_makes_the_next_stay_short_again() -> None:
    manners = Manners((Mode.STRICT, Mode.JSON))
    manners.take(FORMAT_FAILED, Mode.STRICT, False, {})
    modes_of(manners, FIRST_STAY + 1)
    manners.took(Mode.STRICT)
    manners.take(FORMAT_FAILED, Mode.STRICT, False, {})

    assert modes_of(manners, FIRST_STAY + 1)[-1] is Mode.STRICT


def test_conversations_that_are_refused_at_once_step_down_once() -> None:
    manners = Manners(LADDER)

    taken = [manners.take(FORMAT_REJECTED, Mode.STRICT, False, {}) for _ in range(8)]

    assert all(taken)
    assert modes_of(manners, FIRST_STAY + 1) == [Mode.JSON] * FIRST_STAY + [Mode.STRICT]


@pytest.mark.parametrize(
    ("counts", "cut"),
    [
        ([4_096], [True]),
        ([6_500, 4_096], [False, True]),
        ([6_500, 3_000], [False, False]),
        ([1_024], [True]),
        ([1_023], [False]),
        ([173, 4_096], [False, False]),
        ([5_000], [False]),
        ([0], [False]),
    ],
)
def test_a_short_count_is_a_cut_prompt_only_where_no_cache_explains_it(counts: list[int], cut: list[bool]) -> None:
    manners = Manners(LADDER)

    assert [manners.cut_the_prompt(Usage(count), 5_000) for count in counts] == cut


def cached(prompt: int, count: int) -> dict[str, Any]:
    return {"prompt_tokens": prompt, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": count}}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (None, Usage(known=False)),
        ({}, Usage(known=False)),
        ({"prompt_tokens": 9}, Usage(9, known=False)),
        ({"prompt_tokens": "9", "completion_tokens": 1}, Usage(0, 0, 1, known=False)),
        ({"prompt_tokens": 9_000, "completion_tokens": 1}, Usage(9_000, 0, 1)),
        (
            {"prompt_tokens": 26, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 6_100}},
            Usage(6_126, 6_100, 1),
        ),
        ({"prompt_tokens": 26, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 26}}, Usage(26, 26, 1)),
        ({"prompt_tokens": 26, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": -3}}, Usage(26, 0, 1)),
    ],
)
def test_usage_is_as_the_server_tells_it_its_cache_a_part_of_the_prompt_or_not_known(given: object, told: Usage) -> None:
    reading, _ = read(answer(200, completion(RIGHT) | {"usage": given}))

    assert reading.usage == told


def test_one_answer_without_usage_makes_the_whole_account_not_known() -> None:
    reading, _ = read(answer(200, completion("{}") | {"usage": None}), usage(prompt_tokens=9_000, completion_tokens=10))

    assert reading.usage == Usage(9_000, 0, 10, known=False)
