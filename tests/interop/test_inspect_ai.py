"""inspect_ai reads what is exported for it, in its own environment."""

import json
import os
from pathlib import Path

from tests.interop.exported import exported, said_by, tool


def test_inspect_ai_shows_the_results_and_runs_the_data_set(tmp_path: Path) -> None:
    python = tool("venv/bin/python")
    folder = exported("inspect", tmp_path)

    found = json.loads(said_by([python, Path(__file__).with_name("inspect_reads.py"), folder], tmp_path, dict(os.environ)))

    assert (found["task"], found["status"]) == ("triage-copilot", "success")
    assert found["decisions"] == {f"case-{number}": "I" if number == 4 else "C" for number in range(5)}
    assert found["errors"] == ["case-5"]
    assert found["accuracy"] == {"route": 0.8, "decision": 0.8}
    assert found["ids"] == [f"case-{number}" for number in range(6)]
    assert found["gold"] == 1.0
