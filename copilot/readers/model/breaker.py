"""Stops calling a server that is down or misconfigured, so that an outage costs milliseconds a ticket, not a deadline.

Comes in: how readings ended, and monotonic seconds. Goes out: the outcome to answer with instead of calling, or None.
It also holds back every call for as long as a server asked any one of them to wait.
"""

from collections import deque
from dataclasses import dataclass, field

from copilot.readers.base import ReadOutcome
from copilot.readers.model.api_errors import STOPS

_TRANSPORT = (ReadOutcome.UNAVAILABLE, ReadOutcome.TIMEOUT)


@dataclass
class Breaker:
    """Opens on `failures` transport failures within `seconds`, or on one fault that an operator must mend.

    While open, one reading every `seconds` is let through as a probe; its end closes the breaker or opens it anew.
    """

    failures: int
    seconds: float
    _recent: deque[float] = field(default_factory=deque)
    _opened_at: float | None = None
    _outcome: ReadOutcome = ReadOutcome.UNAVAILABLE
    _paused_until: float = 0.0

    def refusal(self, now: float) -> ReadOutcome | None:
        """The outcome to answer with at once, or None where the server may be called."""
        if self._opened_at is None:
            return None
        if now - self._opened_at >= self.seconds:
            self._opened_at = now
            return None
        return self._outcome

    def note(self, outcome: ReadOutcome, now: float) -> None:
        """Note how a reading ended that did call the server."""
        if outcome in STOPS:
            self._open(outcome, now)
        elif outcome in _TRANSPORT:
            self._recent.append(now)
            while now - self._recent[0] > self.seconds:
                self._recent.popleft()
            if len(self._recent) >= self.failures or self._opened_at is not None:
                self._open(outcome, now)
        else:
            self._recent.clear()
            self._opened_at = None

    def hold(self, until: float) -> None:
        """Let no call start before that time: a server asked one of them to wait."""
        self._paused_until = max(self._paused_until, until)

    def held_seconds(self, now: float) -> float:
        """How long a call must wait before it may start."""
        return max(0.0, self._paused_until - now)

    def _open(self, outcome: ReadOutcome, now: float) -> None:
        self._opened_at, self._outcome = now, outcome
