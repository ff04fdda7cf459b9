"""From bytes to an answer: nothing half, doubled or dressed up is believed."""

import json
import re
import time
import tracemalloc
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.core.extraction import Extraction
from copilot.core.reading import ReadOutcome, Usage
from copilot.readers.model import wire_schema
from copilot.readers.model.decoding import read_answer
from copilot.readers.model.envelope import BadEnvelope, Reply, read_envelope
from copilot.readers.model.transport import Body
from copilot.readers.model.wrapping import unwrapped
from tests.fault_server import completion
from tests.fault_table import GOOD, facts

ENVELOPE = json.dumps(completion(GOOD)).encode()


def answer_to(content: str) -> ReadOutcome:
    return read_answer(Reply(content, "stop", False, None, Usage())).outcome


def test_an_envelope_cut_at_any_byte_is_refused() -> None:
    for length in range(len(ENVELOPE)):
        with pytest.raises(BadEnvelope):
            read_envelope(ENVELOPE[:length])


def test_an_answer_cut_at_any_character_is_refused() -> None:
    assert {answer_to(GOOD[:length]) for length in range(1, len(GOOD))} == {ReadOutcome.INVALID}


@pytest.mark.parametrize(
    ("told", "usage"),
    [
        ({"prompt_tokens": 9000.0, "completion_tokens": 40.0}, Usage(9_000, 0, 40)),
        ({"prompt_tokens": 9000.5, "completion_tokens": 40}, Usage(0, 0, 40, known=False)),
        ({"prompt_tokens": -1, "completion_tokens": True}, Usage(0, 0, 0, known=False)),
        ({"prompt_tokens": "9000", "completion_tokens": 1e300}, Usage(0, 0, 0, known=False)),
    ],
)
def test_counts_that_are_whole_numbers_are_taken_however_they_are_written(told: dict[str, Any], usage: Usage) -> None:
    reply = read_envelope(json.dumps(completion(GOOD) | {"usage": told}).encode())

    assert reply.usage == usage


def test_a_whole_envelope_is_read() -> None:
    reply = read_envelope(ENVELOPE)

    assert (reply.content, reply.finish_reason, reply.model) == (GOOD, "stop", "stub-1")


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_envelope(body: bytes) -> None:
    with pytest.raises(BadEnvelope):
        read_envelope(body)


@settings(max_examples=300)
@given(
    st.text(max_size=80)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["parties", "threats", "x"]), inner, max_size=3)
        ),
    ).map(json.dumps)
)
def test_no_content_crashes_the_answer(content: str) -> None:
    answer = read_answer(Reply(content, "stop", False, None, Usage()))

    assert (answer.extraction is None) == answer.outcome.failed


