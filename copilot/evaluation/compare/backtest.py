"""Stored extractions, decided again by another version of the policy: which decisions would change.

The other version is taken whole out of git, put into a folder of its own, and run there in a process of its own; nothing
is read again, so no model is asked and it takes seconds. Both versions decide on the same stored extractions.
"""

import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from copilot.core.errors import InputError
from copilot.core.extraction import Extraction
from copilot.evaluation.cases.case import CaseSet, LabelledCase
from copilot.evaluation.run.stored_rows import Rows
from copilot.pipeline import decide

TREES = ("copilot", "prompts")
_DECIDER = """
import json, sys
from copilot.core.extraction import Extraction
from copilot.pipeline import decide
from copilot.policy import POLICY_VERSION
from copilot.core.ticket import Ticket
print(json.dumps(POLICY_VERSION))
for line in sys.stdin:
    given = json.loads(line)
    made = decide(Ticket.model_validate(given["ticket"]), Extraction.model_validate(given["extraction"]))
    print(json.dumps([made.route, list(made.labels), made.rule]), flush=False)
"""


class BacktestError(InputError):
    """A revision that cannot be run, or rows that cannot be decided by it; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What one version decides for one row."""

    route: str
    labels: tuple[str, ...]
    rule: str

    def __str__(self) -> str:
        labels = f" ({', '.join(self.labels)})" if self.labels else ""
        return f"{self.route}{labels} by {self.rule}"


@dataclass(frozen=True, slots=True)
class Moved:
    """A row that the two versions decide differently. `gold` is the case's own label."""

    case_id: str
    sample: int
    then: Decided
    now: Decided
    gold: Decided


@dataclass(frozen=True, slots=True)
class Backtest:
    """How the decisions of another version (`then`) and of this one (`now`) differ."""

    revision: str
    policy_version: str
    decided: int
    left_out: int
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A stored extraction, and the case and sample that it was read for."""

    case: LabelledCase
    sample: int
    extraction: Extraction


def backtest(cases: CaseSet, rows: Rows, revision: str, repository: Path) -> Backtest:
    """Decide every stored extraction by the policy of `revision` and by this one.

    Rows without an extraction are left out and counted. Raises `BacktestError`.
    """
    kept = [_Kept(cases.by_id[row.case_id], row.sample, row.extraction) for row in rows if row.extraction is not None]
    if not kept:
        raise BacktestError("the run holds no extraction to decide again; name a folder with scored rows")
    with TemporaryDirectory(prefix="copilot-policy-") as folder:
        _unpack(_archive(repository, revision), Path(folder))
        version, then = _decided_by(Path(folder), kept, revision)
    now = [_now(one) for one in kept]
    moved = tuple(
        Moved(one.case.id, one.sample, before, after, _gold(one.case))
        for one, before, after in zip(kept, then, now, strict=True)
        if before != after
    )
    return Backtest(revision, version, len(kept), len(rows) - len(kept), moved)


def _archive(repository: Path, revision: str) -> bytes:
    """The trees of a revision, as git packs them."""
    if revision.startswith("-"):
        raise BacktestError(f"{revision!r} is no revision; name a commit, a tag or a branch")
    command = ["git", "-C", str(repository), "archive", "--format=tar", revision, *TREES]
    try:
        made = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - no shell, and no option can be smuggled in
    except FileNotFoundError:
        raise BacktestError("git is not installed; a backtest takes the other policy from the repository") from None
    if made.returncode:
        raise BacktestError(
            f"{revision!r}: git knows no such revision with a policy in {repository}; name a commit, tag or branch"
        )
    return made.stdout


def _unpack(archive: bytes, folder: Path) -> None:
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")


def _decided_by(folder: Path, kept: Sequence[_Kept], revision: str) -> tuple[str, list[Decided]]:
    """The policy version in that folder, and what it decides."""
    asked = "".join(f"{json.dumps(line)}\n" for line in map(_asked, kept))
    ran = subprocess.run(  # noqa: S603 - our own interpreter, on code of this repository
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {str(folder)!r})\n{_DECIDER}"],
        input=asked,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if ran.returncode:
        fault = ran.stderr.strip().rpartition("\n")[2].partition(":")[0]
        raise BacktestError(f"{revision!r}: its policy cannot decide stored extractions ({fault}); name a later revision")
    version, *decided = map(json.loads, ran.stdout.splitlines())
    return str(version), [Decided(route, tuple(labels), rule) for route, labels, rule in decided]


def _asked(one: _Kept) -> dict[str, object]:
    return {"ticket": one.case.ticket.model_dump(mode="json"), "extraction": one.extraction.model_dump(mode="json")}


def _now(one: _Kept) -> Decided:
    made = decide(one.case.ticket, one.extraction)
    return Decided(made.route.value, tuple(label.value for label in made.labels), made.rule)


def _gold(case: LabelledCase) -> Decided:
    return Decided(case.expect.route.value, tuple(label.value for label in case.expect.labels), case.expect.rule)


def moves(made: Backtest) -> Iterator[tuple[str, list[Moved]]]:
    """Moved rows, grouped by what this version makes of them beside the label: better, worse, neither."""
    groups: dict[str, list[Moved]] = {"better now": [], "worse now": [], "otherwise": []}
    for one in made.moved:
        was, now = ((side.route, side.labels) == (one.gold.route, one.gold.labels) for side in (one.then, one.now))
        groups["better now" if now and not was else "worse now" if was and not now else "otherwise"].append(one)
    return iter(groups.items())
