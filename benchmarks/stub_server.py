"""A model server that knows one answer: OpenAI's chat completions, after a set delay, with faults on order.

Run: `python -m benchmarks.stub_server`; it prints its port, and serves on 127.0.0.1 until it is ended.
`POST /set` with a JSON object of `Orders` begins a new count; `GET /counts` tells how it stands. It reads no prompt: every
answer is the same valid extraction, so that what is measured is whoever asks.
"""

import asyncio
import json
import random
import time
from dataclasses import asdict, dataclass, field, fields
from typing import Any

MODEL = "stub-1"
ANSWER = {
    "parties": [
        {"id": "p1", "role": "client", "is_reporter": True, "name": None},
        {"id": "p2", "role": "freelancer", "is_reporter": False, "name": None},
    ],
    "threats": [],
    "demands": [{"by": "p2", "of": "p1", "kind": "money", "evidence": ["m1.1"]}],
    "damage_claims": [],
    "disputes": [],
}
CONTENT = json.dumps(ANSWER)
CHARACTERS_A_TOKEN = 4


@dataclass(frozen=True)
class Orders:
    """How to answer. Shares are of all calls, drawn with `seed`; calls after the first `hold_after` get no answer at all."""

    delay_ms: float = 100.0
    share_429: float = 0.0
    share_500: float = 0.0
    hold_after: int | None = None
    seed: int = 0


@dataclass
class Count:
    """What happened since the last orders. Times are seconds since the epoch."""

    orders: Orders = field(default_factory=Orders)
    calls: int = 0
    answered: int = 0
    refused: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    first_call: float | None = None
    last_answer: float | None = None

    def __post_init__(self) -> None:
        self.chance = random.Random(self.orders.seed)

    def status(self) -> int:
        """Draw the status of the next answer."""
        drawn = self.chance.random()
        if drawn < self.orders.share_429:
            return 429
        return 500 if drawn < self.orders.share_429 + self.orders.share_500 else 200


class Stub:
    """Serves connections, and counts."""

    def __init__(self) -> None:
        self.count = Count()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept alive until the other side goes."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = _content_length(head)
                body = await reader.readexactly(length)
                status, answer = await self._answer(head.split(b" ", 2), body)
                text = json.dumps(answer).encode()
                writer.write(
                    b"HTTP/1.1 %d -\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % (status, len(text)) + text
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, request: list[bytes], body: bytes) -> tuple[int, dict[str, Any]]:
        method, path = request[0], request[1]
        if path == b"/counts":
            return 200, asdict(self.count)
        if path == b"/set":
            given = json.loads(body)
            self.count = Count(Orders(**{one.name: given[one.name] for one in fields(Orders) if one.name in given}))
            return 200, {}
        if method != b"POST" or not path.endswith(b"/chat/completions"):
            return 404, {"error": {"message": "not here", "type": "invalid_request_error"}}
        return await self._complete(self.count, len(body))

    async def _complete(self, count: Count, size: int) -> tuple[int, dict[str, Any]]:
        count.calls += 1
        count.first_call = count.first_call or time.time()
        count.in_flight += 1
        count.most_in_flight = max(count.most_in_flight, count.in_flight)
        status = count.status()
        try:
            if count.orders.hold_after is not None and count.calls > count.orders.hold_after:
                await asyncio.Event().wait()
            await asyncio.sleep(count.orders.delay_ms / 1000)
        finally:
            count.in_flight -= 1
        count.last_answer = time.time()
        if status != 200:
            count.refused += 1
            kind = "rate_limit_exceeded" if status == 429 else "server_error"
            return status, {"error": {"message": "on order", "type": kind, "code": kind}}
        count.answered += 1
        return 200, _completion(count.answered, size)


def _completion(number: int, size: int) -> dict[str, Any]:
    prompt, completion = size // CHARACTERS_A_TOKEN, len(CONTENT) // CHARACTERS_A_TOKEN
    message = {"role": "assistant", "content": CONTENT, "refusal": None}
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion},
    }


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def main() -> None:
    """Serve on a free port, and print which."""
    server = await asyncio.start_server(Stub().serve, "127.0.0.1", 0, limit=1_000_000, backlog=1_000)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
