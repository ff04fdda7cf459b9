"""The past, decided again: stored facts in, what another policy makes of them out. Nothing is read again, so it takes seconds.

The facts are those that were suggested on, and where an agent corrected them, the corrected ones. Texts that are gone cannot be
decided on again: they are counted.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from copilot.core.errors import InputError
from copilot.evaluation.compare.other_policy import Decided, Given, other_policy
from copilot.pipeline import decide
from copilot.policy import POLICY_VERSION
from copilot.shadow.versus import Versus, versus
from copilot.store.past import PastText

_AT_A_TIME = 1_000
"""Tickets that are in memory at once; each such lot starts a process for a policy of another revision."""
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
    pairs: list[tuple[PastText, Decided]] = []
    undecided: list[str] = []
    gone = 0
    versions: Counter[str] = Counter()
    waiting = iter(texts)
    while some := list(islice(waiting, _AT_A_TIME)):
        kept = [(text, text.facts) for text in some if text.facts is not None]
        gone += len(some) - len(kept)
        versions.update(facts.policy_version for _, facts in kept)
        given = [Given(facts.ticket_as_read, facts.extraction, text.corrected) for text, facts in kept]
        made = policy.decide(given) if given else []
        for (text, _), one in zip(kept, made, strict=True):
            if one is None:
                undecided.append(text.suggestion_id)
            else:
                pairs.append((replace(text, facts=None), one))
    if not versions:
        raise InputError(
            f"the store keeps no ticket of that time to decide again ({gone} are past the retention period or erased); "
            "widen --since and --until, or triage tickets through the service first"
        )
    corrected = sum(text.corrected for text, _ in pairs)
    return StoreBacktest(policy, versus(pairs), gone, tuple(undecided), corrected, versions)
