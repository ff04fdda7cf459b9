"""How real servers behave without being at fault, or tell of faults in their own ways, and how a reading must end.

Rows are shapes, not texts. Each is tried over a real socket on a ticket that must be escalated, so that an answer that was
lost shows in the route.
"""

import json
from collections.abc import Callable
from typing import Any

from copilot.core.sentences import cut
from copilot.core.ticket import Ticket
from copilot.readers.base import ReadOutcome
from tests.fault_server import Exchange, Step, answer, completion, cut_short, error, says
from tests.fault_table import Row

O = ReadOutcome  # noqa: E741 - one letter keeps the table readable
SHOP = Ticket.model_validate(
    {
        "reporter": "c",
        "participants": [{"id": "c", "role": "client"}, {"id": "f", "role": "freelancer", "name": "Ivo"}],
        "messages": [
            {
                "author": "c",
                "text": "We ended the contract on Monday. Ivo deleted my whole shop. "
                "He says he will put it back if I pay him $500.",
            }
        ],
    }
)
SHOP_SENTENCES = cut(SHOP)
ENFORCED, REVIEWED = "content_enforcement", "agent_review"


def shop(**changes: Any) -> dict[str, Any]:
    """The right answer, with parts replaced."""
    return {
        "parties": [
            {"id": "p1", "role": "client", "is_reporter": True, "name": None},
            {"id": "p2", "role": "freelancer", "is_reporter": False, "name": "Ivo"},
        ],
        "threats": [{"by": "p2", "against": "p1", "harm": "destroy", "asset": "website", "evidence": ["m1.3"]}],
        "demands": [{"by": "p2", "of": "p1", "kind": "money", "evidence": ["m1.3"]}],
        "damage_claims": [
            {
                **{"by": "p2", "against": "p1", "harm": "destroy", "asset": "website"},
                **{"intent": "deliberate", "motive": "leverage", "evidence": ["m1.2"]},
            }
        ],
        "disputes": [],
    } | changes


def citing(*evidence: str) -> Step:
    """The right answer, each fact of which cites these."""
    lists = ("threats", "demands", "damage_claims")
    return says(json.dumps(shop(**{name: [fact | {"evidence": list(evidence)} for fact in shop()[name]] for name in lists})))


RIGHT = json.dumps(shop())
PRETTY = json.dumps(shop(), indent=2)
NOTHING = json.dumps(shop(parties=shop()["parties"][:1], threats=[], demands=[], damage_claims=[]))
OTHER = json.dumps(shop(demands=[]))
WELL = says(RIGHT)
EMPTY = says(NOTHING)


def choice(**fields: Any) -> Step:
    return answer(200, completion(RIGHT) | {"choices": [{"index": 0, "finish_reason": "stop"} | fields]})


def message(content: Any = None, finish: str = "stop", **fields: Any) -> Step:
    return choice(message={"role": "assistant", "content": content} | fields, finish_reason=finish)


