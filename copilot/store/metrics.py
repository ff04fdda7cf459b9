"""Figures about agents' use of suggestions, each with its n and a 95% interval.

An accept rate alone says nothing about quality: who accepts everything accepts what is wrong, too. So it never stands
without the share of accepted suggestions that turned out wrong.
"""

from typing import Self

from copilot.core.closed import Closed
from copilot.core.intervals import wilson


class Share(Closed):
    """`count` of `n`, with Wilson's 95% interval; of no cases nothing is known, so the shares are null."""

    count: int
    n: int
    share: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, count: int, n: int) -> Self:
        """The share that `count` is of `n`."""
        if n == 0:
            return cls(count=0, n=0, share=None, low=None, high=None)
        low, high = wilson(count, n)
        return cls(count=count, n=n, share=round(count / n, 6), low=round(low, 6), high=round(high, 6))


class AgentMetrics(Closed):
    """One agent: `n` suggestions that they gave feedback on; of several words on one suggestion the last counts.

    accepted, changed, dismissed: of all n. edited: of the accepted, those with a note of other words or corrected facts.
    outcome_known: of all n, those whose final outcome is known. accepted_though_wrong: of the accepted with a known
    outcome, those whose route or labels were others.
    """

    agent: str
    n: int
    accepted: Share
    edited: Share
    changed: Share
    dismissed: Share
    outcome_known: Share
    accepted_though_wrong: Share
