"""A repository with three versions of the policy, for tests that decide by another one."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
RULES = "copilot/policy/rules.py"


def make_repository(path: Path) -> Path:
    """The policy as it is, tagged `same`; one whose coercion goes to a person, tagged `other`; one without rules, tagged `none`;
    one that is no Python, tagged `broken`.
    """
    for tree in ("copilot", "prompts"):
        shutil.copytree(ROOT / tree, path / tree, ignore=shutil.ignore_patterns("__pycache__"))
    git(path, "init", "--quiet")
    git(path, "add", ".")
    git(path, "commit", "--quiet", "-m", "as it is")
    git(path, "tag", "same")
    rules = (path / RULES).read_text()
    otherwise = rules.replace(
        "if not case.coercion:", "if case.coercion:\n        return Outcome(Route.AGENT_REVIEW, ())\n    if True:"
    )
    for tag, text in (("other", otherwise), ("none", "RULES = ()\n"), ("broken", "def (\n")):
        (path / RULES).write_text(text)
        git(path, "commit", "--quiet", "-am", tag)
        git(path, "tag", tag)
    return path


def git(repository: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    subprocess.run(["git", *identity, *arguments], cwd=repository, check=True, capture_output=True)
