"""Callers that post to a service which may be killed under them, and keep account of what was acknowledged.

A call is a path, a body and an idempotency key. It is acknowledged when its 201 has arrived whole; one that got no answer is sent
again with the same key. One that is told to wait, for a killed process holds its claim, stays open until `settle`.
"""

import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))
CREATED, CONFLICT, TOO_MANY, UNAVAILABLE = 201, 409, 429, 503


@dataclass
class Call:
    """One thing that a caller wants kept. `answer` is the acknowledged body, `replayed` whether it was told a second time."""

    kind: str
    path: str
    body: dict[str, Any]
    key: str
    answer: dict[str, Any] | None = None
    replayed: bool = False


@dataclass
class Traffic:
    """All callers together. `statuses` counts every answer, -1 standing for none."""

    url: str
    seed: int
    calls: list[Call] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def start(self, callers: int) -> None:
        for number in range(callers):
            thread = threading.Thread(target=self._run, args=(random.Random(f"{self.seed}-{number}"),), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive(), "a caller hangs"

    def acknowledged(self, kind: str) -> list[Call]:
        return [call for call in list(self.calls) if call.kind == kind and call.answer is not None]

    def acknowledged_count(self) -> int:
        return sum(call.answer is not None for call in list(self.calls))

    def open(self) -> list[Call]:
        return [call for call in self.calls if call.answer is None]

    def settle(self) -> int:
        """Send again whatever got no answer; gives how many those were."""
        left = self.open()
        with self._client() as client:
            for call in left:
                self._send(client, call)
        return len(left)

    def _run(self, chance: random.Random) -> None:
        with self._client() as client:
            while not self._stop.is_set():
                call = self._next(chance)
                with self._lock:
                    self.calls.append(call)
                self._insist(client, call)

    def _insist(self, client: httpx.Client, call: Call) -> None:
        """Send a call until something answers, as a caller does whose service went away."""
        while not self._stop.is_set():
            answered = self._send(client, call)
            if answered is not None:
                return
            time.sleep(0.1)

    def _client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30.0, trust_env=False)

    def _send(self, client: httpx.Client, call: Call) -> int | None:
        """The status of the answer; None where there was none."""
        try:
            response = client.post(call.path, json=call.body, headers={"Idempotency-Key": call.key})
            body = response.json()
        except (httpx.TransportError, json.JSONDecodeError):
            self._count(-1)
            return None
        self._count(response.status_code)
        if response.status_code == CREATED:
            call.replayed = response.headers.get("Idempotency-Replayed") == "true"
            call.answer = body
        else:
            assert response.status_code in (CONFLICT, TOO_MANY, UNAVAILABLE), f"{response.status_code} {body}"
        return response.status_code

    def _count(self, status: int) -> None:
        with self._lock:
            self.statuses[status] += 1

    def _next(self, chance: random.Random) -> Call:
        key = f"{chance.getrandbits(96):024x}"
        known = self.acknowledged("suggestion")
        kind = chance.choice(("suggestion", "suggestion", "decision", "feedback")) if known else "suggestion"
        if kind == "suggestion":
            return Call(kind, "/v1/suggestions", _ticket(chance, key), key)
        about = chance.choice(known).answer
        assert about is not None
        if kind == "decision":
            return Call(kind, f"/v1/suggestions/{about['id']}/decisions", {"extraction": _corrected(about)}, key)
        return Call(kind, f"/v1/suggestions/{about['id']}/feedback", _feedback(chance, key), key)


def _ticket(chance: random.Random, key: str) -> dict[str, Any]:
    ticket: dict[str, Any] = json.loads(chance.choice(EXAMPLES).read_text(encoding="utf-8"))
    return ticket | {"id": f"T-{key}"}


def _corrected(suggestion: dict[str, Any]) -> dict[str, Any]:
    """The extraction as it was read, less its demands: what an agent sends after striking them."""
    lists: dict[str, list[dict[str, Any]]] = {"threats": [], "demands": [], "damage_claims": [], "disputes": []}
    for fact in suggestion["facts"]:
        if fact["type"] != "demand":
            lists[f"{fact['type']}s"].append({name: value for name, value in fact.items() if name not in OF_A_SUGGESTION})
    return {"parties": suggestion["parties"], **lists}


OF_A_SUGGESTION = ("id", "type", "counted", "reason", "confidence")
"""What a suggestion says of a fact beyond what an extraction does."""


def _feedback(chance: random.Random, key: str) -> dict[str, Any]:
    if chance.random() < 0.5:
        return {"action": "accepted", "note": f"Sent as {key}"}
    return {"action": "dismissed", "reason": "other", "comment": f"Seen as {key}"}
