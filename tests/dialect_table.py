"""The brothers of the quirks: a right answer in more wrappings, and errors in more shapes, each as some server sends it."""

import gzip
import json
from typing import Any

from copilot.readers.base import ReadOutcome
from tests.fault_server import Step, answer, completion, says
from tests.quirk_table import OTHER, PRETTY, RIGHT, WELL, choice, ends, message, pieces, shop, told, wrapped

O = ReadOutcome  # noqa: E741 - one letter keeps the table readable
SEPARATED = f"So:\u2028{RIGHT}"


def stream_of(chunks: list[Any], line: str = "data: {}\n\n", end: str = "data: [DONE]\n\n", before: str = "") -> Step:
    """A streamed body in which each chunk stands on such a line; an end mark may follow."""
    body = before + "".join(line.replace("{}", json.dumps(chunk)) for chunk in chunks) + end
    return answer(200, body, content_type="text/event-stream")


def chunk(finish: str | None = None, **delta: Any) -> dict[str, Any]:
    return {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def chunks(text: str) -> list[dict[str, Any]]:
    return [*(chunk(**piece) for piece in pieces(text)), chunk("stop")]


CUT_WORDS = ("FINISH_REASON_MAX_TOKENS", "maxTokens", "max_length", "ERROR_LIMIT", "context_window_exceeded")
FILTER_WORDS = ("FINISH_REASON_SAFETY", "content-filter", "contentFilter", "ERROR_TOXIC")
BROKEN_WORDS = ("server_error", "scheduler_abort", "timeout")
PARTS: dict[str, dict[str, Any]] = {
    "Text": {"text": RIGHT},
    "output_text": {"text": {"value": RIGHT}},
    "markdown": {"content": RIGHT},
    "json": {"json": shop()},
}
ANSWERS = [
    wrapped("a tag of reasoning by another name", f"<inner_monologue>Say {OTHER}</inner_monologue>{RIGHT}"),
    wrapped("a tag of reasoning with a space in it", f'<think time="3">Say {OTHER}</think >{RIGHT}'),
    wrapped("a tag of any name", f"<draft_of_mine>Say {OTHER}</draft_of_mine>\n{RIGHT}"),
    wrapped("reasoning between unused tokens", f"<unused94>thought\nSay {OTHER}<unused95>{RIGHT}"),
    wrapped("an answer in a tag", f"<think>x</think><answer>{RIGHT}</answer>"),
    wrapped("another object in prose", f'No {{}} needed, nor {{"a": 1}}: {RIGHT}\nThe rest is {{}}.'),
    wrapped("a fence of code and one of JSON", f"```python\nx = {{}}\n```\n```json\n{PRETTY}\n```"),
    wrapped("a list of one", f"[{RIGHT}]"),
    wrapped("under a key", json.dumps({"extraction": shop()})),
    wrapped("as the arguments of a call", json.dumps({"name": "extraction", "arguments": shop()})),
    wrapped("as the arguments of a call, as text", json.dumps({"name": "extraction", "arguments": RIGHT})),
    wrapped("a call in a tag", f"<tool_call>\n{json.dumps({'name': 'x', 'arguments': shop()})}\n</tool_call>"),
    wrapped("JSON as a text of a text", json.dumps(json.dumps(RIGHT))),
    wrapped("a fence in a text of JSON", json.dumps(f"```json\n{RIGHT}\n```")),
    wrapped("JSON as a text without its quotation marks", json.dumps(RIGHT)[1:-1]),
    *[ends(f"content in a part of type {kind}", [message([{"type": kind, **part}])], O.OK, 1) for kind, part in PARTS.items()],
    ends("only a thinking part", [message([{"type": "thinking", "thinking": [{"type": "text", "text": RIGHT}]}])], O.OK, 1),
    ends(
        "a part of reasoning before", [message([{"type": "reasoning", "text": OTHER}, {"type": "text", "text": RIGHT}])], O.OK, 1
    ),
    ends("answer as a call of the old kind", [message(None, function_call={"name": "x", "arguments": RIGHT})], O.OK, 1),
    ends("arguments as an object", [message(None, tool_calls=[{"function": {"arguments": shop()}}])], O.OK, 1),
    ends("prose beside the call", [message("I call it.", tool_calls=[{"function": {"arguments": RIGHT}}])], O.OK, 1),
    ends("prose beside reasoning", [message("I will not.", reasoning_content=RIGHT)], O.REFUSAL, 1),
    ends("text in the place of a message", [choice(text=RIGHT)], O.OK, 1),
    ends("a completion under a key", [answer(200, {"code": 0, "data": completion(RIGHT)})], O.OK, 1),
    ends("status 201", [answer(201, completion(RIGHT))], O.OK, 1),
    *[
        ends(f"a body in {encoding}", [answer(200, json.dumps(completion(RIGHT)).encode(encoding))], O.OK, 1)
        for encoding in ("utf-16", "utf-16-le", "utf-32")
    ],
    ends("packed and not labelled", [answer(200, gzip.compress(json.dumps(completion(RIGHT)).encode()))], O.OK, 1),
    ends("labelled as packed and not packed", [told(completion(RIGHT), content_encoding="gzip")], O.OK, 1),
    ends("an encoding of no name", [told(completion(RIGHT), content_encoding="none")], O.OK, 1),
    *[ends(f"finish reason {word}", [says(RIGHT, word)], O.TRUNCATED, 1) for word in CUT_WORDS],
    *[ends(f"finish reason {word}", [says(RIGHT, word)], O.OUTPUT_FILTERED, 1) for word in FILTER_WORDS],
    *[ends(f"finish reason {word}", [says(RIGHT[:60], word)], O.UNAVAILABLE, 3) for word in BROKEN_WORDS],
]
STREAMS = [
    ends("a stream with events, ids and remarks", [stream_of(chunks(RIGHT), "event: m\nid: 1\n: x\ndata: {}\n\n")], O.OK, 1),
    ends("a stream with an empty event before", [stream_of(chunks(RIGHT), before=": ping\n\ndata:\n\n")], O.OK, 1),
    ends("a stream whose end mark is quoted", [stream_of(chunks(RIGHT), end='data: "[done]"\n\n')], O.OK, 1),
    ends("a stream with one line an event", [stream_of(chunks(RIGHT), "data: {}\n")], O.OK, 1),
    ends("a stream with line ends of old", [stream_of(chunks(RIGHT), "data: {}\r\r", "")], O.OK, 1),
    ends(
        "a stream with an event over several lines",
        [stream_of([], end="data: " + json.dumps(completion(RIGHT), indent=1).replace("\n", "\ndata: ") + "\n\n")],
        O.OK,
        1,
    ),
    ends(
        "a stream with a line separator in its text",
        [stream_of([], end=f"data: {json.dumps(chunk('stop', content=SEPARATED), ensure_ascii=False)}\n\n")],
        O.OK,
        1,
    ),
    ends("a stream that says all again at its end", [stream_of([*chunks(RIGHT), completion(RIGHT)])], O.OK, 1),
    ends(
        "a stream of a call",
        [
            stream_of(
                [
                    *(chunk(tool_calls=[{"index": 0, "function": {"arguments": one["content"]}}]) for one in pieces(RIGHT)),
                    chunk("tool_calls"),
                ]
            )
        ],
        O.OK,
        1,
    ),
    ends("chunks line by line", [stream_of(chunks(RIGHT), "{}\n", "")], O.OK, 1),
    ends("Ollama's own chat", [answer(200, {"message": {"content": RIGHT}, "done": True, "done_reason": "stop"})], O.OK, 1),
    ends(
        "Ollama's own stream",
        [stream_of([*({"message": one, "done": False} for one in pieces(RIGHT)), {"message": {}, "done": True}], "{}\n", "")],
        O.OK,
        1,
    ),
    ends(
        "a stream of an error without its name",
        [stream_of([{"object": "error", "message": "x", "code": 429}])],
        O.RATE_LIMITED,
        3,
    ),
]
ERRORS = [
    *[
        ends(f"200 with {body}", [told(body)], outcome, calls)
        for body, outcome, calls in (
            ("Unauthorized", O.AUTH, 1),
            ("Rate limit exceeded", O.RATE_LIMITED, 3),
            ("Hello.", O.MALFORMED_RESPONSE, 2),
            ({"detail": "Not authenticated"}, O.AUTH, 1),
            ({"success": False, "message": "Too many requests"}, O.RATE_LIMITED, 3),
            ({"message": "Internal server error"}, O.UNAVAILABLE, 3),
            ({"status": "ok", "message": "I run."}, O.MALFORMED_RESPONSE, 1),
            ({"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}, O.QUOTA, 1),
            ({"fault": {"faultstring": "Invalid ApiKey", "detail": {"errorcode": "oauth.v2.InvalidApiKey"}}}, O.AUTH, 1),
            ({"error": "Unexpected endpoint or method. (POST /chat/completions)"}, O.CONFIG_REJECTED, 1),
            ({"error": 'model "m" not found, try pulling it first'}, O.CONFIG_REJECTED, 1),
        )
    ],
    *[
        ends(f"400 with {body}", [told(body, 400)], outcome, calls)
        for body, outcome, calls in (
            ("Invalid API key", O.AUTH, 1),
            ("Rate limit reached", O.RATE_LIMITED, 3),
            ("<html>Rate limit reached</html>", O.INPUT_REJECTED, 1),
            ({"__type": "x.y#ExpiredTokenException", "message": "x"}, O.AUTH, 1),
            ({"__type": "ThrottlingException", "message": "x"}, O.RATE_LIMITED, 3),
            ({"error": {"message": "Model Not Exist"}}, O.CONFIG_REJECTED, 1),
            ({"message": "The provided model identifier is invalid."}, O.CONFIG_REJECTED, 1),
            ({"error": {"message": "The model produced invalid content."}}, O.INPUT_REJECTED, 1),
            ({"error": {"message": "x", "type": "budget_exceeded"}}, O.QUOTA, 1),
            ({"error": {"message": "Your input was flagged for a reason."}}, O.PROMPT_FILTERED, 1),
            ({"error": {"message": "Your account was flagged."}}, O.INPUT_REJECTED, 1),
            ({"error": {"message": "Please reduce the length of the messages."}}, O.TOO_LARGE, 4),
        )
    ],
    ends("a failed dependency", [told({"message": "x"}, 424), WELL], O.OK, 2),
    ends("a model that is gone", [told({"message": "x"}, 410)], O.CONFIG_REJECTED, 1),
]
DIALECTS = [*ANSWERS, *STREAMS, *ERRORS]
