"""What can decide beside the service: the policy of another revision, or another reader with this program's policy.

Comes in: texts of tickets as they were read. Goes out: a decision for each, handed on as soon as it is made. A contender's name
says what it is of, so that what another version decides is kept apart from it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from copilot.core.errors import CopilotError
from copilot.core.reading import ReadOutcome
from copilot.evaluation.compare.other_policy import Decided, Given, OtherPolicy
from copilot.pipeline import COPILOT_VERSION, atriage
from copilot.readers.base import Reader
from copilot.runs.for_each import for_each
from copilot.runs.patience import Patience
from copilot.store.past import PastFacts
from copilot.store.shadows import ShadowDecision, ShadowOutcome, Unseen

Keep = Callable[[Sequence[ShadowDecision]], Awaitable[None]]
LONGEST_NAME = 200


class ReaderStopped(CopilotError):
    """The reader cannot be used; what it was asked about so far is kept."""


class Contender(Protocol):
    """Something that decides. `at_a_time` is how many texts it is given in one go."""

    name: str
    at_a_time: int

    async def decide(self, texts: Sequence[tuple[Unseen, PastFacts]], keep: Keep) -> None:
        """Decide on each, and hand on what was decided."""
        ...


class PolicyContender:
    """Another policy, on the facts that the service's reader found. Many at a time: each go starts a process."""

    at_a_time = 200

    def __init__(self, policy: OtherPolicy) -> None:
        self.name = f"policy:{policy.commit}"
        self._policy = policy

    async def decide(self, texts: Sequence[tuple[Unseen, PastFacts]], keep: Keep) -> None:
        """Decide on all of them, then hand on."""
        given = [Given(facts.ticket_as_read, facts.extraction) for _, facts in texts]
        made = await asyncio.to_thread(self._policy.decide, given)
        await keep([_decision(text.suggestion_id, one) for (text, _), one in zip(texts, made, strict=True)])


class ReaderContender:
    """Another reader. `at_once` tickets are read at the same time.

    Where its model cannot be reached and another reader answers, that is no decision of its own.
    """

    def __init__(self, name: str, reader: Reader, at_once: int) -> None:
        self.name = f"reader:{name}@{COPILOT_VERSION}"[:LONGEST_NAME]
        self.at_a_time = 4 * at_once
        self._reader = reader
        self._at_once = at_once
        self._patience = Patience()

    async def decide(self, texts: Sequence[tuple[Unseen, PastFacts]], keep: Keep) -> None:
        """Read each, and hand it on at once. Raises `ReaderStopped`."""

        async def read(one: tuple[Unseen, PastFacts]) -> None:
            text, facts = one
            suggestion = await atriage(facts.ticket, self._reader)
            stop = self._patience.note(ReadOutcome(suggestion.provenance.outcome))
            if stop is not None:
                raise ReaderStopped(stop)
            degraded = ShadowDecision(text.suggestion_id, ShadowOutcome.DEGRADED)
            await keep([degraded if suggestion.provenance.degraded else _decision(text.suggestion_id, Decided.of(suggestion))])

        await for_each(texts, read, self._at_once)


def _decision(suggestion_id: str, made: Decided | None) -> ShadowDecision:
    if made is None:
        return ShadowDecision(suggestion_id, ShadowOutcome.UNDECIDED)
    return ShadowDecision(suggestion_id, ShadowOutcome.DECIDED, made.route, made.labels, made.rule)
