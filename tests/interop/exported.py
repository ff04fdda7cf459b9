"""A small run, one reading of it wrong and one not scored, and its export by the command itself."""

import json
import subprocess
from pathlib import Path

from copilot.cli import main
from copilot.evaluation.cases.case import CaseSet
from copilot.evaluation.run.folder import CASES, ROWS
from tests.evaluation.finished import run_folder
from tests.evaluation.small import case_line, row, unscored
from tests.needed import missing
from tests.packaging.tree import ROOT

TOOLS = Path(ROOT, "build", "interop")
INSIDE_A_TEMPLATE = "{{ 7 * 7 }} {% raw %} {# gone #} He will delete my site. He wants $500."
"""What promptfoo would fill in, if a ticket were a template."""


def finished_run(folder: Path) -> CaseSet:
    """Six cases: number 4 wrong, number 5 not scored, and a template in the ticket of number 0."""
    from copilot.evaluation.cases.case import load_cases

    lines = [case_line(number, tags=("hostile", "lang:en")) for number in range(6)]
    lines[0]["ticket"]["messages"].append({"text": INSIDE_A_TEMPLATE})
    folder.mkdir(exist_ok=True)
    (folder / CASES).write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    cases = load_cases([folder / CASES])
    (folder / CASES).write_bytes(b"".join(line + b"\n" for line in cases.lines))
    rows = [row(case, right=number != 4) if number != 5 else unscored(case) for number, case in enumerate(cases.cases)]
    (folder / ROWS).write_text("".join(f"{one.model_dump_json()}\n" for one in rows), encoding="utf-8")
    run_folder(folder, cases, rows)
    return cases


def exported(tool: str, folder: Path) -> Path:
    """The folder into which a run was exported."""
    finished_run(folder / "run")
    assert main(["eval", "export", tool, str(folder / "run"), "--out", str(folder / tool)]) == 0
    return folder / tool


def tool(path: str) -> Path:
    """A program that `make interop` installs."""
    program = TOOLS / path
    if not program.exists():
        missing("interop", f"{path} in build/interop", "make interop")
    return program


def said_by(command: list[str | Path], folder: Path, environment: dict[str, str]) -> str:
    """What a program printed; its output is in the failure where it ends badly."""
    done = subprocess.run(
        [*map(str, command)], check=False, cwd=folder, env=environment, capture_output=True, text=True, timeout=240
    )
    assert done.returncode in (0, 100), done.stdout + done.stderr
    return done.stdout
