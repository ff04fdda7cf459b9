"""Schemathesis against a running service with authentication on: every operation, every check, good data and bad.

The examples are the same every time; `SCHEMATHESIS_EXAMPLES=500 SCHEMATHESIS_SEED=2` looks further. This is excused, in
`CONFIGURED`: a ticket and an extraction have rules between their fields (an author is one of the participants, one party reports)
that JSON Schema has no words for, so there a body that fits the schema may be answered 422; so may a first choice, which has so
few bodies that one phase sends two of them under one key. What goes to a hook is signed.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from copilot.store import Store
from tests.served import ROOT, Served, serve
from tests.service.called import Make
from tests.service.signing import VARIABLES

EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "10")
SEED = os.environ.get("SCHEMATHESIS_SEED", "1")
PHASES = ("examples", "coverage", "fuzzing", "stateful")
TICKET = {"messages": [{"text": "He says he will delete my website unless I pay him $500."}]}
CONFIGURED = """
hooks = "tests.service.unique_keys"

[dictionaries.known]
values = {known}

[parameters]
"path.id" = {{ dictionary = "known", probability = 0.6 }}

[[operations]]
include-name = [
  "POST /v1/suggestions", "POST /v1/suggestions/{{id}}/decisions", "POST /v1/hooks/ticket", "POST /v1/hooks/zendesk",
  "POST /v1/suggestions/{{id}}/first-choice",
]
checks.positive_data_acceptance.expected-statuses = ["2xx", 401, 403, 404, 409, 410, 422, 429]

[[operations]]
include-name = "POST /v1/sessions/renew"
headers = {{ Authorization = "Bearer {session}" }}
"""


@dataclass(frozen=True)
class Guarded:
    """A service that asks everybody who they are, a key that may do everything, an agent's session, and what is kept there."""

    served: Served
    key: str
    session: str
    known: list[str]


@dataclass(frozen=True)
class Report:
    """What Schemathesis counted, and what it said to the terminal."""

    counted: dict[str, Any]
    said: str


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Guarded]:
    url = f"sqlite:///{tmp_path / 'openapi.db'}"
    store = Store.open(url, retention_days=30)
    _, key = store.keys.create("schemathesis", ["admin"], None)
    session, _ = store.sessions.create("agent-1", 60, 60)
    store.close()
    served = serve(tmp_path, more={"COPILOT_DATABASE_URL": url, "COPILOT_AUTH": "required"} | VARIABLES)
    yield Guarded(served, key, session, [_suggested(served, key) for _ in range(3)])
    served.stop()


def _suggested(served: Served, key: str) -> str:
    headers = {"Authorization": f"Bearer {key}"}
    answer = httpx.post(f"{served.url}/v1/suggestions", json=TICKET, headers=headers, timeout=30, trust_env=False)
    return str(answer.raise_for_status().json()["id"])


def _run(guarded: Guarded, folder: Path) -> Report:
    configured = CONFIGURED.format(session=guarded.session, known=json.dumps(guarded.known))
    (folder / "schemathesis.toml").write_text(configured, encoding="utf-8")
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{guarded.served.url}/openapi.json",
        "--checks", "all", "--phases", ",".join(PHASES),
        "--max-examples", EXAMPLES, "--seed", SEED, "--generation-deterministic",
        "--continue-on-failure", "--suppress-health-check", "all", "--header", f"Authorization: Bearer {guarded.key}",
        "--report", "json", "--report-json-path", "report.json", "--no-color",
    ]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=900)
    path = folder / "report.json"
    assert path.exists(), done.stdout + done.stderr
    return Report(json.loads(path.read_text(encoding="utf-8")), done.stdout)


async def test_the_interface_is_described_before_the_first_request_and_not_in_it(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = make()

    def describe(*_: object, **__: object) -> None:
        raise AssertionError("described in a request")

    monkeypatch.setattr("fastapi.applications.get_openapi", describe)
    answer = await called.http.get("/openapi.json")
    allowed = await called.http.delete("/v1/suggestions")

    assert answer.json()["paths"]["/v1/suggestions"]
    assert allowed.headers["allow"] == "GET, POST"


def test_no_request_that_the_openapi_document_describes_or_forbids_is_answered_otherwise_than_it_says(
    guarded: Guarded, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    report = _run(guarded, tmp_path)

    counted = report.counted
    said = f"{counted['operations']['tested']} operations, {counted['test_cases']['generated']} requests, seed {SEED}"
    record_property("schemathesis", said)
    print(said)
    assert counted["failures"] == [], report.said
    assert counted["errors"] == [], report.said
    assert counted["operations"]["tested"] == counted["operations"]["total"] >= 20
    assert {name: counted["phases"][name]["status"] for name in PHASES} == dict.fromkeys(PHASES, "success")
    assert counted["warnings"]["missing_auth"] == ["POST /v1/sessions/end"]  # whoever has called it cannot call it again
    assert guarded.key not in guarded.served.said()
    assert guarded.session not in guarded.served.said()
