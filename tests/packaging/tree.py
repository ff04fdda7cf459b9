"""The files of this repository, as the habit tests read them.

Comes in: nothing. Goes out: paths of files that belong to the product, never of what a build or a test run left behind.
"""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
LEFT_BEHIND = {".git", ".venv", "__pycache__", "build", "dist", "mutants"}
CODE_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def tracked() -> list[Path]:
    """Every file that git knows or would take in; without git, every file that no build left behind."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=False
    )
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not LEFT_BEHIND & set(path.relative_to(ROOT).parts)]
    return sorted(path for path in paths if path.is_file() and not path.name.endswith(".pyc"))


def modules() -> list[Path]:
    """Every Python file of the package."""
    return [path for path in tracked() if path.suffix == ".py" and path.is_relative_to(ROOT / "copilot")]


def pages() -> list[Path]:
    """Every page of documentation."""
    return [path for path in tracked() if path.suffix == ".md"]


def name(path: Path) -> str:
    """A path as it reads from the top of the repository."""
    return path.relative_to(ROOT).as_posix()


def code_blocks(text: str, *languages: str) -> list[str]:
    """The fenced blocks of a page in the given languages."""
    return [body for language, body in CODE_BLOCK.findall(text) if language in languages]
