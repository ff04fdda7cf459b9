"""What pages show of a terminal: a command in, the block of the page out, as the command prints today.

`make docs` writes the blocks of `PAGES` anew with this module; a test says so when they are old.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.making import environment_without
from tests.packaging.tree import ROOT

CONSOLE = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.MULTILINE | re.DOTALL)
ENOUGH = "…\n"
PAGES = ("README.md", "docs/usage.md")


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of documentation as it stands, with the `copilot` of this environment and no settings."""
    kept = environment_without()
    kept["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), kept["PATH"]])
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=kept, capture_output=True, text=True, encoding="utf-8", check=False
    )


def transcript(block: str, folder: Path) -> str:
    """The block as it should read today: as long as it is now if it ends in `…`, else whole. Times are shown as 0.00 s."""
    command = block.removeprefix("$ ").partition("\n")[0]
    printed = re.sub(r"in \d+\.\d\d s", "in 0.00 s", run(command, folder).stdout)
    if block.endswith(ENOUGH):
        lines = printed.splitlines(keepends=True)
        printed = "".join(lines[: block.count("\n") - 2]) + ENOUGH
    return f"$ {command}\n{printed}"


def main() -> None:
    """Write the blocks of the pages anew."""
    for page in (ROOT / name for name in PAGES):
        text = page.read_text(encoding="utf-8")
        page.write_text(CONSOLE.sub(lambda match: transcript(match[0], ROOT), text), encoding="utf-8")


if __name__ == "__main__":
    main()