def from_schema(node: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a strict server could send."""
    if "enum" in node:
        return st.sampled_from(node["enum"])
    if "anyOf" in node:
        return st.one_of(*map(from_schema, node["anyOf"]))
    if node["type"] == "object":
        return st.fixed_dictionaries({name: from_schema(child) for name, child in node["properties"].items()})
    if node["type"] == "array":
        return st.lists(from_schema(node["items"]), max_size=3)
    return {
        "string": st.sampled_from(["p1", "p2", "m1.1", ""]) | st.text(max_size=6),
        "boolean": st.booleans(),
        "null": st.none(),
    }[node["type"]]


@settings(max_examples=200)
@given(from_schema(wire_schema.frozen()))
def test_what_a_strict_server_can_send_is_read_unless_its_parties_clash(value: dict[str, Any]) -> None:
    ids = [party["id"] for party in value["parties"]]
    are_ids = all(re.fullmatch("[A-Za-z0-9_-]{1,20}", id) for id in ids) and len(ids) == len(set(ids))
    is_sound = are_ids and sum(party["is_reporter"] for party in value["parties"]) <= 1

    answer = read_answer(Reply(json.dumps(value), "stop", False, None, Usage()))

    assert (answer.outcome is ReadOutcome.OK) == is_sound
    assert not is_sound or answer.extraction == Extraction.model_validate(value)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("{}", "{}"),
        (" \n{}\n ", "{}"),
        ("```\n{}\n```", "{}"),
        ("```json\n{}```", "{}"),
        ("<think>a</think>{}", "{}"),
        ("<think>a</think>\n```json\n{}\n```", "{}"),
        ("<think>a {}", "{}"),
        ("<think>{ hm }</think>No.", "No."),
        ('<think>{"a": 1}</think>No.', "No."),
        ('a</think>{"b": 1}', '{"b": 1}'),
        ('{"name": "</think>"}', '{"name": "</think>"}'),
        ('<think>He wrote </think>{} there.</think>{"b": 1}', '{"b": 1}'),
        ("x ```json\n{}\n```", "{}"),
        ("```json\n{}\n``` x", "{}"),
        ("{} <think>a</think>", "{}"),
        ("[{}]", "[{}]"),
        ("```\n{}\n```\n```\n{}\n```", "```\n{}\n```\n```\n{}\n```"),
        ("a {} b {}", "a {} b {}"),
        ('a {"b": {}', 'a {"b": {}'),
        ('a {"b": {}, c} {}', 'a {"b": {}, c} {}'),
        ("<|channel|>final<|message|>{}<|return|>", "{}"),
        ("<|channel|>analysis<|message|>{}<|end|><|channel|>final<|message|>No.", "No."),
        ('<remark>{"a": 1}</remark>{"b": 1}', '{"b": 1}'),
        ('{"a": 1} He wrote <x>hi</x>{"b": 1}', '{"a": 1} He wrote <x>hi</x>{"b": 1}'),
        ('{"threats": 1} and {"b": 1}', '{"threats": 1}'),
        ('{"threats": 1} and {"threats": 2}', '{"threats": 1} and {"threats": 2}'),
        ('{"b": {"threats": 1}} and {}', '{"b": {"threats": 1}}'),
        ('"{\\"b\\": 1}"', '{"b": 1}'),
        ('{\\"b\\": 1}', '{"b": 1}'),
    ],
)
def test_what_the_one_object_is_wrapped_in_is_taken_off_and_nothing_where_there_is_no_one_object(content: str, text: str) -> None:
    assert unwrapped(content) == text


@pytest.mark.parametrize(
    "piece",
    ["{", '{"', "```", "</think>", "<|channel|>final", "<|a|>", " ", "[{", "<a>", "</a>", "{}", '{"threats": "{}"}', '{\\"'],
)
def test_a_flood_of_marks_takes_no_time(piece: str) -> None:
    """In a time that grows with the square of the length, a million characters would take an hour of the processor."""
    started = time.process_time()

    unwrapped(piece * (1_000_000 // len(piece)) + "x")

    assert time.process_time() - started < 30


def test_issues_hold_paths_and_codes_and_no_text_of_the_model() -> None:
    bad = facts(SECRET="SECRET", demands=[{"by": 7, "of": "p1", "kind": "SECRET", "evidence": "SECRET"}])

    issues = read_answer(Reply(json.dumps(bad), "stop", False, None, Usage())).issues

    assert "demands[0].kind: enum" in issues
    assert "?: extra_forbidden" in issues
    assert "SECRET" not in " ".join(issues)


def test_a_flood_of_issues_is_cut() -> None:
    issues = read_answer(Reply(json.dumps(facts(disputes=[{}] * 100)), "stop", False, None, Usage())).issues

    assert len(issues) == 20


@pytest.mark.parametrize(("size", "fault"), [(99, None), (100, None), (101, "body_over_cap")])
@pytest.mark.parametrize("compressed", [False, True])
def test_a_body_may_be_as_long_as_the_cap_and_no_longer(size: int, fault: str | None, compressed: bool) -> None:
    raw = b"x" * size
    body = Body("deflate" if compressed else "identity", 100)

    body.take(zlib.compress(raw) if compressed else raw)

    assert body.finished() == (b"" if fault else raw)
    assert body.fault == fault


def test_a_bomb_is_never_unpacked_past_the_cap() -> None:
    body = Body("gzip", 1_000)
    packed = zlib.compressobj(wbits=31)
    bomb = packed.compress(b"0" * 20_000_000) + packed.flush()
    tracemalloc.start()

    taken = body.take(bomb)

    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (taken, body.fault) == (False, "body_over_cap")
    assert most_bytes < 100_000


def test_a_compressed_body_that_breaks_off_is_refused() -> None:
    body = Body("gzip", 1_000)
    packed = zlib.compressobj(wbits=31)

    body.take((packed.compress(b"hello" * 9) + packed.flush())[:-6])

    assert (body.finished(), body.fault) == (b"", "bad_encoding")