def streamed(*deltas: dict[str, Any], finish: str | None = "stop", end: str = "data: [DONE]\n\n", line: str = "\n") -> Step:
    """The events of a stream, each with one delta."""
    chunks = [{"object": "chat.completion.chunk", "model": "stub-1", "choices": [{"index": 0, "delta": one}]} for one in deltas]
    chunks.append({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + end
    return answer(200, body.replace("\n", line), content_type="text/event-stream")


def pieces(text: str, size: int = 40) -> list[dict[str, Any]]:
    return [{"role": "assistant", "content": ""}, *({"content": text[at : at + size]} for at in range(0, len(text), size))]


def unless(holds: Callable[[dict[str, Any]], bool], otherwise: Step, then: Step = WELL) -> Step:
    """Answer well where the request has something, else in another way."""

    async def step(exchange: Exchange) -> None:
        await (then if holds(exchange.body) else otherwise)(exchange)

    return step


def usage(**fields: Any) -> Step:
    return answer(200, completion(RIGHT) | {"usage": fields})


def told(body: Any, status: int = 200, **headers: str) -> Step:
    return answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


def roles(body: dict[str, Any]) -> list[str]:
    return [one["role"] for one in body["messages"]]


def thinks_not(body: dict[str, Any]) -> bool:
    return body.get("enable_thinking") is False or body.get("chat_template_kwargs", {}).get("enable_thinking") is False


def schema_wanted(body: dict[str, Any]) -> bool:
    return body.get("response_format", {}).get("type") == "json_schema"


def wrapped(name: str, content: str) -> Row:
    return Row(name, [says(content)], O.OK, 1, ticket=SHOP, route=ENFORCED)


def ends(name: str, script: list[Step], outcome: ReadOutcome, calls: int, route: str | None = None, **more: Any) -> Row:
    """A row on the shop's ticket. Where the model does not read it, the embedded reader does, and comes to the same route."""
    return Row(name, script, outcome, calls, ticket=SHOP, route=route or ENFORCED, **more)


WRAPPING_ROWS = [
    wrapped("a lone </think>", f"Let me see. {{ hm }} He deleted it.\n</think>\n\n{RIGHT}"),
    wrapped("a think block with a draft in it", f'<think>First {{"parties": []}}, no.</think>{RIGHT}'),
    wrapped("<thinking>", f"<thinking>Let me see.</thinking>\n{RIGHT}"),
    wrapped("<reasoning> and a fence", f"<reasoning>x</reasoning>\n```json\n{PRETTY}\n```"),
    wrapped("[THINK] in brackets", f"[THINK]Let me see.[/THINK]{RIGHT}"),
    wrapped("two think blocks", f"<think>a</think><think>b</think>{RIGHT}"),
    wrapped("channel marks", f"<|channel|>analysis<|message|>Hm.<|end|><|channel|>final<|message|>{RIGHT}<|return|>"),
    wrapped("channel marks with a constraint", f"<|channel|>final <|constrain|>json<|message|>{RIGHT}<|end|>"),
    wrapped("channel marks without a message mark", f"<|channel|>analysis He did it. <|channel|>final {RIGHT}"),
    wrapped("channel names without marks", f"analysisWe need to read it.assistantfinal{RIGHT}"),
    wrapped("an end mark behind", f"{RIGHT}<|im_end|>"),
    wrapped("prose, a fence, prose", f"Here you are:\n\n```json\n{PRETTY}\n```\n\nTell me if more is needed."),
    wrapped("prose around", f"Sure. {RIGHT} That is all."),
    wrapped("prose with braces", f"In {{braces}}, as asked: {RIGHT}"),
    wrapped("a fence in tildes' stead, unlabelled", f"```\n{RIGHT}```"),
    wrapped("JSON as a text of JSON", json.dumps(RIGHT)),
    wrapped("a byte order mark before the answer", "\ufeff" + RIGHT),
    ends("content in parts", [message([{"type": "thinking", "thinking": "Hm {}"}, {"type": "text", "text": RIGHT}])], O.OK, 1),
    ends(
        "content in two text parts",
        [message([{"type": "text", "text": half} for half in (RIGHT[:50], RIGHT[50:])])],
        O.OK,
        1,
    ),
    ends("content as an object", [message(shop())], O.OK, 1),
    ends("answer in reasoning_content", [message(None, reasoning_content=RIGHT)], O.OK, 1),
    ends("answer in reasoning, content empty", [message("", reasoning=f"Hm. {RIGHT}")], O.OK, 1),
    ends("answer in reasoning_details", [message(None, reasoning_details=[{"type": "text", "text": RIGHT}])], O.OK, 1),
    ends(
        "answer as the one tool call",
        [message(None, "tool_calls", tool_calls=[{"function": {"name": "extraction", "arguments": RIGHT}}])],
        O.OK,
        1,
    ),
    *[ends(f"finish reason {word}", [says(RIGHT, word)], O.OK, 1) for word in ("eos", "end_turn", "STOP", "complete")],
    *[ends(f"finish reason {word}", [cut_short(RIGHT, finish=word)], O.TRUNCATED, 2) for word in ("MAX_TOKENS", "model_length")],
    *[ends(f"finish reason {word}", [says(RIGHT, word)], O.OUTPUT_FILTERED, 1) for word in ("SAFETY", "content_filtered")],
    ends("streamed unasked", [streamed(*pieces(RIGHT))], O.OK, 1),
    ends("streamed with CRLF, no end mark", [streamed(*pieces(RIGHT), end="", line="\r\n")], O.OK, 1),
    ends(
        "streamed with a remark",
        [streamed({"reasoning_content": "Hm {"}, *pieces(RIGHT), end=": ping\n\n")],
        O.OK,
        1,
    ),
    ends("streamed, all in reasoning", [streamed(*({"reasoning_content": one["content"]} for one in pieces(RIGHT)))], O.OK, 1),
    ends("a stream that breaks off", [streamed(*pieces(RIGHT), finish=None, end=""), WELL], O.OK, 2),
    ends(
        "a stream that ends in an error",
        [streamed(*pieces(RIGHT)[:3], finish=None, end='data: {"error": {"code": 429}}\n\n'), WELL],
        O.OK,
        2,
    ),
    *[
        ends(f"labelled {label}", [answer(200, completion(RIGHT), content_type=label)], O.OK, 1)
        for label in ("text/plain", "text/html", "application/octet-stream", "text/event-stream")
    ],
    ends("a byte order mark before the body", [answer(200, b"\xef\xbb\xbf" + json.dumps(completion(RIGHT)).encode())], O.OK, 1),
    ends("two objects that differ", [says(f"{OTHER}\n{RIGHT}")], O.INVALID, 2),
    ends("two objects alike", [says(RIGHT + RIGHT)], O.INVALID, 2),
    ends("an object that breaks off", [says(f"Here: {RIGHT[:-2]}")], O.INVALID, 2),
    ends("a draft in reasoning and a refusal behind", [says(f"<think>{NOTHING}</think>I will not.")], O.REFUSAL, 1),
]
CITING_ROWS = [
    *[
        ends(f"evidence {entries[0]!r}", [citing(*entries)], O.OK, 1)
        for entries in (
            *(["[m1.3]"], [" m1.3"], ["M1.3"], ["m1.3."], ["(m1.3)"], ["`m1.3`"], ["【m1.3】"]),
            *(["m1.2-m1.3"], ["m1.2–m1.3"], ["m1.2 — m1.3"], ["m1.2 to m1.3"], ["m1.2-3"], ["[m1.2]-[m1.3]"], ["m1.2..m1.3"]),
            *(["m1.2, m1.3"], ["m1.2 m1.3"], ["[m1.2][m1.3]"], ["m1.2; m1.3"], ["m1.2 and m1.3"]),
            ["[m1.3] He says he will put it back if I pay him $500."],
        )
    ],
    *[ends(f"evidence {entry!r}", [citing(entry)], O.REPAIRED, 2, REVIEWED) for entry in ("m9.9", "m1.2-m9.9", "the third", "1")],
    ends("parties in brackets and capitals", [says(RIGHT.replace('"by": "p2"', '"by": "[P2]"'))], O.OK, 1),
]
ONE_WRONG = says(RIGHT.replace('"harm": "destroy"', '"harm": "burn"', 1))
ALL_WRONG = says(RIGHT.replace("destroy", "burn").replace("money", "cash"))
SECOND_ROWS = [
    ends("one wrong word, then nothing", [ONE_WRONG, EMPTY], O.REPAIRED, 2),
    ends("one wrong word, twice", [ONE_WRONG], O.REPAIRED, 2),
    ends("one wrong word, then a refusal", [ONE_WRONG, says("I will not.")], O.REPAIRED, 2),
    ends(
        "every word wrong, then nothing",
        [ALL_WRONG, EMPTY],
        O.REPAIRED,
        2,
        REVIEWED,
    ),
    ends("a sentence that is not there, then nothing", [citing("m7.1"), EMPTY], O.REPAIRED, 2, REVIEWED),
    ends("broken JSON with facts, then nothing", [says(RIGHT[:-3]), EMPTY], O.REPAIRED, 2, REVIEWED),
    ends("a key twice, then nothing", [says(RIGHT[:-1] + ', "demands": []}'), EMPTY], O.REPAIRED, 2, REVIEWED),
    ends("cut at the cap, then nothing", [cut_short(RIGHT[:-3]), EMPTY], O.OK, 2, REVIEWED),
    ends("two reporters, then nothing", [says(RIGHT.replace("false", "true")), EMPTY], O.REPAIRED, 2),
    ends("five empty lists", [says(json.dumps({name: [] for name in shop()}))], O.INVALID, 2),
    ends("five empty lists, then well", [says(json.dumps({name: [] for name in shop()})), WELL], O.REPAIRED, 2),
    ends("nothing is named, then nothing", [says("{}"), EMPTY], O.REPAIRED, 2, "no_escalation"),
    ends("roles must alternate", [unless(lambda body: roles(body) == ["system", "user"], error(400), ONE_WRONG)], O.REPAIRED, 2),
]
NO_SYSTEM = told({"error": {"message": "System role not supported"}}, 400)
NO_THINKING = told({"error": {"message": "parameter.enable_thinking must be set to false for non-streaming calls"}}, 400)
STREAM_ONLY = told({"error": {"message": "This model only supports streaming"}}, 400)
NO_TEMPLATE_FIELD = told({"error": {"message": 'Unknown name "chat_template_kwargs": Cannot find field.'}}, 400)


def at_field(*path: str | int, kind: str = "value_error") -> dict[str, Any]:
    """A validation error in the shape of web frameworks."""
    return {"detail": [{"type": kind, "loc": ["body", *path], "msg": "x", "input": "deleted my whole shop"}]}


KEY_LIST = [
    {
        "error": {
            "code": 400,
            "message": "API key not valid. Please pass a valid API key.",
            "status": "INVALID_ARGUMENT",
            "details": [{"@type": "x/ErrorInfo", "reason": "API_KEY_INVALID", "domain": "example.org"}],
        }
    }
]
UNKNOWN_NAME = 'Invalid JSON payload received. Unknown name "store": Cannot find field.'
BAD_JSON = error(400, "json_validate_failed", message="Failed to generate JSON. See 'failed_generation'.", failed_generation="{")
OPERATOR_ROWS = [
    ends("200 with an error object, code 429", [told({"error": {"code": 429, "message": "slow down"}})], O.RATE_LIMITED, 3),
    ends("200 with an error object, code 429, then well", [told({"error": {"code": 429}}, retry_after="2"), WELL], O.OK, 2),
    ends("200 with an error object, code as text", [told({"error": {"code": "429"}})], O.RATE_LIMITED, 3),
    ends("200 with an error object, code 401", [told({"error": {"code": 401, "message": "no"}})], O.AUTH, 1),
    ends("200 with an error object, code 402", [told({"error": {"code": 402, "message": "no"}})], O.QUOTA, 1),
    ends("200 with an error object, code 503", [told({"error": {"code": 503}}), WELL], O.OK, 2),
    ends("200 with an error and no code", [told({"error": {"message": "oops"}})], O.UNAVAILABLE, 3),
    ends("200 with an error as text", [told({"error": "Rate limit reached"})], O.RATE_LIMITED, 3),
    ends("200 with an error one level down", [told({"error": {"error": {"code": 429, "message": "x"}}})], O.RATE_LIMITED, 3),
    ends("200 with an error in a text", [told({"error": {"message": '{"error": {"code": 429}}'}})], O.RATE_LIMITED, 3),
    ends("200 with a list around an error", [told([{"error": {"code": 429}}])], O.RATE_LIMITED, 3),
    ends("200 with a code and a message alone", [told({"code": 429, "message": "slow down"})], O.RATE_LIMITED, 3),
    ends("200 with errors in a list", [told({"errors": [{"code": "rate_limit_exceeded", "message": "x"}]})], O.RATE_LIMITED, 3),
    ends("content null, an error beside", [answer(200, completion("") | {"error": {"code": 429}})], O.RATE_LIMITED, 3),
    ends("content null, an error in the message", [message(None, error={"code": 401})], O.AUTH, 1),
    ends("an error in the choice", [choice(message={}, finish_reason="error", error={"code": 502})], O.UNAVAILABLE, 3),
    ends("an error in the choice, no message", [choice(finish_reason="error", error={"code": 429})], O.RATE_LIMITED, 3),
    ends("finish reason error, half an answer", [says(RIGHT[:40], "error")], O.UNAVAILABLE, 3),
    ends("an empty error beside the answer", [answer(200, completion(RIGHT) | {"error": None})], O.OK, 1),
    ends("choices null", [answer(200, completion() | {"choices": None})], O.UNAVAILABLE, 3),
    ends("choices null once, then well", [answer(200, completion() | {"choices": None}), WELL], O.OK, 2),
    ends("choices null, an error beside", [answer(200, completion() | {"choices": None, "error": {"code": 402}})], O.QUOTA, 1),
    ends("bad key as 400 in a list", [told(KEY_LIST, 400)], O.AUTH, 1),
    ends("bad key as 400 in words", [told({"error": {"message": "Incorrect API key provided"}}, 400)], O.AUTH, 1),
    ends("bad key as 500", [told({"error": {"message": "x", "code": 401}}, 500)], O.AUTH, 1),
    ends("429 told inside a 400", [told({"error": {"code": 429, "message": "x"}}, 400)], O.RATE_LIMITED, 3),
    ends("no money, told as 403", [told({"error": {"message": "Insufficient balance"}}, 403)], O.QUOTA, 1),
    ends("a wait in the body", [told({"error": {"code": 429, "details": [{"retryDelay": "30s"}]}}, 429)], O.RATE_LIMITED, 1),
    ends("json_validate_failed, then well", [BAD_JSON, WELL], O.OK, 2),
    ends("json_validate_failed, always", [BAD_JSON], O.INVALID, 2),
    ends("unknown field in a list", [told([{"error": {"code": 400, "message": UNKNOWN_NAME}}], 400)], O.CONFIG_REJECTED, 1),
    ends("unknown field by its place", [told(at_field("seed", kind="extra_forbidden"), 422)], O.CONFIG_REJECTED, 1),
    ends(
        "unknown field nested in a message",
        [told({"object": "error", "message": at_field("store", kind="extra_forbidden")}, 422)],
        O.CONFIG_REJECTED,
        1,
    ),
    ends(
        "422 about response_format",
        [unless(lambda body: not schema_wanted(body), told(at_field("response_format", "type"), 422))],
        O.OK,
        2,
    ),
    ends("no system role", [unless(lambda body: roles(body) == ["user"], NO_SYSTEM)], O.OK, 2),
    ends("no system role, remembered", [unless(lambda body: roles(body) == ["user"], NO_SYSTEM)], O.OK, 3, reads=2),
    ends(
        "no system role, known by its place",
        [unless(lambda body: roles(body) == ["user"], told(at_field("messages", 0, "role"), 422))],
        O.OK,
        2,
    ),
    ends("no role at all will do", [NO_SYSTEM], O.CONFIG_REJECTED, 2),
    ends("thinking must be off", [unless(thinks_not, NO_THINKING)], O.OK, 2),
    ends("thinking must be off, remembered", [unless(thinks_not, NO_THINKING)], O.OK, 3, reads=2),
    ends(
        "thinking must be off, and no other field is taken",
        [unless(lambda body: "chat_template_kwargs" not in body, NO_TEMPLATE_FIELD, unless(thinks_not, NO_THINKING))],
        O.OK,
        3,
    ),
    ends(
        "streamed requests only",
        [unless(lambda body: body.get("stream") is True, STREAM_ONLY, streamed(*pieces(RIGHT)))],
        O.OK,
        2,
    ),
]
COUNTS_NEW = usage(prompt_tokens=173, completion_tokens=90)
NUMBER_ROWS = [
    ends("counts new tokens only from the second call on", [WELL, COUNTS_NEW], O.OK, 3, reads=3),
    ends("counts new tokens only from the first call on", [COUNTS_NEW], O.OK, 1),
    ends(
        "counts new tokens only, the cached beside them",
        [usage(prompt_tokens=173, completion_tokens=90, prompt_tokens_details={"cached_tokens": 6_100})],
        O.OK,
        1,
    ),
    ends("usage null", [answer(200, completion(RIGHT) | {"usage": None})], O.OK, 1),
    ends("a prompt that was cut", [usage(prompt_tokens=4_096, completion_tokens=90)], O.PROMPT_TRUNCATED, 1),
]
GRAMMAR = told({"error": {"code": 500, "message": "Failed to parse grammar", "type": "server_error"}}, 500)
PASSING_ROWS = [
    ends("one grammar fault", [GRAMMAR, WELL], O.OK, 2),
    ends("a grammar fault each third call", [WELL, WELL, GRAMMAR, WELL, WELL, GRAMMAR, WELL], O.OK, 7, reads=5),
    ends("a grammar fault with every schema", [unless(lambda body: not schema_wanted(body), GRAMMAR)], O.OK, 3),
]
QUIRKS = [*WRAPPING_ROWS, *CITING_ROWS, *SECOND_ROWS, *OPERATOR_ROWS, *NUMBER_ROWS, *PASSING_ROWS]
