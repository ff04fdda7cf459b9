"""The past, decided again: stored facts in, what another policy makes of them out. Nothing is read again, so it takes seconds.

The facts are those that were suggested on, and where an agent corrected them, the corrected ones. Texts that are gone cannot be
decided on again: they are counted.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from copilot.core.errors import InputError
from copilot.evaluation.compare.other_policy import Decided, Given, other_policy
from copilot.pipeline import decide
from copilot.policy import POLICY_VERSION
from copilot.shadow.versus import Versus, versus
from copilot.store.past import PastText

Decider = Callable[[Sequence[Given]], Sequence[Decided | None]]


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy to decide by. `commit` names the revision that it is of; None: it is this program's own."""

    version: str
    revision: str | None
    commit: str | None
    decide: Decider


@dataclass(frozen=True, slots=True)
class StoreBacktest:
    """What it came to. `gone`: texts that are not kept any more. `undecided`: the policy could not decide on those facts.

    `corrected`: texts of those compared whose facts are an agent's. `versions`: by which policies was suggested, with counts.
    """

    policy: Policy
    compared: Versus
    gone: int
    undecided: tuple[str, ...]
    corrected: int
    versions: Counter[str]


@contextmanager
def _own() -> Iterator[Policy]:
    yield Policy(POLICY_VERSION, None, None, lambda given: [decided(one) for one in given])


@contextmanager
def _of_revision(revision: str, repository: Path) -> Iterator[Policy]:
    with other_policy(repository, revision) as other:
        yield Policy(other.version, revision, other.commit, other.decide)


def policy_of(revision: str | None, repository: Path) -> AbstractContextManager[Policy]:
    """The policy of a revision, or this program's own for None. Raises `PolicyError`."""
    return _own() if revision is None else _of_revision(revision, repository)


def decided(given: Given) -> Decided:
    """What this program's policy decides."""
    return Decided.of(decide(given.ticket, given.extraction, given.by_person))


def store_backtest(texts: Iterable[PastText], policy: Policy) -> StoreBacktest:
    """Decide past texts by a policy, and compare. Raises `InputError` where no text is kept."""
    kept: list[PastText] = []
    given: list[Given] = []
    gone = 0
    versions: Counter[str] = Counter()
    for text in texts:
        if text.facts is None:
            gone += 1
            continue
        kept.append(text)
        given.append(Given(text.facts.ticket_as_read, text.facts.extraction, text.corrected))
        versions[text.facts.policy_version] += 1
    if not kept:
        raise InputError(
            f"the store keeps no ticket of that time to decide again ({gone} are past the retention period or erased); "
            "widen --since and --until, or triage tickets through the service first"
        )
    made = list(zip(kept, policy.decide(given), strict=True))
    return StoreBacktest(
        policy,
        versus((text, one) for text, one in made if one is not None),
        gone,
        tuple(text.suggestion_id for text, one in made if one is None),
        sum(text.corrected for text, one in made if one is not None),
        versions,
    )
