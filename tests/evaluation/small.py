"""Small case sets, rows and servers for tests of the evaluation."""

import json
from pathlib import Path
from typing import Any

from copilot.core.extraction import Extraction
from copilot.core.ticket import Ticket
from copilot.evaluation.cases.case import CaseSet, LabelledCase, load_cases
from copilot.evaluation.run.rows import Row
from copilot.output.suggestion import TokenUsage
from copilot.pipeline import decide
from tests.fault_server import Exchange, Step, completion, head

THREAT = "He will delete my site. He wants $500."
NOTHING = "How do I change my photo?"
PARTIES = [
    {"id": "p1", "role": "client", "is_reporter": True, "name": None},
    {"id": "p2", "role": "freelancer", "is_reporter": False, "name": None},
]
THREAT_FACTS: dict[str, Any] = {
    "parties": PARTIES,
    "threats": [{"by": "p2", "against": "p1", "harm": "destroy", "asset": "website", "evidence": ["m1.1"]}],
    "demands": [{"by": "p2", "of": "p1", "kind": "money", "evidence": ["m1.2"]}],
    "damage_claims": [],
    "disputes": [],
}
NO_FACTS: dict[str, Any] = {"parties": PARTIES[:1], "threats": [], "demands": [], "damage_claims": [], "disputes": []}


def case_line(number: int, tags: tuple[str, ...] = (), facts: dict[str, Any] | None = None) -> dict[str, Any]:
    """A case as its file has it: every second one is a threat; the label is what its gold facts give."""
    gold = facts or (NO_FACTS if number % 2 else THREAT_FACTS)
    text = f"{THREAT if gold is THREAT_FACTS or facts else NOTHING} Case {number}."
    ticket = {"id": f"T-{number}", "messages": [{"text": text}], "context": {"mediation_eligible": False}}
    made = decide(Ticket.model_validate(ticket), Extraction.model_validate(gold))
    expect = {"route": made.route, "labels": made.labels, "rule": made.rule, "extraction": gold}
    return {"id": f"case-{number}", "tags": list(tags), "ticket": ticket, "expect": expect, "why": "made for a test"}


def write_cases(path: Path, count: int = 6, **given: Any) -> Path:
    """A file of so many cases."""
    path.write_text("".join(f"{json.dumps(case_line(number, **given))}\n" for number in range(count)), encoding="utf-8")
    return path


def small_set(folder: Path, count: int = 6, **given: Any) -> CaseSet:
    """The same, loaded."""
    return load_cases([write_cases(folder / "cases.jsonl", count, **given)])


def row(case: LabelledCase, *, right: bool = True, sample: int = 0, **changes: Any) -> Row:
    """A row that gives the gold answer, or sends the ticket to a person."""
    expect = case.expect
    decided: dict[str, Any] = {"route": expect.route, "labels": expect.labels, "rule": expect.rule}
    if not right:
        decided = {"route": "agent_review", "labels": [], "rule": "R6_judgement"}
    usage = TokenUsage(prompt_tokens=10, cached_tokens=0, completion_tokens=5)
    rest: dict[str, Any] = {"cautions": [], "extraction": expect.extraction, "outcome": "ok", "degraded": False, "uncited": []}
    made: dict[str, Any] = {"extractor": "openai", "model": "stub-1", "usage": usage, "attempts": 1, "seconds": 0.1}
    return Row.model_validate({"case_id": case.id, "sample": sample, **decided, **rest, **made, **changes})


def unscored(case: LabelledCase, outcome: str = "timeout", sample: int = 0) -> Row:
    """A row for a case that the model did not answer for."""
    return row(case, sample=sample, degraded=True, outcome=outcome)


def reads_rightly() -> Step:
    """A model that reads the tickets of these cases as their gold facts say."""

    async def step(exchange: Exchange) -> None:
        asked = exchange.body["messages"][-1]["content"]
        raw = json.dumps(completion(json.dumps(THREAT_FACTS if "delete my site" in asked else NO_FACTS))).encode()
        await exchange.send(head(200, len(raw)) + raw)

    return step
