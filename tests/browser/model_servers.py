"""Model servers for browser tests: one that answers late, one that is broken, one that answers nothing at all."""

import asyncio
import json

from tests.fault_server import Exchange, FaultServer, Step, error, says, stall

THREAT = {
    "parties": [
        {"id": "p1", "role": "client", "is_reporter": True, "name": None},
        {"id": "p2", "role": "freelancer", "is_reporter": False, "name": None},
    ],
    "threats": [{"by": "p2", "against": "p1", "harm": "destroy", "asset": "website", "evidence": ["m1.1"]}],
    "demands": [{"by": "p2", "of": "p1", "kind": "money", "evidence": ["m1.1"]}],
    "damage_claims": [],
    "disputes": [],
}
"""What the slow server reads into every ticket: coercion, told in its first sentence."""


def late(seconds: float, step: Step) -> Step:
    """The same answer, after a while."""

    async def wait(exchange: Exchange) -> None:
        await asyncio.sleep(seconds)
        await step(exchange)

    return wait


def scripted(kind: str) -> FaultServer:
    """A server of that kind: `slow`, `dead`, `silent` or `good`."""
    scripts: dict[str, Step] = {
        "good": says(json.dumps(THREAT)),
        "slow": late(3.0, says(json.dumps(THREAT))),
        "dead": error(500),
        "silent": stall,
    }
    return FaultServer([scripts[kind]])


def settings(server: FaultServer) -> dict[str, str]:
    """The environment that points the service at a model server; waits are short, for nobody watches."""
    return {
        "OPENAI_BASE_URL": server.url,
        "OPENAI_API_KEY": "no-key-is-needed-here",
        "COPILOT_MODEL": "stub-1",
        "COPILOT_DEADLINE_SECONDS": "6",
        "COPILOT_ATTEMPT_SECONDS": "5",
        "COPILOT_MAX_ATTEMPTS": "1",
    }
