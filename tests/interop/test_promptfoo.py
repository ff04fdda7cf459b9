"""promptfoo judges the answers that are exported to it, in its own environment, and fills nothing into a ticket."""

import json
import os
from pathlib import Path
from typing import Any

from tests.interop.exported import INSIDE_A_TEMPLATE, exported, said_by, tool

QUIET = {"PROMPTFOO_DISABLE_TELEMETRY": "1", "PROMPTFOO_DISABLE_UPDATE": "1", "PROMPTFOO_DISABLE_REMOTE_GENERATION": "1"}


def test_promptfoo_passes_the_right_readings_and_fails_the_wrong_one(tmp_path: Path) -> None:
    program = tool("node/node_modules/.bin/promptfoo")
    folder = exported("promptfoo", tmp_path)
    said = ["--no-cache", "--no-table", "--no-progress-bar", "--no-share", "-o", "out.json"]

    said_by(
        [program, "eval", "-c", "promptfooconfig.json", *said], folder, {**os.environ, **QUIET, "PROMPTFOO_CONFIG_DIR": "own"}
    )

    results: list[dict[str, Any]] = json.loads((folder / "out.json").read_text())["results"]["results"]
    passed = {one["testCase"]["description"]: one["success"] for one in results}
    shown = next(one["prompt"]["raw"] for one in results if one["testCase"]["description"] == "case-0")
    assert passed == {f"case-{number}": number != 4 for number in range(5)}
    assert json.loads(shown)["messages"][1]["text"] == INSIDE_A_TEMPLATE
