"""Another version of the policy, taken whole out of git and run in a process of its own.

Comes in: a git revision, then tickets with facts that were read from them. Goes out: what that version decides. Nothing is read
again, so no model is asked. This program's own policy stays as it is.
"""

import json
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from copilot.core.errors import InputError
from copilot.core.extraction import Extraction
from copilot.core.ticket import Ticket
from copilot.output.suggestion import Suggestion

TREES = ("copilot", "prompts")
_DECIDER = """
import json, sys
from copilot.core.extraction import Extraction
from copilot.pipeline import decide
from copilot.policy import POLICY_VERSION
from copilot.core.ticket import Ticket
try:
    from copilot.core.reading import Reading, ReadOutcome
    from copilot.core.sentences import cut
    from copilot.pipeline import suggest
    def decided(ticket, extraction, extractor):
        return suggest(ticket, cut(ticket), Reading(extraction, ReadOutcome.OK, extractor=extractor))
except ImportError:
    def decided(ticket, extraction, extractor):
        return decide(ticket, extraction)
print(json.dumps(POLICY_VERSION))
for line in sys.stdin:
    given = json.loads(line)
    try:
        ticket, extraction = Ticket.model_validate(given["ticket"]), Extraction.model_validate(given["extraction"])
        made = decided(ticket, extraction, "agent" if given["by_person"] else "given")
        print(json.dumps([made.route, list(made.labels), made.rule]), flush=False)
    except Exception:
        print(json.dumps(None), flush=False)
"""
_HASH_SHOWN = 12


class PolicyError(InputError):
    """A revision that cannot be run, or nothing that it can decide; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Given:
    """A ticket, and the facts that it is decided on. `by_person`: an agent gave them."""

    ticket: Ticket
    extraction: Extraction
    by_person: bool = False

    def as_json(self) -> str:
        """One line, for a process that has other classes of these names."""
        given = {"ticket": self.ticket.model_dump(mode="json"), "extraction": self.extraction.model_dump(mode="json")}
        return json.dumps(given | {"by_person": self.by_person}) + "\n"


@dataclass(frozen=True, slots=True)
class Decided:
    """What one version decides on one ticket."""

    route: str
    labels: tuple[str, ...]
    rule: str

    def __str__(self) -> str:
        labels = f" ({', '.join(self.labels)})" if self.labels else ""
        return f"{self.route}{labels} by {self.rule}"

    @classmethod
    def of(cls, suggestion: Suggestion) -> "Decided":
        """What a suggestion decides."""
        return cls(suggestion.route.value, tuple(label.value for label in suggestion.labels), suggestion.rule)

    def goes_as(self, other: "Decided") -> bool:
        """Whether both name the same team and labels, by whatever rule."""
        return self.route == other.route and set(self.labels) == set(other.labels)


@dataclass(frozen=True, slots=True)
class OtherPolicy:
    """A version in a folder of its own. `commit` is the revision's, short; `version` is what it calls itself."""

    revision: str
    commit: str
    version: str
    folder: Path

    def decide(self, given: Iterable[Given]) -> list[Decided | None]:
        """What it decides on each; None where it cannot decide on that one. Raises `PolicyError` where it cannot be run."""
        return _run(self.folder, self.revision, given)[1]


@contextmanager
def other_policy(repository: Path, revision: str) -> Iterator[OtherPolicy]:
    """The policy of a revision, for as long as the block lasts. Raises `PolicyError`."""
    archive, commit = _archive(repository, revision), _commit(repository, revision)
    with TemporaryDirectory(prefix="copilot-policy-") as folder:
        with tarfile.open(fileobj=BytesIO(archive)) as tar:
            tar.extractall(folder, filter="data")
        version, _ = _run(Path(folder), revision, ())
        yield OtherPolicy(revision, commit, version, Path(folder))


def _archive(repository: Path, revision: str) -> bytes:
    """The trees of a revision, as git packs them."""
    if revision.startswith("-"):
        raise PolicyError(f"{revision!r} is no revision; name a commit, a tag or a branch")
    packed = _git(repository, "archive", "--format=tar", revision, *TREES)
    if packed is None:
        raise PolicyError(f"{revision!r}: git knows no such revision with a policy in {repository}; name a commit, tag or branch")
    return packed


def _commit(repository: Path, revision: str) -> str:
    """What names the revision for good: a branch moves. A tree has no commit, and is named by its own hash."""
    named = _git(repository, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}") or _git(
        repository, "rev-parse", "--verify", revision
    )
    return (named or b"").decode()[:_HASH_SHOWN]


def _git(repository: Path, *arguments: str) -> bytes | None:
    """What git says; None where it refuses."""
    command = ["git", "-C", str(repository), *arguments]
    try:
        made = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - no shell, and no option can be smuggled in
    except FileNotFoundError:
        raise PolicyError("git is not installed; another policy is taken from the repository by it") from None
    return None if made.returncode else made.stdout


def _run(folder: Path, revision: str, given: Iterable[Given]) -> tuple[str, list[Decided | None]]:
    """The policy version in that folder, and what it decides."""
    asked = "".join(one.as_json() for one in given)
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
        raise PolicyError(f"{revision!r}: its policy cannot be loaded ({fault}); name another revision")
    version, *decided = map(json.loads, ran.stdout.splitlines())
    return str(version), [None if one is None else Decided(one[0], tuple(one[1]), one[2]) for one in decided]
